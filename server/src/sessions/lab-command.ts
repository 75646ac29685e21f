/** `lab status`, `check`, `answer`, `hint`, `next`, `run`, `wait`, `restore`, `load` and `reset`, typed in the trainee's terminal. */
import { setTimeout as delay } from 'node:timers/promises';
import type { LabState, Localized } from '../contract/main.ts';
import type { LabCommand, LabReply, Language } from '../sandbox/main.ts';
import { answerFromTerminal } from './lab-answer.ts';
import type { LabSession } from './lab-session.ts';
import { LabSessionError } from './lab-session-error.ts';

const GREEN = '\u001b[32m';
const DIM = '\u001b[2m';
const BOLD = '\u001b[1m';
const PLAIN = '\u001b[0m';

const USAGE: Localized = {
  ko: `쓰는 법: lab status | check | answer | hint | next | run | wait | restore | load | reset

  status  지금 단계와 확인 결과
  check   지금 바로 다시 확인
  answer  이 단계의 질문에 답하기: lab answer <질문> <답>
  hint    힌트 하나 열기
  next    이 단계를 마치려면 남은 일
  run     내 프로그램을 시험하기: lab run <확인>
  wait    확인이 될 때까지 기다리기: lab wait <확인>
  restore 이 단계에 필요한 것을 되돌려 놓기
  load    부하의 수 바꾸기: lab load <이름> <수>
  reset   이 실습을 처음으로 되돌리기 (파일과 클러스터도): lab reset --yes
`,
  en: `Usage: lab status | check | answer | hint | next | run | wait | restore | load | reset

  status  the steps and what each check says
  check   look at the cluster again now
  answer  answer a question of this step: lab answer <question> <answer>
  hint    open one more hint
  next    what is left to do in this step
  run     try your program: lab run <check>
  wait    wait until a check passes: lab wait <check>
  restore put back what this step needs
  load    change the size of a load: lab load <name> <number>
  reset   start this lab over, files and cluster included: lab reset --yes
`,
};

export async function answerLabCommand(session: LabSession, request: LabCommand): Promise<LabReply> {
  const { language } = session;
  const [name = 'status', ...rest] = request.arguments;
  switch (name) {
    case 'status':
      return print(status(session, language));
    case 'check':
      await session.lookNow();
      return print(next(session, language));
    case 'next':
      return print(next(session, language));
    case 'answer':
      return answerFromTerminal(session, rest);
    case 'hint':
      return hint(session, language);
    case 'run':
      return runProgram(session, rest[0] ?? '');
    case 'wait':
      return wait(session, rest[0] ?? '');
    case 'restore':
      await session.restore();
      return print(next(session, language));
    case 'load':
      return resize(session, rest[0] ?? '', Number(rest[1]));
    case 'reset':
      return reset(session, { language, confirmed: rest.includes('--yes') });
    case 'help':
    case '--help':
      return print(USAGE[language]);
    default:
      return { text: `lab: ${name}?\n${USAGE[language]}`, exitCode: 1 };
  }
}

function status(session: LabSession, language: Language): string {
  const state = session.state();
  const text = session.lab.text[language];
  const lines = state.steps.flatMap((step, index) => {
    const mark = step.state === 'passed' ? `${GREEN}✓${PLAIN}` : step.state === 'open' ? '▸' : ' ';
    const title = `${mark} ${index + 1}. ${text.steps[step.id]?.title ?? step.id}`;
    if (step.state === 'locked') return [`${DIM}${title}${PLAIN}`];
    return step.state === 'open'
      ? [`${BOLD}${title}${PLAIN}`, ...checkLines(session, step, language)]
      : [title];
  });
  return `${BOLD}${text.title}${PLAIN}\n\n${lines.join('\n')}\n`;
}

function next(session: LabSession, language: Language): string {
  const step = session.state().steps.find(({ state }) => state === 'open');
  if (!step) {
    return language === 'ko' ? '모든 단계를 마쳤어요.\n' : 'You have passed every step.\n';
  }
  const title = session.lab.text[language].steps[step.id]?.title ?? step.id;
  return `${BOLD}${title}${PLAIN}\n${checkLines(session, step, language).join('\n')}\n`;
}

