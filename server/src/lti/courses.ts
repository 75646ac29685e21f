/** A platform's courses as classes here: made when the instructor comes, entered by who comes from the same course. */
import { type Expression, sql } from 'kysely';
import type { Audit } from '../audit/audit.ts';
import type { Classes } from '../classes/classes.ts';
import type { AccountRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { LabLaunch } from './launch-claims.ts';
import type { LtiPlatform } from './settings.ts';

export interface LtiCoursesOptions {
  readonly store: Store;
  readonly classes: Classes;
  readonly audit: Audit;
  readonly now: () => number;
}

export interface Came {
  readonly platform: LtiPlatform;
  readonly claims: LabLaunch;
  readonly account: AccountRow;
  readonly labId: string | null;
}

const TITLE_MAX = 80;

export class LtiCourses {
  readonly #options: LtiCoursesOptions;

  constructor(options: LtiCoursesOptions) {
    this.#options = options;
  }

  /** Notes where points are wanted, and takes the person into their course's class. */
  async arrived(came: Came): Promise<void> {
    await this.#note(came);
    const { claims, account } = came;
    if (claims.course === null) return;
    const classId = await this.#classOf(came);
    if (account.role !== 'trainee') {
      if (claims.isInstructor) await this.#teach(came, classId);
    } else if (classId !== undefined) await this.#enrol(classId, [account]);
  }

  async #note({ platform, claims, account, labId }: Came): Promise<void> {
    const row = {
      issuer: platform.issuer,
      client_id: platform.clientId,
      subject: claims.subject,
      context_id: claims.course?.id ?? null,
      line_item: labId === null ? null : claims.lineItem,
    };
    await this.#options.store
      .insertInto('lti_launches')
      .values({ account_id: account.id, lab_id: labId ?? '', ...row, sent_at: null, sent: null })
      // From another course's link: its grade book has nothing yet.
      .onConflict((conflict) =>
        conflict.columns(['account_id', 'lab_id']).doUpdateSet(({ ref }) => ({
          ...row,
          next_at: 0,
          sent_at: kept(row.line_item, ref('lti_launches.sent_at')),
          sent: kept(row.line_item, ref('lti_launches.sent')),
        })),
      )
      .execute();
  }

  async #classOf({ platform, claims }: Came): Promise<string | undefined> {
    const row = await this.#options.store
      .selectFrom('lti_classes')
      .select('class_id')
      .where('issuer', '=', platform.issuer)
      .where('client_id', '=', platform.clientId)
      .where('context_id', '=', claims.course?.id ?? '')
      .executeTakeFirst();
    return row?.class_id;
  }

  /** An instructor of the course is one of its class; the first one makes it, with everybody who came before. */
  async #teach({ platform, claims, account }: Came, classId: string | undefined): Promise<void> {
    const { store, classes } = this.#options;
    if (classId !== undefined) {
      await store
        .insertInto('class_staff')
        .values({ class_id: classId, account_id: account.id, role: 'instructor' })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return;
    }
    const { id: contextId, title } = claims.course ?? { id: '', title: '' };
    const made = await classes.create(account, { title: title.slice(0, TITLE_MAX) });
    const of = { issuer: platform.issuer, client_id: platform.clientId, context_id: contextId };
    await store
      .insertInto('lti_classes')
      .values({ ...of, class_id: made.id })
      .execute();
    const before = await store
      .selectFrom('lti_launches')
      .innerJoin('accounts', 'accounts.id', 'lti_launches.account_id')
      .selectAll('accounts')
      .distinct()
      .where('issuer', '=', of.issuer)
      .where('client_id', '=', of.client_id)
      .where('context_id', '=', of.context_id)
      .where('role', '=', 'trainee')
      .execute();
    await this.#enrol(made.id, before);
  }

  async #enrol(classId: string, people: readonly AccountRow[]): Promise<void> {
    const { store, audit, now } = this.#options;
    for (const person of people) {
      const { numInsertedOrUpdatedRows } = await store
        .insertInto('class_members')
        .values({ class_id: classId, account_id: person.id, joined_at: now(), joined_by: 'roster' })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows)
        await audit.record({ actor: person, action: 'class.join', subject: person, classId });
    }
  }
}

/** What was sent counts only for the column it was sent to. */
const kept = <T>(lineItem: string | null, known: Expression<T>) =>
  sql<T | null>`case when lti_launches.line_item is ${lineItem} then ${known} end`;
