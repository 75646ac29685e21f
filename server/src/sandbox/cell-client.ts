/** The server's end of a cell: turns frames into the Cell that the rest of the server knows. */
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Calls, createCalls } from '../cell/calls.ts';
import { type Frame, type FrameChannel, openFrameChannel } from '../cell/frame.ts';
import {
  type BoxCall,
  type BoxEvent,
  type BoxReplies,
  type CellCall,
  type CellEvent,
  decodeJson,
  encodeJson,
  FrameType,
  type LabCommand,
  type StartCell,
} from '../cell/protocol.ts';
import {
  type Cell,
  type CellCluster,
  CellError,
  type CellFiles,
  type CellState,
  type CellUsage,
  type ClusterStatus,
  type LabReply,
  type LimitMet,
  type Sentence,
  type TerminalCommand,
} from './sandbox.ts';
import { createSignal } from './signal.ts';
import { createTerminalClients, type TerminalClients } from './terminal-client.ts';

const CALL_TIMEOUT_MS = 10_000;
/** Above the command's own deadline, which the agent keeps. */
const EXEC_MARGIN_MS = 2_000;
const CLUSTER_TIMEOUT_MS = 60_000;
const OPEN_TIMEOUT_MS = 30_000;

export interface CellClientOptions {
  readonly id: string;
  readonly stream: Duplex;
  readonly start: StartCell;
  /** As the server sees it. */
  readonly socketPath: (nodeId: number) => string;
  /** Ends the cell's processes; resolves when they are gone. */
  readonly end: () => Promise<void>;
  /** What the cell's process said last, for messages. */
  readonly lastWords: () => string;
}

/** Resolves when the agent in the box takes calls. */
export async function openCellClient(options: CellClientOptions): Promise<Cell> {
  const client = createCellClient(options);
  const timer = setTimeout(
    () => client.fail('timeout', `no box within ${OPEN_TIMEOUT_MS} ms`),
    OPEN_TIMEOUT_MS,
  );
  try {
    await client.opened;
    return client.cell;
  } catch (error) {
    await client.cell.close();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

interface Client {
  readonly cell: Cell;
  readonly opened: Promise<void>;
  fail(code: 'timeout' | 'notStarted', message: string): void;
}

function createCellClient(options: CellClientOptions): Client {
  const signals = {
    state: createSignal<CellState>(),
    tick: createSignal<readonly string[]>(),
    command: createSignal<TerminalCommand>(),
    limit: createSignal<LimitMet>(),
    cluster: createSignal<ClusterStatus>(),
    files: createSignal<readonly string[]>(),
  };
  let state: CellState = { kind: 'restarting', reason: 'asked' };
  let answerLab: ((command: LabCommand) => Promise<LabReply>) | undefined;
  const hello = createHello();

  const channel: FrameChannel = openFrameChannel(options.stream, {
    onFrame: receive,
    onClose: () => closed(cellEnded(options.lastWords())),
  });
  const cellCalls = createCalls((number, payload) => channel.send(FrameType.cellCall, number, payload));
  const boxCalls = createCalls((number, payload) => channel.send(FrameType.boxCall, number, payload));
  const callCell = (call: CellCall, timeoutMs = CALL_TIMEOUT_MS) => cellCalls.call(call, timeoutMs);
  const callBox = createBoxCaller(boxCalls, () => state);
  const terminals = createTerminalClients({
    call: callBox,
    sendData: (number, data) => void channel.send(FrameType.terminalData, number, data),
  });
  channel.send(FrameType.cellCall, 0, encodeJson(options.start));

  function receive({ type, channel: number, payload }: Frame): void {
    if (type === FrameType.terminalData) terminals.onData(number, payload);
    else if (type === FrameType.cellReply) cellCalls.settle(number, payload);
    else if (type === FrameType.boxReply) boxCalls.settle(number, payload);
    else if (type === FrameType.cellEvent) onCellEvent(decodeJson(payload) as CellEvent);
    else if (type === FrameType.boxEvent) onBoxEvent(decodeJson(payload) as BoxEvent | undefined);
    else if (type === FrameType.labCall) void onLabCall(number, payload);
  }

  function onCellEvent(event: CellEvent): void {
    if (event.kind === 'tick') signals.tick.emit(event.kinds);
    else if (event.kind === 'cluster') signals.cluster.emit(event.status);
    else if (event.kind === 'limit') signals.limit.emit(event.met);
    else if (event.kind === 'boxGone') {
      // The state first: whoever hears of an ended terminal can tell that it comes back.
      setState({ kind: 'restarting', reason: event.reason });
      boxCalls.abandon('gone', 'the box was restarted');
      terminals.abandon();
    } else {
      void close(cellEnded(event.message));
    }
  }

  function onBoxEvent(event: BoxEvent | undefined): void {
    if (event?.kind === 'hello') {
      if (state.kind !== 'restarting') return;
      setState({ kind: 'ready' });
      hello.resolve();
    } else if (event?.kind === 'exit') terminals.onExit(event.terminal, event.exitCode);
    else if (event?.kind === 'command') {
      const terminal = terminals.nameOf(event.terminal);
      if (terminal === undefined) return;
      const { command, exitCode, output, durationMs } = event;
      signals.command.emit({ terminal, command, exitCode, output, durationMs });
    } else if (event?.kind === 'filesChanged') signals.files.emit(event.folders);
    else if (event?.kind === 'limit') signals.limit.emit(event.met);
  }

  async function onLabCall(number: number, payload: Buffer): Promise<void> {
    const command = readLabCommand(decodeJson(payload));
    let reply: LabReply = { text: '', exitCode: 1 };
    try {
      if (command !== undefined && answerLab !== undefined) reply = await answerLab(command);
    } catch (error) {
      reply = { text: `lab: ${error instanceof Error ? error.message : String(error)}\n`, exitCode: 1 };
    }
    channel.send(FrameType.labReply, number, encodeJson({ ok: true, value: reply }));
  }

  function setState(next: CellState): void {
    state = next;
    signals.state.emit(next);
  }

  function closed(reason: Sentence): void {
    if (state.kind === 'closed') return;
    setState({ kind: 'closed', reason });
    hello.reject(new CellError('notStarted', reason.en));
    cellCalls.abandon('gone', reason.en);
    boxCalls.abandon('gone', reason.en);
    terminals.abandon();
    // Whatever made the channel end, nothing of the cell may stay.
    channel.destroy();
    void options.end();
  }

  async function close(reason: Sentence): Promise<void> {
    closed(reason);
    await options.end();
  }

  const cell: Cell = {
    id: options.id,
    get state() {
      return state;
    },
    files: createFiles(callBox, signals.files.subscribe),
    cluster: createCluster(callCell),
    openTerminal: terminals.open,
    exec: (exec) => callBox({ kind: 'exec', ...exec }, exec.timeoutMs + EXEC_MARGIN_MS),
    dialBroker: (nodeId) => connect(options.socketPath(nodeId)),
    usage: async () => (await callCell({ kind: 'usage' })) as CellUsage,
    restartBox: async () => {
      await callCell({ kind: 'restartBox' });
      await untilReady();
    },
    reset: async () => {
      await callCell({ kind: 'reset' }, CLUSTER_TIMEOUT_MS);
      await untilReady();
    },
    close: () => close({ ko: '환경을 닫았습니다.', en: 'The environment was closed.' }),
    onState: signals.state.subscribe,
    onTick: signals.tick.subscribe,
    onCommand: signals.command.subscribe,
    onLabCommand(handler) {
      answerLab = handler;
    },
    onLimit: signals.limit.subscribe,
    onCluster: signals.cluster.subscribe,
  };

  function untilReady(): Promise<void> {
    if (state.kind === 'ready') return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        end();
        reject(new CellError('timeout', `the box did not start within ${OPEN_TIMEOUT_MS} ms`));
      }, OPEN_TIMEOUT_MS);
      const end = signals.state.subscribe((next) => {
        if (next.kind === 'restarting') return;
        end();
        clearTimeout(timer);
        if (next.kind === 'ready') resolve();
        else reject(new CellError('gone', next.reason.en));
      });
    });
  }

  return {
    cell,
    opened: hello.promise,
    fail: (code, message) => hello.reject(new CellError(code, message)),
  };
}

