/**
 * The page's one socket. Transitions of `state`:
 *   connecting → connected (first connect) · connected → reconnecting (lost) · reconnecting → connected
 *   any → refused (the server said why: signed out, older page) · refused → connecting (`retry`)
 * Requests made while not connected fail at once with `unreachable`: whoever must not lose anything (input of
 * terminals, files) keeps it and sends it again after `onConnect`.
 */
import {
  type AnswerByType,
  type ApiError,
  type ClientMessage,
  type ClientToServer,
  PROTOCOL,
  type Reply,
  type ServerMessage,
  type ServerMessageType,
  type ServerToClient,
  SOCKET_PATH,
} from '@brokerlab/server/contract';
import { io, type Socket } from 'socket.io-client';
import { createStore, type Store } from '../ui/store.ts';
import { CallError } from './rest.ts';

export interface ConnectionState {
  readonly state: 'connecting' | 'connected' | 'reconnecting' | 'refused';
  readonly error: ApiError | null;
  /** The server said it goes down on purpose. */
  readonly stopping: boolean;
}

type MessageOf<Type extends ServerMessageType> = Extract<ServerMessage, { type: Type }>;
type Listener = (message: ServerMessage) => void;

export interface Connection {
  readonly store: Store<ConnectionState>;
  readonly pageId: string;
  request<Type extends ClientMessage['type']>(
    message: Extract<ClientMessage, { type: Type }>,
  ): Promise<AnswerByType[Type]>;
  /** The path of keystrokes: sends at once, no promise; false when not connected, and then `reply` never comes. */
  send<Type extends ClientMessage['type']>(
    message: Extract<ClientMessage, { type: Type }>,
    reply: (answer: Reply<Type>) => void,
  ): boolean;
  /** Sends without waiting; dropped when not connected. */
  tell(message: ClientMessage): void;
  on<Type extends ServerMessageType>(type: Type, listener: (message: MessageOf<Type>) => void): () => void;
  /** Calls back after every (re)connect, and now when connected. */
  onConnect(listener: () => void): () => void;
  retry(): void;
  close(): void;
}

const replyTimeoutMs = 20_000;

export function openConnection(): Connection {
  const pageId = crypto
    .getRandomValues(new Uint8Array(12))
    .reduce((id, byte) => id + byte.toString(36).padStart(2, '0'), '');
  const store = createStore<ConnectionState>({ state: 'connecting', error: null, stopping: false });
  const listeners = new Map<ServerMessageType, Set<Listener>>();
  const connectListeners = new Set<() => void>();
  const socket: Socket<ServerToClient, ClientToServer> = io({
    path: SOCKET_PATH,
    auth: { protocol: PROTOCOL, pageId },
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 200,
    reconnectionDelayMax: 3_000,
    timeout: 8_000,
  });
  watch(socket, { store, connectListeners });
  socket.on('message', (message) => {
    if (message.type === 'stopping') store.set({ stopping: true });
    for (const listener of listeners.get(message.type) ?? []) listener(message);
  });
  return {
    store,
    pageId,
    request: (message) => request(socket, message),
    send: (message, reply) => {
      if (!socket.connected) return false;
      socket.emit('message', message, reply as (answer: Reply) => void); // typed by the message's type
      return true;
    },
    tell: (message) => {
      if (socket.connected) socket.emit('message', message, ignoreReply);
    },
    on: (type, listener) => {
      const set = listeners.get(type) ?? new Set<Listener>();
      listeners.set(type, set);
      const general = listener as Listener; // the map's key guarantees the type
      set.add(general);
      return () => set.delete(general);
    },
    onConnect: (listener) => {
      connectListeners.add(listener);
      if (socket.connected) listener();
      return () => connectListeners.delete(listener);
    },
    retry: () => {
      store.set({ state: 'connecting', error: null });
      socket.connect();
    },
    close: () => socket.disconnect(),
  };
}

function ignoreReply(): void {}

function watch(
  socket: Socket<ServerToClient, ClientToServer>,
  to: { store: Store<ConnectionState>; connectListeners: Set<() => void> },
): void {
  socket.on('connect', () => {
    to.store.set({ state: 'connected', error: null, stopping: false });
    for (const listener of to.connectListeners) listener();
  });
  socket.on('disconnect', (reason) => {
    if (reason === 'io client disconnect') return;
    to.store.set({ state: 'reconnecting' });
    // The server closed this socket on purpose; socket.io leaves coming back to us.
    if (reason === 'io server disconnect') setTimeout(() => socket.connect(), 500);
  });
  socket.on('connect_error', (error) => {
    const data = (error as Error & { data?: ApiError }).data;
    if (data?.code) to.store.set({ state: 'refused', error: data });
    else to.store.set((now) => ({ state: now.state === 'connecting' ? 'connecting' : 'reconnecting' }));
  });
  // Coming back from sleep or another network: don't wait for the back-off.
  addEventListener('online', () => {
    if (!socket.connected && to.store.get().state !== 'refused') socket.connect();
  });
}

function request<Type extends ClientMessage['type']>(
  socket: Socket<ServerToClient, ClientToServer>,
  message: Extract<ClientMessage, { type: Type }>,
): Promise<AnswerByType[Type]> {
  return new Promise((resolve, reject) => {
    if (!socket.connected) return reject(notConnected());
    const lost = (): void => settle(() => reject(notConnected()));
    const timer = setTimeout(lost, replyTimeoutMs);
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      socket.off('disconnect', lost);
      act();
    };
    socket.once('disconnect', lost);
    socket.emit('message', message, (reply) =>
      settle(() => {
        // the reply's type follows the message's by the contract
        if (reply.ok) resolve(reply.value as AnswerByType[Type]);
        else reject(new CallError(reply.error.code, reply.error.message, reply.error));
      }),
    );
  });
}

function notConnected(): CallError {
  return new CallError('unreachable', { ko: '연결이 끊겼어요.', en: 'Not connected.' }, null);
}
