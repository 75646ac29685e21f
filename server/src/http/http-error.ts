/** Failures → the contract's `{error: {code, message}}`, with a status and a sentence in each language. */
import { AccountError } from '../accounts/account-error.ts';
import { ClassError } from '../classes/class-error.ts';
import type { ApiError, ErrorCode, Localized } from '../contract/main.ts';
import { CellError, type CellErrorCode } from '../sandbox/main.ts';
import { LabSessionError } from '../sessions/lab-session-error.ts';
import { isDiskFull } from '../store/store.ts';

export class HttpError extends Error {
  readonly code: ErrorCode;
  readonly detail: Omit<Partial<ApiError>, 'code'>;
  constructor(code: ErrorCode, detail: Omit<Partial<ApiError>, 'code'> = {}) {
    super(code);
    this.name = 'HttpError';
    this.code = code;
    this.detail = detail;
  }
}

export interface Failure {
  readonly status: number;
  readonly error: ApiError;
  /** Not foreseen: to be logged with its stack. */
  readonly unexpected: boolean;
}

export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof HttpError) return failure(thrown.code, thrown.detail);
  if (thrown instanceof AccountError) {
    const wait = thrown.retryAfterMs;
    return failure(thrown.code, wait === undefined ? {} : { retryAfterMs: Math.ceil(wait) });
  }
  if (thrown instanceof ClassError)
    return failure(thrown.code, thrown.text === undefined ? {} : { message: thrown.text });
  if (thrown instanceof LabSessionError) return failure(thrown.code);
  if (thrown instanceof CellError) return failure(CELL_CODES[thrown.code]);
  if (isDiskFull(thrown)) return failure('diskFull', { message: SERVER_DISK_FULL });
  return bodyFailure(thrown) ?? { ...failure('internal'), unexpected: true };
}

function failure(code: ErrorCode, detail: Omit<Partial<ApiError>, 'code'> = {}): Failure {
  const { status, message } = SENTENCES[code];
  return { status, unexpected: false, error: { message, ...detail, code } };
}

/** What express.json throws: `type` names the reason. */
function bodyFailure(thrown: unknown): Failure | undefined {
  if (!(thrown instanceof Error) || !('type' in thrown)) return undefined;
  if (thrown.type === 'entity.too.large') return failure('tooLarge');
  if (typeof thrown.type === 'string') return failure('badRequest');
  return undefined;
}

const SERVER_DISK_FULL: Localized = {
  ko: '서버의 저장 공간이 가득 차서 저장하지 못했어요. 강사에게 알려 주세요.',
  en: 'The server’s disk is full, so this was not saved. Tell your instructor.',
};

const CELL_CODES: Record<CellErrorCode, ErrorCode> = {
  gone: 'environmentNotReady',
  timeout: 'environmentNotReady',
  notFound: 'fileNotFound',
  exists: 'fileExists',
  notAFile: 'filePathRefused',
  notAFolder: 'filePathRefused',
  tooLarge: 'fileTooLarge',
  notText: 'fileBinary',
  changed: 'fileChanged',
  badPath: 'filePathRefused',
  noSpace: 'diskFull',
  limit: 'diskFull',
  unknownNode: 'badRequest',
  badRequest: 'badRequest',
  notStarted: 'environmentFailed',
  failed: 'environmentFailed',
};

