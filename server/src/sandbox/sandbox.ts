/**
 * What the server knows of sandboxes: a driver opens cells, and a cell is one trainee's place to work: a box
 * with terminals and files, and a Kafka cluster of their own on its localhost.
 *
 * Nothing that comes out of the box is believed: commands, file contents and command outcomes can all be forged
 * by the trainee. Only the cluster, reached by `dialBroker`, is evidence.
 */
import type { Duplex } from 'node:stream';
import type { WorkloadOptions, WorkloadReport } from '@brokerlab/broker/client';
import type { WireExchange, WireFilter, WireUpdate } from '../contract/main.ts';

export type Language = 'ko' | 'en';
/** A sentence for a person, in each language. */
export type Sentence = Readonly<Record<Language, string>>;

export interface SandboxDriver {
  readonly name: 'bwrap' | 'process';
  /** False: whoever types in a terminal is the server's own user. Refused for classes. */
  readonly isolates: boolean;
  /** Tries the real thing, once at start. */
  probe(): Promise<ProbeReport>;
  /** Resolves when the box takes terminals; brokers may still be starting (`cell.cluster.ready()`). */
  open(options: CellOptions): Promise<Cell>;
  /** Ends what a killed server left behind. Called once, before the first `open`. */
  sweep(): Promise<void>;
  /** Removes the home and cluster of a cell that is not open. */
  remove(cellId: string): Promise<void>;
  /** Gives one cell's snapshot to another, open or not. Rejects with `notFound`. */
  copySnapshot(copy: SnapshotCopy): Promise<void>;
  /** Closes every cell and frees what the driver holds. */
  close(): Promise<void>;
}

export interface SnapshotCopy {
  readonly from: string;
  readonly to: string;
  readonly name: string;
}

export interface ProbeReport {
  /** Whether cells can be opened at all. */
  readonly usable: boolean;
  readonly checks: readonly ProbeCheck[];
}

/** `degraded` works, and loses what the advice names. */
export type ProbeCheck =
  | { readonly name: string; readonly state: 'ok'; readonly found: string }
  | {
      readonly name: string;
      readonly state: 'degraded' | 'failed';
      readonly found: string;
      readonly advice: Sentence;
    };

export interface CellOptions {
  /** Stable for one trainee: the same id finds the same home and cluster again. [a-z0-9-], at most 40. */
  readonly id: string;
  /** Shown in the prompt: `trainee-07:~$`. */
  readonly hostName: string;
  readonly language: Language;
  /** Brokers of the main cluster, ids 1…n on localhost:9092…; 0 opens a box without cluster. Default 3. */
  readonly brokers?: number;
  /** Kafka's configuration keys, the same for every broker. */
  readonly brokerConfig?: Readonly<Record<string, string>>;
  readonly limits?: Partial<CellLimits>;
  /** What the lab calls the main cluster; default `main`. */
  readonly firstCluster?: string;
  readonly otherClusters?: readonly OtherCluster[];
}

/** A further cluster in the same cell. */
export interface OtherCluster {
  /** [a-z0-9-]; names it in calls, and its folder. */
  readonly id: string;
  readonly brokers: number;
  readonly firstPort: number;
  readonly config: Readonly<Record<string, string>>;
}

/** Producers or consumers that the cell runs, outside the box. */
export type CellLoad = Omit<WorkloadOptions, 'connection'> & {
  /** The first one's id, or that of a further cluster; left out: the first. */
  readonly cluster?: string | undefined;
};

export interface CellLimits {
  /** Processes and threads in the box. */
  readonly processes: number;
  /** All memory of the box's processes together. */
  readonly memoryBytes: number;
  readonly homeBytes: number;
  readonly homeFiles: number;
  /** Of the brokers' data; told, not enforced. */
  readonly clusterBytes: number;
  readonly temporaryBytes: number;
  readonly fileBytes: number;
  readonly openFiles: number;
  /** Cores; only where cgroups are delegated. */
  readonly cpus: number;
}

export type CellState =
  | { readonly kind: 'ready' }
  /** The box is being started anew; terminals of before are gone, home and cluster stay. */
  | { readonly kind: 'restarting'; readonly reason: RestartReason }
  | { readonly kind: 'closed'; readonly reason: Sentence };

