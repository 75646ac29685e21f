/**
 * The cell's half of the wire inspector: a ring of the last exchanges of one of its clusters, kept only while somebody looks,
 * of bounded size, with no more work a second than a person could read. Frames are decoded when one of them is opened.
 */
import { connect } from 'node:net';
import { join } from 'node:path';
import { connectCluster } from '@brokerlab/broker/client';
import type { InspectedField, TappedRequest, WireListener } from '@brokerlab/broker/node';
import type { WireEntry, WireExchange, WireFilter, WireFrame, WireUpdate } from '../contract/main.ts';
import { CellError } from '../sandbox/sandbox.ts';
import { TopicIds, topicsIn } from './wire-topics.ts';

/** Of each frame; the rest is counted only. */
const FRAME_BYTES_MAX = 16 * 1024;
const EXCHANGES_MAX = 1_000;
const RING_BYTES_MAX = 4 * 1024 * 1024;
const PUSH_EVERY_MS = 100;
/** Exchanges looked into in one second. */
const PER_SECOND_MAX = 200;
const BROKERS = /^(broker|raft-client)-\d+/;

/** Metadata, CreateTopics. */
const TELLS_IDS: ReadonlySet<number> = new Set([3, 19]);
type Served = Parameters<ReturnType<WireListener>>[0];

type Inspect = Pick<
  typeof import('@brokerlab/broker/node'),
  'apiNameOf' | 'inspectRequest' | 'inspectResponse'
>;

export interface WatchedCluster {
  readonly socketDir: string;
  watchWire(listener: WireListener | null): void;
}

interface Kept {
  entry: WireEntry;
  readonly request: Buffer;
  response: Buffer | null;
}

export class Wire {
  readonly #push: (update: WireUpdate) => void;
  readonly #ring = new Map<number, Kept>();
  #bytes = 0;
  #nextId = 1;
  #told = new Set<number>();
  #skipped = 0;
  #second = 0;
  #inSecond = 0;
  #timer: NodeJS.Timeout | undefined;
  #watched: { cluster: WatchedCluster; topics: TopicIds } | null = null;
  #inspect: Inspect | undefined;

  constructor(push: (update: WireUpdate) => void) {
    this.#push = push;
  }

  /** Of another cluster than before it begins anew; else what was kept stays. */
  async watch(cluster: WatchedCluster, filter: WireFilter): Promise<void> {
    const listener: WireListener = (request) => this.#take(request, filter);
    if (this.#watched?.cluster === cluster) {
      cluster.watchWire(listener);
      return;
    }
    await this.unwatch();
    const { apiNameOf, inspectRequest, inspectResponse } = await import('@brokerlab/broker/node');
    this.#inspect = { apiNameOf, inspectRequest, inspectResponse };
    const { socketDir } = cluster;
    const client = connectCluster({
      clientId: 'brokerlab-wire',
      requestTimeoutMs: 2_000,
      apiTimeoutMs: 2_000,
      dial: (target) => connect(join(socketDir, `b${target === 'bootstrap' ? 1 : target}.sock`)),
    });
    this.#watched = { cluster, topics: new TopicIds(client) };
    cluster.watchWire(listener);
  }

  async unwatch(): Promise<void> {
    const watched = this.#watched;
    this.#watched = null;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#ring.clear();
    this.#told.clear();
    this.#bytes = 0;
    this.#skipped = 0;
    watched?.cluster.watchWire(null);
    await watched?.topics.close();
  }

  read(id: number): WireExchange {
    const kept = this.#ring.get(id);
    if (kept === undefined || this.#inspect === undefined) {
      throw new CellError('notFound', `the exchange ${id} is not kept any more`);
    }
    const { entry, request, response } = kept;
    const { inspectRequest, inspectResponse } = this.#inspect;
    return {
      entry,
      request: frameOf(entry.requestBytes, request, inspectRequest(request)),
      response:
        response &&
        frameOf(entry.responseBytes ?? response.length, response, inspectResponse(response, entry)),
    };
  }

