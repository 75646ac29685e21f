/**
 * Three replicas of one partition on simulated disks, a controller in a few lines, and a network that delays,
 * reorders and loses. Everything random is drawn from one seed. The cores under test are the real ones: leader,
 * follower, log. After every step the world holds what readers and acks=all producers were promised against
 * what is stored.
 */

import { ErrorCode } from '../../broker/src/messages/errors.ts';
import { encodeBatch, iterateBatches, iterateRecords } from '../../broker/src/messages/records.ts';
import type {
  AlterPartitionAnswer,
  AlterPartitionProposal,
  LeaderOutcome,
  PartitionAssignment,
} from '../../broker/src/partition/contract.ts';
import { type Divergence, divergenceOf } from '../../broker/src/partition/epochs.ts';
import {
  fetchPosition,
  highWatermarkAfter,
  resolveOutOfRange,
  startFollowing,
  stepFollower,
} from '../../broker/src/partition/follower.ts';
import { PartitionLeader } from '../../broker/src/partition/leader.ts';
import { Log } from '../../broker/src/storage/log.ts';
import { defaultLogConfig } from '../../broker/src/storage/log-contract.ts';
import { MemoryDisk } from '../../broker/src/storage/memory-disk.ts';

const ids = [1, 2, 3];
const settings = { replicaLagTimeMaxMs: 100, minInsyncReplicas: 2 };
const config = { ...defaultLogConfig, segmentBytes: 600, indexIntervalBytes: 100 };

interface Replica {
  readonly id: number;
  readonly disk: MemoryDisk;
  up: boolean;
  brokerEpoch: number;
  log: Log;
  highWatermark: number;
  /** What it last heard from the controller. */
  assignment: PartitionAssignment;
  leader: PartitionLeader | undefined;
  /** Counts lives, so that messages to a former life are not delivered. */
  life: number;
}

export class ReplicationWorld {
  readonly replicas: Replica[];
  private readonly random: () => number;
  private nowMs = 0;
  private serial = 0;
  private waitId = 0;
  private network: (() => void)[] = [];
  /** Between leader and controller: slow, but each request is answered, if only by a timeout. */
  private control: (() => void)[] = [];
  private registered = new Map<number, number>(ids.map((id) => [id, id]));
  private nextBrokerEpoch = 10;
  private assignment: PartitionAssignment = {
    replicas: ids,
    isr: ids,
    addingReplicas: [],
    removingReplicas: [],
    leader: 1,
    leaderEpoch: 0,
    partitionEpoch: 0,
  };
  /** Produces under way: wait id of a replica's life → offset and value. */
  private readonly waiting = new Map<string, { offset: number; value: string }>();
  /** Promised to producers, by offset. */
  readonly acknowledged = new Map<number, string>();
  /** Seen by readers below some high watermark, by offset. */
  readonly exposed = new Map<number, string>();
  readonly counts = { elections: 0, truncations: 0, shrinks: 0, expansions: 0 };

  constructor(seed: number) {
    this.random = mulberry32(seed);
    this.replicas = ids.map((id) => {
      const disk = new MemoryDisk();
      const log = Log.open({ disk, directory: '/d/t-0', config });
      return {
        id,
        disk,
        log,
        up: true,
        brokerEpoch: id,
        highWatermark: 0,
        assignment: this.assignment,
        leader: undefined,
        life: 0,
      };
    });
    for (const replica of this.replicas) this.takeRole(replica, true);
  }

  step(): void {
    this.nowMs += Math.floor(this.random() * 10);
    const roll = this.random();
    if (roll < 0.15) this.produce(this.pickLeader());
    else if (roll < 0.4) this.fetch(this.pick(this.replicas));
    else if (roll < 0.72) this.deliver(this.random() < 0.1);
    else if (roll < 0.8) this.control.shift()?.();
    else if (roll < 0.9) this.inform(this.pick(this.replicas));
    else if (roll < 0.93) this.shrink(this.pickLeader());
    else if (roll < 0.937) this.crash(this.pick(this.replicas));
    else if (roll < 0.97) this.restart(this.pick(this.replicas));
    else if (roll < 0.985) this.fence(this.pick(this.replicas));
    else this.moveLeadership();
    if (this.serial % 4 === 0) this.check();
  }

  /** Everybody up, every message delivered: the replicas must come to agree. */
  settle(): void {
    for (const replica of this.replicas) this.restart(replica);
    for (let round = 0; round < 200; round++) {
      if (this.assignment.leader < 0) this.elect();
      for (const replica of this.replicas) this.inform(replica);
      for (const replica of this.replicas) this.fetch(replica);
      while (this.network.length > 0) this.deliver(false);
      for (const message of this.control.splice(0)) message();
      this.check();
    }
  }

