import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isDiskFull, openStore, type Store, StoreError } from '../../server/src/store/store.ts';

let directory: string;
const open: Store[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'brokerlab-store-'));
});
afterEach(async () => {
  for (const store of open.splice(0)) await store.destroy();
  rmSync(directory, { recursive: true, force: true });
});

async function openHere(): Promise<Store> {
  const store = await openStore(directory);
  open.push(store);
  return store;
}

async function refusal(): Promise<StoreError> {
  const error = await openHere().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StoreError);
  return error as StoreError;
}

const ACCOUNT = {
  id: 'one',
  name: 'One',
  name_key: 'one',
  display_name: 'One',
  role: 'trainee' as const,
  password_hash: null,
  password_once: 0,
  disabled: 0,
  guest: 0,
  language: null,
  theme: 'system' as const,
  created_at: 1_800_000_000_000,
  last_seen_at: null,
};

async function fill(rows: number): Promise<void> {
  const store = await openStore(directory);
  const accounts = Array.from({ length: rows }, (_, row) => {
    const id = `account-${row}`;
    return { ...ACCOUNT, id, name: id, name_key: id, display_name: 'x'.repeat(200) };
  });
  await store.insertInto('accounts').values(accounts).execute();
  await store.destroy();
}

test('what was written is there after closing and opening again', async () => {
  const store = await openStore(directory);
  await store.insertInto('accounts').values(ACCOUNT).execute();
  await store.destroy();
  const again = await openHere();
  expect(await again.selectFrom('accounts').selectAll().execute()).toEqual([ACCOUNT]);
});

test('what was committed is there when the process ended without closing', async () => {
  const store = await openHere();
  await store.insertInto('accounts').values(ACCOUNT).execute();
  const copy = mkdtempSync(join(tmpdir(), 'brokerlab-store-'));
  for (const name of ['brokerlab.db', 'brokerlab.db-wal']) {
    writeFileSync(join(copy, name), readFileSync(join(directory, name)));
  }
  const recovered = await openStore(copy);
  expect(await recovered.selectFrom('accounts').select('id').execute()).toEqual([{ id: 'one' }]);
  await recovered.destroy();
  rmSync(copy, { recursive: true });
});

test('only the owner of the server may read the file', async () => {
  await openHere();
  expect(statSync(join(directory, 'brokerlab.db')).mode & 0o777).toBe(0o600);
});

test('a second server on the same directory is refused and told so', async () => {
  await openHere();
  const error = await refusal();
  expect(error.code).toBe('inUse');
  expect(error.message).toContain(join(directory, 'brokerlab.db'));
});

test('a file that is no database is refused in one sentence and left as it is', async () => {
  const file = join(directory, 'brokerlab.db');
  writeFileSync(file, 'this was never a database\n'.repeat(500));
  const before = readFileSync(file);
  const error = await refusal();
  expect(error.code).toBe('damaged');
  expect(error.message).toContain(file);
  expect(readFileSync(file)).toEqual(before);
});

test('a damaged page is noticed at start and nothing is overwritten', async () => {
  await fill(400);
  const file = join(directory, 'brokerlab.db');
  const bytes = readFileSync(file);
  bytes.fill(0x5a, bytes.length - 3 * 4096, bytes.length - 2 * 4096);
  writeFileSync(file, bytes);
  const error = await refusal();
  expect(error.code).toBe('damaged');
  expect(error.message.split('\n')).toHaveLength(1);
  expect(readFileSync(file)).toEqual(bytes);
});

test('a database of a newer version is refused, not changed', async () => {
  const store = await openStore(directory);
  await store
    .insertInto('kysely_migration' as never)
    .values({ name: '999-later', timestamp: '2030-01-01' } as never)
    .execute();
  await store.destroy();
  expect((await refusal()).code).toBe('newer');
});

test('a directory that can’t be made is named with its option', async () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  const error = await openStore(join(file, 'inside')).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'unwritable', message: expect.stringContaining('--data DIR') });
});

test('rows of a removed account go with it', async () => {
  const store = await openHere();
  await store.insertInto('accounts').values(ACCOUNT).execute();
  await store
    .insertInto('login_sessions')
    .values({ token_hash: 'h', account_id: 'one', created_at: 1, seen_at: 1, expires_at: 2 })
    .execute();
  await store.deleteFrom('accounts').execute();
  expect(await store.selectFrom('login_sessions').selectAll().execute()).toEqual([]);
});

test('a full disk refuses the write, is told as such, and keeps what is there', async () => {
  const store = await openHere();
  await store.insertInto('accounts').values(ACCOUNT).execute();
  const { rows } = await sql<{ page_count: number }>`PRAGMA page_count`.execute(store);
  await sql.raw(`PRAGMA max_page_count = ${rows[0]!.page_count}`).execute(store);
  const large = { ...ACCOUNT, id: 'two', name_key: 'two', display_name: 'x'.repeat(20_000) };
  const error = await store
    .insertInto('accounts')
    .values(large)
    .execute()
    .catch((thrown: unknown) => thrown);
  expect(isDiskFull(error)).toBe(true);
  expect(await store.selectFrom('accounts').select('id').execute()).toEqual([{ id: 'one' }]);
  await sql`PRAGMA max_page_count = 100000`.execute(store);
  await store.insertInto('accounts').values(large).execute();
  expect(await store.selectFrom('accounts').select('id').execute()).toHaveLength(2);
});

test.runIf(process.platform === 'linux')(
  'a data directory that no file system takes is refused with a sentence',
  async () => {
    for (const place of ['/proc/no-such-place/data', '/dev/null/data']) {
      await expect(openStore(place)).rejects.toThrow(/can't be made .* --data DIR/);
    }
  },
);
