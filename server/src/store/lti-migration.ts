import type { Kysely } from 'kysely';

export async function createLti(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('lti_keys')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('private_key', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('lti_classes')
    .addColumn('issuer', 'text', (column) => column.notNull())
    .addColumn('client_id', 'text', (column) => column.notNull())
    .addColumn('context_id', 'text', (column) => column.notNull())
    .addColumn('class_id', 'text', (column) => column.notNull().references('classes.id').onDelete('cascade'))
    .addPrimaryKeyConstraint('lti_classes_key', ['issuer', 'client_id', 'context_id'])
    .execute();
  await db.schema
    .createTable('lti_launches')
    .addColumn('account_id', 'text', (column) =>
      column.notNull().references('accounts.id').onDelete('cascade'),
    )
    .addColumn('lab_id', 'text', (column) => column.notNull())
    .addColumn('issuer', 'text', (column) => column.notNull())
    .addColumn('client_id', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('context_id', 'text')
    .addColumn('line_item', 'text')
    .addColumn('sent_at', 'bigint')
    .addColumn('sent', 'text')
    .addColumn('failures', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('next_at', 'bigint', (column) => column.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('lti_launches_key', ['account_id', 'lab_id'])
    .execute();
}