  contentOf(
    replica: Replica,
    from = replica.log.logStartOffset,
    to = replica.log.logEndOffset,
  ): Map<number, string> {
    const content = new Map<number, string>();
    for (let offset = from; offset < to; ) {
      const result = replica.log.read(offset, { maxBytes: 10_000, upTo: to });
      if (result.kind !== 'records' || result.records.length === 0) break;
      for (const header of iterateBatches(result.records)) {
        for (const record of iterateRecords(result.records, header)) {
          if (record.offset >= from) content.set(record.offset, record.value?.toString() ?? '');
        }
      }
      offset = result.nextOffset;
    }
    return content;
  }

  private produce(replica: Replica): void {
    const { leader } = replica;
    if (!replica.up || leader === undefined || leader.refuseAppend(-1, 't-0') !== undefined) return;
    const values = Array.from({ length: 1 + Math.floor(this.random() * 3) }, () => `v${this.serial++}`);
    const batch = encodeBatch({
      timestamp: 1,
      records: values.map((value) => ({ value: Buffer.from(value) })),
    });
    const result = replica.log.appendAsLeader(batch, { leaderEpoch: leader.leaderEpoch, nowMs: 1 });
    if (result.kind !== 'appended') throw new Error(`append: ${result.kind}`);
    const id = this.waitId++;
    const offset = result.lastOffset;
    this.waiting.set(this.waitKey(replica, id), { offset, value: values.at(-1) as string });
    const { logEndOffset, logStartOffset } = replica.log;
    this.follow(replica, leader.logChanged({ logEndOffset, logStartOffset, nowMs: this.nowMs }));
    this.follow(replica, leader.awaitReplication(id, offset + 1));
  }

  private fetch(follower: Replica): void {
    const { assignment, life } = follower;
    if (!follower.up || follower.leader !== undefined || assignment.leader < 0) return;
    const leader = this.byId(assignment.leader);
    if (leader === follower) return;
    const position = fetchPosition(follower.log);
    this.send(leader, () => {
      const core = leader.leader;
      if (core === undefined || core.leaderEpoch !== assignment.leaderEpoch) return;
      const answer = this.answerFetch(leader, core, follower, position);
      if (answer === undefined) return;
      this.send(follower, () => {
        const isCurrent =
          follower.life === life && follower.assignment.leaderEpoch === assignment.leaderEpoch;
        if (!isCurrent || follower.leader !== undefined) return;
        if (follower.log.logEndOffset !== position.fetchOffset) return;
        this.takeAnswer(follower, leader, answer);
      });
    });
  }

  private answerFetch(
    leader: Replica,
    core: PartitionLeader,
    follower: Replica,
    position: ReturnType<typeof fetchPosition>,
  ) {
    const divergence: Divergence = divergenceOf(leader.log, position);
    const none = { epoch: -1, endOffset: -1 };
    const base = {
      highWatermark: core.highWatermark,
      logStartOffset: leader.log.logStartOffset,
      divergingEpoch: none,
    };
    if (divergence.kind === 'diverging')
      return { ...base, errorCode: 0, divergingEpoch: divergence, records: Buffer.alloc(0) };
    const { logEndOffset } = leader.log;
    const read = leader.log.read(position.fetchOffset, { maxBytes: 300, upTo: logEndOffset });
    if (divergence.kind === 'unknown' || read.kind === 'outOfRange') {
      return { ...base, errorCode: ErrorCode.OFFSET_OUT_OF_RANGE, records: Buffer.alloc(0) };
    }
    const outcome = core.followerFetched({
      brokerId: follower.id,
      brokerEpoch: follower.brokerEpoch,
      fetchOffset: position.fetchOffset,
      logStartOffset: position.logStartOffset,
      leaderEndOffset: logEndOffset,
      nowMs: this.nowMs,
    });
    if (outcome === undefined) return undefined;
    this.follow(leader, outcome);
    return { ...base, highWatermark: core.highWatermark, errorCode: 0, records: Buffer.from(read.records) };
  }

