/**
 * What is kept of each check of one trainee's lab for good, also when the lab is started over (`run` says which time it
 * is): attempts with their evidence, the best points, and when it opened and passed.
 *
 * An attempt is an answer to a question, a run of a program, and elsewhere a command after which the check says something
 * else; passing is one in any case, and the last. A look at which a check could not be judged is none, and takes no points away.
 */
import type { Check, Step, Verdict } from '@brokerlab/grader';
import type { Transaction } from 'kysely';
import type { CheckGradeRow, Schema } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

/** What lies behind the verdicts of one look. */
export interface Deeds {
  readonly at: number;
  /** Changes with everything that the trainee did about the check: compared by identity. */
  readonly deed: (check: Check) => unknown;
  /** The answer, the program or the last command, as text. */
  readonly did: (check: Check) => string | null;
}

export type WriteLater = (change: (transaction: Transaction<Schema>) => Promise<unknown>) => void;

/** More are counted, but not kept one by one. */
const ATTEMPTS_KEPT = 100;
const DID_CHARACTERS_MAX = 400;

interface Entry {
  readonly row: CheckGradeRow;
  /** At the last attempt, or when the check was first looked at. */
  deed: unknown;
  said: string | undefined;
}

export class GradeBook {
  readonly #account: string;
  readonly #lab: string;
  readonly #writeLater: WriteLater;
  readonly #entries = new Map<string, Entry>();
  #run: number;

  constructor(
    of: { readonly accountId: string; readonly labId: string; readonly run: number },
    writeLater: WriteLater,
  ) {
    this.#account = of.accountId;
    this.#lab = of.labId;
    this.#run = of.run;
    this.#writeLater = writeLater;
  }

  async load(store: Store): Promise<void> {
    const rows = await store
      .selectFrom('check_grades')
      .selectAll()
      .where('account_id', '=', this.#account)
      .where('lab_id', '=', this.#lab)
      .where('run', '=', this.#run)
      .execute();
    for (const row of rows) this.#entries.set(row.check_id, { row, deed: undefined, said: undefined });
  }

  /** The lab is started over. */
  nextRun(): number {
    this.#entries.clear();
    this.#run += 1;
    return this.#run;
  }

  look(step: Step, verdicts: readonly Verdict[], deeds: Deeds): void {
    for (const [index, verdict] of verdicts.entries()) {
      const check = step.checks[index];
      if (check !== undefined) this.#take(step, check, { verdict, deeds });
    }
  }

  #take(step: Step, check: Check, { verdict, deeds }: { verdict: Verdict; deeds: Deeds }): void {
    const entry = this.#entries.get(check.id) ?? this.#make(step, check, { verdict, deeds });
    const { row } = entry;
    const before = row.state;
    const broken = verdict.state === 'brokenCheck';
    const attempted = !broken && isAttempt(entry, check, { verdict, deed: deeds.deed(check) });
    const changed = before !== verdict.state || verdict.points > row.points || attempted;
    if (!broken && (entry.said === undefined || attempted)) {
      entry.deed = deeds.deed(check);
      entry.said = said(verdict);
    }
    if (!changed) return;
    row.state = verdict.state;
    row.points_max = verdict.pointsMax;
    row.points = Math.max(row.points, verdict.points);
    row.evidence = evidenceOf(verdict, deeds.did(check));
    row.changed_at = deeds.at;
    if (broken && before !== 'brokenCheck') row.broken += 1;
    if (verdict.state === 'passed') row.passed_at ??= deeds.at;
    if (attempted) row.attempts += 1;
    this.#write({ ...row });
    if (attempted && row.attempts <= ATTEMPTS_KEPT) this.#keepAttempt(row, verdict.points);
  }

  #make(step: Step, check: Check, { verdict, deeds }: { verdict: Verdict; deeds: Deeds }): Entry {
    const row: CheckGradeRow = {
      account_id: this.#account,
      lab_id: this.#lab,
      run: this.#run,
      step_id: step.id,
      check_id: check.id,
      kind: check.kind,
      state: 'notYet',
      points: 0,
      points_max: verdict.pointsMax,
      attempts: 0,
      broken: 0,
      evidence: evidenceOf(verdict, null),
      opened_at: deeds.at,
      passed_at: null,
      changed_at: deeds.at,
    };
    const entry: Entry = { row, deed: deeds.deed(check), said: undefined };
    this.#entries.set(check.id, entry);
    this.#write({ ...row });
    return entry;
  }

  #write(row: CheckGradeRow): void {
    const { account_id, lab_id, run, step_id, check_id, ...values } = row;
    const key = { account_id, lab_id, run, step_id, check_id };
    this.#writeLater((transaction) =>
      transaction
        .insertInto('check_grades')
        .values({ ...key, ...values })
        .onConflict((conflict) =>
          conflict.columns(['account_id', 'lab_id', 'run', 'check_id']).doUpdateSet(values),
        )
        .execute(),
    );
  }

  #keepAttempt(row: CheckGradeRow, points: number): void {
    const { account_id, lab_id, run, check_id, state, evidence } = row;
    const [number, at] = [row.attempts, row.changed_at];
    const values = { account_id, lab_id, run, check_id, number, state, points, evidence, at };
    this.#writeLater((transaction) =>
      transaction
        .insertInto('check_attempts')
        .values(values)
        .onConflict((conflict) => conflict.doNothing())
        .execute(),
    );
  }
}

function isAttempt(
  entry: Entry,
  check: Check,
  { verdict, deed }: { verdict: Verdict; deed: unknown },
): boolean {
  if (entry.row.passed_at !== null) return false;
  if (verdict.state === 'passed') return true;
  if (deed === undefined || deed === entry.deed) return false;
  if (check.kind === 'quiz' || check.kind === 'program') return true;
  return entry.said !== undefined && entry.said !== said(verdict);
}

function said(verdict: Verdict): string {
  return JSON.stringify([verdict.state, verdict.message.en, verdict.seen.en]);
}

function evidenceOf({ message, expected, seen }: Verdict, did: string | null): string {
  return JSON.stringify({ message, expected, seen, did: did?.slice(0, DID_CHARACTERS_MAX) ?? null });
}
