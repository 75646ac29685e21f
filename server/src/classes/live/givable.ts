/** Which starts of steps there are to be given to others, and whose. */
import type { GivableStates } from '../../contract/main.ts';
import { BEFORE_GIVEN, type GivenState, StepSnapshots } from '../../sessions/step-snapshots.ts';
import type { AccountRow } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';

export async function listGivable(
  store: Store,
  of: { readonly account: AccountRow; readonly members: readonly string[]; readonly labId: string },
): Promise<GivableStates['states']> {
  const { account, members, labId } = of;
  const rows = await store
    .selectFrom('step_snapshots')
    .innerJoin('accounts', 'accounts.id', 'step_snapshots.account_id')
    .select(['step_snapshots.step_id', 'accounts.id', 'accounts.display_name'])
    .where('step_snapshots.lab_id', '=', labId)
    .where('step_snapshots.step_id', 'not in', BEFORE_GIVEN)
    .where('step_snapshots.account_id', 'in', [account.id, ...members])
    .orderBy('accounts.name_key')
    .orderBy('step_snapshots.taken_at')
    .execute();
  const states = new Map<string, GivableStates['states'][number]>();
  for (const row of rows) {
    const from = row.id === account.id ? null : row.id;
    const known = states.get(row.id);
    if (known) known.stepIds.push(row.step_id);
    else states.set(row.id, { from, name: row.display_name, stepIds: [row.step_id] });
  }
  return [...states.values()].sort((one, other) => Number(one.from !== null) - Number(other.from !== null));
}

export async function findGivable(
  store: Store,
  of: { readonly accountId: string; readonly labId: string; readonly stepId: string },
): Promise<GivenState | undefined> {
  const { accountId, labId, stepId } = of;
  const lab = await store
    .selectFrom('lab_progress')
    .select('cell_id')
    .where('account_id', '=', accountId)
    .where('lab_id', '=', labId)
    .executeTakeFirst();
  const snapshot = await new StepSnapshots(store, { accountId, labId }).find(stepId);
  return lab && snapshot && { cellId: lab.cell_id, snapshot };
}
