/** One listener of a node: a TCP port or a Unix socket, and the connections it accepted. */
import { unlinkSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { Timers } from '../../handlers/services.ts';
import { Connection, type ConnectionOptions } from './connection.ts';

export interface ListenerOptions {
  readonly name: string;
  readonly address: { readonly host: string; readonly port: number } | { readonly path: string };
  readonly frameBytesMax: number;
  readonly connectionsMax: number;
  readonly idleMsMax: number;
  readonly serve: ConnectionOptions['serve'];
  /** A connection ended; `cause` is set when something was wrong with it. */
  readonly onConnectionClosed: (connection: Connection, cause: Error | null) => void;
  readonly timers: Timers;
  readonly now: () => number;
  readonly nextConnectionId: () => number;
}

export class Listener {
  readonly #options: ListenerOptions;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  #frozen = false;
  #sweeping = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#server = createServer({ pauseOnConnect: false }, (socket) => this.#accept(socket));
  }

  get name(): string {
    return this.#options.name;
  }

  /** Resolves with the port (0 for a Unix socket) once clients can connect. */
  listen(): Promise<number> {
    const { address } = this.#options;
    if ('path' in address) removeStaleSocket(address.path);
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(address, () => {
        this.#server.off('error', reject);
        this.#server.on('error', () => undefined);
        const bound = this.#server.address();
        resolve(typeof bound === 'object' && bound !== null ? bound.port : 0);
      });
    });
  }

  async close(): Promise<void> {
    for (const connection of [...this.#connections]) connection.close(null);
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  freeze(): void {
    this.#frozen = true;
    for (const connection of this.#connections) connection.freeze();
  }

  thaw(): void {
    this.#frozen = false;
    for (const connection of this.#connections) connection.thaw();
  }

  #accept(socket: Socket): void {
    const { nextConnectionId, connectionsMax } = this.#options;
    if (this.#connections.size >= connectionsMax) {
      socket.destroy();
      return;
    }
    const connection = new Connection({
      id: nextConnectionId(),
      socket,
      frameBytesMax: this.#options.frameBytesMax,
      serve: this.#options.serve,
      now: this.#options.now,
      onClosed: (closed, cause) => {
        this.#connections.delete(closed);
        this.#options.onConnectionClosed(closed, cause);
      },
    });
    this.#connections.add(connection);
    if (this.#frozen) connection.freeze();
    this.#sweepLater();
  }

  /** One timer per listener, only while there are connections, closes those idle for too long. */
  #sweepLater(): void {
    if (this.#sweeping || this.#connections.size === 0) return;
    this.#sweeping = true;
    const { timers, now, idleMsMax } = this.#options;
    const oldest = Math.min(...[...this.#connections].map((connection) => connection.lastActiveMs));
    timers.after(Math.max(oldest + idleMsMax - now(), 1000), () => {
      this.#sweeping = false;
      for (const connection of [...this.#connections]) {
        if (connection.idle && now() - connection.lastActiveMs >= idleMsMax) connection.close(null);
      }
      this.#sweepLater();
    });
  }
}

/** A socket file left by a killed process refuses the next one. */
function removeStaleSocket(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // There was none.
  }
}