  private takeAnswer(
    follower: Replica,
    leader: Replica,
    answer: NonNullable<ReturnType<ReplicationWorld['answerFetch']>>,
  ): void {
    const step = stepFollower(
      { ...answer, recordsBytes: answer.records.length },
      follower.log,
      follower.highWatermark,
    );
    if (step.kind === 'append') {
      follower.log.appendAsFollower(answer.records);
      follower.highWatermark = highWatermarkAfter(answer.highWatermark, follower.log);
    } else if (step.kind === 'truncate') {
      this.truncate(follower, step.offset);
    } else if (step.kind === 'askOffsets') {
      const resolved = resolveOutOfRange(leader.log, follower.log);
      if (resolved.kind === 'truncate') this.truncate(follower, resolved.offset);
      else if (resolved.kind === 'startAt') follower.log.truncateFullyAndStartAt(resolved.offset);
    }
  }

  private truncate(follower: Replica, offset: number): void {
    this.counts.truncations++;
    follower.log.truncateTo(offset);
    follower.highWatermark = Math.min(follower.highWatermark, follower.log.logEndOffset);
  }

  private follow(replica: Replica, outcome: LeaderOutcome): void {
    if (outcome.highWatermark !== undefined) this.expose(replica, outcome.highWatermark);
    for (const { id, errorCode } of outcome.completed) {
      const key = this.waitKey(replica, id);
      const produced = this.waiting.get(key);
      this.waiting.delete(key);
      if (errorCode === 0 && produced !== undefined) this.acknowledged.set(produced.offset, produced.value);
    }
    if (outcome.proposal !== undefined) this.propose(replica, outcome.proposal);
  }

  private propose(replica: Replica, proposal: AlterPartitionProposal): void {
    const { leader, life } = replica;
    const answered = (answer: AlterPartitionAnswer) => {
      if (replica.life !== life || replica.leader !== leader || leader === undefined) return;
      this.follow(replica, leader.alterPartitionAnswered(proposal, answer, this.nowMs));
    };
    const failed = { leaderId: -1, leaderEpoch: -1, partitionEpoch: -1, isr: [] };
    this.control.push(() => {
      const errorCode = this.random() < 0.1 ? -1 : this.judge(replica, proposal);
      if (errorCode !== 0) return this.control.push(() => answered({ ...failed, errorCode }));
      const isr = proposal.newIsr.map(({ brokerId }) => brokerId);
      if (isr.length < this.assignment.isr.length) this.counts.shrinks++;
      else this.counts.expansions++;
      this.change({ isr });
      const { leader: leaderId, leaderEpoch, partitionEpoch } = this.assignment;
      const isLost = this.random() < 0.2;
      const answer = isLost
        ? { ...failed, errorCode: -1 }
        : { errorCode: 0, leaderId, leaderEpoch, partitionEpoch, isr };
      return this.control.push(() => answered(answer));
    });
  }

  private judge(replica: Replica, proposal: AlterPartitionProposal): number {
    if (proposal.leaderEpoch !== this.assignment.leaderEpoch) return ErrorCode.FENCED_LEADER_EPOCH;
    if (replica.id !== this.assignment.leader) return ErrorCode.INVALID_REQUEST;
    if (proposal.partitionEpoch !== this.assignment.partitionEpoch) return ErrorCode.INVALID_UPDATE_VERSION;
    const isEligible = proposal.newIsr.every(
      ({ brokerId, brokerEpoch }) => this.registered.get(brokerId) === brokerEpoch,
    );
    return isEligible ? 0 : ErrorCode.INELIGIBLE_REPLICA;
  }

  private shrink(replica: Replica): void {
    if (replica.up && replica.leader) this.follow(replica, replica.leader.maybeShrinkIsr(this.nowMs));
    if (replica.up && replica.leader) this.follow(replica, replica.leader.maybeExpandIsr());
  }

  private crash(replica: Replica): void {
    if (!replica.up) return;
    replica.up = false;
    replica.life++;
    replica.leader = undefined;
  }

  /** The controller takes a new registration for a new broker: the former one is fenced first. */
  private restart(replica: Replica): void {
    if (replica.up) return;
    this.fence(replica);
    replica.disk.restart({ keepUnflushed: true });
    replica.log = Log.open({ disk: replica.disk, directory: '/d/t-0', config });
    replica.highWatermark = Math.min(replica.highWatermark, replica.log.logEndOffset);
    replica.up = true;
    replica.brokerEpoch = this.nextBrokerEpoch++;
    this.registered.set(replica.id, replica.brokerEpoch);
    if (this.assignment.leader < 0) this.elect();
    replica.assignment = this.assignment;
    this.takeRole(replica, true);
  }

  private fence(replica: Replica): void {
    if (replica.up || !this.registered.has(replica.id)) return;
    this.registered.delete(replica.id);
    const isr = this.assignment.isr.filter((id) => id !== replica.id);
    if (isr.length > 0) this.change({ isr });
    if (this.assignment.leader === replica.id) this.elect();
  }