function checkLines(session: LabSession, step: LabState['steps'][number], language: Language): string[] {
  const titles = session.lab.text[language].steps[step.id]?.checks ?? {};
  return step.checks.flatMap((check) => {
    const passed = check.verdict === 'passed';
    const mark = passed ? `${GREEN}✓${PLAIN}` : check.verdict === 'brokenCheck' ? '?' : '○';
    const why = passed ? undefined : check.message?.[language];
    return [
      `   ${mark} ${plain(titles[check.id] ?? check.id)}`,
      ...(why ? [`     ${DIM}${plain(why)}${PLAIN}`] : []),
    ];
  });
}

const WAIT_MS = 60_000;
const WAIT_LOOK_MS = 250;

async function runProgram(session: LabSession, checkId: string): Promise<LabReply> {
  const state = await session.runProgram(checkId);
  return { ...checkReply(session, state, checkId), exitCode: 0 };
}

async function wait(session: LabSession, checkId: string): Promise<LabReply> {
  const isKnown = session.lab.steps.some(({ checks }) => checks.some(({ id }) => id === checkId));
  if (!isKnown) throw new LabSessionError('checkNotFound');
  const deadline = performance.now() + WAIT_MS;
  let reply = checkReply(session, session.state(), checkId);
  while (reply.exitCode !== 0 && performance.now() < deadline && session.environment.cell) {
    await session.lookNow();
    reply = checkReply(session, session.state(), checkId);
    if (reply.exitCode !== 0) await delay(WAIT_LOOK_MS);
  }
  return reply;
}

/** Exit code 0 only when it has passed. */
function checkReply(session: LabSession, state: LabState, checkId: string): LabReply {
  const step = state.steps.find(({ checks }) => checks.some(({ id }) => id === checkId));
  const check = step?.checks.find(({ id }) => id === checkId);
  const passed = step?.state === 'passed' || check?.verdict === 'passed';
  return { text: `${plain(check?.message?.[session.language] ?? '')}\n`, exitCode: passed ? 0 : 1 };
}

async function resize(session: LabSession, id: string, clients: number): Promise<LabReply> {
  const problem = await session.resizeLoad(id, clients);
  return problem === null ? print('') : { text: `${problem[session.language]}\n`, exitCode: 1 };
}

async function hint(session: LabSession, language: Language): Promise<LabReply> {
  const step = session.state().steps.find(({ state }) => state === 'open');
  if (!step) return print(next(session, language));
  const total = session.lab.text[language].steps[step.id]?.hints.length ?? 0;
  if (step.hints.length >= total) {
    const shown = step.hints.map((one, index) => `${index + 1}. ${plain(one[language])}`).join('\n');
    const none = language === 'ko' ? '더 열 힌트가 없어요.' : 'There are no more hints.';
    return print(`${shown ? `${shown}\n` : ''}${none}\n`);
  }
  const state = await session.openHint(step.id, step.hints.length);
  const opened = state.steps.find(({ id }) => id === step.id)?.hints.at(-1)?.[language] ?? '';
  return print(`${plain(opened)}\n${DIM}${step.hints.length + 1} / ${total}${PLAIN}\n`);
}

async function reset(
  session: LabSession,
  { language, confirmed }: { language: Language; confirmed: boolean },
): Promise<LabReply> {
  if (!confirmed) {
    const text =
      language === 'ko'
        ? '이 실습의 파일, 클러스터, 진행 상황이 모두 처음으로 돌아가요. 정말이면: lab reset --yes\n'
        : 'Files, cluster and progress of this lab all go back to the start. To do it: lab reset --yes\n';
    return { text, exitCode: 1 };
  }
  // The box that asks is about to go: answer first.
  setImmediate(() => void session.reset().catch(() => undefined));
  return print(language === 'ko' ? '처음으로 되돌려요…\n' : 'Starting over…\n');
}

/** One line of Markdown, for a terminal. */
function plain(markdown: string): string {
  return markdown.replaceAll('**', '').replaceAll('`', '');
}

function print(text: string): LabReply {
  return { text, exitCode: 0 };
}