export type RestartReason = 'asked' | 'boxEnded' | 'reset' | 'restored';

export interface Cell {
  readonly id: string;
  readonly state: CellState;
  readonly files: CellFiles;
  readonly cluster: CellCluster;
  readonly loads: CellLoads;
  readonly wire: CellWire;

  openTerminal(options: TerminalOptions): Promise<RawTerminal>;
  /** Runs a command in the box and waits. Rejects only when the box cannot be reached. */
  exec(options: ExecOptions): Promise<ExecResult>;
  /** A connection to one broker, from outside the box (kafkajs: `socketFactory`). */
  dialBroker(nodeId: number, cluster?: string): Duplex;
  usage(): Promise<CellUsage>;
  /** Kills everything in the box and starts it anew. Home and cluster stay. */
  restartBox(): Promise<void>;
  /** Empties home and cluster data, and starts both anew. */
  reset(): Promise<void>;
  /** Keeps home and clusters as they are now, under a name of [a-z0-9-]; rejects with `limit` when there is too much. */
  save(name: string): Promise<SavedSnapshot>;
  /** Home and clusters as they were when that was saved, box and brokers started anew; rejects with `notFound`. */
  restore(name: string): Promise<void>;
  close(): Promise<void>;

  /** Each returns the function that ends the subscription. */
  onState(listener: (state: CellState) => void): () => void;
  /** "Something of these kinds changed in the cluster, look again"; never more often than every 20 ms. */
  onTick(listener: (kinds: readonly string[]) => void): () => void;
  /** Each command line that ended in a terminal. Forgeable, and therefore never worth points by itself. */
  onCommand(listener: (command: TerminalCommand) => void): () => void;
  /** Each command line that was entered in a terminal; forgeable as well. */
  onCommandBegun(listener: (command: BegunCommand) => void): () => void;
  /** `lab status` typed in the box; the answer is printed there. One handler; the last one set answers. */
  onLabCommand(handler: (request: LabCommand) => Promise<LabReply>): void;
  onLimit(listener: (met: LimitMet) => void): () => void;
  onWire(listener: (update: WireUpdate) => void): () => void;
  /** The cluster changed by `cluster stop 2` in the box, or by `cell.cluster`. */
  onCluster(listener: (status: ClusterStatus) => void): () => void;
}

export interface SavedSnapshot {
  readonly bytes: number;
}

export interface TerminalOptions {
  readonly cols: number;
  readonly rows: number;
  /** Shown in `onCommand`; the hub's terminal id. */
  readonly name: string;
  /** Where the shell begins, if it is there; the home when left out. */
  readonly directory?: string;
}

/** A pty in the box. Data is bytes as the program wrote them; shell-integration marks are already taken out. */
export interface RawTerminal {
  readonly name: string;
  /** Where its shell is now; null: nobody knows. */
  directory(): Promise<string | null>;
  write(data: Uint8Array): void;
  resize(cols: number, rows: number): void;
  /** Stops reading the pty, so that its programs wait. */
  pause(): void;
  resume(): void;
  kill(): void;
  onData(listener: (data: Uint8Array) => void): () => void;
  onExit(listener: (exit: { readonly exitCode: number }) => void): () => void;
}

