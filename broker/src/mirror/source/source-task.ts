/**
 * Mirrors a share of a flow's partitions: reads batches, writes them, and then, in this order, the offsets they had.
 * With exactly-once delivery (KIP-618) records and offsets are written in one transaction.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { TargetBatch } from '../batches/target-batch.ts';
import { type FlowContext, remoteTopic } from '../flow/context.ts';
import { RecordWriter } from '../flow/record-writer.ts';
import { Repeating } from '../flow/repeating.ts';
import type { OffsetSync } from '../offsets/sync-history.ts';
import { SyncSchedule } from '../offsets/sync-schedule.ts';
import { BatchWriter } from '../target/batch-writer.ts';
import { type FencedError, Identity } from '../target/identity.ts';
import type { Place } from '../target/lane.ts';
import { sourceOffsetRecord } from './source-offsets.ts';
import { type Position, SourceReader } from './source-reader.ts';
import type { SyncOutlet } from './sync-outlet.ts';

export interface TaskParts {
  readonly context: FlowContext;
  /** Taken before the source offsets were read; `null`: without transactions. */
  readonly identity: Identity | null;
  readonly offsetPartitions: number;
  /** Writes offset syncs; `null`: they are switched off. */
  readonly syncs: SyncOutlet | null;
  readonly onMissingTopic: () => void;
  /** Another MirrorMaker took over. */
  readonly onFenced: (error: FencedError) => void;
}

export interface Assigned {
  readonly place: Place;
  /** Of the last record mirrored; `null`: none was. */
  readonly last: number | null;
}

/** What is known of one partition's progress. */
export interface Progress {
  readonly place: Place;
  /** Of the last record that is on the target for good; `null`: none yet. */
  readonly mirrored: number | null;
  readonly position: number | null;
  readonly endOffset: number;
  /** Replication latency of what was mirrored last, in milliseconds; `null`: not known. */
  readonly latencyMs: number | null;
  readonly problem: string | null;
}

interface Mirrored {
  readonly place: Place;
  readonly schedule: SyncSchedule;
  /** Source offset of the last record handed to the writer, and of the last one acknowledged. */
  pushed: number | null;
  acked: number | null;
  /** What the offsets topic says. */
  stored: number | null;
}

const heldBytesMax = 24 * 1024 * 1024;
const laneBytesMax = 6 * 1024 * 1024;
const transactionMs = 100;
const stopTimeoutMs = 5_000;

export class SourceTask {
  readonly #parts: TaskParts;
  readonly #reader: SourceReader;
  readonly #writer: BatchWriter;
  readonly #records: RecordWriter;
  readonly #partitions = new Map<string, Mirrored>();
  readonly #flushing: Repeating;
  readonly #exactlyOnce: boolean;
  /** Waits while a transaction is ended. */
  #parked: { readonly position: Position; readonly batches: readonly TargetBatch[] }[] | null = null;
  #waiting: (() => void)[] = [];
  /** Nothing is waited for any more. */
  #ended = false;

