/**
 * Grades as an instructor takes them away: a row for each check a trainee had open, in each run of each lab; what a lab
 * comes to; every attempt. A check that could not be judged (`brokenCheck`) is told and left out of what there was to reach.
 */
import type { Lab, Localized } from '@brokerlab/grader';
import { EXAM_ID, pointsMaxOf } from '@brokerlab/grader';
import type { LabCatalog } from '../sessions/lab-sessions.ts';
import type { Store } from '../store/store.ts';

export interface GradesWanted {
  /** Left out: everybody's. */
  readonly accountIds?: readonly string[] | undefined;
  /** Left out: every lab's. */
  readonly labIds?: readonly string[] | undefined;
}

export interface CheckGrade {
  readonly accountId: string;
  readonly accountName: string;
  readonly displayName: string;
  readonly labId: string;
  /** 1; one more each time the lab was started over. */
  readonly run: number;
  readonly stepId: string;
  readonly checkId: string;
  readonly kind: string;
  readonly state: 'passed' | 'notYet' | 'brokenCheck';
  readonly points: number;
  readonly pointsMax: number;
  readonly attempts: number;
  /** How often the check could not be judged, through no fault of the trainee. */
  readonly broken: number;
  readonly openedAt: number;
  readonly passedAt: number | null;
  /** From the step's opening to passing. */
  readonly seconds: number | null;
  readonly evidence: GradeEvidence;
}

export interface GradeEvidence {
  readonly message: Localized;
  readonly expected: Localized;
  readonly seen: Localized;
  /** The answer, the program or the last command. */
  readonly did: string | null;
}

export async function readGrades(store: Store, wanted: GradesWanted = {}): Promise<CheckGrade[]> {
  let query = store
    .selectFrom('check_grades')
    .innerJoin('accounts', 'accounts.id', 'check_grades.account_id')
    .selectAll('check_grades')
    .select(['accounts.name', 'accounts.display_name', 'accounts.name_key']);
  if (wanted.accountIds !== undefined) query = query.where('account_id', 'in', [...wanted.accountIds]);
  if (wanted.labIds !== undefined) query = query.where('lab_id', 'in', [...wanted.labIds]);
  const rows = await query
    .orderBy('name_key')
    .orderBy('lab_id')
    .orderBy('run')
    .orderBy('opened_at')
    .orderBy('check_id')
    .execute();
  return rows.map((row) => ({
    accountId: row.account_id,
    accountName: row.name,
    displayName: row.display_name,
    labId: row.lab_id,
    run: row.run,
    stepId: row.step_id,
    checkId: row.check_id,
    kind: row.kind,
    state: row.state,
    points: row.points,
    pointsMax: row.points_max,
    attempts: row.attempts,
    broken: row.broken,
    openedAt: row.opened_at,
    passedAt: row.passed_at,
    seconds: secondsBetween(row.opened_at, row.passed_at),
    evidence: JSON.parse(row.evidence) as GradeEvidence,
  }));
}

export interface LabGrade {
  readonly accountId: string;
  readonly accountName: string;
  readonly displayName: string;
  readonly labId: string;
  readonly run: number;
  readonly points: number;
  /** Of every step, also those not reached; without what could not be judged. */
  readonly pointsMax: number;
  readonly checksPassed: number;
  readonly checksTotal: number;
  readonly attempts: number;
  /** Checks that cannot be judged now, and so count neither way. */
  readonly brokenChecks: readonly string[];
  readonly startedAt: number;
  /** Every check has passed. */
  readonly passedAt: number | null;
  readonly seconds: number | null;
}

