/**
 * One replica of a partition on a simulated node: the partition cores (leader, follower) over an in-memory log, with
 * fetching, waiting producers and AlterPartition around them.
 */
import {
  configsOf,
  type PartitionRegistration,
  ResourceType,
  type TopicImage,
} from '../../broker/src/controller/image.ts';
import { ErrorCode } from '../../broker/src/messages/errors.ts';
import type { AlterPartitionProposal, LeaderOutcome } from '../../broker/src/partition/contract.ts';
import { checkLeaderEpoch, divergenceOf } from '../../broker/src/partition/epochs.ts';
import {
  fetchPosition,
  highWatermarkAfter,
  startFollowing,
  stepFollower,
} from '../../broker/src/partition/follower.ts';
import { PartitionLeader } from '../../broker/src/partition/leader.ts';
import type { SimBroker } from './broker.ts';
import { GroupHost } from './coordination/group-host.ts';
import { LedgerHost } from './coordination/ledger-host.ts';
import { GROUPS_TOPIC, LEDGER_TOPIC, TRANSACTIONS_TOPIC } from './coordination/plan.ts';
import { TransactionHost } from './coordination/transaction-host.ts';
import type { SimNode } from './node.ts';
import type { Entry, ReplicaLog } from './replica-store.ts';

const LAG_MAX_MS = 3000;
const FETCH_WAIT_MS = 1000;
const RETRY_MS = 50;

export interface ReplicaFetch {
  readonly brokerId: number;
  readonly brokerEpoch: number;
  readonly leaderEpoch: number;
  readonly fetchOffset: number;
  readonly lastFetchedEpoch: number;
}

export interface ReplicaFetchAnswer {
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly divergingEpoch: { readonly epoch: number; readonly endOffset: number };
  readonly entries: readonly Entry[];
}

interface HeldFetch {
  readonly fetch: ReplicaFetch;
  readonly reply: (answer: ReplicaFetchAnswer) => void;
}

const NONE = { epoch: -1, endOffset: -1 };

export class Replica {
  readonly topic: TopicImage;
  readonly index: number;
  readonly log: ReplicaLog;
  readonly #broker: SimBroker;
  registration: PartitionRegistration | null = null;
  leader: PartitionLeader | null = null;
  #held: HeldFetch[] = [];
  readonly #producers = new Map<number, (errorCode: number) => void>();
  #nextWaitId = 1;
  /** What this node coordinates while it leads the partition. */
  groups: GroupHost | null = null;
  transactions: TransactionHost | null = null;
  ledger: LedgerHost | null = null;
  /** Raised whenever the role or its epoch changes: callbacks of the one before do nothing. */
  #term = 0;

  constructor(broker: SimBroker, topic: TopicImage, index: number) {
    this.#broker = broker;
    this.topic = topic;
    this.index = index;
    this.log = broker.node.replicas.open(topic.id, index);
  }

  get node(): SimNode {
    return this.#broker.node;
  }

