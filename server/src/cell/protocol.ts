/**
 * What is said on the framed channels.
 *
 *   server ── cell ── agent
 *
 * The cell answers `cell` calls itself and passes `box` frames on unread; from the agent it lets through only
 * the types an agent may send. A call and its reply carry the caller's number in the frame's channel.
 */
import type { WireFilter, WireUpdate } from '../contract/main.ts';
import type {
  CellErrorCode,
  CellLimits,
  CellLoad,
  ClusterStatus,
  ExecOptions,
  FileEntry,
  FileTree,
  LabCommand,
  Language,
  LimitMet,
  OtherCluster,
  RestartReason,
} from '../sandbox/sandbox.ts';

export const FrameType = {
  /** server → cell, and its reply */
  cellCall: 1,
  cellReply: 2,
  /** cell → server */
  cellEvent: 3,
  /** server → agent, and its reply */
  boxCall: 4,
  boxReply: 5,
  /** agent → server */
  boxEvent: 6,
  /** both ways between server and agent; the channel is the terminal's number */
  terminalData: 7,
  /** agent → cell (`cluster`), and its reply */
  clusterCall: 8,
  clusterReply: 9,
  /** agent → server (`lab`), and its reply */
  labCall: 10,
  labReply: 11,
} as const;

export const AGENT_FRAME_TYPES: ReadonlySet<number> = new Set([
  FrameType.boxReply,
  FrameType.boxEvent,
  FrameType.terminalData,
  FrameType.clusterCall,
  FrameType.labCall,
]);

export type Reply<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: CellErrorCode; readonly message: string };

/** The first call on a new channel. Paths are as the cell sees them. */
export interface StartCell {
  readonly kind: 'start';
  readonly box: BoxSettings;
  /** Numbers of nodes; empty: no cluster. */
  readonly nodeIds: readonly number[];
  readonly brokerConfig: Readonly<Record<string, string>>;
  readonly clusterDir: string;
  /** Where home and clusters are kept as they were. */
  readonly snapshotsDir: string;
  readonly clusterBytesMax: number;
  readonly socketDir: string;
  readonly basePort: number;
  /** What the lab calls the first cluster. */
  readonly firstCluster: string;
  /** Further clusters of the lab: beside the first one, on ports of their own. */
  readonly otherClusters: readonly OtherCluster[];
}

export interface BoxSettings {
  /** `namespace`: bubblewrap around the agent; `none`: the agent is a plain child. */
  readonly isolation: 'namespace' | 'none';
  readonly hostName: string;
  readonly language: Language;
  readonly limits: CellLimits;
  readonly homeDir: string;
  /** dist/, or where it is bound. */
  readonly programDir: string;
  readonly nodePath: string;
  /** Mounted read-only besides /usr: folders the node program needs. */
  readonly extraReadOnly: readonly string[];
}

export type CellCall =
  | StartCell
  | { readonly kind: 'clusterReady' }
  | { readonly kind: 'clusterStatus'; readonly cluster?: string | undefined }
  | {
      readonly kind: 'cluster';
      readonly action: ClusterAction;
      readonly nodeId: number;
      readonly cluster?: string | undefined;
    }
  | { readonly kind: 'loadStart'; readonly load: CellLoad }
  | { readonly kind: 'loadStop'; readonly id: string }
  | { readonly kind: 'loadResize'; readonly id: string; readonly clients: number }
  | { readonly kind: 'loadReports' }
  | { readonly kind: 'wireWatch'; readonly filter: WireFilter | null }
  | { readonly kind: 'wireRead'; readonly id: number }
  | { readonly kind: 'usage' }
  | { readonly kind: 'restartBox' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'save'; readonly name: string }
  | { readonly kind: 'restore'; readonly name: string };

export type ClusterAction =
  | 'start'
  | 'stop'
  | 'kill'
  | 'pause'
  | 'resume'
  | 'isolate'
  | 'heal'
  | 'add'
  | 'remove';

export type CellEvent =
  | { readonly kind: 'boxGone'; readonly reason: RestartReason }
  | { readonly kind: 'tick'; readonly kinds: readonly string[] }
  | { readonly kind: 'cluster'; readonly status: ClusterStatus }
  | { readonly kind: 'wire'; readonly update: WireUpdate }
  | { readonly kind: 'limit'; readonly met: LimitMet }
  | { readonly kind: 'failed'; readonly message: string };

export type BoxCall =
  | {
      readonly kind: 'openTerminal';
      readonly terminal: number;
      readonly cols: number;
      readonly rows: number;
      readonly name: string;
      /** Where the shell begins, if it is there; the home when left out. */
      readonly directory?: string;
    }
  | { readonly kind: 'directory'; readonly terminal: number }
  | {
      readonly kind: 'resize';
      readonly terminal: number;
      readonly cols: number;
      readonly rows: number;
    }
  | { readonly kind: 'flow'; readonly terminal: number; readonly paused: boolean }
  | { readonly kind: 'kill'; readonly terminal: number }
  | ({ readonly kind: 'exec' } & ExecOptions)
  | { readonly kind: 'list'; readonly path: string }
  | { readonly kind: 'tree' }
  | { readonly kind: 'read'; readonly path: string }
  | {
      readonly kind: 'write';
      readonly path: string;
      readonly content: string;
      readonly expectedVersion?: string | null;
      readonly executable?: boolean;
    }
  | { readonly kind: 'makeFolder'; readonly path: string }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'remove'; readonly path: string };

export interface BoxReplies {
  openTerminal: null;
  directory: string | null;
  resize: null;
  flow: null;
  kill: null;
  exec: {
    exitCode: number | null;
    stdout: string;
    stderr: string;
    timedOut: boolean;
    truncated: boolean;
  };
  list: FileEntry[];
  tree: FileTree;
  read: { content: string; version: string };
  write: { version: string };
  makeFolder: null;
  rename: null;
  remove: null;
}

/** What the agent tells the server; the server's own reading of it is `BoxEvent` in sandbox/box-edge.ts. */
export type BoxNews =
  /** The agent takes calls. */
  | { readonly kind: 'hello' }
  | { readonly kind: 'exit'; readonly terminal: number; readonly exitCode: number }
  | { readonly kind: 'began'; readonly terminal: number; readonly command: string }
  | {
      readonly kind: 'command';
      readonly terminal: number;
      readonly command: string;
      readonly exitCode: number;
      readonly output: string;
      readonly durationMs: number;
    }
  | { readonly kind: 'filesChanged'; readonly folders: readonly string[] };

/** Typed in the box; the cell answers with text. */
export interface ClusterCommand {
  readonly arguments: readonly string[];
  readonly language: Language;
}

export type { LabCommand };

export function encodeJson(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** Undefined when it is not JSON: the sender is broken or hostile. */
export function decodeJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8'));
  } catch {
    return undefined;
  }
}
