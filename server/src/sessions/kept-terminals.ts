/** What stood in a lab's terminals when its environment went to sleep, until it wakes. */
import type { Store } from '../store/store.ts';
import type { TerminalRest } from '../terminals/main.ts';
import type { ProgressKey } from './progress.ts';

export interface KeptTerminal extends TerminalRest {
  readonly number: number;
  readonly title: string;
  readonly cols: number;
  readonly rows: number;
}

export interface KeptTerminals {
  /** By their numbers; gone after that. */
  take(): Promise<KeptTerminal[]>;
  keep(terminals: readonly KeptTerminal[]): Promise<void>;
}

export function keptTerminals(store: Store, { accountId, labId }: ProgressKey): KeptTerminals {
  const drop = async (): Promise<void> => {
    const own = store.deleteFrom('kept_terminals').where('account_id', '=', accountId);
    await own.where('lab_id', '=', labId).execute();
  };
  return {
    async take() {
      const row = await store
        .selectFrom('kept_terminals')
        .select('terminals')
        .where('account_id', '=', accountId)
        .where('lab_id', '=', labId)
        .executeTakeFirst();
      if (!row) return [];
      await drop();
      return JSON.parse(row.terminals) as KeptTerminal[];
    },
    async keep(kept) {
      if (kept.length === 0) return drop();
      const values = { terminals: JSON.stringify(kept) };
      await store
        .insertInto('kept_terminals')
        .values({ account_id: accountId, lab_id: labId, ...values })
        .onConflict((conflict) => conflict.columns(['account_id', 'lab_id']).doUpdateSet(values))
        .execute();
    },
  };
}
