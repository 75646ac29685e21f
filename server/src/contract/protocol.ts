/**
 * The live half of the contract. One socket.io connection on `/socket`, one event name each way (`message`), each
 * message a member of a discriminated union below. Every client message is acknowledged with a `Reply`; what
 * happens later is pushed.
 *
 * Handshake: `auth: {protocol: PROTOCOL, pageId}`; the cookie says who it is. A `connect_error` carries `data: ApiError`
 * (`notSignedIn`, `protocolMismatch`, `crossSite`).
 *
 * Terminals. Output is bytes with offsets: `terminal.output.offset` is how many bytes came before in this terminal's
 * whole life. The page writes them to xterm and, in xterm's write callback, sends `terminal.ack` with the offset reached;
 * at most TERMINAL_WINDOW_BYTES are in flight. After a reconnect it attaches again with `from` = the offset it has; the
 * answer starts with what is `missing` since then, or with a `snapshot` when that is no longer held.
 * Input carries `sequence` (1, 2, 3 … per pageId and terminal). After a reconnect the page sends again what was not
 * acknowledged; the server drops what it has already typed, so that no key is lost or doubled.
 */
import { z } from 'zod';
import { EnvironmentState, LimitKind, Usage } from './environment.ts';
import type { ApiError } from './errors.ts';
import { LabState } from './labs.ts';
import { classClientMessages, classServerMessages, type LiveClass, type TraineeState } from './live-class.ts';
import { type MapHistory, MapUpdate } from './map.ts';
import { Id, Language, Localized, TimestampMs } from './text.ts';
import { type WireExchange, WireFilter, WireUpdate } from './wire.ts';

export const PROTOCOL = 1;
export const SOCKET_PATH = '/socket';

export const TERMINALS_MAX = 8;
export const TERMINAL_WINDOW_BYTES = 256 * 1024;
export const TERMINAL_INPUT_CHARACTERS_MAX = 16 * 1024;

export const Handshake = z.object({
  protocol: z.number().int(),
  pageId: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/),
});
export type Handshake = z.infer<typeof Handshake>;

const terminalId = z.string().min(1).max(64);
const terminalTitle = z.string().trim().max(40);
const cols = z.number().int().min(2).max(500);
const rows = z.number().int().min(1).max(300);
const byteOffset = z.number().int().nonnegative();

export const ClientMessage = z.discriminatedUnion('type', [
  /** `language`: the page's, for what is printed in terminals. Opens the lab's environment (starting it when asleep) and subscribes this socket. One lab per socket; another open leaves the first. */
  z.object({ type: z.literal('lab.open'), labId: Id, language: Language.optional() }),
  z.object({ type: z.literal('lab.leave') }),
  /** Look at the cluster again now. */
  z.object({ type: z.literal('lab.check') }),
  /** The map is (not) on the screen: `map` is pushed only to those who watch, beginning with the whole. */
  z.object({ type: z.literal('map.watch'), on: z.boolean() }),
  z.object({ type: z.literal('map.history') }),
  /** The wire inspector is (not, null) on the screen; what passed a filter before stays. */
  z.object({ type: z.literal('wire.watch'), filter: WireFilter.nullable() }),
  z.object({ type: z.literal('wire.read'), id: z.number().int().positive() }),
  /** A new terminal; `terminals` is pushed to all windows of this lab. */
  z.object({ type: z.literal('terminal.open'), cols, rows }),
  z.object({ type: z.literal('terminal.attach'), terminalId, from: byteOffset.nullable(), cols, rows }),
  z.object({ type: z.literal('terminal.detach'), terminalId }),
  z.object({
    type: z.literal('terminal.input'),
    terminalId,
    sequence: z.number().int().positive(),
    data: z.string().max(TERMINAL_INPUT_CHARACTERS_MAX),
  }),
  z.object({ type: z.literal('terminal.ack'), terminalId, offset: byteOffset }),
  z.object({ type: z.literal('terminal.resize'), terminalId, cols, rows }),
  z.object({ type: z.literal('terminal.close'), terminalId }),
  /** `''` gives it back its number's name. `terminals` is pushed to all windows of this lab. */
  z.object({ type: z.literal('terminal.rename'), terminalId, title: terminalTitle }),
  ...classClientMessages,
]);
export type ClientMessage = z.infer<typeof ClientMessage>;
export type ClientMessageType = ClientMessage['type'];

export const TerminalInfo = z.object({
  id: terminalId,
  /** 1, 2, 3 …: "Terminal 1" and `data-testid="terminal-1"`; a closed one's number is used again. */
  number: z.number().int(),
  /** A name given by the trainee ("producer"); `''`: the page shows "Terminal 1" in its own language. */
  title: terminalTitle,
  cols,
  rows,
  state: z.enum(['running', 'ended']),
});
export type TerminalInfo = z.infer<typeof TerminalInfo>;

