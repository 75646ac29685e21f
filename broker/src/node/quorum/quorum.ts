/**
 * Hosts the Raft core: brings it requests, responses and time, and carries out what it says, in its order: disk first,
 * then the network, then the listeners. One timer, set to the core's next deadline.
 */

import type { MetadataImage } from '../../controller/image.ts';
import { imageToRecords } from '../../controller/snapshot.ts';
import type { Timer, Timers } from '../../handlers/services.ts';
import { encodeMetadataRecord } from '../../messages/metadata/records.ts';
import { encodeSnapshot } from '../../raft/batches.ts';
import { ZERO_UUID } from '../../raft/core.ts';
import { createRaft } from '../../raft/raft.ts';
import { toWireResponse, type WireResponse } from '../../raft/rpc.ts';
import type {
  Leadership,
  OutgoingReply,
  OutgoingRequest,
  Proposal,
  QuorumDescription,
  Raft,
  RaftConfig,
  RaftRequest,
  Ready,
  Voter,
} from '../../raft/types.ts';
import { DiskError } from '../../storage/disk.ts';
import type { CommittedBatch, LoadedSnapshot, MetadataLog } from './metadata-log.ts';
import type { RaftTransport } from './raft-transport.ts';

export interface SnapshotPolicy {
  /** Bytes of log since the last one. */
  readonly bytes: number;
  /** Since the last one, if there is anything new. */
  readonly intervalMs: number;
}

export interface QuorumOptions {
  readonly nodeId: number;
  readonly clusterId: string;
  readonly directoryId: string;
  readonly voters: readonly Voter[];
  readonly config: RaftConfig;
  readonly log: MetadataLog;
  readonly transport: RaftTransport;
  readonly timers: Timers;
  readonly nowMs: () => number;
  readonly random: () => number;
  /** Metadata begins with a snapshot: at the start, or when this node was too far behind. */
  readonly onSnapshot: (snapshot: LoadedSnapshot) => void;
  /** The metadata as it is, to be made a snapshot of. */
  readonly image: () => MetadataImage;
  readonly snapshotEvery: SnapshotPolicy;
  readonly onCommitted: (batch: CommittedBatch) => void;
  /** After a run of `onCommitted`. */
  readonly onCaughtUp: (endOffset: number) => void;
  readonly onLeadership: (leadership: Leadership) => void;
  readonly warn: (message: string) => void;
  /** The log is not what Raft takes it for, or there is a bug: this node can take no further part. */
  readonly onFailed: (error: unknown) => void;
}

/** Another node's request that Raft has not answered yet. */
interface Held {
  readonly resolve: (response: WireResponse | null) => void;
}

export class Quorum {
  readonly #options: QuorumOptions;
  readonly #raft: Raft;
  readonly #held = new Map<number, Held>();
  #nextHeldId = 1;
  #appliedTo = 0;
  #bytesSinceSnapshot = 0;
  #lastSnapshotMs: number;
  #timer: { readonly atMs: number; readonly timer: Timer } | null = null;
  #draining = false;
  /** What the disk refused to store. Nothing is sent or applied before it is stored; every input tries again. */
  #refused: Ready | null = null;
  /** The medium takes its time, the node goes on: until then nothing is stored, sent or applied. */
  #flushing = false;
  #stopped = false;

