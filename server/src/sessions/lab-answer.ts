/** `lab answer <question> <answer>` in the terminal: the quiz of the open step, by the same rules as in the page. */
import type { ErrorCode, LabState, Localized } from '../contract/main.ts';
import type { LabReply } from '../sandbox/main.ts';
import type { LabSession } from './lab-session.ts';
import { LabSessionError } from './lab-session-error.ts';

const REFUSALS: Partial<Record<ErrorCode, Localized>> = {
  quizLocked: {
    ko: '이미 답한 질문이에요. 답을 바꿀 수 없어요.',
    en: 'You have answered this already; it stays.',
  },
  stepLocked: { ko: '앞 단계를 먼저 마쳐 주세요.', en: 'Finish the steps before this one first.' },
};

export async function answerFromTerminal(session: LabSession, words: readonly string[]): Promise<LabReply> {
  const [checkId = '', ...rest] = words;
  const answer = rest.join(' ').trim();
  if (!checkId || !answer) return refuse(usage(session));
  try {
    await session.answer(checkId, answer.slice(0, 200));
  } catch (error) {
    if (!(error instanceof LabSessionError)) throw error;
    return refuse(REFUSALS[error.code]?.[session.language] ?? usage(session));
  }
  await session.lookNow();
  return tellOutcome(session, session.state(), checkId);
}

function tellOutcome(session: LabSession, state: LabState, checkId: string): LabReply {
  const { language } = session;
  const given = state.quizAnswers.find((answer) => answer.checkId === checkId);
  const check = state.steps.flatMap((step) => step.checks).find(({ id }) => id === checkId);
  const explanation = given?.explanation?.[language];
  if (given?.locked)
    return { text: `${plain(explanation ?? check?.message?.[language] ?? '')}\n`, exitCode: 0 };
  return refuse(plain(check?.message?.[language] ?? ''));
}

/** With the questions of the open step and what may be answered. */
function usage(session: LabSession): string {
  const { language, lab } = session;
  const open = session.state().steps.find(({ state }) => state === 'open');
  const step = lab.steps.find(({ id }) => id === open?.id);
  const questions = (step?.checks ?? []).flatMap((check) => {
    if (check.kind !== 'quiz') return [];
    const text = lab.text[language].steps[step!.id]?.quizzes[check.id];
    const choices = (text?.choices ?? []).map(
      (choice) => `      ${choice.id.padEnd(10)} ${plain(choice.text)}`,
    );
    return [`  ${check.id}  ${plain(text?.question ?? '')}`, ...choices];
  });
  const none = language === 'ko' ? '이 단계에는 질문이 없어요.' : 'This step asks no question.';
  if (questions.length === 0) return none;
  const how = language === 'ko' ? '쓰는 법: lab answer <질문> <답>' : 'Usage: lab answer <question> <answer>';
  return [how, ...questions].join('\n');
}

function refuse(text: string): LabReply {
  return { text: `${text}\n`, exitCode: 1 };
}

/** Markdown, for a terminal. */
function plain(markdown: string): string {
  return markdown.replaceAll('**', '').replaceAll('`', '');
}
