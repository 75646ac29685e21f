/**
 * The live side: one socket per window, admitted by the same rules as requests, ended when its login session ends. Messages
 * are validated here; what they mean stands in `window.ts`.
 */
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { type Socket as IoSocket, Server } from 'socket.io';
import type { LoginSessions } from '../accounts/login-sessions.ts';
import type { LiveClasses } from '../classes/live/live-classes.ts';
import {
  type ApiError,
  ClientMessage,
  type ClientToServer,
  Handshake,
  PROTOCOL,
  type Reply,
  type ServerToClient,
  SOCKET_PATH,
} from '../contract/main.ts';
import type { Caller } from '../http/bind.ts';
import { failureOf, HttpError } from '../http/http-error.ts';
import { isOwnHost, isOwnPage, type SiteRules } from '../http/security.ts';
import type { LabSessions } from '../sessions/lab-sessions.ts';
import { PageWindow } from './page-window.ts';

export interface SocketOptions {
  readonly server: HttpServer;
  readonly labSessions: LabSessions;
  readonly live: LiveClasses;
  readonly rules: SiteRules;
  readonly identify: (request: Pick<IncomingMessage, 'headers'>) => Promise<Caller | undefined>;
  readonly logins: LoginSessions;
  readonly log: Logger;
}

export interface SocketServer {
  readonly count: () => number;
  /** Asks each window's login session whether it still lives. */
  recheck(): Promise<void>;
  /** Says goodbye and closes. */
  stop(): Promise<void>;
}

interface SocketData {
  caller: Caller;
  pageId: string;
}
type Io = Server<ClientToServer, ServerToClient, Record<string, never>, SocketData>;
type Socket = IoSocket<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

const MESSAGE_BYTES_MAX = 128 * 1024;
const MESSAGES_PER_SECOND_MAX = 2_000;
const SOCKETS_PER_ACCOUNT_MAX = 20;
const RECHECK_EVERY_MS = 120_000;

export function createSocketServer(options: SocketOptions): SocketServer {
  const { log } = options;
  const io = new Server<ClientToServer, ServerToClient, Record<string, never>, SocketData>(options.server, {
    path: SOCKET_PATH,
    serveClient: false,
    maxHttpBufferSize: MESSAGE_BYTES_MAX,
    // Noticed soon enough that "reconnecting" is shown before a person wonders.
    pingInterval: 10_000,
    pingTimeout: 8_000,
    transports: ['websocket', 'polling'],
    httpCompression: false,
    perMessageDeflate: false,
    allowRequest: (request, answer) => {
      const admitted = isOwnHost(request.headers.host, options.rules) && isOwnPage(request.headers);
      answer(admitted ? null : 'crossSite', admitted);
    },
  });
  io.use((socket, next) => {
    admit(socket, options).then(
      () => next(),
      (error: unknown) => next(refusal(error)),
    );
  });
  io.on('connection', (socket) => serve(socket, options));
  const recheck = async () => {
    await recheckSockets(io, options.logins);
  };
  const keepAlive = async () => options.logins.keepAlive(await recheckSockets(io, options.logins));
  const onError = (error: unknown) => log.error({ err: error }, 'checking sessions');
  const timer = setInterval(() => void keepAlive().catch(onError), RECHECK_EVERY_MS);
  timer.unref();
  return {
    count: () => io.sockets.sockets.size,
    recheck: () => recheck().catch(onError),
    async stop() {
      clearInterval(timer);
      io.emit('message', { type: 'stopping' });
      await io.close();
    },
  };
}

async function admit(socket: Socket, { identify }: SocketOptions): Promise<void> {
  const handshake = Handshake.safeParse(socket.handshake.auth);
  if (!handshake.success || handshake.data.protocol !== PROTOCOL) throw new HttpError('protocolMismatch');
  const caller = await identify(socket.request);
  if (!caller) throw new HttpError('notSignedIn');
  const own = [...socket.nsp.sockets.values()].filter(
    (other) => other.data.caller.account.id === caller.account.id,
  );
  if (own.length >= SOCKETS_PER_ACCOUNT_MAX) throw new HttpError('rateLimited');
  socket.data.caller = caller;
  socket.data.pageId = handshake.data.pageId;
}

function serve(socket: Socket, { labSessions, live, log }: SocketOptions): void {
  const { caller, pageId } = socket.data;
  const window = new PageWindow({
    account: caller.account,
    pageId,
    labSessions,
    live,
    send: (message) => socket.emit('message', message),
  });
  const limit = messageLimit(() => socket.disconnect(true));
  socket.on('message', (raw: unknown, reply: unknown) => {
    if (!limit()) return;
    void answer(window, raw, log).then((outcome) => {
      if (typeof reply === 'function') reply(outcome);
    });
  });
  socket.on('disconnect', () => window.close());
}

/** A page sends a few messages a keystroke; a flood is cut off. */
function messageLimit(cutOff: () => void): () => boolean {
  let second = 0;
  let messages = 0;
  return () => {
    const now = Math.floor(performance.now() / 1_000);
    messages = now === second ? messages + 1 : 1;
    second = now;
    if (messages === MESSAGES_PER_SECOND_MAX) cutOff();
    return messages < MESSAGES_PER_SECOND_MAX;
  };
}

async function answer(window: PageWindow, raw: unknown, log: Logger): Promise<Reply> {
  try {
    const message = ClientMessage.safeParse(raw);
    if (!message.success) {
      const field = message.error.issues[0]?.path.join('.');
      throw new HttpError('badRequest', field ? { field } : {});
    }
    return { ok: true, value: await window.handle(message.data) };
  } catch (thrown) {
    const { error, unexpected } = failureOf(thrown);
    if (unexpected) log.error({ err: thrown }, 'message failed');
    return { ok: false, error };
  }
}

/** Ends the windows whose session has ended; returns the keys of the others. */
async function recheckSockets(io: Io, logins: LoginSessions): Promise<string[]> {
  const living = new Set<string>();
  for (const socket of [...io.sockets.sockets.values()]) {
    const { sessionKey } = socket.data.caller;
    if (living.has(sessionKey) || (await logins.isAlive(sessionKey))) {
      living.add(sessionKey);
      continue;
    }
    socket.emit('message', { type: 'signedOut' });
    socket.disconnect(true);
  }
  return [...living];
}

/** socket.io hands `data` to the page with the `connect_error`. */
function refusal(thrown: unknown): Error & { data: ApiError } {
  const { error } = failureOf(thrown);
  return Object.assign(new Error(error.code), { data: error });
}
