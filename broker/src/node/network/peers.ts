/** All connections from this node to others, one per (node, listener, purpose), opened when first needed. */
import type { Timers } from '../../handlers/services.ts';
import type { Links } from './links.ts';
import { Peer } from './peer.ts';

export interface PeerAddress {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

export class Peers {
  readonly #byKey = new Map<string, Peer>();
  readonly #options: {
    readonly timers: Timers;
    readonly links: Links;
    readonly connectTimeoutMs: number;
    readonly now: () => number;
  };
  #frozen = false;
  #closed = false;

  constructor(options: {
    readonly timers: Timers;
    readonly links: Links;
    readonly connectTimeoutMs: number;
    readonly now: () => number;
  }) {
    this.#options = options;
  }

  /** The same purpose to the same address is the same connection. */
  get(address: PeerAddress, purpose: string): Peer {
    const key = `${address.id}@${address.host}:${address.port}/${purpose}`;
    let peer = this.#byKey.get(key);
    if (peer === undefined) {
      const { id, host, port } = address;
      peer = new Peer({ ...this.#options, nodeId: id, host, port });
      if (this.#frozen) peer.freeze();
      if (this.#closed) peer.close();
      this.#byKey.set(key, peer);
    }
    return peer;
  }

  /** Closes a connection that nobody will use again. */
  drop(peer: Peer): void {
    for (const [key, candidate] of this.#byKey) if (candidate === peer) this.#byKey.delete(key);
    peer.close();
  }

  freeze(): void {
    this.#frozen = true;
    for (const peer of this.#byKey.values()) peer.freeze();
  }

  thaw(): void {
    this.#frozen = false;
    for (const peer of this.#byKey.values()) peer.thaw();
  }

  close(): void {
    this.#closed = true;
    for (const peer of this.#byKey.values()) peer.close();
    this.#byKey.clear();
  }
}