const SENTENCES: Record<ErrorCode, { status: number; message: Localized }> = {
  accentTooPale: say(
    400,
    '이 색은 너무 옅어서 흰 글자가 안 읽혀요. 더 짙은 색을 골라 주세요. (대비 4.5 : 1 이상)',
    'White text cannot be read on this colour. Choose a darker one (a contrast of 4.5 : 1 or more).',
  ),
  logoRefused: say(
    400,
    '로고는 100 KB, 1024픽셀까지의 PNG나, 스크립트·링크·바깥 그림이 없는 SVG여야 해요. 그림만 있는 파일로 다시 저장해 주세요.',
    'A logo is a PNG of at most 100 KB and 1024 pixels, or an SVG without scripts, links and outside images. Save it again as a plain drawing.',
  ),
  badRequest: say(400, '요청의 내용이 올바르지 않아요.', 'The request is not as it should be.'),
  notFound: say(404, '그런 주소는 없어요.', 'There is no such address.'),
  tooLarge: say(413, '보낸 내용이 너무 커요.', 'What was sent is too large.'),
  crossSite: say(
    403,
    '다른 사이트나 다른 주소에서 온 요청이라 받지 않았어요. 이 서버의 주소로 다시 열어 주세요.',
    'This request came from another site or address and was refused. Open this server by its own address.',
  ),
  rateLimited: say(
    429,
    '시도가 너무 많았어요. 잠시 뒤에 다시 해 주세요.',
    'Too many tries. Wait a little and try again.',
  ),
  notSignedIn: say(401, '먼저 로그인해 주세요.', 'Sign in first.'),
  wrongCredentials: say(
    401,
    '아이디나 비밀번호가 맞지 않아요. 받은 그대로 입력했는지 확인해 주세요.',
    'Name or password is wrong. Check that they are exactly as you were given them.',
  ),
  accountDisabled: say(
    403,
    '이 계정은 사용이 중지되었어요. 강사에게 문의해 주세요.',
    'This account is disabled. Ask your instructor.',
  ),
  oidcUnavailable: say(
    503,
    '회사 계정 서버가 대답하지 않아요. 잠시 뒤에 다시 해 주세요.',
    'The sign-in provider does not answer. Try again in a moment.',
  ),
  oidcFailed: say(
    401,
    '로그인이 끝까지 되지 않았어요. 다시 해 주세요.',
    'The sign-in did not go through. Try again.',
  ),
  forbidden: say(403, '이 계정으로는 할 수 없는 일이에요.', 'This account may not do that.'),
  tryHereOff: say(
    403,
    '이 서버에서는 계정이 있어야 시작할 수 있어요.',
    'On this server you need an account to start.',
  ),
  setupDone: say(
    409,
    '이미 관리자가 있어요. 그 계정으로 로그인해 주세요.',
    'There is an administrator already. Sign in with that account.',
  ),
  setupTokenWrong: say(
    403,
    '이 링크는 더 쓸 수 없어요. 서버를 다시 시작하면 콘솔에 새 링크가 나와요.',
    'This link is not valid any more. Restart the server: its console shows a new one.',
  ),
  passwordTooWeak: say(
    400,
    '비밀번호가 너무 쉬워요. 10자 이상으로, 아이디나 같은 글자의 반복이 아니어야 해요.',
    'This password is too easy. Use 10 characters or more, and not the name or one character over and over.',
  ),
  nameTaken: say(409, '이미 있는 아이디예요.', 'That name is taken.'),
  accountNotFound: say(404, '그런 계정은 없어요.', 'There is no such account.'),
  lastAdministrator: say(
    409,
    '마지막 관리자예요. 먼저 다른 관리자를 만들어 주세요.',
    'This is the last administrator. Make another one first.',
  ),
  labNotFound: say(404, '그런 실습은 없어요.', 'There is no such lab.'),
  clusterRefused: say(409, '카프카가 거절했어요.', 'Kafka refused this.'),
  clusterThingMissing: say(404, '클러스터에 그런 것은 없어요.', 'The cluster has no such thing.'),
  clusterUnreachable: say(
    503,
    '클러스터가 대답하지 않아요. 브로커가 켜져 있는지 확인해 주세요(터미널에서 cluster status).',
    'The cluster does not answer. Check that its brokers are up (cluster status in a terminal).',
  ),
  snapshotNotFound: say(
    404,
    '그 단계의 시작 상태는 남아 있지 않아요. 다른 단계를 고르거나 실습을 처음부터 다시 시작해 주세요.',
    'Nothing was kept of the start of that step. Choose another step, or start the lab over.',
  ),
  stepNotFound: say(404, '그런 단계는 없어요.', 'There is no such step.'),
  checkNotFound: say(404, '그런 확인은 없어요.', 'There is no such check.'),
  stepLocked: say(409, '앞 단계를 먼저 마쳐 주세요.', 'Finish the steps before this one first.'),
  examRunning: say(
    409,
    '시험이 진행 중이에요. 제출한 다음에 새로 시작할 수 있어요.',
    'An exam is under way. Hand it in before you begin another.',
  ),
  examNotBegun: say(
    409,
    '시작한 시험이 없어요. 실습 목록에서 시험을 시작하세요.',
    'No exam was begun. Begin one from the list of labs.',
  ),
  noMoreHints: say(409, '더 열 힌트가 없어요.', 'There are no more hints.'),
  quizLocked: say(409, '이미 답했어요.', 'You have answered this already.'),
  classNotFound: say(404, '그런 수업은 없어요.', 'There is no such class.'),
  traineeNotFound: say(404, '이 수업에 그런 수강생은 없어요.', 'There is no such trainee in this class.'),
  classChanged: say(
    409,
    '그사이 다른 강사가 이 수업을 바꿨어요. 바뀐 내용을 보고 다시 해 주세요.',
    'Another instructor changed this class meanwhile. Look at what changed and try again.',
  ),
  notStaff: say(
    409,
    '그 계정은 강사나 관리자가 아니에요. 강사 계정의 이름을 넣어 주세요.',
    'That account is no instructor or administrator. Give the name of an instructor’s account.',
  ),
  lastInstructor: say(
    409,
    '수업에는 강사가 한 명은 있어야 해요. 먼저 다른 강사를 넣어 주세요.',
    'A class needs one instructor. Add another one first.',
  ),
  joinCodeWrong: say(
    404,
    '그런 참여 코드는 없거나 더 쓸 수 없어요. 강사에게 다시 물어봐 주세요.',
    'There is no such join code, or it is closed. Ask your instructor again.',
  ),
  guestsOff: say(
    403,
    '이 수업은 계정이 있어야 들어갈 수 있어요. 받은 계정으로 로그인해 주세요.',
    'This class takes accounts only. Sign in with the account you were given.',
  ),
  classPaused: say(
    409,
    '강사가 수업을 잠시 멈췄어요. 다시 시작하면 이어서 할 수 있어요.',
    'Your instructor has paused the class. You can go on when it resumes.',
  ),
  readOnly: say(
    403,
    '보기만 할 수 있어요. 수강생이 허락하면 입력할 수 있어요.',
    'You can only watch. You may type once the trainee allows it.',
  ),
  consentRefused: say(
    403,
    '수강생이 거절했어요. 바뀐 것은 없어요. 무엇을 왜 바꾸려는지 먼저 이야기해 보세요.',
    'The trainee said no. Nothing was changed. Tell them first what you want to change, and why.',
  ),
  consentTimeout: say(
    403,
    '1분 동안 수강생의 대답이 없었어요. 바뀐 것은 없어요. 수강생에게 알리고 다시 해 주세요.',
    'The trainee did not answer within a minute. Nothing was changed. Let them know, and try again.',
  ),
  consentAway: say(
    409,
    '수강생이 이 실습을 열어 두지 않아서 허락을 구할 수 없어요. 바뀐 것은 없어요. 환경 다시 시작과 처음으로 되돌리기는 허락 없이 할 수 있어요.',
    'The trainee does not have this lab open, so they can’t be asked. Nothing was changed. Restarting and starting over need no consent.',
  ),
  traineeBusy: say(
    409,
    '지금 다른 강사가 이 수강생을 돕고 있어요. 끝난 다음에 다시 해 주세요.',
    'Another instructor is at this trainee’s lab right now. Try again when they are done.',
  ),
  broadcastTaken: say(
    409,
    '지금 다른 강사가 화면을 보여 주고 있어요.',
    'Another instructor is showing their terminal right now.',
  ),
  rosterUnreadable: say(
    400,
    '명단을 읽지 못했어요. 엑셀에서 “CSV UTF-8”로 저장하거나 이름 칸을 복사해 붙여 넣어 주세요.',
    'The list can’t be read. Save it as “CSV UTF-8”, or copy the names and paste them.',
  ),
  environmentNotReady: say(
    409,
    '실습 환경이 아직 준비되지 않았어요. 잠시만 기다려 주세요.',
    'Your environment is not ready yet. Wait a moment.',
  ),
  environmentFailed: say(
    503,
    '실습 환경에 문제가 생겼어요. 환경을 다시 시작해 보세요.',
    'Something is wrong with your environment. Restart it.',
  ),
  tooManyLabsOpen: say(
    409,
    '한 번에 켤 수 있는 실습 환경의 수를 다 썼어요. 「내 환경」에서 하나를 멈추고 다시 해 주세요.',
    'You have as many environments running as you may. Stop one in “My environments” and try again.',
  ),
  exchangeGone: say(
    404,
    '그 요청은 이제 남아 있지 않아요. 새로 온 요청을 골라 보세요.',
    'That exchange is not kept any more. Choose a newer one.',
  ),
  terminalNotFound: say(404, '그 터미널은 이제 없어요.', 'That terminal is gone.'),
  tooManyTerminals: say(409, '터미널은 여덟 개까지 열 수 있어요.', 'Eight terminals can be open at once.'),
  terminalEnded: say(409, '그 터미널은 끝났어요.', 'That terminal has ended.'),
  tooMuchInput: say(429, '한 번에 너무 많이 입력했어요.', 'Too much was typed at once.'),
  fileNotFound: say(404, '그 파일은 없어요.', 'There is no such file.'),
  fileChanged: say(
    409,
    '그사이 다른 창이나 프로그램이 이 파일을 바꿨어요.',
    'Another window or program changed this file meanwhile.',
  ),
  fileTooLarge: say(
    413,
    '1 MB보다 큰 파일은 편집기에서 열 수 없어요.',
    'Files over 1 MB can’t be opened in the editor.',
  ),
  fileBinary: say(415, '텍스트 파일이 아니라서 열 수 없어요.', 'This is not a text file.'),
  filePathRefused: say(400, '그 경로는 쓸 수 없어요.', 'That path can’t be used.'),
  fileExists: say(409, '같은 이름의 파일이 이미 있어요.', 'There is a file of that name already.'),
  diskFull: say(
    507,
    '저장 공간이 가득 찼어요. 파일을 지우고 다시 해 주세요.',
    'There is no space left. Remove some files and try again.',
  ),
  protocolMismatch: say(
    409,
    '서버가 새로워졌어요. 페이지를 새로 고쳐 주세요.',
    'The server has been updated. Reload the page.',
  ),
  serverStopping: say(503, '서버가 멈추는 중이에요.', 'The server is stopping.'),
  internal: say(
    500,
    '서버에 문제가 생겼어요. 다시 해 보고, 계속되면 강사에게 알려 주세요.',
    'Something went wrong on the server. Try again; if it goes on, tell your instructor.',
  ),
};

function say(status: number, ko: string, en: string): { status: number; message: Localized } {
  return { status, message: { ko, en } };
}
