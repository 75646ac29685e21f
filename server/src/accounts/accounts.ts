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

export interface AccountsOptions {
  readonly store: Store;
  readonly passwords: Passwords;
  readonly now: () => number;
}

export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

type Write = Store | Transaction<Schema>;

const GUEST_PREFIX = 'guest';
const HASHES_AT_ONCE = 4;

/** Invariant: once there is an administrator who can sign in, there always is one. */
export class Accounts {
  readonly #store: Store;
  readonly #passwords: Passwords;
  readonly #now: () => number;

  constructor({ store, passwords, now }: AccountsOptions) {
    this.#store = store;
    this.#passwords = passwords;
    this.#now = now;
  }

  async list(): Promise<Account[]> {
    const rows = await this.#store.selectFrom('accounts').selectAll().orderBy('name_key').execute();
    return rows.map(toAccount);
  }

  read(id: string): Promise<AccountRow | undefined> {
    return readRow(this.#store, id);
  }

  /** Whom a provider vouches for, if they have been here before. */
  async readOf({ issuer, subject }: Identity): Promise<AccountRow | undefined> {
    const known = await this.#store
      .selectFrom('oidc_identities')
      .select('account_id')
      .where('issuer', '=', issuer)
      .where('subject', '=', subject)
      .executeTakeFirst();
    return known && (await this.read(known.account_id));
  }

  findByName(name: string): Promise<AccountRow | undefined> {
    return this.#store
      .selectFrom('accounts')
      .selectAll()
      .where('name_key', '=', name.trim().toLowerCase())
      .executeTakeFirst();
  }

  /** The password comes back only when it was made up here. */
  async create(wanted: CreateAccount): Promise<{ account: Account; password: string | null }> {
    if (wanted.password !== undefined) requireStrong(wanted.password, wanted.name);
    const password = wanted.password ?? generatePassword();
    const row = { ...this.#newRow(wanted), password_hash: await this.#passwords.hash(password) };
    await insert(this.#store, row);
    return { account: toAccount(row), password: wanted.password === undefined ? password : null };
  }

  async createAssigned({ prefix, count }: CreateAssigned): Promise<{ account: Account; password: string }[]> {
    const names = await freeNames(this.#store, prefix, count);
    const made = await Promise.all(
      names.map(async (name) => {
        const password = generatePassword();
        const password_hash = await this.#passwords.hash(password);
        return { row: { ...this.#newRow({ name, role: 'trainee' }), password_hash }, password };
      }),
    );
    await this.#store.transaction().execute(async (transaction) => {
      for (const { row } of made) await insert(transaction, row);
    });
    return made.map(({ row, password }) => ({ account: toAccount(row), password }));
  }

  /**
   * Trainees of a list, each with a made-up password; who has no account name gets `prefix-01` …. `also` is done in the same
   * transaction: all of it happens, or nothing.
   */
  async createTrainees(
    wanted: readonly { readonly name: string | null; readonly displayName: string }[],
    prefix: string,
    also: (transaction: Transaction<Schema>, accountIds: readonly string[]) => Promise<void>,
  ): Promise<{ account: Account; password: string }[]> {
    const given = new Set(wanted.flatMap(({ name }) => (name === null ? [] : [name.toLowerCase()])));
    const unnamed = wanted.filter(({ name }) => name === null).length;
    const free = await freeNames(this.#store, prefix, unnamed, given);
    const rows = wanted.map(({ name, displayName }) =>
      this.#newRow({ name: name ?? free.shift()!, displayName, role: 'trainee' }),
    );
    const made: { row: AccountRow; password: string }[] = [];
    // A few at a time: whoever signs in meanwhile waits for one hash, not for hundreds.
    for (let from = 0; from < rows.length; from += HASHES_AT_ONCE) {
      const some = rows.slice(from, from + HASHES_AT_ONCE).map(async (row) => {
        const password = generatePassword();
        const password_hash = await this.#passwords.hash(password);
        return { row: { ...row, password_hash, password_once: 1 }, password };
      });
      made.push(...(await Promise.all(some)));
    }
    await this.#store.transaction().execute(async (transaction) => {
      for (const { row } of made) await insert(transaction, row);
      await also(
        transaction,
        made.map(({ row }) => row.id),
      );
    });
    return made.map(({ row, password }) => ({ account: toAccount(row), password }));
  }

  /** A person who starts without an account. */
  createGuest(displayName?: string): Promise<AccountRow> {
    return this.#store.transaction().execute(async (transaction) => {
      const [name] = await freeNames(transaction, GUEST_PREFIX, 1);
      const row: AccountRow = { ...this.#newRow({ name: name!, displayName, role: 'trainee' }), guest: 1 };
      await insert(transaction, row);
      return row;
    });
  }

  /** A person whom a provider vouches for: the first of the wished names that is free, else one with a number. */
  createOf(person: {
    readonly wishes: readonly string[];
    readonly displayName: string;
    readonly role: AccountRow['role'];
    readonly identity: Identity;
  }): Promise<AccountRow> {
    return this.#store.transaction().execute(async (transaction) => {
      const { wishes, displayName, role, identity } = person;
      const wished = wishes.find((wish) => wish !== '') ?? 'user';
      const taken = await transaction
        .selectFrom('accounts')
        .select('id')
        .where('name_key', '=', wished.toLowerCase())
        .executeTakeFirst();
      const [name] = taken ? await freeNames(transaction, wished, 1) : [wished];
      const row: AccountRow = this.#newRow({ name: name!, displayName, role });
      await insert(transaction, row);
      await transaction
        .insertInto('oidc_identities')
        .values({ ...identity, account_id: row.id, created_at: this.#now() })
        .execute();
      return row;
    });
  }

  update(id: string, changes: UpdateAccount): Promise<Account> {
    return this.#store.transaction().execute(async (transaction) => {
      const row = await mustRead(transaction, id);
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
      if (disabled || role !== row.role) await endSessions(transaction, id);
      return toAccount(next);
    });
  }