  constructor(options: QuorumOptions) {
    this.#options = options;
    const { nodeId, directoryId, voters, config, log, random, nowMs } = options;
    this.#raft = createRaft({
      nodeId,
      directoryId,
      voters,
      config,
      quorumState: log.quorumState,
      log: log.state,
      random,
      nowMs: nowMs(),
    });
    this.#lastSnapshotMs = nowMs();
  }

  start(): void {
    this.#loadSnapshot();
    this.#raft.tick(this.#options.nowMs());
    this.#drain();
  }

  get leaderId(): number {
    return this.#raft.leader.leaderId;
  }

  get leaderEpoch(): number {
    return this.#raft.leader.leaderEpoch;
  }

  get isLeader(): boolean {
    return this.#raft.role === 'leader';
  }

  get highWatermark(): number {
    return this.#raft.highWatermark;
  }

  get endOffset(): number {
    return this.#raft.logEnd.offset;
  }

  describe(): QuorumDescription | null {
    return this.#raft.describeQuorum(this.#options.nowMs());
  }

  /**
   * Another node's request; null when it is given up (its connection closed, this node stops). What `onClose` returns is
   * called when it is answered: the connection stays, and would keep every answer that it ever gave.
   */
  handle(request: RaftRequest, onClose: (callback: () => void) => () => void): Promise<WireResponse | null> {
    const requestId = this.#nextHeldId++;
    return new Promise((answer) => {
      let leave: () => void = () => undefined;
      const resolve = (response: WireResponse | null): void => {
        leave();
        answer(response);
      };
      this.#held.set(requestId, { resolve });
      leave = onClose(() => {
        if (!this.#held.delete(requestId)) return;
        resolve(null);
        this.#input(() => this.#raft.step({ kind: 'requestGone', requestId }, this.#options.nowMs()));
      });
      this.#input(() => this.#raft.step({ kind: 'request', requestId, request }, this.#options.nowMs()));
    });
  }

  /** The offset at which these values will be committed, or null when this node does not lead `epoch`. */
  propose(proposal: Proposal): number | null {
    const endOffset = this.#raft.propose(proposal, this.#options.nowMs());
    this.#drain();
    return endOffset;
  }

  /** Hands leadership over, if this node has it. */
  resign(): void {
    this.#input(() => this.#raft.shutdown(this.#options.nowMs()));
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.timer.cancel();
    for (const { resolve } of this.#held.values()) resolve(null);
    this.#held.clear();
  }

  #input(act: () => void): void {
    if (this.#stopped) return;
    try {
      act();
    } catch (error) {
      this.#fail(error);
    }
    this.#drain();
  }

  #drain(): void {
    if (this.#draining || this.#flushing || this.#stopped) return;
    this.#draining = true;
    try {
      for (let ready = this.#nextReady(); ready !== null; ready = this.#nextReady()) {
        if (!this.#persist(ready)) break;
        if (this.#maybeFlush(ready)) break;
        this.#carryOut(ready);
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#draining = false;
    }
    if (!this.#stopped) this.#arm();
  }

  #fail(error: unknown): void {
    if (this.#stopped) return;
    this.stop();
    this.#options.onFailed(error);
  }

  #nextReady(): Ready | null {
    return this.#refused ?? this.#raft.ready();
  }

  /** False when the disk refuses, as a full one does: the quorum goes on without this node until there is room. */
  #persist(ready: Ready): boolean {
    const { log, warn } = this.#options;
    try {
      this.#store(ready);
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.#refuse(ready, error);
      return false;
    }
    if (this.#refused !== null) warn(`metadata is stored again, up to offset ${log.state.endOffset}`);
    this.#refused = null;
    return true;
  }

  /** True: `ready` is carried out, and what came meanwhile drained, once its entries are on the medium. */
  #maybeFlush(ready: Ready): boolean {
    const flushed = ready.append.length === 0 ? null : this.#options.log.flush();
    if (flushed === null) return false;
    this.#flushing = true;
    flushed.then(
      () => this.#flushed(ready, null),
      (error: unknown) => this.#flushed(ready, error),
    );
    return true;
  }

  #flushed(ready: Ready, error: unknown): void {
    this.#flushing = false;
    if (this.#stopped) return;
    if (error instanceof DiskError) {
      this.#refuse(ready, error);
      return;
    }
    this.#input(() => {
      if (error !== null) throw error;
      this.#carryOut(ready);
    });
  }

  #refuse(ready: Ready, error: DiskError): void {
    if (this.#refused === null) {
      this.#options.warn(`metadata cannot be stored, this node takes no part until it can: ${error.message}`);
    }
    this.#refused = ready;
  }

  #store(ready: Ready): void {
    const { log } = this.#options;
    if (ready.truncateTo !== null) log.truncateTo(ready.truncateTo);
    log.writeSnapshotParts(ready.snapshotParts);
    if (ready.restoreSnapshot !== null) log.restore(ready.restoreSnapshot);
    log.append(ready.append);
    if (ready.logStartOffset !== null) log.dropBefore(ready.logStartOffset);
    if (ready.quorumState !== null) log.saveQuorumState(ready.quorumState);
  }

  #carryOut(ready: Ready): void {
    for (const request of ready.requests) this.#send(request);
    for (const reply of ready.replies) this.#reply(reply);
    if (ready.restoreSnapshot !== null) this.#loadSnapshot();
    if (ready.committedTo !== null) this.#apply(ready.committedTo);
    if (ready.leadership !== null) this.#options.onLeadership(ready.leadership);
  }

  #send(outgoing: OutgoingRequest): void {
    const { requestId } = outgoing;
    this.#options.transport.send(outgoing).then(
      (response) => {
        const input =
          response === null
            ? ({ kind: 'requestFailed', requestId } as const)
            : ({ kind: 'response', requestId, response } as const);
        this.#input(() => this.#raft.step(input, this.#options.nowMs()));
      },
      () => this.#input(() => this.#raft.step({ kind: 'requestFailed', requestId }, this.#options.nowMs())),
    );
  }

  #reply({ requestId, response, fetchRead, snapshotRead }: OutgoingReply): void {
    const held = this.#held.get(requestId);
    if (held === undefined) return;
    this.#held.delete(requestId);
    const { log, clusterId, voters } = this.#options;
    const records =
      fetchRead === null ? null : log.readRange(fetchRead.fromOffset, fetchRead.toOffset, fetchRead.maxBytes);
    const filled = log.withSnapshotBytes(response, snapshotRead);
    held.resolve(toWireResponse(filled, { clusterId, voters }, records));
  }

  #apply(committedTo: number): void {
    const { log, onCommitted, onCaughtUp } = this.#options;
    for (const batch of log.committed(this.#appliedTo, committedTo)) {
      this.#appliedTo = batch.endOffset;
      this.#bytesSinceSnapshot += batch.sizeBytes;
      onCommitted(batch);
    }
    onCaughtUp(this.#appliedTo);
    this.#maybeSnapshot();
  }

  #loadSnapshot(): void {
    const snapshot = this.#options.log.snapshot;
    if (snapshot === null) return;
    this.#appliedTo = snapshot.id.offset;
    this.#options.onSnapshot(snapshot);
  }

  /** Keeps the log, and the time a start takes, within bounds (KIP-630). */
  #maybeSnapshot(): void {
    const { snapshotEvery, nowMs, image, log } = this.#options;
    const isDue =
      this.#bytesSinceSnapshot >= snapshotEvery.bytes ||
      (this.#bytesSinceSnapshot > 0 && nowMs() - this.#lastSnapshotMs >= snapshotEvery.intervalMs);
    if (!isDue) return;
    this.#bytesSinceSnapshot = 0;
    this.#lastSnapshotMs = nowMs();
    const { endOffset: offset, epoch, timestampMs } = image();
    const id = { offset, epoch };
    const values = imageToRecords(image()).map(encodeMetadataRecord);
    try {
      log.saveSnapshot(
        id,
        encodeSnapshot(values, { lastContainedLogTimestampMs: timestampMs, id, voters: this.#votersInLog }),
      );
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.#options.warn(`no snapshot of the metadata was taken: ${error.message}`);
      return;
    }
    this.#raft.snapshotTaken(id);
  }

  /** From kraft.version 1 on, voters have directory ids and stand in the log. */
  get #votersInLog(): readonly Voter[] | undefined {
    const { voters } = this.#options;
    return voters.every(({ directoryId }) => directoryId !== ZERO_UUID) ? voters : undefined;
  }

  #arm(): void {
    const deadlineMs = this.#raft.nextDeadlineMs;
    if (this.#timer !== null && this.#timer.atMs <= deadlineMs) return;
    this.#timer?.timer.cancel();
    this.#timer = null;
    if (!Number.isFinite(deadlineMs)) return;
    const { timers, nowMs } = this.#options;
    const timer = timers.after(Math.max(Math.ceil(deadlineMs - nowMs()), 1), () => {
      this.#timer = null;
      this.#input(() => this.#raft.tick(nowMs()));
    });
    this.#timer = { atMs: deadlineMs, timer };
  }
}
