/** Accounts: made, listed, changed, removed. Whether the caller may is asked before (http). */
import { randomUUID } from 'node:crypto';
import type { Insertable, Transaction } from 'kysely';
import type {
  Account,
  CreateAccount,
  CreateAssigned,
  Me,
  UpdateAccount,
  UpdateMe,
} from '../contract/main.ts';
import type { AccountRow, AccountsTable, Schema } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { AccountError } from './account-error.ts';
import { generatePassword, type Passwords } from './passwords.ts';

export interface Accounts {
  list(): Promise<Account[]>;
  read(id: string): Promise<AccountRow | undefined>;
  findByName(name: string): Promise<AccountRow | undefined>;
  /** The password comes back only when it was made up here. */
  create(account: CreateAccount): Promise<{ account: Account; password: string | null }>;
  createAssigned(wanted: CreateAssigned): Promise<{ account: Account; password: string }[]>;
  /** A person who starts without an account. */
  createGuest(): Promise<AccountRow>;
  update(id: string, changes: UpdateAccount): Promise<Account>;
  updateMe(id: string, changes: UpdateMe): Promise<Me>;
  /** Null: make one up. */
  setPassword(id: string, password: string | null): Promise<{ account: Account; password: string | null }>;
  remove(id: string): Promise<void>;
  markSeen(id: string): Promise<void>;
  hasAdministrator(): Promise<boolean>;
}

export interface AccountsOptions {
  readonly store: Store;
  readonly passwords: Passwords;
  readonly now: () => number;
}

const GUEST_PREFIX = 'guest';

