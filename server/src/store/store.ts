/**
 * Opens the database of a data directory. Damage is reported and nothing is overwritten; a second server on the same
 * directory is refused. WAL with `synchronous=FULL`: what was acknowledged survives a power cut.
 */
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { Kysely, Migrator } from 'kysely';
import { sqliteDialect } from './dialect.ts';
import { migrations } from './migrations.ts';
import type { Schema } from './schema.ts';

export type Store = Kysely<Schema>;

export type StoreErrorCode = 'damaged' | 'inUse' | 'newer' | 'unwritable' | 'failed';

/** Its message is one sentence for the person who started the server. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}

export async function openStore(dataDirectory: string): Promise<Store> {
  const file = join(dataDirectory, 'brokerlab.db');
  prepareDirectory(dataDirectory);
  const database = openFile(file);
  const store = new Kysely<Schema>({ dialect: sqliteDialect(database) });
  try {
    await migrate(store, file);
    chmodSync(file, 0o600);
    return store;
  } catch (error) {
    await store.destroy();
    throw error instanceof StoreError ? error : explain(file, error);
  }
}

/** The disk is full: nothing was written, everything written before is safe. */
export function isDiskFull(error: unknown): boolean {
  const text = messageOf(error);
  return /database or disk is full|SQLITE_FULL|ENOSPC|disk I\/O error/i.test(text);
}

function prepareDirectory(dataDirectory: string): void {
  try {
    makeDirectories(dataDirectory);
  } catch (error) {
    throw new StoreError(
      'unwritable',
      `The data directory ${dataDirectory} can't be made (${messageOf(error)}). Name another one with --data DIR.`,
      { cause: error },
    );
  }
}

/** Folder by folder: Node's own `recursive` tries for ever where a file system refuses with ENOENT, as /proc does. */
function makeDirectories(path: string): void {
  if (existsSync(path)) return;
  makeDirectories(dirname(path));
  mkdirSync(path, { mode: 0o711 });
}

function openFile(file: string): DatabaseSyncInstance {
  let database: DatabaseSyncInstance | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 0, defensive: true });
    // Held until the process ends, however it ends: the operating system's lock on the file.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('BEGIN EXCLUSIVE; COMMIT');
    checkIntegrity(database, file);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    database.exec('PRAGMA foreign_keys = ON');
    return database;
  } catch (error) {
    database?.close();
    throw error instanceof StoreError ? error : explain(file, error);
  }
}

function checkIntegrity(database: DatabaseSyncInstance, file: string): void {
  const rows = database.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[];
  const found = rows[0]?.quick_check;
  if (found !== 'ok') throw damaged(file, found?.replaceAll('\n', ' ') ?? 'no answer');
}

async function migrate(store: Store, file: string): Promise<void> {
  const migrator = new Migrator({ db: store, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error } = await migrator.migrateToLatest();
  if (!error) return;
  if (/corrupted migrations/i.test(messageOf(error))) {
    throw new StoreError(
      'newer',
      `The database ${file} was written by a newer Brokerlab. Start that version, or name another directory with --data DIR.`,
      { cause: error },
    );
  }
  throw explain(file, error);
}

function explain(file: string, error: unknown): StoreError {
  const text = messageOf(error);
  if (/not a database|malformed|corrupt/i.test(text)) return damaged(file, text, error);
  if (/locked|busy/i.test(text)) {
    return new StoreError(
      'inUse',
      `Another Brokerlab is using ${file}. Stop it, or name another directory with --data DIR.`,
      { cause: error },
    );
  }
  if (isDiskFull(error)) {
    return new StoreError(
      'unwritable',
      `The disk that holds ${file} is full. Free some space and start again.`,
      {
        cause: error,
      },
    );
  }
  if (/unable to open|readonly|permission/i.test(text)) {
    return new StoreError(
      'unwritable',
      `The database ${file} can't be opened for writing (${text}). Name another directory with --data DIR.`,
      { cause: error },
    );
  }
  return new StoreError('failed', `The database ${file} can't be used: ${text}.`, { cause: error });
}

function damaged(file: string, found: string, cause?: unknown): StoreError {
  return new StoreError(
    'damaged',
    `The database ${file} is damaged (${found}). Nothing was changed: restore it from a copy, or move it away to start with an empty one.`,
    { cause },
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
