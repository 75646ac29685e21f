/**
 * The running half of a lab: one cell with its terminals.
 *
 *   asleep --open--> starting --cell, brokers, terminal are there--> ready
 *   starting --could not--> failed --open--> starting
 *   ready --box ended, restart, reset--> starting --> ready
 *   ready --cell ended--> failed
 *   ready, failed --sleep--> stopping --> asleep
 *
 * `open`, `restart`, `reset` and `sleep` follow one another; none runs beside another.
 */
import type {
  BrokerState,
  EnvironmentState,
  EnvironmentUse,
  LimitKind,
  Localized,
  TerminalInfo,
  Usage,
} from '../contract/main.ts';
import { TERMINALS_MAX } from '../contract/main.ts';
import type {
  Cell,
  CellLimits,
  CellOptions,
  ClusterStatus,
  LimitMet,
  SandboxDriver,
} from '../sandbox/main.ts';
import type { TerminalHub } from '../terminals/hub.ts';
import type { KeptTerminal, KeptTerminals } from './kept-terminals.ts';
import type { ClusterOptions } from './opening.ts';
import type { OpeningQueue } from './opening-queue.ts';

export interface EnvironmentPorts {
  readonly driver: SandboxDriver;
  readonly queue: OpeningQueue;
  readonly createHub: (cell: Cell, language: 'ko' | 'en') => TerminalHub;
  readonly now: () => number;
  readonly onError: (what: string, error: unknown) => void;
}

export interface EnvironmentOptions extends CellOptions {
  readonly kept: KeptTerminals;
  /** Asked at each opening. */
  readonly readLimits: () => Promise<Partial<CellLimits>>;
}

export interface EnvironmentListener {
  onState(state: EnvironmentState): void;
  onTerminals(terminals: readonly TerminalInfo[]): void;
  onLimit(limit: LimitKind, message: Localized): void;
  onFiles(folders: readonly string[]): void;
  /** The cell is there and its brokers answer: connect what needs them. Called again after each opening. */
  onCell(cell: Cell): void;
  /** The cell is going; drop connections to it. */
  onCellGone(): void;
}

type Why = 'open' | 'restart' | 'reset';

const FIRST_TERMINAL = { cols: 100, rows: 28 };
const KEEP_MS_MAX = 1_500;
const PROGRESS = { queued: 0, box: 0.1, terminals: 0.5, brokers: 0.7 };

export class Environment {
  #state: EnvironmentState = { state: 'asleep' };
  #cell: Cell | null = null;
  #hub: TerminalHub | null = null;
  #numbers = new Map<string, number>();
  /** Given by the trainee, by terminal id. */
  #titles = new Map<string, string>();
  #subscriptions: (() => void)[] = [];
  #work: Promise<void> = Promise.resolve();
  #brokers: BrokerState[] = [];
  readonly #ports: EnvironmentPorts;
  readonly #kept: KeptTerminals;
  readonly #readLimits: EnvironmentOptions['readLimits'];
  #options: CellOptions;
  readonly #listener: EnvironmentListener;

  constructor(
    ports: EnvironmentPorts,
    { kept, readLimits, ...options }: EnvironmentOptions,
    listener: EnvironmentListener,
  ) {
    this.#ports = ports;
    this.#kept = kept;
    this.#readLimits = readLimits;
    this.#options = options;
    this.#listener = listener;
  }

  get state(): EnvironmentState {
    return this.#state;
  }

  get cell(): Cell | null {
    return this.#cell;
  }

  get hub(): TerminalHub | null {
    return this.#hub;
  }

  /** Of notices printed in terminals; the box's own locale follows at its next opening. */
  setLanguage(language: 'ko' | 'en'): void {
    this.#options = { ...this.#options, language };
    this.#hub?.setLanguage(language);
  }

