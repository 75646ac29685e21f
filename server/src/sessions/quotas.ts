/** Quotas as administrators set them: for everybody, and for single people. They hold from an environment's next opening on. */
import type { Quota, QuotaChange, Quotas as QuotaTable } from '../contract/main.ts';
import type { CellLimits } from '../sandbox/main.ts';
import type { QuotaRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

const MEGABYTE = 1024 * 1024;
/** Of a disk quota; the rest is the clusters'. */
const HOME_SHARE = 0.2;
const EVERYBODY = '';

const PROGRAM: Quota = { memoryMegabytes: 1024, cpus: 2, diskMegabytes: 2560, environments: 3 };
const NOTHING_SET: QuotaChange = {
  memoryMegabytes: null,
  cpus: null,
  diskMegabytes: null,
  environments: null,
};

export class Quotas {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async of(accountId: string): Promise<Quota> {
    const rows = await this.#store
      .selectFrom('quotas')
      .selectAll()
      .where('account_id', 'in', [EVERYBODY, accountId])
      .execute();
    const set = (id: string) => rows.find(({ account_id }) => account_id === id);
    return merged(PROGRAM, toChange(set(EVERYBODY)), toChange(set(accountId)));
  }

  async limitsOf(accountId: string): Promise<Partial<CellLimits>> {
    const { memoryMegabytes, cpus, diskMegabytes } = await this.of(accountId);
    const homeBytes = Math.round(diskMegabytes * HOME_SHARE) * MEGABYTE;
    return {
      memoryBytes: memoryMegabytes * MEGABYTE,
      cpus,
      homeBytes,
      clusterBytes: diskMegabytes * MEGABYTE - homeBytes,
    };
  }

  async list(): Promise<QuotaTable> {
    const rows = await this.#store
      .selectFrom('quotas')
      .leftJoin('accounts', 'accounts.id', 'quotas.account_id')
      .selectAll('quotas')
      .select(['accounts.name', 'accounts.display_name'])
      .orderBy('accounts.name_key')
      .execute();
    const set = toChange(rows.find(({ account_id }) => account_id === EVERYBODY));
    return {
      everybody: merged(PROGRAM, set),
      set,
      people: rows.flatMap((row) =>
        row.name === null
          ? []
          : [{ name: row.name, displayName: row.display_name ?? row.name, set: toChange(row) }],
      ),
    };
  }

  /** `accountId` null: for everybody. Nothing set: theirs is as everybody's again. */
  async set(accountId: string | null, change: QuotaChange): Promise<void> {
    const account_id = accountId ?? EVERYBODY;
    if (Object.values(change).every((value) => value === null)) {
      await this.#store.deleteFrom('quotas').where('account_id', '=', account_id).execute();
      return;
    }
    const values = {
      memory_megabytes: change.memoryMegabytes,
      cpus: change.cpus,
      disk_megabytes: change.diskMegabytes,
      environments: change.environments,
    };
    await this.#store
      .insertInto('quotas')
      .values({ account_id, ...values })
      .onConflict((conflict) => conflict.column('account_id').doUpdateSet(values))
      .execute();
  }
}

function merged(quota: Quota, ...changes: readonly QuotaChange[]): Quota {
  return changes.reduce<Quota>(
    (before, change) => ({
      memoryMegabytes: change.memoryMegabytes ?? before.memoryMegabytes,
      cpus: change.cpus ?? before.cpus,
      diskMegabytes: change.diskMegabytes ?? before.diskMegabytes,
      environments: change.environments ?? before.environments,
    }),
    quota,
  );
}

function toChange(row: Omit<QuotaRow, 'account_id'> | undefined): QuotaChange {
  if (!row) return NOTHING_SET;
  return {
    memoryMegabytes: row.memory_megabytes,
    cpus: row.cpus,
    diskMegabytes: row.disk_megabytes,
    environments: row.environments,
  };
}