/** What the rows come to, lab by lab and run by run. */
export async function readLabGrades(
  store: Store,
  catalog: LabCatalog,
  wanted: GradesWanted = {},
): Promise<LabGrade[]> {
  const [grades, seeds] = await Promise.all([
    readGrades(store, wanted),
    store.selectFrom('lab_progress').select(['account_id', 'lab_id', 'seed']).execute(),
  ]);
  const seedOf = new Map(seeds.map((row) => [`${row.account_id}/${row.lab_id}`, row.seed]));
  const runs = new Map<string, CheckGrade[]>();
  for (const grade of grades) {
    const key = `${grade.accountId}/${grade.labId}/${grade.run}`;
    const known = runs.get(key);
    if (known) known.push(grade);
    else runs.set(key, [grade]);
  }
  return [...runs.values()].flatMap((checks) => {
    const [first] = checks;
    if (first === undefined) return [];
    const seed = seedOf.get(`${first.accountId}/${first.labId}`) ?? '';
    // Each exam is another paper, and what was not reached stands in its grades.
    const lab = first.labId === EXAM_ID ? undefined : catalog.lab(first.labId, seed);
    return [labGrade(first, checks, lab)];
  });
}

function labGrade(first: CheckGrade, all: readonly CheckGrade[], lab: Lab | undefined): LabGrade {
  const wanted = lab?.steps.flatMap((step) => step.checks);
  // The lab may have changed since: what is no longer in it counts no longer.
  const grades =
    wanted === undefined ? all : all.filter(({ checkId }) => wanted.some(({ id }) => id === checkId));
  const broken = grades.filter(({ state }) => state === 'brokenCheck').map(({ checkId }) => checkId);
  const counted = grades.filter(({ state }) => state !== 'brokenCheck');
  const passed = grades.filter(({ passedAt }) => passedAt !== null);
  const total = wanted?.length ?? grades.length;
  const startedAt = Math.min(...all.map(({ openedAt }) => openedAt));
  const over = passed.length === total && total > 0;
  const passedAt = over ? Math.max(...passed.map(({ passedAt: at }) => at ?? 0)) : null;
  const { accountId, accountName, displayName, labId, run } = first;
  return {
    ...{ accountId, accountName, displayName, labId, run },
    points: sum(counted.map(({ points }) => points)),
    pointsMax: sum(counted.map(({ pointsMax }) => pointsMax)) + unreached(lab, grades),
    checksPassed: passed.length,
    checksTotal: total,
    attempts: sum(grades.map(({ attempts }) => attempts)),
    brokenChecks: broken,
    startedAt,
    passedAt,
    seconds: secondsBetween(startedAt, passedAt),
  };
}

/** Points of checks whose step has not been open yet. */
function unreached(lab: Lab | undefined, grades: readonly CheckGrade[]): number {
  const checks = lab?.steps.flatMap((step) => step.checks) ?? [];
  return sum(
    checks
      .filter(({ id }) => !grades.some(({ checkId }) => checkId === id))
      .map((check) => pointsMaxOf(check)),
  );
}

export interface AttemptGrade {
  readonly accountId: string;
  readonly accountName: string;
  readonly labId: string;
  readonly run: number;
  readonly checkId: string;
  readonly number: number;
  readonly state: 'passed' | 'notYet' | 'brokenCheck';
  readonly points: number;
  readonly at: number;
  readonly evidence: GradeEvidence;
}

export async function readAttempts(store: Store, wanted: GradesWanted = {}): Promise<AttemptGrade[]> {
  let query = store
    .selectFrom('check_attempts')
    .innerJoin('accounts', 'accounts.id', 'check_attempts.account_id')
    .selectAll('check_attempts')
    .select(['accounts.name', 'accounts.name_key']);
  if (wanted.accountIds !== undefined) query = query.where('account_id', 'in', [...wanted.accountIds]);
  if (wanted.labIds !== undefined) query = query.where('lab_id', 'in', [...wanted.labIds]);
  const rows = await query
    .orderBy('name_key')
    .orderBy('lab_id')
    .orderBy('run')
    .orderBy('at')
    .orderBy('check_id')
    .orderBy('number')
    .execute();
  return rows.map((row) => ({
    accountId: row.account_id,
    accountName: row.name,
    labId: row.lab_id,
    run: row.run,
    checkId: row.check_id,
    number: row.number,
    state: row.state,
    points: row.points,
    at: row.at,
    evidence: JSON.parse(row.evidence) as GradeEvidence,
  }));
}

function secondsBetween(from: number, to: number | null): number | null {
  return to === null ? null : Math.max(0, Math.round((to - from) / 1000));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