export interface ExecOptions {
  /** Given to `bash -c`. */
  readonly command: string;
  readonly input?: string;
  readonly timeoutMs: number;
  /** Of stdout and stderr each; what comes after is dropped. */
  readonly outputBytesMax: number;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ExecResult {
  /** null: ended by a signal. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  readonly truncated: boolean;
}

/** Paths are relative to the home, `/` between parts. Done inside the box, so a link never leads out of it. */
export interface CellFiles {
  list(path: string): Promise<readonly FileEntry[]>;
  /** The whole home; hidden entries and `node_modules` left out, links not followed. */
  tree(): Promise<FileTree>;
  read(path: string): Promise<FileContent>;
  /** Makes missing folders. */
  write(path: string, content: string, options?: WriteOptions): Promise<{ readonly version: string }>;
  makeFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Something in the home changed; the folders in which it did, coalesced. */
  onChange(listener: (folders: readonly string[]) => void): () => void;
}

export interface WriteOptions {
  /** Refuses (`changed`) when the file is another one by now; null: refuses (`exists`) when there is one. */
  readonly expectedVersion?: string | null;
  readonly executable?: boolean;
}

export interface FileEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly bytes: number;
  readonly modifiedMs: number;
}

export interface FileTree {
  readonly entries: readonly TreeEntry[];
  /** There are more entries than fit. */
  readonly truncated: boolean;
}

export interface TreeEntry {
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly bytes: number;
  readonly version: string;
}

export interface FileContent {
  readonly content: string;
  readonly version: string;
}

export type CellErrorCode =
  /** The box or cell is not there (any more). */
  | 'gone'
  | 'timeout'
  | 'notFound'
  | 'exists'
  | 'notAFile'
  | 'notAFolder'
  | 'tooLarge'
  | 'notText'
  | 'changed'
  | 'badPath'
  | 'noSpace'
  | 'limit'
  | 'unknownNode'
  | 'badRequest'
  /** The cell could not be started at all. */
  | 'notStarted'
  | 'failed';

export class CellError extends Error {
  readonly code: CellErrorCode;
  constructor(code: CellErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'CellError';
    this.code = code;
  }
}

export type NodeState = 'starting' | 'running' | 'stopped' | 'paused' | 'isolated' | 'failed';

export interface NodeStatus {
  readonly id: number;
  readonly state: NodeState;
  readonly port: number;
}

export interface ClusterStatus {
  readonly nodes: readonly NodeStatus[];
}

/** The wire inspector's eye in the cell. */
export interface CellWire {
  /** Null: nobody looks any more. */
  watch(filter: WireFilter | null): Promise<void>;
  /** Rejects with `notFound` when it is not kept any more. */
  read(id: number): Promise<WireExchange>;
}

export interface CellLoads {
  start(load: CellLoad): Promise<void>;
  /** Nothing happens when there is no such load. */
  stop(id: string): Promise<void>;
  resize(id: string, clients: number): Promise<void>;
  reports(): Promise<Readonly<Record<string, WorkloadReport>>>;
}

/** `cluster` names a further cluster; left out: the first. */
export interface CellCluster {
  /** All brokers of all clusters answer. */
  ready(): Promise<void>;
  status(cluster?: string): Promise<ClusterStatus>;
  start(nodeId: number, cluster?: string): Promise<void>;
  /** Controlled shutdown. */
  stop(nodeId: number, cluster?: string): Promise<void>;
  /** As `kill -9`. */
  kill(nodeId: number, cluster?: string): Promise<void>;
  pause(nodeId: number, cluster?: string): Promise<void>;
  resume(nodeId: number, cluster?: string): Promise<void>;
  /** Cut off from the other brokers; clients still reach it. */
  isolate(nodeId: number, cluster?: string): Promise<void>;
  /** Ends every isolation. */
  heal(cluster?: string): Promise<void>;
  /** One more broker, with the next free id, which is returned. */
  add(cluster?: string): Promise<number>;
}

export interface BegunCommand {
  readonly terminal: string;
  readonly command: string;
}

export interface TerminalCommand {
  readonly terminal: string;
  readonly command: string;
  readonly exitCode: number;
  /** The end of what it printed, without colours, at most 8 KiB. */
  readonly output: string;
  readonly durationMs: number;
}

export interface LabCommand {
  readonly arguments: readonly string[];
  readonly language: Language;
}

export interface LabReply {
  /** Printed as it is; may hold colours. */
  readonly text: string;
  readonly exitCode: number;
}

export type LimitKind = 'processes' | 'memory' | 'home' | 'files' | 'clusterDisk' | 'output';

export interface LimitMet {
  readonly what: LimitKind;
  readonly message: Sentence;
}

export interface CellUsage {
  readonly memoryBytes: number;
  readonly memoryBytesMax: number;
  readonly processes: number;
  readonly processesMax: number;
  readonly homeBytes: number;
  readonly homeBytesMax: number;
  readonly clusterBytes: number;
  readonly clusterBytesMax: number;
  readonly cpusMax: number;
  /** Since the cell was opened. */
  readonly cpuMs: number;
  readonly openedMs: number;
}
