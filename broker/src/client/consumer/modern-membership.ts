/**
 * A member of a group of the consumer protocol (KIP-848): one request says all, again and again; the coordinator
 * assigns. Partitions are given up before the heartbeat that no longer names them, and taken as the coordinator says.
 *
 *   out ──ensureActive──▶ joining (epoch 0) ──answered──▶ in (epoch > 0) ──fenced──▶ joining … ──leave──▶ out
 */
import { randomUUID } from 'node:crypto';
import {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from '../../messages/68-consumer-group-heartbeat.ts';
import { ClientError, refuse, toApiError } from '../client-error.ts';
import { byTopic } from '../grouping.ts';
import type { ApiError, OffsetToCommit, TopicPartition } from '../types.ts';
import type { MembershipParts } from './classic-membership.ts';
import { GroupRequests } from './group-requests.ts';
import type { Membership } from './membership.ts';

type Assigned = NonNullable<ConsumerGroupHeartbeatResponse['assignment']>;

const leavingEpoch = -1;
const leavingStaticEpoch = -2;
const retryMs = 100;
const internals = 'org.apache.kafka.clients.consumer.internals';
const staleCommitsMax = 5;
const notSpokenThere =
  'The cluster does not support the new CONSUMER group protocol. Set group.protocol=classic on the consumer configs to revert to the CLASSIC protocol until the cluster is upgraded.';

/** What the coordinator was last told; only what differs is sent again. */
interface Told {
  readonly topics: string;
  readonly owned: string;
}

export class ModernMembership implements Membership {
  readonly #parts: MembershipParts;
  readonly #requests: GroupRequests;
  readonly #memberId = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url');
  #epoch = 0;
  #intervalMs = 0;
  #told: Told | null = null;
  #running = false;
  #left = false;
  #timer: NodeJS.Timeout | null = null;
  #beating: Promise<void> | null = null;
  #beatAgain = false;
  #failure: Error | null = null;
  /** Holds an assignment, be it an empty one. */
  #assigned = false;

  constructor(parts: MembershipParts) {
    this.#parts = parts;
    const { network, options } = parts;
    this.#requests = new GroupRequests(network, options.groupId!, options.groupInstanceId);
  }

  get needsAttention(): boolean {
    return !this.#running || this.#failure !== null;
  }

  async ensureActive(): Promise<void> {
    if (this.#failure !== null) {
      const failure = this.#failure;
      this.#failure = null;
      throw failure;
    }
    if (this.#running || this.#left) return;
    this.#running = true;
    await this.#beatNow();
  }

  topicsChanged(): void {
    if (this.#running) void this.#beatNow();
  }

  async commit(offsets: readonly OffsetToCommit[]): Promise<void> {
    for (let attempt = 1; this.#epoch > 0; attempt++) {
      const epoch = this.#epoch;
      try {
        return await this.#requests.commit({ memberId: this.#memberId, generation: epoch }, offsets);
      } catch (error) {
        const isStale = error instanceof ClientError && error.api?.name === 'STALE_MEMBER_EPOCH';
        if (!isStale || attempt >= staleCommitsMax) throw error;
        if (this.#epoch !== epoch) continue;
        // Within a heartbeat already: its own end cannot be waited for.
        if (this.#beating !== null) throw error;
        await this.#beatNow();
      }
    }
  }

  async leave(): Promise<void> {
    const wasIn = this.#epoch > 0;
    this.stop();
    await this.#beating?.catch(() => {}); // its answer comes too late to matter
    if (!wasIn) return;
    const isStatic = this.#requests.instanceId !== null;
    await this.#send({ memberEpoch: isStatic ? leavingStaticEpoch : leavingEpoch });
  }

  stop(): void {
    this.#left = true;
    this.#running = false;
    this.#epoch = 0;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** One heartbeat at a time; asked for meanwhile, another one follows. */
  #beatNow(): Promise<void> {
    if (this.#beating !== null) {
      this.#beatAgain = true;
      return this.#beating;
    }
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#beating = this.#beatUntilSettled().finally(() => {
      this.#beating = null;
    });
    return this.#beating;
  }

  async #beatUntilSettled(): Promise<void> {
    let delayMs = 0;
    do {
      this.#beatAgain = false;
      try {
        delayMs = await this.#beat();
      } catch (error) {
        this.#fail(error);
        return;
      }
    } while (this.#beatAgain && this.#running);
    if (!this.#running) return;
    this.#timer = setTimeout(() => void this.#beatNow(), delayMs);
  }

  #fail(error: unknown): void {
    this.#running = false;
    this.#failure = error instanceof Error ? error : new Error(String(error));
    this.#parts.hooks.wake();
  }

  /** Sends what is new and does what the answer says; how long to wait before the next one. */
  async #beat(): Promise<number> {
    const { hooks, options } = this.#parts;
    const topics = [...hooks.wantedTopics()].sort();
    const isJoin = this.#epoch === 0;
    const owned = isJoin ? [] : this.#ownedByTopicId();
    const now: Told = { topics: JSON.stringify(topics), owned: JSON.stringify(owned) };
    const isFull = isJoin || this.#told === null;
    const before = this.#told;
    this.#told = null; // unknown until it is answered
    let answer: ConsumerGroupHeartbeatResponse;
    try {
      answer = await this.#send({
        memberEpoch: this.#epoch,
        rebalanceTimeoutMs: isFull ? options.pollIntervalMaxMs : -1,
        serverAssignor: isFull ? options.remoteAssignor : null,
        subscribedTopicNames: isFull || before?.topics !== now.topics ? topics : null,
        topicPartitions: isFull || before?.owned !== now.owned ? owned : null,
      });
    } catch (error) {
      if (error instanceof ClientError && error.code === 'unsupported-version') {
        throw new ClientError('unsupported-version', notSpokenThere);
      }
      if (error instanceof ClientError && error.canRetry) return retryMs;
      throw error;
    }
    if (!this.#running) return 0;
    if (answer.errorCode !== 0) return this.#refused(answer);
    this.#told = now;
    this.#epoch = answer.memberEpoch;
    this.#intervalMs = answer.heartbeatIntervalMs;
    if (answer.assignment !== null) await this.#reconcile(answer.assignment);
    return this.#intervalMs;
  }

  #send(body: Partial<ConsumerGroupHeartbeatRequest>): Promise<ConsumerGroupHeartbeatResponse> {
    return this.#requests.send({
      request: ConsumerGroupHeartbeatRequest,
      response: ConsumerGroupHeartbeatResponse,
      body: {
        ...ConsumerGroupHeartbeatRequest.empty(),
        groupId: this.#requests.groupId,
        memberId: this.#memberId,
        instanceId: this.#requests.instanceId,
        ...body,
      },
    });
  }

  async #refused({ errorCode, errorMessage }: ConsumerGroupHeartbeatResponse): Promise<number> {
    const error = toApiError(errorCode)!;
    switch (error.name) {
      case 'NOT_COORDINATOR':
      case 'COORDINATOR_NOT_AVAILABLE':
        this.#requests.forgetCoordinator();
        return retryMs;
      case 'FENCED_MEMBER_EPOCH':
      case 'UNKNOWN_MEMBER_ID':
        // All it had is others' by now: it begins anew.
        this.#epoch = 0;
        this.#assigned = false;
        await this.#giveUpAll();
        this.#beatAgain = true;
        return 0;
      case 'UNSUPPORTED_VERSION':
        throw new ClientError('unsupported-version', notSpokenThere);
      default:
        if (error.retriable) return retryMs;
        this.#tellOfEnd(error, errorMessage ?? error.message);
        refuse(errorCode, errorMessage);
        return retryMs;
    }
  }

  #tellOfEnd({ name }: ApiError, text: string): void {
    const { network } = this.#parts;
    const why =
      name === 'UNRELEASED_INSTANCE_ID' ? `unreleased instance id ${this.#requests.instanceId}` : name;
    const said = `ConsumerGroupHeartbeatRequest failed due to ${why}: ${text}`;
    network.warn('ERROR', said, `${internals}.ConsumerHeartbeatRequestManager`);
    const ended = `Member ${this.#memberId} with epoch ${this.#epoch} transitioned to fatal state`;
    network.warn('ERROR', ended, `${internals}.ConsumerMembershipManager`);
  }

  async #giveUpAll(): Promise<void> {
    const { hooks } = this.#parts;
    const owned = hooks.owned();
    if (owned.length > 0) await hooks.beforeRevoke(owned);
    hooks.clear();
  }

  /** Takes the assignment: what goes is committed first; the next heartbeat tells that it is done. */
  async #reconcile(assigned: Assigned): Promise<void> {
    const { hooks } = this.#parts;
    const target = await this.#named(assigned);
    const isTarget = new Set(target.map(keyOf));
    const revoked = hooks.owned().filter((partition) => !isTarget.has(keyOf(partition)));
    if (revoked.length > 0) await hooks.beforeRevoke(revoked);
    const changes = revoked.length > 0 || hooks.owned().length !== target.length;
    if (changes || !this.#assigned) hooks.assign(target);
    this.#assigned = true;
    hooks.wake();
    if (changes) this.#beatAgain = true;
  }

  async #named({ topicPartitions }: Assigned): Promise<TopicPartition[]> {
    const { topics, hooks } = this.#parts;
    if (topicPartitions.some(({ topicId }) => topics.topicNamed(topicId) === undefined)) {
      await topics.refresh(hooks.wantedTopics());
    }
    return topicPartitions.flatMap(({ topicId, partitions }) => {
      const topic = topics.topicNamed(topicId);
      return topic === undefined ? [] : partitions.map((partition) => ({ topic, partition }));
    });
  }

  #ownedByTopicId(): { topicId: string; partitions: number[] }[] {
    const { topics, hooks } = this.#parts;
    return byTopic(hooks.owned()).flatMap(({ topic, items }) => {
      const known = topics.get(topic);
      if (known === undefined) return [];
      return [{ topicId: known.topicId, partitions: items.map(({ partition }) => partition) }];
    });
  }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
