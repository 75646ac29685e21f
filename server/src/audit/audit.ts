/**
 * The audit log: who did what to whom, and when. Written when something was looked at or done that is not one's own; read
 * by administrators, and by a class's instructors for their class. Never holds a password or what was typed.
 */
import type { AuditEntry } from '../contract/main.ts';
import type { AuditLogRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

export interface AuditSubject {
  readonly id: string;
  readonly name: string;
}

export interface AuditRecord {
  readonly actor: AuditSubject;
  /** `trainee.watch`, `class.create` …: what, as `thing.verb`. */
  readonly action: string;
  readonly subject?: AuditSubject | undefined;
  readonly classId?: string | undefined;
  readonly detail?: Readonly<Record<string, string | number | boolean | null>> | undefined;
}

export interface AuditFilter {
  readonly classId?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly actorId?: string | undefined;
  /** Entries older than this one's id: the next page. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Older entries go, so that the log never fills a disk. */
const ENTRIES_MAX = 200_000;
const TRIM_EVERY = 1_000;
const LAST_MAX = 5_000;

export class Audit {
  readonly #store: Store;
  readonly #now: () => number;
  #written = 0;
  /** When what `recordOnce` was given was written. */
  readonly #last = new Map<string, number>();

  constructor({ store, now }: { store: Store; now: () => number }) {
    this.#store = store;
    this.#now = now;
  }

  /** Resolves once the entry is on disk: what is to be logged is done after that. */
  async record({ actor, action, subject, classId, detail = {} }: AuditRecord): Promise<void> {
    await this.#store
      .insertInto('audit_log')
      .values({
        at: this.#now(),
        actor_id: actor.id,
        actor_name: actor.name,
        action,
        subject_id: subject?.id ?? null,
        subject_name: subject?.name ?? null,
        class_id: classId ?? null,
        detail: JSON.stringify(detail),
      })
      .execute();
    this.#written += 1;
    if (this.#written % TRIM_EVERY === 0) await this.#trim();
  }

  /** For what a page does over and over: the same by the same to the same counts once in a while. */
  async recordOnce(entry: AuditRecord, everyMs: number): Promise<void> {
    const key = [entry.actor.id, entry.action, entry.subject?.id, JSON.stringify(entry.detail)].join('/');
    const at = this.#now();
    if (at - (this.#last.get(key) ?? Number.NEGATIVE_INFINITY) < everyMs) return;
    this.#last.delete(key);
    this.#last.set(key, at);
    if (this.#last.size > LAST_MAX) this.#last.delete(this.#last.keys().next().value!);
    await this.record(entry);
  }

  /** Newest first. */
  async list({ classId, subjectId, actorId, before, limit }: AuditFilter): Promise<AuditEntry[]> {
    const rows = await this.#store
      .selectFrom('audit_log')
      .selectAll()
      .$if(classId !== undefined, (query) => query.where('class_id', '=', classId!))
      .$if(subjectId !== undefined, (query) => query.where('subject_id', '=', subjectId!))
      .$if(actorId !== undefined, (query) => query.where('actor_id', '=', actorId!))
      .$if(before !== undefined, (query) => query.where('id', '<', before!))
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(toEntry);
  }

  async #trim(): Promise<void> {
    const oldest = await this.#store
      .selectFrom('audit_log')
      .select('id')
      .orderBy('id', 'desc')
      .offset(ENTRIES_MAX)
      .limit(1)
      .executeTakeFirst();
    if (oldest) await this.#store.deleteFrom('audit_log').where('id', '<=', oldest.id).execute();
  }
}

function toEntry(row: AuditLogRow): AuditEntry {
  return {
    id: row.id,
    at: row.at,
    actor: { id: row.actor_id, name: row.actor_name },
    action: row.action,
    subject: row.subject_id === null ? null : { id: row.subject_id, name: row.subject_name ?? '' },
    classId: row.class_id,
    detail: JSON.parse(row.detail) as AuditEntry['detail'],
  };
}
