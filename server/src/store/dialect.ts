/**
 * Kysely's SQLite dialect over `@photostructure/sqlite` (the API of `node:sqlite`, prebuilt for Node 20): statements are
 * kept prepared, since every query of the server comes from a fixed set.
 */
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';

const STATEMENTS_MAX = 200;

export function sqliteDialect(database: DatabaseSyncInstance): SqliteDialect {
  return new SqliteDialect({ database: statementCache(database) });
}

function statementCache(database: DatabaseSyncInstance): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  return {
    close() {
      release(database);
      database.close();
    },
    prepare(sql) {
      const known = statements.get(sql);
      if (known) return known;
      if (statements.size >= STATEMENTS_MAX) statements.clear();
      const statement = adapt(database.prepare(sql));
      statements.set(sql, statement);
      return statement;
    },
  };
}

/**
 * Closing leaves prepared statements to the garbage collector, and with them the lock on the file. So the lock is given
 * up first; on the way everything moves from the write-ahead log into the one file.
 */
function release(database: DatabaseSyncInstance): void {
  try {
    database.exec('PRAGMA journal_mode = DELETE');
    database.exec('PRAGMA locking_mode = NORMAL');
    database.exec('BEGIN IMMEDIATE; COMMIT');
  } catch {
    // A full disk: the log stays beside the file and is read at the next start.
  }
}

function adapt(statement: StatementSyncInstance): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...parameters),
    run: (parameters) => statement.run(...parameters),
    iterate: (parameters) => statement.iterate(...parameters),
  };
}