  /** From the next opening on. True: they are others than those it was opened with. */
  setClusters(clusters: ClusterOptions): boolean {
    const before = JSON.stringify(this.#options);
    this.#options = { ...this.#options, ...clusters };
    return JSON.stringify(this.#options) !== before;
  }

  terminals(): TerminalInfo[] {
    return (this.#hub?.list() ?? []).map((terminal) => ({
      id: terminal.id,
      number: this.#numberOf(terminal.id),
      title: this.#titles.get(terminal.id) ?? '',
      cols: terminal.cols,
      rows: terminal.rows,
      // A terminal that waits for its box comes back by itself.
      state: terminal.state === 'ended' ? 'ended' : 'running',
    }));
  }

  /** Resolves when the environment is ready or has failed; its state says which. */
  open(): Promise<void> {
    return this.#after(async () => {
      if (this.#cell) return;
      this.#become({ state: 'starting', stage: 'queued', progress: PROGRESS.queued, ahead: 0, why: 'open' });
      await this.#ports.queue.run(
        () => this.#start(),
        (ahead) => this.#become({ state: 'starting', stage: 'queued', progress: 0, ahead, why: 'open' }),
      );
    });
  }

  /** A wedged box: everything in it is killed; cluster and files stay. A failed environment is opened anew. */
  restart(): Promise<void> {
    if (!this.#cell) return this.open();
    return this.#after(async () => {
      const cell = this.#cell;
      if (!cell) return;
      this.#starting('box', 'restart');
      await cell.restartBox();
      await this.#becomeReady(cell, 'restart');
    });
  }

  /** Home and cluster as at the first opening. */
  reset(): Promise<void> {
    return this.#after(async () => {
      const cell = this.#cell;
      if (!cell) {
        await this.#kept.keep([]);
        await this.#ports.driver.remove(this.#options.id);
        return;
      }
      this.#starting('box', 'reset');
      this.#listener.onCellGone();
      await cell.reset();
      await this.#becomeReady(cell, 'reset');
      this.#listener.onCell(cell);
    });
  }

  /** Home and clusters as in the snapshot of that name, of a cell that is open. */
  restore(name: string): Promise<void> {
    return this.#after(async () => {
      const cell = this.#cell;
      if (!cell) return;
      this.#starting('box', 'reset');
      this.#listener.onCellGone();
      await cell.restore(name);
      await this.#becomeReady(cell, 'reset');
      this.#listener.onCell(cell);
    });
  }

  /** After it slept for good: nothing is shown again. */
  async forgetTerminals(): Promise<void> {
    await this.#kept.keep([]);
  }

  sleep(): Promise<void> {
    return this.#after(async () => {
      if (!this.#cell) return;
      this.#become({ state: 'stopping' });
      await this.#drop();
      this.#become({ state: 'asleep' });
    });
  }

  async openTerminal(size: { cols: number; rows: number }): Promise<TerminalInfo | 'tooMany' | 'notReady'> {
    const hub = this.#hub;
    if (!hub) return 'notReady';
    if (hub.list().length >= TERMINALS_MAX) return 'tooMany';
    const opened = await hub.open(size);
    return this.terminals().find((terminal) => terminal.id === opened.id) ?? 'notReady';
  }

  renameTerminal(terminalId: string, title: string): void {
    if (!this.#hub?.list().some((terminal) => terminal.id === terminalId)) return;
    this.#titles.set(terminalId, title);
    this.#listener.onTerminals(this.terminals());
  }

  async usage(): Promise<Usage | null> {
    const cell = this.#cell;
    if (!cell) return null;
    const usage = await cell.usage();
    return {
      memoryBytes: usage.memoryBytes,
      memoryLimitBytes: usage.memoryBytesMax,
      diskBytes: usage.homeBytes,
      diskLimitBytes: usage.homeBytesMax,
      processes: usage.processes,
      processesMax: usage.processesMax,
      at: this.#ports.now(),
    };
  }

  /** Null: it is not running. */
  async use(): Promise<EnvironmentUse | null> {
    const cell = this.#cell;
    if (!cell) return null;
    const usage = await cell.usage();
    return {
      cpuMs: usage.cpuMs,
      cpus: usage.cpusMax,
      memoryBytes: usage.memoryBytes,
      memoryLimitBytes: usage.memoryBytesMax,
      diskBytes: usage.homeBytes + usage.clusterBytes,
      diskLimitBytes: usage.homeBytesMax + usage.clusterBytesMax,
      at: this.#ports.now(),
    };
  }

  async #start(): Promise<void> {
    this.#starting('box', 'open');
    const limits = await this.#readLimits();
    const cell = await this.#ports.driver.open({ ...this.#options, limits });
    this.#cell = cell;
    this.#hub = this.#ports.createHub(cell, this.#options.language);
    this.#subscribe(cell, this.#hub);
    await this.#becomeReady(cell, 'open');
    this.#listener.onCell(cell);
  }

  /** The first terminal opens while the brokers are still starting: a prompt is what people wait for. */
  async #becomeReady(cell: Cell, why: Why): Promise<void> {
    this.#starting('terminals', why);
    // In a box started again the hub starts the shells of before itself, so they count while they are still down.
    const hasTerminal = this.#hub?.list().some((terminal) => why !== 'open' || terminal.state === 'running');
    const terminal = hasTerminal ? undefined : this.#openTerminals();
    // Brokers that can't start leave terminals and files usable: they are shown as stopped, and can be started again.
    const brokers = cell.cluster.ready().catch((error: unknown) => this.#ports.onError('brokers', error));
    await terminal;
    this.#starting('brokers', why);
    await brokers;
    this.#brokers = await this.#readBrokers(cell);
    this.#become({ state: 'ready', since: this.#ports.now(), brokers: this.#brokers });
  }

  /** Those of before it slept, as they stood; or the first one. */
  async #openTerminals(): Promise<void> {
    const hub = this.#hub;
    const kept = await this.#kept.take().catch((error: unknown) => {
      this.#ports.onError('kept terminals', error);
      return [];
    });
    const opening = kept.map(async ({ number, title, cols, rows, ...before }) => {
      const opened = await hub?.open({ cols, rows, before });
      if (!opened) return;
      this.#numbers.set(opened.id, number);
      if (title !== '') this.#titles.set(opened.id, title);
    });
    if (opening.length === 0) await hub?.open(FIRST_TERMINAL);
    await Promise.all(opening);
    if (opening.length > 0) this.#listener.onTerminals(this.terminals());
  }

  /** Beside the trainee's way out: what cannot be read in time is not kept. */
  async #keepTerminals(): Promise<void> {
    const hub = this.#hub;
    if (!hub) return;
    const kept = this.terminals()
      .filter(({ state }) => state === 'running')
      .map(async ({ id, number, title, cols, rows }): Promise<KeptTerminal[]> => {
        const rest = await hub.rest(id);
        return rest ? [{ number, title, cols, rows, ...rest }] : [];
      });
    const late = new Promise<never[]>((resolve) => {
      setTimeout(() => resolve([]), KEEP_MS_MAX).unref();
    });
    const found = await Promise.race([Promise.all(kept), late]);
    await this.#kept.keep(found.flat().sort((one, other) => one.number - other.number));
  }

  async #readBrokers(cell: Cell): Promise<BrokerState[]> {
    const wanted = Array.from({ length: this.#options.brokers ?? 0 }, (_, index) => index + 1);
    const none = { nodes: wanted.map((id) => ({ id, state: 'failed' as const, port: 9091 + id })) };
    return brokerStates(await cell.cluster.status().catch(() => none));
  }

  #subscribe(cell: Cell, hub: TerminalHub): void {
    this.#numbers.clear();
    this.#titles.clear();
    this.#subscriptions = [
      hub.onChange(() => this.#listener.onTerminals(this.terminals())),
      cell.onLimit((met) => this.#listener.onLimit(limitKind(met), met.message)),
      cell.files.onChange((folders) => this.#listener.onFiles(folders)),
      cell.onCluster((status) => this.#onCluster(status)),
      cell.onState((state) => {
        if (state.kind === 'closed' && this.#cell === cell) this.#onCellEnded(state.reason);
        if (state.kind === 'restarting' && state.reason === 'boxEnded') this.#onBoxEnded(cell);
      }),
    ];
  }

  #onCluster(status: ClusterStatus): void {
    this.#brokers = brokerStates(status);
    if (this.#state.state === 'ready') this.#become({ ...this.#state, brokers: this.#brokers });
  }

  /** Somebody killed everything in the box, themselves included: it comes back by itself. */
  #onBoxEnded(cell: Cell): void {
    void this.#after(async () => {
      if (this.#cell !== cell) return;
      this.#starting('box', 'restart');
      await this.#becomeReady(cell, 'restart');
    });
  }

  #onCellEnded(reason: Localized): void {
    void this.#after(async () => {
      if (this.#state.state === 'stopping' || !this.#cell) return;
      await this.#drop();
      this.#become({ state: 'failed', message: reason, advice: TRY_AGAIN });
    });
  }

  async #drop(): Promise<void> {
    const cell = this.#cell;
    await this.#keepTerminals().catch((error: unknown) => this.#ports.onError('kept terminals', error));
    this.#listener.onCellGone();
    for (const end of this.#subscriptions) end();
    this.#subscriptions = [];
    this.#hub?.dispose();
    this.#hub = null;
    this.#cell = null;
    this.#listener.onTerminals([]);
    await cell?.close();
  }

  #starting(stage: 'box' | 'brokers' | 'terminals', why: Why): void {
    this.#become({ state: 'starting', stage, progress: PROGRESS[stage], ahead: 0, why });
  }

  #become(state: EnvironmentState): void {
    this.#state = state;
    this.#listener.onState(state);
  }

  /** One after the other; a failure becomes the state. */
  #after(task: () => Promise<void>): Promise<void> {
    const run = this.#work.then(task).catch(async (error: unknown) => {
      this.#ports.onError('environment', error);
      await this.#drop().catch((again: unknown) => this.#ports.onError('environment', again));
      this.#become({ state: 'failed', message: failureMessage(error), advice: TRY_AGAIN });
    });
    this.#work = run;
    return run;
  }

  #numberOf(terminalId: string): number {
    const known = this.#numbers.get(terminalId);
    if (known) return known;
    const living = new Set(this.#hub?.list().map((terminal) => terminal.id));
    for (const id of this.#numbers.keys()) if (!living.has(id)) this.#numbers.delete(id);
    const used = new Set(this.#numbers.values());
    let number = 1;
    while (used.has(number)) number += 1;
    this.#numbers.set(terminalId, number);
    return number;
  }
}

const TRY_AGAIN: Localized = {
  ko: '다시 시작해 보세요. 파일과 클러스터의 데이터는 그대로 있어요. 계속 안 되면 강사에게 알려 주세요.',
  en: 'Start it again: your files and the cluster’s data are kept. If it keeps failing, tell your instructor.',
};

function failureMessage(error: unknown): Localized {
  const text = error instanceof Error ? error.message : String(error);
  return {
    ko: `실습 환경을 시작하지 못했어요: ${text}`,
    en: `Your environment could not be started: ${text}`,
  };
}

function brokerStates(status: ClusterStatus): BrokerState[] {
  return status.nodes.map((node) => ({
    id: node.id,
    address: `localhost:${node.port}`,
    state: node.state === 'running' ? 'up' : node.state === 'failed' ? 'stopped' : node.state,
  }));
}

function limitKind(met: LimitMet): LimitKind {
  return met.what === 'home' || met.what === 'clusterDisk' ? 'disk' : met.what;
}