type BoxCaller = <Kind extends keyof BoxReplies>(
  call: Extract<BoxCall, { kind: Kind }>,
  timeoutMs?: number,
) => Promise<BoxReplies[Kind]>;

function createBoxCaller(calls: Calls, stateNow: () => CellState): BoxCaller {
  return async (call, timeoutMs = CALL_TIMEOUT_MS) => {
    const state = stateNow();
    if (state.kind === 'closed') throw new CellError('gone', state.reason.en);
    return (await calls.call(call, timeoutMs)) as never;
  };
}

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

function createCluster(call: (call: CellCall, timeoutMs?: number) => Promise<unknown>): CellCluster {
  const act =
    (action: 'start' | 'stop' | 'kill' | 'pause' | 'resume' | 'isolate') => async (nodeId: number) =>
      void (await call({ kind: 'cluster', action, nodeId }, CLUSTER_TIMEOUT_MS));
  return {
    ready: async () => void (await call({ kind: 'clusterReady' }, CLUSTER_TIMEOUT_MS)),
    status: async () => (await call({ kind: 'clusterStatus' })) as ClusterStatus,
    start: act('start'),
    stop: act('stop'),
    kill: act('kill'),
    pause: act('pause'),
    resume: act('resume'),
    isolate: act('isolate'),
    heal: async () => void (await call({ kind: 'cluster', action: 'heal', nodeId: 0 }, CLUSTER_TIMEOUT_MS)),
    add: async () =>
      (await call({ kind: 'cluster', action: 'add', nodeId: 0 }, CLUSTER_TIMEOUT_MS)) as number,
  };
}

function readLabCommand(value: unknown): LabCommand | undefined {
  const command = value as Partial<LabCommand> | undefined;
  const args = command?.arguments;
  if (!Array.isArray(args) || args.length > 64 || !args.every((part) => typeof part === 'string'))
    return undefined;
  return { arguments: args, language: command?.language === 'ko' ? 'ko' : 'en' };
}

function createHello() {
  let resolve: () => void = () => undefined;
  let reject: (error: CellError) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // Nobody waits any more when a cell that was open ends.
  promise.catch(() => undefined);
  return { promise, resolve: () => resolve(), reject: (error: CellError) => reject(error) };
}

function cellEnded(lastWords: string): Sentence {
  const said = lastWords.trim().split('\n').slice(-3).join(' ').slice(0, 400);
  return {
    ko: `환경이 끝났습니다. 다시 시작해 보세요.${said === '' ? '' : ` (${said})`}`,
    en: `The environment has ended. Start it again.${said === '' ? '' : ` (${said})`}`,
  };
}

export type { BoxCaller, TerminalClients };
