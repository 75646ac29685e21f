/** The server's end of a cell: turns frames into the Cell that the rest of the server knows. */
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Calls, createCalls } from '../cell/calls.ts';
import { type Frame, type FrameChannel, openFrameChannel } from '../cell/frame.ts';
import {
  type BoxCall,
  type BoxReplies,
  type CellCall,
  type CellEvent,
  decodeJson,
  encodeJson,
  FrameType,
  type StartCell,
} from '../cell/protocol.ts';
import type { WireExchange, WireUpdate } from '../contract/main.ts';
import { BoxEvent, boxReplies, readLabCommand } from './box-edge.ts';
import { createPace } from './pace.ts';
import {
  type BegunCommand,
  type Cell,
  type CellCluster,
  CellError,
  type CellFiles,
  type CellLoads,
  type CellState,
  type CellUsage,
  type CellWire,
  type ClusterStatus,
  type ExecOptions,
  type ExecResult,
  type LabCommand,
  type LabReply,
  type LimitMet,
  type RawTerminal,
  type SavedSnapshot,
  type Sentence,
  type TerminalCommand,
  type TerminalOptions,
} from './sandbox.ts';
import { createSignal } from './signal.ts';
import { createTerminalClients, type TerminalClients } from './terminal-client.ts';

const CALL_TIMEOUT_MS = 10_000;
/** Above the command's own deadline, which the agent keeps. */
const EXEC_MARGIN_MS = 2_000;
const CLUSTER_TIMEOUT_MS = 60_000;
const OPEN_TIMEOUT_MS = 30_000;
/** More than any person causes; what comes faster is dropped. */
const EVENTS = { unitsPerSecond: 50, burst: 300 };

export interface CellClientOptions {
  readonly id: string;
  readonly stream: Duplex;
  readonly start: StartCell;
  /** As the server sees it. */
  readonly socketPath: (nodeId: number, cluster?: string) => string;
  /** Ends the cell's processes; resolves when they are gone. */
  readonly end: () => Promise<void>;
  /** What the cell's process said last, for messages. */
  readonly lastWords: () => string;
}

/** Resolves when the agent in the box takes calls. */
export async function openCellClient(options: CellClientOptions): Promise<Cell> {
  const client = new CellClient(options);
  try {
    await client.untilReady();
    return client;
  } catch (error) {
    const reason = client.state.kind === 'closed' ? client.state.reason.en : messageOf(error);
    await client.close();
    throw new CellError('notStarted', reason, { cause: error });
  }
}

class CellClient implements Cell {
  readonly id: string;
  readonly files: CellFiles;
  readonly cluster: CellCluster;
  readonly loads: CellLoads;
  readonly wire: CellWire;
  #state: CellState = { kind: 'restarting', reason: 'asked' };
  #answerLab: ((command: LabCommand) => Promise<LabReply>) | undefined;
  readonly #options: CellClientOptions;
  readonly #channel: FrameChannel;
  readonly #cellCalls: Calls;
  readonly #boxCalls: Calls;
  readonly #terminals: TerminalClients;
  readonly #events = createPace(EVENTS);
  readonly #states = createSignal<CellState>();
  readonly #ticks = createSignal<readonly string[]>();
  readonly #commands = createSignal<TerminalCommand>();
  readonly #begun = createSignal<BegunCommand>();
  readonly #limits = createSignal<LimitMet>();
  readonly #wire = createSignal<WireUpdate>();
  readonly #clusters = createSignal<ClusterStatus>();
  readonly #fileChanges = createSignal<readonly string[]>();