export function createAccounts({ store, passwords, now }: AccountsOptions): Accounts {
  const read = (id: string) =>
    store.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst();
  const mustRead = async (id: string): Promise<AccountRow> => {
    const row = await read(id);
    if (!row) throw new AccountError('accountNotFound');
    return row;
  };
  const newRow = (account: { name: string; displayName?: string | undefined; role: AccountRow['role'] }) =>
    ({
      id: randomUUID(),
      name: account.name,
      name_key: account.name.toLowerCase(),
      display_name: account.displayName ?? account.name,
      role: account.role,
      password_hash: null,
      disabled: 0,
      guest: 0,
      language: null,
      theme: 'system',
      created_at: now(),
      last_seen_at: null,
    }) satisfies AccountRow;

  return {
    read,
    async list() {
      const rows = await store.selectFrom('accounts').selectAll().orderBy('name_key').execute();
      return rows.map(toAccount);
    },
    findByName: (name) =>
      store
        .selectFrom('accounts')
        .selectAll()
        .where('name_key', '=', name.trim().toLowerCase())
        .executeTakeFirst(),
    async create(account) {
      if (account.password !== undefined) requireStrong(account.password, account.name);
      const password = account.password ?? generatePassword();
      const row = { ...newRow(account), password_hash: await passwords.hash(password) };
      await insert(store, row);
      return { account: toAccount(row), password: account.password === undefined ? password : null };
    },
    async createAssigned({ prefix, count }) {
      const names = await freeNames(store, prefix, count);
      const made = await Promise.all(
        names.map(async (name) => {
          const password = generatePassword();
          const row = { ...newRow({ name, role: 'trainee' }), password_hash: await passwords.hash(password) };
          return { row, password };
        }),
      );
      await store.transaction().execute(async (transaction) => {
        for (const { row } of made) await insert(transaction, row);
      });
      return made.map(({ row, password }) => ({ account: toAccount(row), password }));
    },
    async createGuest() {
      return store.transaction().execute(async (transaction) => {
        const [name] = await freeNames(transaction, GUEST_PREFIX, 1);
        const row: AccountRow = { ...newRow({ name: name!, role: 'trainee' }), guest: 1 };
        await insert(transaction, row);
        return row;
      });
    },
    async update(id, changes) {
      return store.transaction().execute(async (transaction) => {
        const row = await transaction
          .selectFrom('accounts')
          .selectAll()
          .where('id', '=', id)
          .executeTakeFirst();
        if (!row) throw new AccountError('accountNotFound');
        const next: AccountRow = {
          ...row,
          display_name: changes.displayName ?? row.display_name,
          role: changes.role ?? row.role,
          disabled: changes.disabled === undefined ? row.disabled : Number(changes.disabled),
        };
        if (isActiveAdministrator(row) && !isActiveAdministrator(next)) {
          await requireOtherAdministrator(transaction, id);
        }
        const { display_name, role, disabled } = next;
        await transaction
          .updateTable('accounts')
          .set({ display_name, role, disabled })
          .where('id', '=', id)
          .execute();
        // Whoever is shut out or given other rights signs in anew.
        if (disabled || role !== row.role) {
          await transaction.deleteFrom('login_sessions').where('account_id', '=', id).execute();
        }
        return toAccount(next);
      });
    },
    async updateMe(id, changes) {
      const row = await mustRead(id);
      const next: AccountRow = {
        ...row,
        display_name: changes.displayName ?? row.display_name,
        language: changes.language === undefined ? row.language : changes.language,
        theme: changes.theme ?? row.theme,
      };
      const { display_name, language, theme } = next;
      await store
        .updateTable('accounts')
        .set({ display_name, language, theme })
        .where('id', '=', id)
        .execute();
      return toMe(next);
    },
    async setPassword(id, wanted) {
      const row = await mustRead(id);
      if (wanted !== null) requireStrong(wanted, row.name);
      const password = wanted ?? generatePassword();
      const password_hash = await passwords.hash(password);
      await store.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('accounts')
          .set({ password_hash, guest: 0 })
          .where('id', '=', id)
          .execute();
        await transaction.deleteFrom('login_sessions').where('account_id', '=', id).execute();
      });
      return { account: toAccount({ ...row, guest: 0 }), password: wanted === null ? password : null };
    },
    async remove(id) {
      await store.transaction().execute(async (transaction) => {
        const row = await transaction
          .selectFrom('accounts')
          .selectAll()
          .where('id', '=', id)
          .executeTakeFirst();
        if (!row) throw new AccountError('accountNotFound');
        if (isActiveAdministrator(row)) await requireOtherAdministrator(transaction, id);
        await transaction.deleteFrom('accounts').where('id', '=', id).execute();
      });
    },
    async markSeen(id) {
      await store.updateTable('accounts').set({ last_seen_at: now() }).where('id', '=', id).execute();
    },
    async hasAdministrator() {
      const row = await store
        .selectFrom('accounts')
        .select('id')
        .where('role', '=', 'administrator')
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

export function toAccount(row: AccountRow): Account {
  return {
    id: row.id,
    name: row.name,
    displayName: row.display_name,
    role: row.role,
    disabled: row.disabled === 1,
    guest: row.guest === 1,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
  };
}

export function toMe(row: AccountRow): Me {
  return {
    id: row.id,
    name: row.name,
    displayName: row.display_name,
    role: row.role,
    language: row.language,
    theme: row.theme,
    guest: row.guest === 1,
  };
}

/** Length is what counts (NIST 800-63B); refused besides are the name itself and one character over and over. */
export function requireStrong(password: string, name: string): void {
  const plain = password.toLowerCase();
  const repeated = new Set(plain).size < 4;
  const named = plain.replaceAll(name.toLowerCase(), '').length < 4;
  if (repeated || named) throw new AccountError('passwordTooWeak');
}

async function insert(store: Store | Transaction<Schema>, row: Insertable<AccountsTable>): Promise<void> {
  try {
    await store.insertInto('accounts').values(row).execute();
  } catch (error) {
    if (error instanceof Error && /UNIQUE constraint/i.test(error.message))
      throw new AccountError('nameTaken');
    throw error;
  }
}

/** `prefix-01`, `prefix-02` …, passing over the numbers in use. */
async function freeNames(
  store: Store | Transaction<Schema>,
  prefix: string,
  count: number,
): Promise<string[]> {
  const rows = await store
    .selectFrom('accounts')
    .select('name_key')
    .where('name_key', 'like', `${prefix.toLowerCase()}-%`)
    .execute();
  const used = new Set(rows.map((row) => row.name_key));
  const names: string[] = [];
  for (let number = 1; names.length < count; number += 1) {
    const name = `${prefix}-${String(number).padStart(2, '0')}`;
    if (!used.has(name.toLowerCase())) names.push(name);
  }
  return names;
}

function isActiveAdministrator(row: AccountRow): boolean {
  return row.role === 'administrator' && row.disabled === 0;
}

async function requireOtherAdministrator(transaction: Transaction<Schema>, id: string): Promise<void> {
  const other = await transaction
    .selectFrom('accounts')
    .select('id')
    .where('role', '=', 'administrator')
    .where('disabled', '=', 0)
    .where('id', '!=', id)
    .executeTakeFirst();
  if (!other) throw new AccountError('lastAdministrator');
}