  private elect(): void {
    const leader = this.assignment.isr.find((id) => this.registered.has(id)) ?? -1;
    if (leader === this.assignment.leader) return;
    this.counts.elections++;
    this.change({ leader, leaderEpoch: this.assignment.leaderEpoch + 1 });
  }

  private moveLeadership(): void {
    const candidates = this.assignment.isr.filter(
      (id) => id !== this.assignment.leader && this.registered.has(id),
    );
    if (candidates.length === 0) return;
    this.counts.elections++;
    this.change({ leader: this.pick(candidates), leaderEpoch: this.assignment.leaderEpoch + 1 });
  }

  private change(change: Partial<PartitionAssignment>): void {
    this.assignment = { ...this.assignment, ...change, partitionEpoch: this.assignment.partitionEpoch + 1 };
  }

  /** The replica hears of the newest metadata. */
  private inform(replica: Replica): void {
    if (!replica.up || replica.assignment.partitionEpoch === this.assignment.partitionEpoch) return;
    const isNewEpoch = replica.assignment.leaderEpoch !== this.assignment.leaderEpoch;
    replica.assignment = this.assignment;
    this.takeRole(replica, isNewEpoch);
  }

  private takeRole(replica: Replica, isNewEpoch: boolean): void {
    const { assignment, log } = replica;
    if (assignment.leader === replica.id) {
      if (replica.leader !== undefined) {
        if (isNewEpoch) log.startEpoch(assignment.leaderEpoch);
        this.follow(replica, replica.leader.assignmentChanged(assignment, this.nowMs));
        return;
      }
      log.startEpoch(assignment.leaderEpoch);
      replica.leader = new PartitionLeader({
        brokerId: replica.id,
        assignment,
        settings: () => settings,
        liveBrokerEpoch: (id) => this.registered.get(id),
        logEndOffset: log.logEndOffset,
        logStartOffset: log.logStartOffset,
        highWatermark: replica.highWatermark,
        nowMs: this.nowMs,
      });
      return;
    }
    if (replica.leader !== undefined) {
      replica.highWatermark = replica.leader.highWatermark;
      this.follow(replica, replica.leader.resign());
      replica.leader = undefined;
    }
    if (!isNewEpoch) return;
    const { truncateTo } = startFollowing(log, replica.highWatermark);
    if (truncateTo !== undefined) this.truncate(replica, truncateTo);
  }

  private expose(replica: Replica, highWatermark: number): void {
    const from = replica.highWatermark;
    replica.highWatermark = highWatermark;
    for (const [offset, value] of this.contentOf(replica, from, highWatermark)) {
      const before = this.exposed.get(offset);
      if (before !== undefined && before !== value) {
        throw new Error(`offset ${offset} was read as ${before} and is now ${value} on ${replica.id}`);
      }
      this.exposed.set(offset, value);
    }
  }

  /** Whoever leads in the newest epoch has everything that was promised. */
  private check(): void {
    const leader = this.replicas.find(
      (replica) => replica.up && replica.leader?.leaderEpoch === this.assignment.leaderEpoch,
    );
    if (leader?.leader === undefined) return;
    if (leader.leader.highWatermark > leader.log.logEndOffset)
      throw new Error('high watermark beyond the log');
    const content = this.contentOf(leader);
    for (const promised of [this.acknowledged, this.exposed]) {
      for (const [offset, value] of promised) {
        if (content.get(offset) === value) continue;
        throw new Error(
          `offset ${offset}: ${value} was promised, leader ${leader.id} has ${content.get(offset)}`,
        );
      }
    }
  }

  private send(to: Replica, arrive: () => void): void {
    const { life } = to;
    this.network.push(() => {
      if (to.up && to.life === life) arrive();
    });
  }

  private deliver(isLost: boolean): void {
    const [message] = this.network.splice(Math.floor(this.random() * this.network.length), 1);
    if (!isLost) message?.();
  }

  private waitKey(replica: Replica, id: number): string {
    return `${replica.id}/${replica.life}/${id}`;
  }

  private byId(id: number): Replica {
    return this.replicas[ids.indexOf(id)] as Replica;
  }

  /** Someone who believes to lead, rightly or not; anyone when nobody does. */
  private pickLeader(): Replica {
    const leaders = this.replicas.filter((replica) => replica.up && replica.leader !== undefined);
    return this.pick(leaders.length > 0 ? leaders : this.replicas);
  }

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T;
  }
}

/** A small seeded generator, uniform in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
