/** Migration 006: grades that outlast a lab's being started over. What was graded before is taken over as one attempt. */
import { type Kysely, sql } from 'kysely';

export async function createGrades(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('lab_progress')
    .addColumn('run', 'integer', (column) => column.notNull().defaultTo(1))
    .execute();
  const ofCheck = (table: string) =>
    db.schema
      .createTable(table)
      .addColumn('account_id', 'text', (column) =>
        column.notNull().references('accounts.id').onDelete('cascade'),
      )
      .addColumn('lab_id', 'text', (column) => column.notNull())
      .addColumn('run', 'integer', (column) => column.notNull())
      .addColumn('check_id', 'text', (column) => column.notNull());
  await ofCheck('check_grades')
    .addColumn('step_id', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('points', 'integer', (column) => column.notNull())
    .addColumn('points_max', 'integer', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('broken', 'integer', (column) => column.notNull())
    .addColumn('evidence', 'text', (column) => column.notNull())
    .addColumn('opened_at', 'bigint', (column) => column.notNull())
    .addColumn('passed_at', 'bigint')
    .addColumn('changed_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('check_grades_key', ['account_id', 'lab_id', 'run', 'check_id'])
    .execute();
  await ofCheck('check_attempts')
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('points', 'integer', (column) => column.notNull())
    .addColumn('evidence', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('check_attempts_key', ['account_id', 'lab_id', 'run', 'check_id', 'number'])
    .execute();
  await takeOver(db);
}

interface Known {
  readonly account_id: string;
  readonly lab_id: string;
  readonly step_id: string;
  readonly check_id: string;
  readonly verdict: string;
  readonly changed_at: number;
}

async function takeOver(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<Known>`select * from check_progress`.execute(db);
  for (const row of rows) {
    const { state, points, pointsMax, message, expected, seen } = JSON.parse(row.verdict);
    const passed = state === 'passed';
    const evidence = JSON.stringify({ message, expected, seen, did: null });
    await sql`
      insert into check_grades (account_id, lab_id, run, step_id, check_id, kind, state, points, points_max, attempts,
        broken, evidence, opened_at, passed_at, changed_at)
      values (${row.account_id}, ${row.lab_id}, 1, ${row.step_id}, ${row.check_id}, '', ${state}, ${points}, ${pointsMax},
        ${passed ? 1 : 0}, 0, ${evidence}, ${row.changed_at}, ${passed ? row.changed_at : null}, ${row.changed_at})
    `.execute(db);
  }
}
