/** From the grades and attempts of a class to its report. Pure: what is counted stands here, where it comes from in the routes. */
import type { Lab, Localized } from '@brokerlab/grader';
import type { CheckReport, ClassReport, StepReport } from '../contract/main.ts';
import type { AttemptGrade, CheckGrade } from '../grading/grades.ts';

export interface ReportSource {
  readonly accountIds: readonly string[];
  readonly labs: readonly Lab[];
  readonly grades: readonly CheckGrade[];
  readonly attempts: readonly AttemptGrade[];
  readonly help: readonly {
    readonly account_id: string;
    readonly lab_id: string;
    readonly step_id: string;
    readonly hints_opened: number;
    readonly solution_opened_at: number | null;
  }[];
  readonly now: number;
}

const WAYS_MAX = 5;
/** A step left open over night is not time lost in class. */
const STEP_SECONDS_MAX = 3 * 3_600;

export function classReport(source: ReportSource): ClassReport {
  const { accountIds, labs, grades } = source;
  return {
    trainees: accountIds.length,
    begun: new Set(grades.map(({ accountId }) => accountId)).size,
    labs: labs.map((lab) => ({
      id: lab.id,
      title: { ko: lab.text.ko.title, en: lab.text.en.title },
      imported: lab.origin !== undefined,
      finished: finishedIn(lab, grades),
    })),
    steps: labs
      .flatMap((lab) => lab.steps.map((_, index) => stepReport(lab, index, source)))
      .filter(({ reached }) => reached > 0)
      .sort((one, other) => other.lostSeconds - one.lostSeconds),
    checks: labs
      .flatMap((lab) => checkReports(lab, source))
      .filter(({ failed, broken }) => failed + broken > 0)
      .sort((one, other) => other.failed - one.failed || other.trainees - one.trainees),
  };
}

function finishedIn(lab: Lab, grades: readonly CheckGrade[]): number {
  const total = lab.steps.reduce((sum, step) => sum + step.checks.length, 0);
  const passed = new Map<string, number>();
  for (const grade of grades) {
    if (grade.labId !== lab.id || grade.passedAt === null) continue;
    const key = `${grade.accountId}/${grade.run}`;
    passed.set(key, (passed.get(key) ?? 0) + 1);
  }
  const people = [...passed].filter(([, count]) => count >= total).map(([key]) => key.split('/')[0]);
  return new Set(people).size;
}

function stepReport(lab: Lab, index: number, { grades, help, now }: ReportSource): StepReport {
  const step = lab.steps[index]!;
  const planSeconds = Math.round((lab.minutes * 60) / lab.steps.length);
  const own = grades.filter(({ labId, stepId }) => labId === lab.id && stepId === step.id);
  const runs = grouped(own, ({ accountId, run }) => `${accountId}/${run}`);
  const spent = [...runs.values()].map((checks) => {
    const openedAt = Math.min(...checks.map((check) => check.openedAt));
    const passed = checks.length === step.checks.length && checks.every(({ passedAt }) => passedAt !== null);
    const endedAt = passed ? Math.max(...checks.map(({ passedAt }) => passedAt ?? 0)) : now;
    return {
      passed,
      seconds: Math.min(STEP_SECONDS_MAX, Math.max(0, Math.round((endedAt - openedAt) / 1000))),
    };
  });
  const done = spent
    .filter(({ passed }) => passed)
    .map(({ seconds }) => seconds)
    .sort((a, b) => a - b);
  const helped = help.filter(({ lab_id, step_id }) => lab_id === lab.id && step_id === step.id);
  return {
    labId: lab.id,
    stepId: step.id,
    number: index + 1,
    title: both((language) => lab.text[language].steps[step.id]?.title ?? step.id),
    planSeconds,
    reached: new Set(own.map(({ accountId }) => accountId)).size,
    passed: done.length,
    medianSeconds: done[Math.floor((done.length - 1) / 2)] ?? null,
    slowestSeconds: done.at(-1) ?? null,
    lostSeconds: spent.reduce((sum, { seconds }) => sum + Math.max(0, seconds - planSeconds), 0),
    hintsOpened: helped.reduce((sum, { hints_opened }) => sum + hints_opened, 0),
    solutionsOpened: helped.filter(({ solution_opened_at }) => solution_opened_at !== null).length,
  };
}

function checkReports(lab: Lab, { attempts, grades }: ReportSource): CheckReport[] {
  return lab.steps.flatMap((step) =>
    step.checks.map((check) => {
      const of = (one: { labId: string; checkId: string }): boolean =>
        one.labId === lab.id && one.checkId === check.id;
      const failed = attempts.filter((attempt) => of(attempt) && attempt.state === 'notYet');
      const ways = grouped(failed, ({ evidence }) => evidence.message.ko);
      return {
        labId: lab.id,
        stepId: step.id,
        checkId: check.id,
        title: both((language) => lab.text[language].steps[step.id]?.checks[check.id] ?? check.id),
        failed: failed.length,
        trainees: new Set(failed.map(({ accountId }) => accountId)).size,
        broken: grades.filter(of).reduce((sum, grade) => sum + grade.broken, 0),
        how: [...ways.values()]
          .map((same) => ({ message: same[0]!.evidence.message, count: same.length }))
          .sort((one, other) => other.count - one.count)
          .slice(0, WAYS_MAX),
      };
    }),
  );
}

function both(text: (language: 'ko' | 'en') => string): Localized {
  return { ko: text('ko'), en: text('en') };
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