  constructor(options: CellClientOptions) {
    this.id = options.id;
    this.#options = options;
    this.#channel = openFrameChannel(options.stream, {
      onFrame: (frame) => this.#receive(frame),
      onClose: () => this.#end(endedReason(options.lastWords())),
    });
    const caller = (type: number) =>
      createCalls((number, payload) => this.#channel.send(type, number, payload));
    this.#cellCalls = caller(FrameType.cellCall);
    this.#boxCalls = caller(FrameType.boxCall);
    this.#terminals = createTerminalClients({
      call: this.#callBox,
      sendData: (number, data) => void this.#channel.send(FrameType.terminalData, number, data),
    });
    this.files = createFiles(this.#callBox, this.#fileChanges.subscribe);
    this.cluster = createCluster(this.#callCell);
    this.loads = createLoads(this.#callCell);
    this.wire = createWire(this.#callCell);
    this.#channel.send(FrameType.cellCall, 0, encodeJson(options.start));
  }

  get state(): CellState {
    return this.#state;
  }

  openTerminal(options: TerminalOptions): Promise<RawTerminal> {
    return this.#terminals.open(options);
  }

  exec(options: ExecOptions): Promise<ExecResult> {
    return this.#callBox({ kind: 'exec', ...options }, options.timeoutMs + EXEC_MARGIN_MS);
  }

  dialBroker(nodeId: number, cluster?: string): Duplex {
    return connect(this.#options.socketPath(nodeId, cluster));
  }

  async usage(): Promise<CellUsage> {
    return (await this.#callCell({ kind: 'usage' })) as CellUsage;
  }

  async restartBox(): Promise<void> {
    await this.#callCell({ kind: 'restartBox' });
    await this.untilReady();
  }

  async reset(): Promise<void> {
    await this.#callCell({ kind: 'reset' }, CLUSTER_TIMEOUT_MS);
    await this.untilReady();
  }

  async close(): Promise<void> {
    this.#end({ ko: '환경을 닫았어요.', en: 'The environment was closed.' });
    await this.#options.end();
  }

  onState = this.#states.subscribe;
  async save(name: string): Promise<SavedSnapshot> {
    return (await this.#callCell({ kind: 'save', name }, CLUSTER_TIMEOUT_MS)) as SavedSnapshot;
  }

  async restore(name: string): Promise<void> {
    await this.#callCell({ kind: 'restore', name }, CLUSTER_TIMEOUT_MS);
    await this.untilReady();
  }

  onTick = this.#ticks.subscribe;
  onCommand = this.#commands.subscribe;
  onCommandBegun = this.#begun.subscribe;
  onLimit = this.#limits.subscribe;
  onWire = this.#wire.subscribe;
  onCluster = this.#clusters.subscribe;
  onLabCommand(handler: (command: LabCommand) => Promise<LabReply>): void {
    this.#answerLab = handler;
  }

  /** Rejects when the cell ends, or the box does not start in time. */
  untilReady(): Promise<void> {
    if (this.#state.kind === 'ready') return Promise.resolve();
    return new Promise((resolve, reject) => {
      const settle = (state: CellState): void => {
        if (state.kind === 'restarting') return;
        unsubscribe();
        clearTimeout(timer);
        if (state.kind === 'ready') resolve();
        else reject(new CellError('gone', state.reason.en));
      };
      const unsubscribe = this.onState(settle);
      const timer = setTimeout(() => {
        unsubscribe();
        reject(new CellError('timeout', `the box did not start within ${OPEN_TIMEOUT_MS} ms`));
      }, OPEN_TIMEOUT_MS);
      settle(this.#state);
    });
  }

  readonly #callCell = (call: CellCall, timeoutMs = CALL_TIMEOUT_MS): Promise<unknown> =>
    this.#cellCalls.call(call, timeoutMs);

  readonly #callBox: BoxCaller = async (call, timeoutMs = CALL_TIMEOUT_MS) => {
    if (this.#state.kind === 'closed') throw new CellError('gone', this.#state.reason.en);
    const reply = boxReplies[call.kind].safeParse(await this.#boxCalls.call(call, timeoutMs));
    if (!reply.success) throw new CellError('failed', `the box answered ${call.kind} with nonsense`);
    return reply.data as never;
  };

  #receive({ type, channel: number, payload }: Frame): void {
    if (type === FrameType.terminalData) this.#terminals.onData(number, payload);
    else if (type === FrameType.cellReply) this.#cellCalls.settle(number, payload);
    else if (type === FrameType.boxReply) this.#boxCalls.settle(number, payload);
    else if (type === FrameType.cellEvent) this.#onCellEvent(decodeJson(payload) as CellEvent);
    else if (type === FrameType.boxEvent) this.#onBoxEvent(decodeJson(payload));
    else if (type === FrameType.labCall) void this.#onLabCall(number, payload);
  }

  #onCellEvent(event: CellEvent): void {
    if (event.kind === 'tick') this.#ticks.emit(event.kinds);
    else if (event.kind === 'cluster') this.#clusters.emit(event.status);
    else if (event.kind === 'limit') this.#limits.emit(event.met);
    else if (event.kind === 'wire') this.#wire.emit(event.update);
    else if (event.kind === 'failed') this.#end(endedReason(event.message));
    else {
      // The state first: whoever hears of an ended terminal can tell that it comes back.
      this.#setState({ kind: 'restarting', reason: event.reason });
      this.#boxCalls.abandon('gone', 'the box was restarted');
      this.#terminals.abandon();
    }
  }

  #onBoxEvent(value: unknown): void {
    const event = BoxEvent.safeParse(value).data;
    if (event === undefined) return;
    if (event.kind === 'hello') {
      if (this.#state.kind === 'restarting') this.#setState({ kind: 'ready' });
      return;
    }
    if (event.kind === 'exit') {
      this.#terminals.onExit(event.terminal, event.exitCode);
      return;
    }
    const now = performance.now();
    if (this.#events.waitMs(now) > 0) return;
    this.#events.take(1, now);
    if (event.kind === 'filesChanged') {
      this.#fileChanges.emit(event.folders);
      return;
    }
    const name = this.#terminals.nameOf(event.terminal);
    if (event.kind === 'began') {
      if (name !== undefined) this.#begun.emit({ terminal: name, command: event.command });
      return;
    }
    const { command, exitCode, output, durationMs } = event;
    if (name !== undefined) this.#commands.emit({ terminal: name, command, exitCode, output, durationMs });
  }

  async #onLabCall(number: number, payload: Buffer): Promise<void> {
    const command = readLabCommand(decodeJson(payload));
    let reply: LabReply = { text: '', exitCode: 1 };
    try {
      if (command !== undefined && this.#answerLab !== undefined) reply = await this.#answerLab(command);
    } catch (error) {
      reply = { text: `lab: ${messageOf(error)}\n`, exitCode: 1 };
    }
    this.#channel.send(FrameType.labReply, number, encodeJson({ ok: true, value: reply }));
  }

  #setState(next: CellState): void {
    this.#state = next;
    this.#states.emit(next);
  }

  /** Whatever made it end, nothing of the cell may stay. */
  #end(reason: Sentence): void {
    if (this.#state.kind === 'closed') return;
    this.#setState({ kind: 'closed', reason });
    this.#cellCalls.abandon('gone', reason.en);
    this.#boxCalls.abandon('gone', reason.en);
    this.#terminals.abandon();
    this.#channel.destroy();
    void this.#options.end();
  }
}

export type BoxCaller = <Kind extends keyof BoxReplies>(
  call: Extract<BoxCall, { kind: Kind }>,
  timeoutMs?: number,
) => Promise<BoxReplies[Kind]>;

function createFiles(call: BoxCaller, onChange: CellFiles['onChange']): CellFiles {
  return {
    list: (path) => call({ kind: 'list', path }),
    tree: () => call({ kind: 'tree' }),
    read: (path) => call({ kind: 'read', path }),
    write: (path, content, options = {}) => call({ kind: 'write', path, content, ...options }),
    makeFolder: async (path) => void (await call({ kind: 'makeFolder', path })),
    rename: async (from, to) => void (await call({ kind: 'rename', from, to })),
    remove: async (path) => void (await call({ kind: 'remove', path })),
    onChange,
  };
}

type CellCaller = (call: CellCall, timeoutMs?: number) => Promise<unknown>;

function createCluster(call: CellCaller): CellCluster {
  type Switch = 'start' | 'stop' | 'kill' | 'pause' | 'resume' | 'isolate' | 'heal' | 'add';
  const act = (action: Switch, nodeId: number, cluster: string | undefined): Promise<unknown> =>
    call({ kind: 'cluster', action, nodeId, cluster }, CLUSTER_TIMEOUT_MS);
  const on = (action: Switch) => async (nodeId: number, cluster?: string) =>
    void (await act(action, nodeId, cluster));
  return {
    ready: async () => void (await call({ kind: 'clusterReady' }, CLUSTER_TIMEOUT_MS)),
    status: async (cluster) => (await call({ kind: 'clusterStatus', cluster })) as ClusterStatus,
    start: on('start'),
    stop: on('stop'),
    kill: on('kill'),
    pause: on('pause'),
    resume: on('resume'),
    isolate: on('isolate'),
    heal: async (cluster) => void (await act('heal', 0, cluster)),
    add: async (cluster) => (await act('add', 0, cluster)) as number,
  };
}

function createWire(call: CellCaller): CellWire {
  return {
    watch: async (filter) => void (await call({ kind: 'wireWatch', filter })),
    read: async (id) => (await call({ kind: 'wireRead', id })) as WireExchange,
  };
}

function createLoads(call: CellCaller): CellLoads {
  return {
    start: async (load) => void (await call({ kind: 'loadStart', load }, CLUSTER_TIMEOUT_MS)),
    stop: async (id) => void (await call({ kind: 'loadStop', id }, CLUSTER_TIMEOUT_MS)),
    resize: async (id, clients) => void (await call({ kind: 'loadResize', id, clients }, CLUSTER_TIMEOUT_MS)),
    reports: async () => (await call({ kind: 'loadReports' })) as Awaited<ReturnType<CellLoads['reports']>>,
  };
}

function endedReason(lastWords: string): Sentence {
  const said = lastWords.trim().split('\n').slice(-3).join(' ').slice(0, 400);
  return {
    ko: `환경이 끝났어요. 다시 시작해 보세요.${said === '' ? '' : ` (${said})`}`,
    en: `The environment has ended. Start it again.${said === '' ? '' : ` (${said})`}`,
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
