/** What class operations refuse, in the words of the contract. */
import type { ErrorCode, Localized, StaffDoing } from '../contract/main.ts';

export type ClassErrorCode = Extract<
  ErrorCode,
  | 'badRequest'
  | 'forbidden'
  | 'rateLimited'
  | 'labNotFound'
  | 'classNotFound'
  | 'traineeNotFound'
  | 'classChanged'
  | 'notStaff'
  | 'lastInstructor'
  | 'joinCodeWrong'
  | 'guestsOff'
  | 'classPaused'
  | 'readOnly'
  | 'broadcastTaken'
  | 'environmentNotReady'
  | 'terminalNotFound'
  | 'stepNotFound'
  | 'snapshotNotFound'
  | 'rosterUnreadable'
  | 'consentRefused'
  | 'consentTimeout'
  | 'consentAway'
  | 'traineeBusy'
>;

export class ClassError extends Error {
  readonly code: ClassErrorCode;
  /** More to the point than the code's own sentence. */
  readonly text: Localized | undefined;
  constructor(code: ClassErrorCode, text?: Localized) {
    super(code);
    this.name = 'ClassError';
    this.code = code;
    this.text = text;
  }

  /** Another of the staff is at that trainee: who, and doing what. */
  static busy({ by, doing }: { readonly by: string; readonly doing: StaffDoing }): ClassError {
    const { ko, en } = DOING[doing];
    return new ClassError('traineeBusy', {
      ko: `지금 ${by} 님이 이 수강생의 ${ko}. 끝난 다음에 다시 해 주세요.`,
      en: `${by} is ${en} right now. Try again when that is done.`,
    });
  }
}

const DOING: Readonly<Record<StaffDoing, Localized>> = {
  type: { ko: '터미널에 입력하고 있어요', en: 'typing in this trainee’s terminal' },
  console: { ko: '클러스터를 바꾸고 있어요', en: 'changing this trainee’s cluster' },
  saveFile: { ko: '파일을 고치고 있어요', en: 'changing this trainee’s files' },
  file: { ko: '홈에 파일을 보내고 있어요', en: 'sending this trainee a file' },
  restart: { ko: '실습 환경을 다시 시작하고 있어요', en: 'restarting this trainee’s environment' },
  reset: { ko: '실습을 처음으로 되돌리고 있어요', en: 'starting this trainee’s lab over' },
  giveState: { ko: '상태를 바꿔 주고 있어요', en: 'giving this trainee a step’s state' },
};
