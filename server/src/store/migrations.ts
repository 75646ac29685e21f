/** How the tables came to be, oldest first. A migration that has landed is never changed; a new one is added. */
import { type Kysely, type Migration, sql } from 'kysely';
import { createGrades } from './grades-migration.ts';
import { createLti } from './lti-migration.ts';

export const migrations: Readonly<Record<string, Migration>> = {
  '001-accounts': { up: createAccounts },
  '002-progress': { up: createProgress },
  '003-audit': { up: createAudit },
  '004-classes': { up: createClasses },
  '005-step-snapshots': { up: createStepSnapshots },
  '006-grades': { up: createGrades },
  '007-live-classes': { up: createLiveClasses },
  '008-one-time-passwords': { up: createOneTimePasswords },
  '009-oidc': { up: createOidc },
  '010-given-states': { up: createGivenStates },
  '012-lti': { up: createLti },
  '013-typed-commands': { up: createTypedCommands },
  '014-kept-terminals': { up: createKeptTerminals },
  '015-quotas': { up: createQuotas },
  '016-settings': { up: createSettings },
  '017-own-locks': { up: createOwnLocks },
  '018-written-files': { up: createWrittenFiles },
};

async function createAccounts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('accounts')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('name_key', 'text', (column) => column.notNull().unique())
    .addColumn('display_name', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) =>
      column.notNull().check(sql`role in ('trainee', 'instructor', 'administrator')`),
    )
    .addColumn('password_hash', 'text')
    .addColumn('disabled', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('guest', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('language', 'text')
    .addColumn('theme', 'text', (column) => column.notNull().defaultTo('system'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_seen_at', 'bigint')
    .execute();
  await db.schema
    .createTable('login_sessions')
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('account_id', 'text', (column) =>
      column.notNull().references('accounts.id').onDelete('cascade'),
    )
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('login_sessions_account').on('login_sessions').column('account_id').execute();
  await db.schema
    .createTable('setup_tokens')
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
}

async function createProgress(db: Kysely<unknown>): Promise<void> {
  const ofLab = (table: string) =>
    db.schema
      .createTable(table)
      .addColumn('account_id', 'text', (column) =>
        column.notNull().references('accounts.id').onDelete('cascade'),
      )
      .addColumn('lab_id', 'text', (column) => column.notNull());
  await ofLab('lab_progress')
    .addColumn('cell_id', 'text', (column) => column.notNull().unique())
    .addColumn('seed', 'text', (column) => column.notNull())
    .addColumn('memory', 'text', (column) => column.notNull())
    .addColumn('started_at', 'bigint')
    .addColumn('passed_at', 'bigint')
    .addPrimaryKeyConstraint('lab_progress_key', ['account_id', 'lab_id'])
    .execute();
  await ofLab('step_progress')
    .addColumn('step_id', 'text', (column) => column.notNull())
    .addColumn('hints_opened', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('solution_opened_at', 'bigint')
    .addColumn('passed_at', 'bigint')
    .addPrimaryKeyConstraint('step_progress_key', ['account_id', 'lab_id', 'step_id'])
    .execute();
  await ofLab('check_progress')
    .addColumn('step_id', 'text', (column) => column.notNull())
    .addColumn('check_id', 'text', (column) => column.notNull())
    .addColumn('verdict', 'text', (column) => column.notNull())
    .addColumn('changed_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('check_progress_key', ['account_id', 'lab_id', 'step_id', 'check_id'])
    .execute();
  await ofLab('quiz_answers')
    .addColumn('check_id', 'text', (column) => column.notNull())
    .addColumn('answer', 'text', (column) => column.notNull())
    .addColumn('answered_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('quiz_answers_key', ['account_id', 'lab_id', 'check_id'])
    .execute();
  await ofLab('terminal_commands')
    .addColumn('step_id', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('command', 'text', (column) => column.notNull())
    .addColumn('exit_code', 'integer', (column) => column.notNull())
    .addColumn('output', 'text', (column) => column.notNull())
    .addColumn('ended_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('terminal_commands_key', ['account_id', 'lab_id', 'number'])
    .execute();
}

async function createAudit(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit_log')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('actor_id', 'text', (column) => column.notNull())
    .addColumn('actor_name', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('subject_id', 'text')
    .addColumn('subject_name', 'text')
    .addColumn('class_id', 'text')
    .addColumn('detail', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('audit_log_class').on('audit_log').columns(['class_id', 'id']).execute();
  await db.schema.createIndex('audit_log_subject').on('audit_log').columns(['subject_id', 'id']).execute();
}

async function createClasses(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('classes')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('starts_on', 'text')
    .addColumn('ends_on', 'text')
    .addColumn('lab_ids', 'text', (column) => column.notNull())
    .addColumn('join_code', 'text', (column) => column.unique())
    .addColumn('guests', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('revision', 'integer', (column) => column.notNull().defaultTo(1))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  const inClass = (table: string) =>
    db.schema
      .createTable(table)
      .addColumn('class_id', 'text', (column) =>
        column.notNull().references('classes.id').onDelete('cascade'),
      )
      .addColumn('account_id', 'text', (column) =>
        column.notNull().references('accounts.id').onDelete('cascade'),
      );
  await inClass('class_staff')
    .addColumn('role', 'text', (column) => column.notNull().check(sql`role in ('instructor', 'assistant')`))
    .addPrimaryKeyConstraint('class_staff_key', ['class_id', 'account_id'])
    .execute();
  await inClass('class_members')
    .addColumn('joined_at', 'bigint', (column) => column.notNull())
    .addColumn('joined_by', 'text', (column) => column.notNull().check(sql`joined_by in ('roster', 'code')`))
    .addPrimaryKeyConstraint('class_members_key', ['class_id', 'account_id'])
    .execute();
  await db.schema.createIndex('class_members_account').on('class_members').column('account_id').execute();
  await db.schema.createIndex('class_staff_account').on('class_staff').column('account_id').execute();
}

async function createStepSnapshots(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('step_snapshots')
    .addColumn('account_id', 'text', (column) =>
      column.notNull().references('accounts.id').onDelete('cascade'),
    )
    .addColumn('lab_id', 'text', (column) => column.notNull())
    .addColumn('step_id', 'text', (column) => column.notNull())
    .addColumn('taken_at', 'bigint', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('memory', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('step_snapshots_key', ['account_id', 'lab_id', 'step_id'])
    .execute();
}

async function createLiveClasses(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('class_members').addColumn('hand_at', 'bigint').execute();
  await db.schema
    .alterTable('class_members')
    .addColumn('extra_minutes', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createTable('class_states')
    .addColumn('class_id', 'text', (column) =>
      column.primaryKey().references('classes.id').onDelete('cascade'),
    )
    .addColumn('state', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('class_messages')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('class_id', 'text', (column) => column.notNull().references('classes.id').onDelete('cascade'))
    .addColumn('account_id', 'text', (column) =>
      column.notNull().references('accounts.id').onDelete('cascade'),
    )
    .addColumn('sender_name', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('lab_id', 'text')
    .addColumn('step_id', 'text')
    .addColumn('read_at', 'bigint')
    .execute();
  await db.schema
    .createIndex('class_messages_unread')
    .on('class_messages')
    .columns(['account_id', 'read_at'])
    .execute();
}

async function createOneTimePasswords(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('accounts')
    .addColumn('password_once', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}

async function createOidc(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('oidc_identities')
    .addColumn('issuer', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('account_id', 'text', (column) =>
      column.notNull().references('accounts.id').onDelete('cascade'),
    )
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('oidc_identities_key', ['issuer', 'subject'])
    .execute();
}

async function createGivenStates(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('step_progress').addColumn('given_at', 'bigint').execute();
  await db.schema
    .alterTable('step_snapshots')
    .addColumn('seed', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  await db.schema.alterTable('step_snapshots').addColumn('progress', 'text').execute();
  await sql`update step_snapshots set seed = coalesce((
    select seed from lab_progress
    where lab_progress.account_id = step_snapshots.account_id and lab_progress.lab_id = step_snapshots.lab_id
  ), '')`.execute(db);
}

async function createTypedCommands(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('step_progress')
    .addColumn('typed', 'text', (column) => column.notNull().defaultTo('[]'))
    .execute();
}

async function createKeptTerminals(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('kept_terminals')
    .addColumn('account_id', 'text', (column) =>
      column.notNull().references('accounts.id').onDelete('cascade'),
    )
    .addColumn('lab_id', 'text', (column) => column.notNull())
    .addColumn('terminals', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('kept_terminals_key', ['account_id', 'lab_id'])
    .execute();
}

/** A person's row goes with their account by a trigger: the row for everybody is nobody's. */
async function createQuotas(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('quotas')
    .addColumn('account_id', 'text', (column) => column.primaryKey())
    .addColumn('memory_megabytes', 'integer')
    .addColumn('cpus', 'real')
    .addColumn('disk_megabytes', 'integer')
    .addColumn('environments', 'integer')
    .execute();
  await sql`create trigger quotas_of_account after delete on accounts begin
    delete from quotas where account_id = old.id;
  end`.execute(db);
}

async function createSettings(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('settings')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
}

async function createOwnLocks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('class_members')
    .addColumn('step_locks', 'text', (column) => column.notNull().defaultTo('{}'))
    .execute();
}

async function createWrittenFiles(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('step_progress')
    .addColumn('written', 'text', (column) => column.notNull().defaultTo('{}'))
    .execute();
}