  constructor(parts: TaskParts) {
    this.#parts = parts;
    const { context } = parts;
    const { consumer, producer, storage } = context.settings;
    this.#exactlyOnce = storage.exactlyOnce;
    const { network } = context.target;
    const options = { transactionTimeoutMs: producer.transactionTimeoutMs, now: context.now };
    const idempotent = () => new Identity(network, { ...options, transactionalId: null });
    this.#writer = new BatchWriter({
      network,
      producer,
      identity: parts.identity ?? (producer.idempotence ? idempotent() : null),
      requestTimeoutMs: network.limits.requestTimeoutMs,
      now: context.now,
      onWarning: (text) => context.log('WARN', text),
      onMissingTopic: parts.onMissingTopic,
    });
    this.#records = new RecordWriter(this.#writer, context.now);
    this.#reader = new SourceReader({
      network: context.source.network,
      consumer,
      producer,
      requestTimeoutMs: context.source.network.limits.requestTimeoutMs,
      now: context.now,
      hasRoom: (place) => this.#hasRoom(place),
      onBatches: (position, batches) => this.#take(position, batches),
      onWarning: (text) => context.log('WARN', text),
    });
    this.#writer.onProgress = () => this.#progress();
    this.#flushing = new Repeating(() => this.#flush(), {
      everyMs: storage.exactlyOnce ? transactionMs : storage.flushIntervalMs,
      atOnce: false,
      onError: (error) => context.log('WARN', `source offsets are not committed yet: ${textOf(error)}`),
    });
  }

  assign(partitions: readonly Assigned[]): void {
    const { lagMax } = this.#parts.context.settings.offsetSyncs;
    for (const { place, last } of partitions) {
      const key = keyOf(place);
      if (this.#partitions.has(key)) continue;
      const schedule = new SyncSchedule(lagMax);
      this.#partitions.set(key, { place, schedule, pushed: last, acked: last, stored: last });
    }
    this.#reader.assign(
      partitions.map(({ place, last }) => ({ place, offset: last === null ? null : last + 1 })),
    );
  }

  has(place: Place): boolean {
    return this.#reader.has(place);
  }

  get progress(): Progress[] {
    const found: Progress[] = [];
    for (const position of this.#reader.positions) {
      const { place, endOffset, offset } = position;
      const mirrored = this.#partitions.get(keyOf(place))?.acked ?? null;
      const remote = this.#remote(place);
      const problem = this.#writer.problemOf(remote) ?? position.problem;
      const latencyMs = this.#parts.context.metrics.latencyMs(remote);
      found.push({ place, mirrored, position: offset, endOffset, latencyMs, problem });
    }
    return found;
  }

  /** Reads no more, waits for what is under way, and commits; a target that is away is not waited for long. */
  async close(): Promise<void> {
    await this.#reader.close();
    const { now } = this.#parts.context;
    const deadline = now() + stopTimeoutMs;
    const inTime = (work: Promise<void>) =>
      Promise.race([work.catch(() => {}), delay(Math.max(0, deadline - now()), undefined, { ref: false })]);
    await this.#settled(deadline);
    await inTime(this.#flushing.close());
    await inTime(this.#flush());
    await this.#settled(deadline);
    this.#ended = true;
    this.#writer.close();
    for (const resume of this.#waiting.splice(0)) resume();
  }

  #hasRoom(place: Place): boolean {
    if (this.#parked !== null || this.#writer.fenced !== null) return false;
    if (this.#writer.heldBytes >= heldBytesMax) return false;
    return this.#writer.heldBytesOf(this.#remote(place)) < laneBytesMax;
  }

  #take(position: Position, batches: readonly TargetBatch[]): void {
    if (this.#parked !== null) {
      this.#parked.push({ position, batches });
      return;
    }
    const { context } = this.#parts;
    const { place } = position;
    const mirrored = this.#partitions.get(keyOf(place));
    if (mirrored === undefined) return;
    const remote = this.#remote(place);
    const now = context.now();
    for (const batch of batches) {
      context.metrics.read(remote, batch, now);
      const last = batch.stretches.at(-1)!;
      mirrored.pushed = last.offset + last.count - 1;
      this.#writer.push(remote, {
        batch,
        onAcked: (part, baseOffset) => this.#acked(mirrored, part, baseOffset),
      });
    }
  }

  #acked(mirrored: Mirrored, batch: TargetBatch, baseOffset: number): void {
    const { context, syncs } = this.#parts;
    context.metrics.mirrored(this.#remote(mirrored.place), batch, context.now());
    const due: OffsetSync[] = [];
    let downstream = baseOffset;
    for (const { offset, count } of batch.stretches) {
      if (baseOffset >= 0) due.push(...mirrored.schedule.advance({ upstream: offset, downstream, count }));
      downstream += count;
      mirrored.acked = offset + count - 1;
    }
    syncs?.write(mirrored.place, due);
  }

  #progress(): void {
    const { fenced } = this.#writer;
    if (fenced !== null) this.#parts.onFenced(fenced);
    for (const resume of this.#waiting.splice(0)) resume();
    this.#reader.wake();
  }

  async #flush(): Promise<void> {
    if (this.#exactlyOnce) await this.#endTransaction();
    else await this.#storeOffsets((mirrored) => mirrored.acked);
    for (const mirrored of this.#partitions.values()) {
      const sync = mirrored.acked === mirrored.stored ? mirrored.schedule.takeDelayed() : null;
      if (sync !== null) this.#parts.syncs?.write(mirrored.place, [sync]);
    }
  }

  /** Resolves when the offsets are on the target; with a transaction, when they were handed to it. */
  #storeOffsets(offsetOf: (mirrored: Mirrored) => number | null): Promise<void> {
    const { context, offsetPartitions } = this.#parts;
    const { source, storage } = context.settings;
    const changed = [...this.#partitions.values()].flatMap((mirrored) => {
      const offset = offsetOf(mirrored);
      return offset === null || offset === mirrored.stored ? [] : [{ mirrored, offset }];
    });
    const byPartition = new Map<number, { key: Buffer; value: Buffer }[]>();
    for (const { mirrored, offset } of changed) {
      const record = sourceOffsetRecord({ ...mirrored.place, cluster: source }, offset, offsetPartitions);
      byPartition.set(record.partition, [...(byPartition.get(record.partition) ?? []), record]);
    }
    const written = [...byPartition].map(
      ([partition, records]) =>
        new Promise<void>((resolve) => {
          this.#records.write({ topic: storage.offsets.name, partition }, records, resolve);
        }),
    );
    const all = Promise.all(written).then(() => {
      for (const { mirrored, offset } of changed) mirrored.stored = offset;
    });
    return this.#exactlyOnce ? Promise.resolve() : all;
  }

  async #endTransaction(): Promise<void> {
    const open = [...this.#partitions.values()].some(({ pushed, stored }) => pushed !== stored);
    if (!open || this.#writer.fenced !== null) return;
    this.#parked = [];
    try {
      await this.#settled(Number.POSITIVE_INFINITY);
      await this.#storeOffsets((mirrored) => mirrored.pushed);
      await this.#commit();
    } finally {
      const parked = this.#parked;
      this.#parked = null;
      for (const { position, batches } of parked) this.#take(position, batches);
      this.#reader.wake();
    }
  }

  /** Until it is known to be committed: a transaction that was lost is written again and committed then. */
  async #commit(): Promise<void> {
    while (this.#writer.fenced === null && !this.#ended) {
      await this.#settled(Number.POSITIVE_INFINITY);
      const done = await this.#writer.commit().catch(() => false);
      if (done) return;
      await delay(transactionMs);
    }
  }

  /** Resolves when nothing is under way to the target any more. */
  async #settled(deadline: number): Promise<void> {
    while (!this.#writer.idle && this.#writer.fenced === null && !this.#ended) {
      const leftMs = deadline - this.#parts.context.now();
      if (leftMs <= 0) return;
      const progress = new Promise<void>((resolve) => this.#waiting.push(resolve));
      await Promise.race([progress, delay(Math.min(leftMs, 1_000))]);
    }
  }

  #remote({ topic, partition }: Place): Place {
    return { topic: remoteTopic(this.#parts.context, topic), partition };
  }
}

function keyOf({ topic, partition }: Place): string {
  return `${topic}-${partition}`;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
