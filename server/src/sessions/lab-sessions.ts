/**
 * All labs in use, one `LabSession` per trainee and lab. Environments nobody has looked at for a while are put to sleep (files,
 * cluster data and progress stay); a trainee who opens another lab leaves the earlier one to the same fate sooner.
 */
import type { Concept, Lab } from '@brokerlab/grader';
import { EXAM_ID } from '@brokerlab/grader';
import { labsFor } from '../classes/class-labs.ts';
import type { Language } from '../contract/main.ts';
import type { Authoring } from '../grading/authored-catalog.ts';
import type { CellLimits } from '../sandbox/main.ts';
import type { AccountRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { Exams } from './exams.ts';
import { keptTerminals } from './kept-terminals.ts';
import type { Restrictions } from './lab-events.ts';
import { LabSession } from './lab-session.ts';
import { LabSessionError } from './lab-session-error.ts';
import type { LabSessionPorts } from './lab-session-ports.ts';
import { Progress } from './progress.ts';
import { StepSnapshots } from './step-snapshots.ts';

export interface LabCatalog {
  readonly title: { readonly ko: string; readonly en: string };
  readonly labIds: readonly string[];
  /** In the course's order. */
  readonly concepts: readonly Concept[];
  /** The lab with parameters drawn from the seed; undefined when there is no such lab. */
  lab(labId: string, seed: string): Lab | undefined;
  /** Only where labs are being written. */
  readonly authoring?: Authoring;
}

export interface LabSessionsOptions {
  readonly store: Store;
  readonly catalog: LabCatalog;
  readonly ports: LabSessionPorts;
  /** What the person's classes hold back in this lab. */
  readonly restrictionsFor?: (accountId: string, labId: string) => Promise<Restrictions>;
  /** What an environment of that person may use. */
  readonly limitsOf: (accountId: string) => Promise<Partial<CellLimits>>;
  /** That one person may have awake. */
  readonly environmentsMax: (accountId: string) => Promise<number>;
  /** An environment without anybody sleeps after this. */
  readonly idleMs: number;
  /** Whether this person is told of mistakes in the labs' files. */
  readonly isAuthor?: (account: AccountRow) => boolean;
}

const SWEEP_EVERY_MS = 15_000;
/** Once the trainee has opened another lab. */
const LEFT_MS = 60_000;

export class LabSessions {
  readonly #options: LabSessionsOptions;
  readonly #sessions = new Map<string, Promise<LabSession>>();
  readonly #living = new Map<string, LabSession>();
  readonly #closing = new Map<string, Promise<void>>();
  readonly #sweep: NodeJS.Timeout;
  #stopped = false;
  readonly exams: Exams;

  constructor(options: LabSessionsOptions) {
    this.#options = options;
    this.exams = new Exams(options.ports.now, (error) => options.ports.onError('exam', error));
    this.#sweep = setInterval(() => void this.sweep(), SWEEP_EVERY_MS);
    this.#sweep.unref();
    options.catalog.authoring?.onChange((labId) => this.#onAuthored(labId));
  }

  /** The session, made when there is none; its environment sleeps until `open`. */
  async use(account: AccountRow, labId: string): Promise<LabSession> {
    const session = await this.#use(account, labId);
    await this.exams.settle(session);
    return session;
  }

  async #use(account: AccountRow, labId: string): Promise<LabSession> {
    if (this.#stopped) throw new LabSessionError('serverStopping');
    if (labId !== EXAM_ID && !this.#options.catalog.labIds.includes(labId))
      throw new LabSessionError('labNotFound');
    const key = `${account.id}/${labId}`;
    await this.#closing.get(key);
    const known = this.#sessions.get(key);
    if (known) return touch(await known);
    const own = labId === EXAM_ID ? null : await labsFor(this.#options.store, account);
    if (own?.has(labId) === false) throw new LabSessionError('labNotFound');
    const meanwhile = this.#sessions.get(key);
    if (meanwhile) return touch(await meanwhile);
    const made = this.#make(account, labId);
    this.#sessions.set(key, made);
    try {
      const session = await made;
      this.#living.set(key, session);
      return session;
    } catch (error) {
      this.#sessions.delete(key);
      throw error;
    }
  }

  /** As `use`, and its environment is started when it sleeps; does not wait for that. */
  async open(account: AccountRow, labId: string, language?: Language): Promise<LabSession> {
    const session = await this.use(account, labId);
    if (language) session.setLanguage(language);
    if (session.lab.exam && session.progress.startedAt === null) throw new LabSessionError('examNotBegun');
    if (session.environment.state.state === 'asleep') {
      const others = this.#of(account.id).filter((other) => other !== session && isAwake(other));
      if (others.length >= (await this.#options.environmentsMax(account.id)))
        throw new LabSessionError('tooManyLabsOpen');
      if (!this.#options.ports.driver.isolates) await this.#closeUnwatched(session);
      await session.start();
    }
    void session.environment.open();
    return session;
  }

  all(): LabSession[] {
    return [...this.#living.values()];
  }

  find(accountId: string, labId: string): LabSession | undefined {
    return this.#living.get(`${accountId}/${labId}`);
  }

  /** Names of the homes and clusters a person has on disk. */
  async cellsOf(accountId: string): Promise<string[]> {
    const rows = await this.#options.store
      .selectFrom('lab_progress')
      .select('cell_id')
      .where('account_id', '=', accountId)
      .execute();
    return rows.map((row) => row.cell_id);
  }

  /** Ends a removed person's labs and removes what they left on disk. */
  async removeCells(accountId: string, cellIds: readonly string[]): Promise<void> {
    for (const [key, session] of this.#living)
      if (session.account.id === accountId) await this.#close(key, session);
    for (const cellId of cellIds) await this.#options.ports.driver.remove(cellId);
  }

  async sweep(): Promise<void> {
    const now = performance.now();
    for (const [key, session] of this.#living) {
      if (session.viewers > 0) continue;
      const elsewhere = this.#of(session.account.id).some((other) => other !== session && other.viewers > 0);
      const limitMs = elsewhere ? Math.min(LEFT_MS, this.#options.idleMs) : this.#options.idleMs;
      if (now - session.lastUsedMs >= limitMs) await this.#close(key, session);
    }
  }

  /** The person has signed out: what nobody looks at sleeps at the next sweep. */
  release(accountId: string): void {
    for (const session of this.#of(accountId)) session.lastUsedMs = Number.NEGATIVE_INFINITY;
  }

  setLanguage(accountId: string, language: Language): void {
    for (const session of this.#of(accountId)) session.setLanguage(language);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#sweep);
    await Promise.allSettled([...this.#living].map(([key, session]) => this.#close(key, session)));
  }

  async #make(account: AccountRow, labId: string): Promise<LabSession> {
    const { store, catalog, ports } = this.#options;
    const progress = await Progress.load(store, { accountId: account.id, labId });
    const labFor = (seed: string) => catalog.lab(labId, seed);
    const lab = labFor(progress.seed);
    if (!lab) throw new LabSessionError('labNotFound');
    const snapshots = new StepSnapshots(store, progress.key);
    const environment = {
      kept: keptTerminals(store, progress.key),
      readLimits: () => this.#options.limitsOf(account.id),
    };
    const session = new LabSession({ account, lab, labFor, progress, snapshots, environment, ports });
    this.#author(session);
    if (labId === EXAM_ID) this.exams.watch(session);
    const restrictions = await this.#options.restrictionsFor?.(account.id, labId);
    if (restrictions) session.restrict(restrictions);
    return session;
  }

  #onAuthored(labId: string | null): void {
    for (const session of this.#living.values())
      if (labId === null || session.lab.id === labId) this.#author(session);
  }

  #author(session: LabSession): void {
    const { catalog, isAuthor } = this.#options;
    const { authoring } = catalog;
    if (authoring === undefined) return;
    const { id } = session.lab;
    const mistakes = isAuthor?.(session.account) === true ? authoring.mistakes(id) : [];
    session.author({ edition: authoring.edition(id), mistakes });
  }

  #close(key: string, session: LabSession): Promise<void> {
    this.#sessions.delete(key);
    this.#living.delete(key);
    this.exams.leave(session);
    const closing = session
      .close()
      .catch((error: unknown) => this.#options.ports.onError('closing', error))
      .finally(() => this.#closing.delete(key));
    this.#closing.set(key, closing);
    return closing;
  }

  /** Without isolation all environments would share the machine's ports: only one is open at a time. */
  async #closeUnwatched(except: LabSession): Promise<void> {
    for (const [key, session] of this.#living) {
      if (session !== except && session.viewers === 0) await this.#close(key, session);
    }
  }

  #of(accountId: string): LabSession[] {
    return this.all().filter((session) => session.account.id === accountId);
  }
}

function touch(session: LabSession): LabSession {
  session.lastUsedMs = performance.now();
  return session;
}

function isAwake(session: LabSession): boolean {
  const { state } = session.environment.state;
  return state === 'starting' || state === 'ready';
}
