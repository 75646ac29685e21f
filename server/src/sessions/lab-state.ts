/** Progress in a lab → what the page is told. Pure. */
import type { Check, Concept, Lab, Problem, Step } from '@brokerlab/grader';
import { pointsMaxOf } from '@brokerlab/grader';
import type {
  CheckState,
  Comparison,
  LabContent,
  LabState,
  Localized,
  QuizAnswer,
  Solution,
  StepProgress,
} from '../contract/main.ts';
import { conceptLinks } from './concepts.ts';
import { LabSessionError } from './lab-session-error.ts';
import type { Progress, StepRecord } from './progress.ts';
import { solutionFiles } from './solution-files.ts';

export interface Graded {
  readonly at: number;
  readonly tookMs: number;
}

/** Of a lab whose files are being written: which version it is, and, for its author, what is wrong with the newest. */
export interface Authored {
  readonly edition: number;
  readonly mistakes: readonly Problem[];
}

export function endOf({ minutes }: NonNullable<Lab['exam']>, startedAt: number): number {
  return startedAt + minutes * 60_000;
}

export function variantOf({ variant }: Progress, { edition }: Authored): string {
  return edition === 0 ? variant : `${variant}-${edition}`;
}

export function labState(
  lab: Lab,
  progress: Progress,
  look: { revision: number; graded: Graded | null; missing: Localized[]; authored: Authored },
): LabState {
  const openStepId = progress.openStepId(lab);
  return {
    labId: lab.id,
    variant: variantOf(progress, look.authored),
    revision: look.revision,
    steps: lab.steps.map((step) => stepProgress(lab, step, { progress, openStepId })),
    quizAnswers: lab.steps.flatMap((step) => quizAnswers(lab, step, progress)),
    startedAt: progress.startedAt,
    passedAt: progress.passedAt,
    closedFrom: progress.closedFrom,
    gradedAt: look.graded?.at ?? null,
    gradedMs: look.graded?.tookMs ?? null,
    missing: openStepId === null ? [] : look.missing,
    mistakes: [...look.authored.mistakes],
    exam: lab.exam && progress.startedAt !== null ? { endsAt: endOf(lab.exam, progress.startedAt) } : null,
  };
}

export function labContent(
  lab: Lab,
  look: { readonly variant: string; readonly next: string | null; readonly concepts: readonly Concept[] },
): LabContent {
  const { variant, next, concepts } = look;
  return {
    id: lab.id,
    variant,
    title: both((language) => lab.text[language].title),
    summary: both((language) => lab.text[language].summary),
    minutes: lab.minutes,
    clusters: lab.clusters.map(({ id }) => id),
    imported: lab.origin !== undefined,
    realLife: both((language) => lab.text[language].realLife),
    summaryCard: both((language) => lab.text[language].summaryCard),
    next,
    steps: lab.steps.map((step) => {
      const text = (language: 'ko' | 'en') => lab.text[language].steps[step.id]!;
      return {
        id: step.id,
        title: both((language) => text(language).title),
        blocks: { ko: [...text('ko').blocks], en: [...text('en').blocks] },
        checks: step.checks.map((check) => ({
          id: check.id,
          title: both((language) => text(language).checks[check.id] ?? check.id),
          kind: check.kind,
          inBox: check.kind === 'program' && check.script !== undefined,
          quiz: check.kind === 'quiz' ? quizContent(lab, step, check) : null,
        })),
        hintsTotal: text('ko').hints.length,
        look: step.look ?? null,
        terminals: step.terminals,
        concepts: conceptLinks(concepts, step.concepts),
      };
    }),
  };
}

export function solutionOf(lab: Lab, stepId: string): Solution {
  const commands = lab.steps.find(({ id }) => id === stepId)?.solution.commands ?? [];
  return {
    commands: commands.map(({ run, fails }) => ({ command: run, fails })),
    explanation: both((language) => lab.text[language].steps[stepId]?.solution ?? ''),
  };
}

export function checkIn(lab: Lab, checkId: string): { step: Step; check: Check } {
  for (const step of lab.steps) {
    const check = step.checks.find(({ id }) => id === checkId);
    if (check) return { step, check };
  }
  throw new LabSessionError('checkNotFound');
}