  async updateMe(id: string, changes: UpdateMe): Promise<Me> {
    const row = await mustRead(this.#store, id);
    const next: AccountRow = {
      ...row,
      display_name: changes.displayName ?? row.display_name,
      language: changes.language === undefined ? row.language : changes.language,
      theme: changes.theme ?? row.theme,
    };
    const { display_name, language, theme } = next;
    await this.#store
      .updateTable('accounts')
      .set({ display_name, language, theme })
      .where('id', '=', id)
      .execute();
    return toMe(next);
  }

  /** Ends the account's sessions. Null: a password is made up and comes back. */
  async setPassword(
    id: string,
    wanted: string | null,
    { once }: { once: boolean } = { once: false },
  ): Promise<{ account: Account; password: string | null }> {
    const row = await mustRead(this.#store, id);
    if (wanted !== null) requireStrong(wanted, row.name);
    const password = wanted ?? generatePassword();
    const password_hash = await this.#passwords.hash(password);
    await this.#store.transaction().execute(async (transaction) => {
      await transaction
        .updateTable('accounts')
        .set({ password_hash, guest: 0, password_once: Number(once) })
        .where('id', '=', id)
        .execute();
      await endSessions(transaction, id);
    });
    return { account: toAccount({ ...row, guest: 0 }), password: wanted === null ? password : null };
  }

  remove(id: string): Promise<void> {
    return this.#store.transaction().execute(async (transaction) => {
      const row = await mustRead(transaction, id);
      if (isActiveAdministrator(row)) await requireOtherAdministrator(transaction, id);
      await transaction.deleteFrom('accounts').where('id', '=', id).execute();
    });
  }

  async hasAdministrator(): Promise<boolean> {
    const row = await this.#store
      .selectFrom('accounts')
      .select('id')
      .where('role', '=', 'administrator')
      .executeTakeFirst();
    return row !== undefined;
  }

  #newRow(account: { name: string; displayName?: string | undefined; role: AccountRow['role'] }): AccountRow {
    return {
      id: randomUUID(),
      name: account.name,
      name_key: account.name.toLowerCase(),
      display_name: account.displayName ?? account.name,
      role: account.role,
      password_hash: null,
      password_once: 0,
      disabled: 0,
      guest: 0,
      language: null,
      theme: 'system',
      created_at: this.#now(),
      last_seen_at: null,
    };
  }
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
    passwordOnce: row.password_once === 1,
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

async function insert(store: Write, row: Insertable<AccountsTable>): Promise<void> {
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
  store: Write,
  prefix: string,
  count: number,
  given: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  const rows = await store
    .selectFrom('accounts')
    .select('name_key')
    .where('name_key', 'like', `${prefix.toLowerCase()}-%`)
    .execute();
  const used = new Set([...rows.map((row) => row.name_key), ...given]);
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

function readRow(store: Write, id: string): Promise<AccountRow | undefined> {
  return store.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst();
}

async function mustRead(store: Write, id: string): Promise<AccountRow> {
  const row = await readRow(store, id);
  if (!row) throw new AccountError('accountNotFound');
  return row;
}

async function endSessions(transaction: Transaction<Schema>, accountId: string): Promise<void> {
  await transaction.deleteFrom('login_sessions').where('account_id', '=', accountId).execute();
}
