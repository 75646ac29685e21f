/** Which labs a person has: a trainee who is in classes has those of their classes and those begun; everybody else has all. */
import type { AccountRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

/** Null: all labs. */
export async function labsFor(store: Store, account: AccountRow): Promise<ReadonlySet<string> | null> {
  if (account.role !== 'trainee') return null;
  const classes = await store
    .selectFrom('class_members')
    .innerJoin('classes', 'classes.id', 'class_members.class_id')
    .select('classes.lab_ids')
    .where('class_members.account_id', '=', account.id)
    .execute();
  if (classes.length === 0) return null;
  const lists = classes.map((row) => readLabIds(row.lab_ids));
  if (lists.some((labIds) => labIds.length === 0)) return null;
  const begun = await store
    .selectFrom('lab_progress')
    .select('lab_id')
    .where('account_id', '=', account.id)
    .where('started_at', 'is not', null)
    .execute();
  return new Set([...lists.flat(), ...begun.map((row) => row.lab_id)]);
}

export function readLabIds(text: string): string[] {
  return JSON.parse(text) as string[];
}