/** Afterwards, and no help: the solution beside what was typed and written. */
export function comparisonOf(lab: Lab, stepId: string, { typed, written = {} }: StepRecord): Comparison {
  const files = solutionFiles(lab, stepId).map(({ path, content }) => ({
    ...{ path, solution: content, own: written[path] ?? null },
  }));
  return { ...solutionOf(lab, stepId), typed: [...typed], files };
}

/** No other answer is taken: a prediction counts once; a right answer stays. */
export function isAnswerLocked(
  check: Check,
  { lab, step }: { lab: Lab; step: Step },
  progress: Progress,
): boolean {
  if (check.kind !== 'quiz' || !progress.answers.has(check.id)) return false;
  if (check.form === 'predict' || lab.exam) return true;
  return (
    Boolean(progress.steps.get(step.id)?.passedAt) ||
    progress.checks.get(`${step.id}/${check.id}`)?.verdict.state === 'passed'
  );
}

function stepProgress(
  lab: Lab,
  step: Step,
  { progress, openStepId }: { progress: Progress; openStepId: string | null },
): StepProgress {
  const record = progress.steps.get(step.id);
  const isOpen = step.id === openStepId;
  const preparing = isOpen && !isPrepared(lab, step, progress);
  const hintsOpened = record?.hintsOpened ?? 0;
  const hints = (language: 'ko' | 'en') => lab.text[language].steps[step.id]?.hints ?? [];
  return {
    id: step.id,
    state: record?.passedAt ? 'passed' : isOpen && !preparing ? 'open' : 'locked',
    preparing,
    passedAt: record?.passedAt ?? null,
    given: Boolean(record?.givenAt),
    checks: step.checks.map((check) => checkState(step, check, { progress, withHint: !lab.exam })),
    hints: hints('ko')
      .slice(0, hintsOpened)
      .map((ko, index) => ({ ko, en: hints('en')[index] ?? ko })),
    solutionOpened: Boolean(record?.solutionOpenedAt),
  };
}

/** What happens when the step opens has happened. */
export function isPrepared(lab: Lab, step: Step, progress: Progress): boolean {
  const opened = progress.memory.opened ?? [];
  return (
    (lab.setup.length === 0 || opened.includes('')) && (step.setup.length === 0 || opened.includes(step.id))
  );
}

function checkState(
  step: Step,
  check: Check,
  { progress, withHint }: { progress: Progress; withHint: boolean },
): CheckState {
  const record = progress.checks.get(`${step.id}/${check.id}`);
  if (!record) {
    return {
      id: check.id,
      verdict: 'notYet',
      message: null,
      expected: null,
      seen: null,
      hint: null,
      points: 0,
      pointsMax: pointsMaxOf(check),
      at: null,
    };
  }
  const { verdict, changedAt } = record;
  return {
    id: check.id,
    verdict: verdict.state,
    message: verdict.message,
    expected: verdict.expected,
    seen: verdict.seen,
    hint: withHint ? verdict.hint : null,
    points: verdict.points,
    pointsMax: verdict.pointsMax,
    at: changedAt,
  };
}

function quizAnswers(lab: Lab, step: Step, progress: Progress): QuizAnswer[] {
  return step.checks.flatMap((check) => {
    const record = progress.answers.get(check.id);
    if (check.kind !== 'quiz' || !record) return [];
    const locked = isAnswerLocked(check, { lab, step }, progress);
    const explanation = both(
      (language) => lab.text[language].steps[step.id]?.quizzes[check.id]?.explanation ?? '',
    );
    return [
      {
        checkId: check.id,
        answer: record.answer,
        at: record.at,
        locked,
        explanation: locked && explanation.ko ? explanation : null,
      },
    ];
  });
}

function quizContent(lab: Lab, step: Step, check: Extract<Check, { kind: 'quiz' }>) {
  const quiz = (language: 'ko' | 'en') => lab.text[language].steps[step.id]?.quizzes[check.id];
  return {
    form: check.form,
    question: both((language) => quiz(language)?.question ?? ''),
    choices:
      check.choices?.map((id) => ({
        id,
        text: both((language) => quiz(language)?.choices.find((choice) => choice.id === id)?.text ?? id),
      })) ?? null,
  };
}

function both(text: (language: 'ko' | 'en') => string): Localized {
  return { ko: text('ko'), en: text('en') };
}
