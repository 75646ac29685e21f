/** How every trainee stands in every lab they began: what an instructor looks at. */
import type { Account, TraineeOverview } from '../contract/main.ts';
import type { AccountRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { SEED_OF_TITLES } from './course.ts';
import type { LabCatalog, LabSessions } from './lab-sessions.ts';

export interface TraineesOptions {
  readonly store: Store;
  readonly catalog: LabCatalog;
  readonly labSessions: LabSessions;
  readonly toAccount: (row: AccountRow) => Account;
  /** Ids of those the caller may see; null: everybody. */
  readonly only: ReadonlySet<string> | null;
}

export async function listTrainees(options: TraineesOptions): Promise<TraineeOverview[]> {
  const { store, catalog, labSessions, toAccount, only } = options;
  const [accounts, labs, steps] = await Promise.all([
    store.selectFrom('accounts').selectAll().where('role', '=', 'trainee').orderBy('name_key').execute(),
    store.selectFrom('lab_progress').selectAll().where('started_at', 'is not', null).execute(),
    store.selectFrom('step_progress').selectAll().execute(),
  ]);
  const labsOf = grouped(labs, (row) => row.account_id);
  const stepsOf = grouped(steps, (row) => `${row.account_id}/${row.lab_id}`);
  const seen = accounts.filter(({ id }) => only === null || only.has(id));
  return seen.map((account) => {
    const own = labsOf.get(account.id) ?? [];
    const sessions = own.map((row) => labSessions.find(account.id, row.lab_id));
    return {
      account: toAccount(account),
      connected: sessions.some((session) => (session?.viewers ?? 0) > 0),
      labs: own.flatMap((row, index) => {
        const lab = catalog.lab(row.lab_id, SEED_OF_TITLES);
        if (!lab) return [];
        const records = stepsOf.get(`${account.id}/${row.lab_id}`) ?? [];
        const state = sessions[index]?.environment.state.state;
        return [
          {
            labId: row.lab_id,
            title: { ko: lab.text.ko.title, en: lab.text.en.title },
            stepsPassed: records.filter((record) => record.passed_at !== null).length,
            stepsTotal: lab.steps.length,
            hintsOpened: records.reduce((sum, record) => sum + record.hints_opened, 0),
            solutionsOpened: records.filter((record) => record.solution_opened_at !== null).length,
            startedAt: row.started_at,
            passedAt: row.passed_at,
            environment: state === undefined || state === 'stopping' ? 'asleep' : state,
          },
        ];
      }),
    };
  });
}

function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