/** Bytes arrive as ArrayBuffer in the browser and as Buffer in Node; both are read by `new Uint8Array(data)`. */
export type Bytes = ArrayBuffer | Uint8Array;
const bytes = z.custom<Bytes>((value) => value instanceof ArrayBuffer || value instanceof Uint8Array);

export const TerminalSnapshot = z.object({
  /** Reset the terminal, size it `cols` × `rows`, write this, then go on with output from `offset`. */
  data: z.string(),
  offset: byteOffset,
  cols,
  rows,
});
export type TerminalSnapshot = z.infer<typeof TerminalSnapshot>;

export const AttachAnswer = z.object({
  terminal: TerminalInfo,
  start: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('snapshot'), snapshot: TerminalSnapshot }),
    /** All bytes printed since the offset asked for. */
    z.object({ kind: z.literal('missing'), offset: byteOffset, data: bytes }),
  ]),
  /** The last input sequence of this pageId that was taken: send again what came after it, and only that. 0 for none. */
  inputSequence: z.number().int().nonnegative(),
});
export type AttachAnswer = z.infer<typeof AttachAnswer>;

/** What the acknowledgement of each message carries on success. */
export interface AnswerByType {
  'lab.open': { environment: EnvironmentState; terminals: TerminalInfo[]; lab: LabState };
  'lab.leave': null;
  'lab.check': null;
  'map.watch': null;
  'map.history': MapHistory;
  'wire.watch': null;
  'wire.read': WireExchange;
  'terminal.open': { terminal: TerminalInfo };
  'terminal.attach': AttachAnswer;
  'terminal.detach': null;
  /** The highest sequence typed. */
  'terminal.input': { sequence: number };
  'terminal.ack': null;
  'terminal.resize': null;
  'terminal.close': null;
  'terminal.rename': null;
  'class.watch': LiveClass;
  'class.unwatch': null;
  'class.openTrainee': { environment: EnvironmentState; terminals: TerminalInfo[]; lab: LabState };
  'class.askToType': null;
  'class.broadcast': null;
  'class.enter': TraineeState;
  'class.hand': null;
  'class.read': null;
  'class.consent': null;
  'class.revoke': null;
  'class.attachBroadcast': AttachAnswer;
}
export type Reply<T extends ClientMessageType = ClientMessageType> =
  | { ok: true; value: AnswerByType[T] }
  | { ok: false; error: ApiError };

export const ServerMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('environment'), labId: Id, environment: EnvironmentState }),
  z.object({ type: z.literal('usage'), labId: Id, usage: Usage }),
  z.object({ type: z.literal('lab'), lab: LabState }),
  z.object({ type: z.literal('map'), labId: Id, update: MapUpdate }),
  /** `cluster`: the one that is tapped; null: the lab's first. Of several windows the trainee's own chooses. */
  z.object({ type: z.literal('wire'), labId: Id, cluster: z.string().nullable(), update: WireUpdate }),
  /** The list of terminals changed (opened, ended, closed), here or in another window. */
  z.object({ type: z.literal('terminals'), labId: Id, terminals: z.array(TerminalInfo) }),
  z.object({ type: z.literal('terminal.output'), terminalId, offset: byteOffset, data: bytes }),
  /** Another window's size decided: show the terminal at this size. */
  z.object({ type: z.literal('terminal.size'), terminalId, cols, rows }),
  /** This window fell too far behind and missed bytes: start again from this snapshot. */
  z.object({ type: z.literal('terminal.snapshot'), terminalId, snapshot: TerminalSnapshot }),
  z.object({ type: z.literal('terminal.ended'), terminalId, exitCode: z.number().int() }),
  /** Something changed in these folders (`''` is the home), by a program or another window. */
  z.object({ type: z.literal('files.changed'), labId: Id, folders: z.array(z.string()) }),
  /** A limit of the box was met: say so, once, where the person looks. */
  z.object({ type: z.literal('limit'), labId: Id, limit: LimitKind, message: Localized, at: TimestampMs }),
  /** The session ended (signed out elsewhere, disabled, password changed): go to the sign-in page. */
  z.object({ type: z.literal('signedOut') }),
  /** The server is going down on purpose and will be back; the page shows that and reconnects by itself. */
  z.object({ type: z.literal('stopping') }),
  ...classServerMessages,
]);
export type ServerMessage = z.infer<typeof ServerMessage>;
export type ServerMessageType = ServerMessage['type'];

/** Typing for socket.io on both sides. */
export interface ClientToServer {
  message: (message: ClientMessage, reply: (answer: Reply) => void) => void;
}
export interface ServerToClient {
  message: (message: ServerMessage) => void;
}
