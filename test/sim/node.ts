/**
 * One node of the simulated cluster: Raft over the simulated disk and network, the image it applies, the controller while
 * it leads, and a broker with replicas. A thin shell, as the real node's, but synchronous and in memory.
 */

import { applyControlBatch, applyRecords } from '../../broker/src/controller/apply.ts';
import { defaultControllerSettings } from '../../broker/src/controller/context.ts';
import {
  ActiveController,
  type ControllerApi,
  type ControllerApis,
} from '../../broker/src/controller/controller.ts';
import { emptyImage, type MetadataImage } from '../../broker/src/controller/image.ts';
import { isIdleBatch, type MetadataRecord } from '../../broker/src/controller/records.ts';
import { imageToRecords } from '../../broker/src/controller/snapshot.ts';
import { decodeMetadataRecord, encodeMetadataRecord } from '../../broker/src/messages/metadata/records.ts';
import { iterateRecords, readBatchHeader } from '../../broker/src/messages/records.ts';
import { encodeSnapshot, readSnapshot } from '../../broker/src/raft/batches.ts';
import { createRaft } from '../../broker/src/raft/raft.ts';
import {
  defaultRaftConfig,
  type LogBatch,
  type Raft,
  type RaftRequest,
  type RaftResponse,
  type Ready,
} from '../../broker/src/raft/types.ts';
import { SimBroker } from './broker.ts';
import { QuorumDisk } from './disk.ts';
import type { Endpoint } from './network.ts';
import { ReplicaStore } from './replica-store.ts';
import { requestThroughWire, responseThroughWire } from './wire.ts';
import type { World } from './world.ts';

export const CLUSTER_ID = 'AAAAAAAAAAAAAAAAAAAAAg';
const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';

type Answer = (response: unknown) => void;

export class SimNode {
  readonly id: number;
  readonly world: World;
  readonly disk: QuorumDisk;
  readonly replicas = new ReplicaStore();
  life = 0;
  isUp = false;
  pausedUntilMs = 0;
  raft!: Raft;
  broker!: SimBroker;
  image: MetadataImage = emptyImage;
  /** Offset up to which the committed log is in `image`. */
  appliedTo = 0;
  controller: ActiveController | null = null;
  #leaderEpoch = -1;
  /** Decided, not yet committed. */
  #waiting: { readonly endOffset: number; readonly answer: () => void }[] = [];
  readonly #raftReplies = new Map<number, Answer>();
  #nextRequestId = 1;
  #timerAtMs = Number.POSITIVE_INFINITY;
  #carrying = false;

  constructor(world: World, id: number) {
    this.world = world;
    this.id = id;
    this.disk = new QuorumDisk(world.voterIds, world.options.bug === 'lyingDisk');
  }