  #take(tapped: TappedRequest, filter: WireFilter): ReturnType<WireListener> {
    const header = headerOf(tapped.frame);
    const ignore = (response: Served): void => this.#learn(header, response);
    if (header === null || !passes(header, tapped, filter)) return ignore;
    if (!this.#mayLook()) {
      this.#skipped += 1;
      this.#pushSoon();
      return ignore;
    }
    const startedAt = performance.now();
    const request = Buffer.from(tapped.frame.subarray(0, FRAME_BYTES_MAX));
    const topics = this.#topicsOf(request);
    const entry: WireEntry = {
      ...header,
      id: this.#nextId++,
      at: Date.now(),
      broker: tapped.nodeId,
      connection: tapped.connectionId,
      clientHost: tapped.clientHost.replace(/^\//, ''),
      api: this.#inspect?.apiNameOf(header.apiKey) ?? '',
      origin: originOf(header, tapped),
      topics,
      requestBytes: tapped.frame.length,
      responseBytes: null,
      tookMs: null,
    };
    if (filter.topic !== '' && !topics.some((topic) => topic.includes(filter.topic))) return ignore;
    const kept: Kept = { entry, request, response: null };
    this.#keep(kept);
    return (response) => {
      this.#learn(header, response);
      if (response === null || this.#ring.get(entry.id) !== kept) return;
      const whole = response.reduce((sum, chunk) => sum + chunk.length, 0) - 4;
      kept.response = firstBytes(response);
      this.#bytes += kept.response.length;
      const tookMs = Math.round((performance.now() - startedAt) * 100) / 100;
      kept.entry = { ...entry, responseBytes: whole, tookMs };
      this.#tell(entry.id);
    };
  }

  /** Answers that tell topics' names and ids pass here before anybody uses the ids. */
  #learn(header: Header | null, response: Served): void {
    if (header === null || response === null || !TELLS_IDS.has(header.apiKey)) return;
    this.#watched?.topics.learn(this.#inspect?.inspectResponse(firstBytes(response), header) ?? []);
  }

  #topicsOf(request: Buffer): string[] {
    const { names, ids } = topicsIn(this.#inspect?.inspectRequest(request) ?? []);
    return [...new Set([...names, ...(this.#watched?.topics.namesOf(ids) ?? [])])].slice(0, 20);
  }

  #mayLook(): boolean {
    const second = Math.floor(performance.now() / 1_000);
    if (second !== this.#second) this.#inSecond = 0;
    this.#second = second;
    this.#inSecond += 1;
    return this.#inSecond <= PER_SECOND_MAX;
  }

  #keep(kept: Kept): void {
    this.#ring.set(kept.entry.id, kept);
    this.#bytes += kept.request.length;
    for (const [id, oldest] of this.#ring) {
      if (this.#ring.size <= EXCHANGES_MAX && this.#bytes <= RING_BYTES_MAX) break;
      this.#ring.delete(id);
      this.#told.delete(id);
      this.#bytes -= oldest.request.length + (oldest.response?.length ?? 0);
    }
    this.#tell(kept.entry.id);
  }

  #tell(id: number): void {
    this.#told.add(id);
    this.#pushSoon();
  }

  #pushSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const entries = [...this.#told].flatMap((id) => this.#ring.get(id)?.entry ?? []);
      this.#told.clear();
      const skipped = this.#skipped;
      this.#skipped = 0;
      this.#push({ entries, skipped });
    }, PUSH_EVERY_MS);
  }
}

type Header = Pick<WireEntry, 'apiKey' | 'apiVersion' | 'correlationId' | 'clientId'>;

/** Whatever a client sent: it may be anything. */
function headerOf(frame: Buffer): Header | null {
  if (frame.length < 8) return null;
  const length = frame.length >= 10 ? frame.readInt16BE(8) : -1;
  return {
    apiKey: frame.readInt16BE(0),
    apiVersion: frame.readInt16BE(2),
    correlationId: frame.readInt32BE(4),
    clientId: length > 0 ? frame.toString('utf8', 10, Math.min(10 + length, frame.length)) : '',
  };
}

function originOf({ clientId }: Header, { fromOwner, listener }: TappedRequest): WireEntry['origin'] {
  if (fromOwner) return 'own';
  return listener === 'CONTROLLER' || BROKERS.test(clientId) ? 'broker' : 'client';
}

function passes(header: Header, tapped: TappedRequest, filter: WireFilter): boolean {
  const origin = originOf(header, tapped);
  return (
    (filter.own || origin !== 'own') &&
    (filter.brokers || origin !== 'broker') &&
    (filter.apis.length === 0 || filter.apis.includes(header.apiKey)) &&
    header.clientId.includes(filter.clientId)
  );
}

/** Without the four bytes of its length. */
function firstBytes(chunks: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [];
  let bytes = 0;
  for (const chunk of chunks) {
    if (bytes >= FRAME_BYTES_MAX + 4) break;
    parts.push(chunk);
    bytes += chunk.length;
  }
  return Buffer.from(Buffer.concat(parts).subarray(4, FRAME_BYTES_MAX + 4));
}

function frameOf(totalBytes: number, bytes: Buffer, fields: InspectedField[]): WireFrame {
  return { totalBytes, bytes: bytes.toString('base64'), fields };
}