  get #world() {
    return this.#broker.node.world;
  }

  /** The controller's word, from the committed image. */
  assign(registration: PartitionRegistration): void {
    const before = this.registration;
    if (before === registration) return;
    this.registration = registration;
    const { id } = this.#broker.node;
    const sameEpoch = before?.leaderEpoch === registration.leaderEpoch;
    if (registration.leader === id && !sameEpoch) this.log.beginEpoch(registration.leaderEpoch);
    if (registration.leader === id && this.leader !== null) {
      if (!sameEpoch) this.#world.checkers.partitionLed(this, id);
      this.#effects(this.leader.assignmentChanged(registration, this.#world.clock.nowMs));
      if (!sameEpoch) this.#coordinate();
    } else if (registration.leader === id) this.#lead(registration);
    else if (!sameEpoch || this.leader !== null) this.#follow();
  }

  /** Brokers may have come back. */
  brokersChanged(): void {
    if (this.leader !== null) this.#effects(this.leader.maybeExpandIsr());
  }

  stop(): void {
    this.#term += 1;
    if (this.leader !== null) this.#effects(this.leader.resign());
    this.leader = null;
    this.groups = null;
    this.transactions = null;
    this.ledger = null;
    this.#held = [];
  }

  #lead(registration: PartitionRegistration): void {
    this.#term += 1;
    const { node } = this.#broker;
    this.leader = new PartitionLeader({
      brokerId: node.id,
      assignment: registration,
      settings: () => ({
        replicaLagTimeMaxMs: LAG_MAX_MS,
        minInsyncReplicas: Number(
          configsOf(node.image, ResourceType.TOPIC, this.topic.name).get('min.insync.replicas') ?? 1,
        ),
      }),
      liveBrokerEpoch: (id) => {
        const broker = node.image.brokers.get(id);
        return broker !== undefined && !broker.fenced && !broker.inControlledShutdown
          ? broker.epoch
          : undefined;
      },
      logEndOffset: this.log.logEndOffset,
      logStartOffset: 0,
      highWatermark: this.log.highWatermark,
      nowMs: this.#world.clock.nowMs,
    });
    this.#world.checkers.partitionLed(this, node.id);
    this.#logChanged();
    this.#shrinkLater();
    this.#coordinate();
  }

  #coordinate(): void {
    const { leaderEpoch } = this.leader!;
    const isLive = (): boolean => this.node.isUp && this.leader?.leaderEpoch === leaderEpoch;
    const { name } = this.topic;
    if (name === GROUPS_TOPIC) this.groups = new GroupHost(this, isLive);
    else if (name === TRANSACTIONS_TOPIC) this.transactions = new TransactionHost(this, isLive);
    else if (name === LEDGER_TOPIC) this.ledger = new LedgerHost(this);
  }

  /** Why a record with acks=all would be refused now; 0: it would not. */
  refusal(): number {
    if (this.leader === null) return ErrorCode.NOT_LEADER_OR_FOLLOWER;
    return this.leader.refuseAppend(-1, this.topic.name)?.errorCode ?? ErrorCode.NONE;
  }

  /** When all below the offset is on every in-sync replica. */
  whenCommitted(endOffset: number, done: (errorCode: number) => void): void {
    if (this.leader === null) {
      done(ErrorCode.NOT_LEADER_OR_FOLLOWER);
      return;
    }
    const waitId = this.#nextWaitId++;
    this.#producers.set(waitId, done);
    this.#effects(this.leader.awaitReplication(waitId, endOffset));
  }

  #shrinkLater(): void {
    const term = this.#term;
    this.#broker.node.later(LAG_MAX_MS / 2, () => {
      if (term !== this.#term || this.leader === null) return;
      this.#effects(this.leader.maybeShrinkIsr(this.#world.clock.nowMs));
      this.#shrinkLater();
    });
  }

  /** acks=all, or acks=1. `done` gets Kafka's error code; it may never be called. */
  produce(value: string, acks: number, done: (errorCode: number, offset: number) => void): void {
    const { leader } = this;
    const refusal = leader?.refuseAppend(acks, this.topic.name);
    if (leader === null || refusal !== undefined) {
      done(refusal?.errorCode ?? ErrorCode.NOT_LEADER_OR_FOLLOWER, -1);
      return;
    }
    const offset = this.log.logEndOffset;
    this.log.append({ epoch: leader.leaderEpoch, value });
    this.#logChanged();
    if (acks !== -1) {
      done(0, offset);
      return;
    }
    const waitId = this.#nextWaitId++;
    this.#producers.set(waitId, (errorCode) => done(errorCode, offset));
    this.#effects(leader.awaitReplication(waitId, offset + 1));
  }

  #logChanged(): void {
    if (this.leader === null) return;
    const { nowMs } = this.#world.clock;
    this.#effects(this.leader.logChanged({ logEndOffset: this.log.logEndOffset, logStartOffset: 0, nowMs }));
    for (const held of this.#held.splice(0)) this.#serve(held, false);
  }

  #effects(outcome: LeaderOutcome): void {
    if (outcome.highWatermark !== undefined) this.#raiseHighWatermark(outcome.highWatermark);
    for (const { id, errorCode } of outcome.completed) {
      this.#producers.get(id)?.(errorCode);
      this.#producers.delete(id);
    }
    if (outcome.proposal !== undefined) this.#propose(outcome.proposal);
  }

  #raiseHighWatermark(offset: number): void {
    this.log.highWatermark = Math.max(this.log.highWatermark, offset);
    this.#world.checkers.partitionCommitted(this, this.#broker.node.id);
  }

  #propose(proposal: AlterPartitionProposal): void {
    const term = this.#term;
    const { node, epoch } = this.#broker;
    if (epoch === null) return;
    const partition = {
      partitionIndex: this.index,
      leaderEpoch: proposal.leaderEpoch,
      partitionEpoch: proposal.partitionEpoch,
      newIsr: [],
      newIsrWithEpochs: proposal.newIsr.map(({ brokerId, brokerEpoch }) => ({
        brokerId,
        brokerEpoch: BigInt(brokerEpoch),
      })),
      leaderRecoveryState: 0,
    };
    let answered = false;
    const answer = (errorCode: number, result?: { [key: string]: unknown }): void => {
      if (answered || term !== this.#term || this.leader === null) return;
      answered = true;
      const {
        leaderId = -1,
        leaderEpoch = -1,
        partitionEpoch = -1,
        isr = [],
      } = (result ?? {}) as {
        leaderId?: number;
        leaderEpoch?: number;
        partitionEpoch?: number;
        isr?: readonly number[];
      };
      const { nowMs } = this.#world.clock;
      const outcome = this.leader.alterPartitionAnswered(
        proposal,
        { errorCode, leaderId, leaderEpoch, partitionEpoch, isr },
        nowMs,
      );
      // A proposal in it may be the same one again, or the next one: what else it says holds either way.
      const { proposal: next, ...rest } = outcome;
      this.#effects(rest);
      if (next !== undefined)
        node.later(RETRY_MS, () => term === this.#term && this.leader !== null && this.#propose(next));
    };
    const topics = [{ topicId: this.topic.id, partitions: [partition] }];
    node.askController(
      'alterPartition',
      { brokerId: node.id, brokerEpoch: BigInt(epoch), topics },
      (response) => {
        const result = response?.topics?.[0]?.partitions?.[0];
        answer(
          response?.errorCode || (result?.errorCode ?? -1),
          result as { [key: string]: unknown } | undefined,
        );
      },
    );
    node.later(3000, () => answer(-1));
  }

  /** A follower asks. */
  fetch(fetch: ReplicaFetch, reply: (answer: ReplicaFetchAnswer) => void): void {
    const held = { fetch, reply };
    this.#held = this.#held.filter((other) => other.fetch.brokerId !== fetch.brokerId);
    if (this.#serve(held, false)) return;
    this.#held.push(held);
    this.#broker.node.later(FETCH_WAIT_MS, () => {
      if (!this.#held.includes(held)) return;
      this.#held = this.#held.filter((other) => other !== held);
      this.#serve(held, true);
    });
  }

  /** False: nothing to say yet. */
  #serve({ fetch, reply }: HeldFetch, atLast: boolean): boolean {
    const answer = (errorCode: number, rest: Partial<ReplicaFetchAnswer> = {}): true => {
      const highWatermark = this.leader?.highWatermark ?? -1;
      reply({ errorCode, highWatermark, divergingEpoch: NONE, entries: [], ...rest });
      return true;
    };
    const { leader } = this;
    const role = { leaderEpoch: this.registration?.leaderEpoch ?? -1, isLeader: leader !== null };
    const errorCode = checkLeaderEpoch(role, fetch.leaderEpoch, { leaderRequired: true });
    if (errorCode !== 0 || leader === null) return answer(errorCode || ErrorCode.NOT_LEADER_OR_FOLLOWER);
    const divergence = divergenceOf(this.log, fetch);
    if (divergence.kind === 'unknown') return answer(ErrorCode.OFFSET_OUT_OF_RANGE);
    if (divergence.kind === 'diverging') return answer(0, { divergingEpoch: divergence });
    const outcome = leader.followerFetched({
      brokerId: fetch.brokerId,
      brokerEpoch: fetch.brokerEpoch,
      fetchOffset: fetch.fetchOffset,
      logStartOffset: 0,
      leaderEndOffset: this.log.logEndOffset,
      nowMs: this.#world.clock.nowMs,
    });
    if (outcome === undefined) return answer(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    this.#effects(outcome);
    const entries = this.log.entries.slice(fetch.fetchOffset, fetch.fetchOffset + 10);
    return entries.length > 0 || atLast ? answer(0, { entries }) : false;
  }

  #follow(): void {
    this.stop();
    const { truncateTo } = startFollowing(this.log, this.log.highWatermark);
    if (truncateTo !== undefined) this.log.truncateTo(truncateTo);
    this.#fetchFromLeader();
  }

  #fetchFromLeader(): void {
    const term = this.#term;
    const { node, epoch } = this.#broker;
    const { leader: leaderId, leaderEpoch } = this.registration!;
    if (leaderId < 0) return;
    const again = (delayMs: number): void =>
      node.later(delayMs, () => {
        if (term === this.#term) this.#fetchFromLeader();
      });
    const { fetchOffset, lastFetchedEpoch } = fetchPosition(this.log);
    const brokerEpoch = epoch ?? -1;
    const fetch: ReplicaFetch = {
      brokerId: node.id,
      brokerEpoch,
      leaderEpoch,
      fetchOffset,
      lastFetchedEpoch,
    };
    let answered = false;
    const once = (act: () => void): void => {
      if (answered || term !== this.#term) return;
      answered = true;
      act();
    };
    this.#world.network.request<ReplicaFetchAnswer>({
      from: node.endpoint,
      toId: leaderId,
      to: () => this.#world.endpointOf(leaderId),
      deliver: (endpoint, reply) => {
        const replica = this.#world.node(endpoint.id).broker.replica(this.topic.id, this.index);
        const unknown = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        if (replica !== undefined) replica.fetch(fetch, reply);
        else reply({ errorCode: unknown, highWatermark: -1, divergingEpoch: NONE, entries: [] });
      },
      onReply: (answer) => once(() => again(this.#take(answer))),
      onFail: () => once(() => again(RETRY_MS)),
    });
    node.later(3000, () => once(() => again(0)));
  }

  /** How long to wait before the next fetch. */
  #take(answer: ReplicaFetchAnswer): number {
    const step = stepFollower(
      { ...answer, logStartOffset: 0, recordsBytes: answer.entries.length },
      this.log,
      this.log.highWatermark,
    );
    switch (step.kind) {
      case 'append':
        for (const entry of answer.entries) this.log.append(entry);
        this.#raiseHighWatermark(highWatermarkAfter(answer.highWatermark, this.log));
        return 0;
      case 'truncate':
        this.log.truncateTo(step.offset);
        return 0;
      case 'askOffsets':
      case 'awaitMetadata':
      case 'retry':
        return RETRY_MS;
    }
  }
}