  get #voters() {
    return this.world.voterIds.map((id) => ({ id, directoryId: ZERO_UUID, endpoints: [] }));
  }

  get endpoint(): Endpoint {
    const { life } = this;
    return {
      id: this.id,
      life,
      isUp: () => this.isUp && this.life === life,
      heldUntilMs: () => this.pausedUntilMs,
    };
  }

  start(): void {
    this.life += 1;
    this.isUp = true;
    this.controller = null;
    this.#waiting = [];
    this.#raftReplies.clear();
    this.#timerAtMs = Number.POSITIVE_INFINITY;
    this.#loadSnapshot();
    const { world } = this;
    this.raft = createRaft({
      nodeId: this.id,
      directoryId: ZERO_UUID,
      voters: this.#voters,
      config: { ...defaultRaftConfig, ...world.options.raft },
      quorumState: this.disk.quorumState,
      log: this.disk.logState,
      random: world.random.next,
      nowMs: world.clock.nowMs,
    });
    this.broker = new SimBroker(this);
    this.#carryOut();
    this.broker.start();
  }

  /** As kill -9, or, with `powerCut`, losing what was not flushed. */
  crash(powerCut: boolean): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.broker.stop();
    if (powerCut) this.disk.powerCut(this.world.random);
    this.world.checkers.crashed(this);
  }

  /** Runs `act` later unless this life is over; waits while paused. */
  later(delayMs: number, act: () => void): void {
    const { life } = this;
    const { clock } = this.world;
    const run = (): void => {
      if (!this.isUp || this.life !== life) return;
      if (this.pausedUntilMs > clock.nowMs) clock.at(this.pausedUntilMs, run);
      else act();
    };
    clock.after(delayMs, run);
  }

  /** A request of this node's broker to the active controller, wherever it is. */
  askController<K extends ControllerApi>(
    api: K,
    request: ControllerApis[K][0],
    done: (response: ControllerApis[K][1] | null) => void,
  ): void {
    const { leaderId } = this.raft.leader;
    if (leaderId < 0) {
      this.later(20, () => done(null));
      return;
    }
    this.world.network.request<ControllerApis[K][1] | null>({
      from: this.endpoint,
      toId: leaderId,
      to: () => this.world.endpointOf(leaderId),
      deliver: (endpoint, reply) => this.world.node(endpoint.id).serveController(api, request, reply),
      onReply: done,
      onFail: () => done(null),
    });
  }

  /** Null: not the controller. Otherwise the response, once committed; never, if leadership is lost before. */
  serveController<K extends ControllerApi>(
    api: K,
    request: ControllerApis[K][0],
    answer: (response: ControllerApis[K][1] | null) => void,
  ): void {
    if (this.controller === null) {
      answer(null);
      return;
    }
    const { records, response } = this.controller.decide(api, request, this.world.clock.nowMs);
    const endOffset = this.#propose(records);
    if (endOffset === null) answer(null);
    else if (endOffset <= this.appliedTo || this.world.options.bug === 'ackEarly') answer(response);
    else this.#waiting.push({ endOffset, answer: () => answer(response) });
    this.#arm();
  }

  #propose(records: readonly MetadataRecord[]): number | null {
    if (this.controller === null) return null;
    if (records.length === 0) return this.raft.logEnd.offset;
    const { nowMs } = this.world.clock;
    const values = records.map(encodeMetadataRecord);
    const isIdle = isIdleBatch(records);
    const endOffset = this.raft.propose({ values, epoch: this.#leaderEpoch, isIdle }, nowMs);
    if (endOffset === null) return null;
    this.controller.applied(records, { endOffset, epoch: this.#leaderEpoch, timestampMs: nowMs });
    this.#carryOut();
    return endOffset;
  }

  /** Raft's or the controller's time has come. */
  #tick(): void {
    this.raft.tick(this.world.clock.nowMs);
    this.#carryOut();
    const { controller } = this;
    if (controller !== null && controller.nextDeadlineMs <= this.world.clock.nowMs) {
      this.#propose(controller.tick(this.world.clock.nowMs));
    }
    this.#arm();
  }

  #arm(): void {
    const atMs = Math.min(
      this.raft.nextDeadlineMs,
      this.controller?.nextDeadlineMs ?? Number.POSITIVE_INFINITY,
    );
    if (atMs >= this.#timerAtMs && this.#timerAtMs > this.world.clock.nowMs) return;
    this.#timerAtMs = atMs;
    this.later(Math.max(0, atMs - this.world.clock.nowMs), () => {
      if (this.#timerAtMs !== atMs) return;
      this.#timerAtMs = Number.POSITIVE_INFINITY;
      this.#tick();
    });
  }

  #carryOut(): void {
    if (this.#carrying) return;
    this.#carrying = true;
    for (let ready = this.raft.ready(); ready !== null && this.isUp; ready = this.raft.ready()) {
      const { random } = this.world;
      const cut = random.chance(this.world.powerCutProbability) ? random.between(0, 2) : null;
      if (!this.disk.persist(ready, cut)) {
        this.#carrying = false;
        this.world.powerCut(this);
        return;
      }
      this.world.checkers.persisted(this, ready);
      this.#send(ready);
      if (ready.restoreSnapshot !== null) this.#loadSnapshot();
      if (ready.committedTo !== null) this.#apply(ready.committedTo);
      if (ready.leadership !== null) this.#lead(ready.leadership);
    }
    this.#carrying = false;
    this.#arm();
  }

  #send(ready: Ready): void {
    for (const { requestId, to, request } of ready.requests) this.#sendRaft(to, requestId, request);
    for (const { requestId, response, fetchRead, snapshotRead } of ready.replies) {
      const answer = this.#raftReplies.get(requestId);
      this.#raftReplies.delete(requestId);
      if (response.kind === 'fetchResponse' && fetchRead !== null) {
        const batches = this.disk.readRange(fetchRead.fromOffset, fetchRead.toOffset, fetchRead.maxBytes);
        answer?.({ ...response, batches });
      } else if (response.kind === 'fetchSnapshotResponse' && snapshotRead !== null) {
        const file = this.disk.readSnapshot(snapshotRead.snapshotId);
        const bytes = file?.subarray(snapshotRead.position, snapshotRead.position + snapshotRead.maxBytes);
        if (file === null || bytes === undefined) answer?.({ ...response, error: 'SNAPSHOT_NOT_FOUND' });
        else answer?.({ ...response, sizeBytes: file.length, bytes });
      } else answer?.(response);
    }
  }

  #sendRaft(to: number, requestId: number, request: RaftRequest): void {
    const { world } = this;
    const { wire } = world.options;
    const sent = wire ? requestThroughWire(request, to, this.#voters) : request;
    world.network.request<RaftResponse>({
      from: this.endpoint,
      toId: to,
      to: () => world.endpointOf(to),
      deliver: (endpoint, reply) => world.node(endpoint.id).serveRaft(sent, reply),
      onReply: (response) => {
        const received = wire ? responseThroughWire(response, this.#voters) : response;
        this.#input({ kind: 'response', requestId, response: received });
      },
      onFail: () => this.#input({ kind: 'requestFailed', requestId }),
    });
  }

  #input(input: Parameters<Raft['step']>[0]): void {
    this.raft.step(input, this.world.clock.nowMs);
    this.#carryOut();
  }

  serveRaft(request: RaftRequest, reply: (response: RaftResponse) => void): void {
    const requestId = this.#nextRequestId++;
    this.#raftReplies.set(requestId, (response) => {
      const answer = response as RaftResponse;
      const lie = this.world.options.bug === 'voteTwice' && answer.kind === 'voteResponse';
      reply(lie && answer.leaderId < 0 ? { ...answer, error: 'NONE', voteGranted: true } : answer);
    });
    this.#input({ kind: 'request', requestId, request });
  }

  #apply(committedTo: number): void {
    for (const batch of this.disk.batches) {
      if (batch.baseOffset < this.appliedTo) continue;
      if (batch.lastOffset >= committedTo) break;
      this.#applyBatch(batch);
    }
    this.world.checkers.applied(this);
    const due = this.#waiting.filter((waiting) => waiting.endOffset <= this.appliedTo);
    this.#waiting = this.#waiting.filter((waiting) => waiting.endOffset > this.appliedTo);
    for (const { answer } of due) answer();
    this.broker.metadataChanged();
    this.#maybeSnapshot();
  }

  #applyBatch(batch: LogBatch): void {
    const header = readBatchHeader(batch.bytes);
    const at = { endOffset: batch.lastOffset + 1, epoch: batch.epoch, timestampMs: header.maxTimestamp };
    if (header.isControl) this.image = applyControlBatch(this.image, at);
    else {
      const records = Array.from(iterateRecords(batch.bytes, header), ({ value }) =>
        decodeMetadataRecord(value!),
      );
      this.image = applyRecords(this.image, records, at);
    }
    this.appliedTo = at.endOffset;
    this.world.checkers.appliedBatch(this, batch);
  }

  #maybeSnapshot(): void {
    const { snapshot } = this.disk.logState;
    if (this.appliedTo - (snapshot?.offset ?? 0) < this.world.options.snapshotEvery) return;
    const id = { offset: this.appliedTo, epoch: this.image.epoch };
    const values = imageToRecords(this.image).map(encodeMetadataRecord);
    this.disk.saveSnapshot(
      id,
      encodeSnapshot(values, { lastContainedLogTimestampMs: this.image.timestampMs, id }),
    );
    this.raft.snapshotTaken(id);
  }

  #loadSnapshot(): void {
    const { snapshot } = this.disk.logState;
    this.image = emptyImage;
    this.appliedTo = snapshot?.offset ?? 0;
    if (snapshot === null) return;
    const records = Array.from(readSnapshot(this.disk.readSnapshot(snapshot)!), decodeMetadataRecord);
    this.image = applyRecords(emptyImage, records, {
      endOffset: snapshot.offset,
      epoch: snapshot.epoch,
      timestampMs: 0,
    });
  }

  #lead(leadership: NonNullable<Ready['leadership']>): void {
    this.world.checkers.leadership(this, leadership);
    const { leaderEpoch, active } = leadership;
    if (!active) {
      this.controller = null;
      this.#waiting = [];
      return;
    }
    this.#leaderEpoch = leaderEpoch;
    const { random, clock } = this.world;
    this.controller = new ActiveController({
      image: this.image,
      settings: {
        ...defaultControllerSettings,
        nodeId: this.id,
        clusterId: CLUSTER_ID,
        leaderImbalanceCheckMs: 7000,
        sessionTimeoutMs: 3500,
      },
      ports: { random: random.next, newUuid: random.uuid, scramKeys },
      nowMs: clock.nowMs,
    });
    this.#propose(this.controller.activate());
  }
}

/** Nobody in the simulation has a password. */
const scramKeys = () => ({ storedKey: Buffer.alloc(0), serverKey: Buffer.alloc(0) });
