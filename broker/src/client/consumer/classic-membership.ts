/**
 * A member of a classic group: JoinGroup, SyncGroup, heartbeats, LeaveGroup.
 *
 *   out → joining → stable → joining (rebalance) … → out (left)
 *
 * out → joining: `ensureActive`. joining → stable: the assignment came. stable → joining: a heartbeat or commit
 * tells of a rebalance, or the wanted topics changed. stable → out: the application has not polled for
 * `pollIntervalMaxMs` (max.poll.interval.ms, KIP-62); its next poll joins anew. Heartbeats run in `stable` only.
 */
import { JoinGroupRequest, JoinGroupResponse } from '../../messages/11-join-group.ts';
import { SyncGroupRequest, SyncGroupResponse } from '../../messages/14-sync-group.ts';
import { ClientError, refuse, toApiError } from '../client-error.ts';
import type { Network } from '../network.ts';
import { withRetries } from '../retry.ts';
import type { TopicMap } from '../topic-map.ts';
import type { ApiError, OffsetToCommit, TopicPartition } from '../types.ts';
import {
  type AssignorName,
  assignors,
  decodeAssignment,
  decodeMember,
  encodeAssignment,
  encodeSubscription,
} from './assignors/registry.ts';
import { GroupRequests } from './group-requests.ts';
import type { GroupHooks, Membership } from './membership.ts';
import type { ResolvedConsumerOptions } from './options.ts';

const protocolType = 'consumer';
const joinGraceMs = 5_000;
const coordinatorLogger = 'org.apache.kafka.clients.consumer.internals.ConsumerCoordinator';

export interface MembershipParts {
  readonly network: Network;
  readonly topics: TopicMap;
  readonly options: ResolvedConsumerOptions;
  readonly hooks: GroupHooks;
}

export class ClassicMembership implements Membership {
  readonly #parts: MembershipParts;
  readonly #requests: GroupRequests;
  #memberId = '';
  #generation = -1;
  #stable = false;
  #rejoin = true;
  /** An assignment came and was not given up since. */
  #holding = false;
  #joinedFor = '';
  /** As leader: the topics of the group, and how many partitions they had. */
  #sharedOut: { readonly topics: readonly string[]; readonly counts: string } | null = null;
  #active: Promise<void> | null = null;
  #heartbeatTimer: NodeJS.Timeout | null = null;
  /** Held at the last stable generation: what sticky assignors build on. */
  #previous: readonly TopicPartition[] = [];

  constructor(parts: MembershipParts) {
    this.#parts = parts;
    const { network, options } = parts;
    this.#requests = new GroupRequests(network, options.groupId!, options.groupInstanceId);
  }

  get needsAttention(): boolean {
    return this.#rejoin;
  }

  topicsChanged(): void {
    // While it joins, what it joins with is compared when it has joined.
    if (!this.#stable || !this.#isOutdated()) return;
    this.#rejoin = true;
    this.#parts.hooks.wake();
  }

  /** It wants other topics than it joined for; or, as leader, what it shared out has other partitions by now. */
  #isOutdated(): boolean {
    if (String(this.#parts.hooks.wantedTopics()) !== this.#joinedFor) return true;
    return this.#sharedOut !== null && this.#countsOf(this.#sharedOut.topics) !== this.#sharedOut.counts;
  }

  #countsOf(topics: readonly string[]): string {
    return String(topics.map((topic) => this.#parts.topics.get(topic)?.partitions.length ?? 0));
  }

  ensureActive(): Promise<void> {
    if (!this.#rejoin && this.#active === null) return Promise.resolve();
    this.#active ??= this.#join().finally(() => {
      this.#active = null;
    });
    return this.#active;
  }

  async commit(offsets: readonly OffsetToCommit[]): Promise<void> {
    if (!this.#stable || this.#generation < 0) return;
    try {
      await this.#requests.commit({ memberId: this.#memberId, generation: this.#generation }, offsets);
    } catch (error) {
      this.#note(codeOf(error));
      throw error;
    }
  }

  async leave(): Promise<void> {
    this.stop();
    if (this.#memberId === '' || this.#requests.instanceId !== null) return;
    const memberId = this.#memberId;
    this.#memberId = '';
    await this.#requests.leave(memberId, 'the consumer is being closed');
  }

  stop(): void {
    if (this.#heartbeatTimer !== null) clearTimeout(this.#heartbeatTimer);
    this.#heartbeatTimer = null;
    this.#stable = false;
  }

  /** All assignors cooperate: partitions are kept over a rebalance (KIP-429). */
  get #cooperative(): boolean {
    return this.#parts.options.assignors.every((name) => name === 'cooperative-sticky');
  }

  async #join(): Promise<void> {
    const { network } = this.#parts;
    while (this.#rejoin) {
      await this.#giveUp();
      this.stop();
      this.#rejoin = false;
      try {
        await withRetries({ ...network.limits, apiTimeoutMs: Number.MAX_SAFE_INTEGER }, () =>
          this.#joinOnce(),
        );
      } catch (error) {
        this.#rejoin = true;
        throw error;
      }
    }
  }

  /** Eager members give up all before they join again (KIP-429); so does one that the group no longer knows. */
  async #giveUp(): Promise<void> {
    const { hooks } = this.#parts;
    const isLost = this.#generation < 0;
    if (!this.#holding || (this.#cooperative && !isLost)) return;
    const owned = hooks.owned();
    if (owned.length > 0 || !isLost) await hooks.beforeRevoke(owned);
    hooks.clear();
    this.#holding = false;
  }

  async #joinOnce(): Promise<void> {
    const joined = await this.#sendJoin();
    if (joined === null) return this.#joinOnce();
    this.#memberId = joined.memberId;
    this.#generation = joined.generationId;
    const assignor = joined.protocolName as AssignorName;
    const assignments = await this.#assignmentsOfLeader(joined, assignor);
    const synced = await this.#requests.send({
      request: SyncGroupRequest,
      response: SyncGroupResponse,
      body: {
        groupId: this.#requests.groupId,
        generationId: this.#generation,
        memberId: this.#memberId,
        groupInstanceId: this.#requests.instanceId,
        protocolType,
        protocolName: joined.protocolName,
        assignments,
      },
      timeoutMs: this.#waitMs,
    });
    if (synced.errorCode !== 0) {
      this.#note(synced.errorCode);
      this.#rejoin = false;
      const retriable = { ...toApiError(synced.errorCode)!, retriable: isRejoinable(synced.errorCode) };
      throw new ClientError('refused', retriable.message, { api: retriable });
    }
    await this.#becomeStable(decodeAssignment(synced.assignment));
  }

  /** `null`: the coordinator gave an id, to join with it again (KIP-394), or wants the member to begin anew. */
  async #sendJoin(): Promise<JoinGroupResponse | null> {
    const { options, hooks } = this.#parts;
    const own = {
      topics: hooks.wantedTopics(),
      owned: this.#cooperative ? hooks.owned() : [],
      previous: this.#previous,
      generation: this.#generation,
    };
    this.#joinedFor = String(own.topics);
    const answer = await this.#requests.send({
      request: JoinGroupRequest,
      response: JoinGroupResponse,
      body: {
        groupId: this.#requests.groupId,
        sessionTimeoutMs: options.sessionTimeoutMs,
        rebalanceTimeoutMs: options.pollIntervalMaxMs,
        memberId: this.#memberId,
        groupInstanceId: this.#requests.instanceId,
        protocolType,
        protocols: options.assignors.map((name) => ({ name, metadata: encodeSubscription(name, own) })),
        reason: this.#memberId === '' ? '' : 'rebalance',
      },
      timeoutMs: this.#waitMs,
    });
    const error = toApiError(answer.errorCode);
    if (error === null) return answer;
    if (error.name === 'MEMBER_ID_REQUIRED') {
      this.#memberId = answer.memberId;
      return null;
    }
    this.#note(error.code);
    this.#rejoin = false;
    if (error.name === 'UNKNOWN_MEMBER_ID' || error.name === 'ILLEGAL_GENERATION') return null;
    refuse(answer.errorCode);
    return null;
  }

  get #waitMs(): number {
    const { network, options } = this.#parts;
    return Math.max(network.limits.requestTimeoutMs, options.pollIntervalMaxMs + joinGraceMs);
  }

  async #assignmentsOfLeader(joined: JoinGroupResponse, assignor: AssignorName) {
    this.#sharedOut = null;
    if (joined.leader !== joined.memberId || joined.skipAssignment) return [];
    const { topics } = this.#parts;
    const members = joined.members.map((member) => decodeMember(assignor, member));
    const wanted = [...new Set(members.flatMap((member) => member.topics))];
    if (wanted.some((topic) => topics.get(topic) === undefined)) await topics.refresh(wanted);
    this.#sharedOut = { topics: wanted, counts: this.#countsOf(wanted) };
    const counts = new Map(
      wanted.flatMap((topic) => {
        const known = topics.get(topic);
        return known === undefined ? [] : [[topic, known.partitions.length] as const];
      }),
    );
    const assignment = assignors[assignor](counts, members);
    return [...assignment].map(([memberId, partitions]) => {
      return { memberId, assignment: encodeAssignment(partitions) };
    });
  }

  async #becomeStable(assigned: readonly TopicPartition[]): Promise<void> {
    const { hooks } = this.#parts;
    this.#stable = true;
    this.#holding = true;
    this.#previous = assigned;
    const isAssigned = new Set(assigned.map(keyOf));
    const revoked = hooks.owned().filter((partition) => !isAssigned.has(keyOf(partition)));
    if (revoked.length > 0) await hooks.beforeRevoke(revoked);
    hooks.assign(assigned);
    // Given up in this round, so that their new owners get them in the next.
    if (this.#cooperative && revoked.length > 0) this.#rejoin = true;
    if (this.#isOutdated()) this.#rejoin = true;
    this.#scheduleHeartbeat();
    hooks.wake();
  }

  #scheduleHeartbeat(): void {
    this.#heartbeatTimer = setTimeout(() => {
      this.#heartbeat().catch(() => {}); // failures are noted; the next heartbeat tries again
    }, this.#parts.options.heartbeatIntervalMs);
  }

  async #heartbeat(): Promise<void> {
    const awaySinceMs = this.#parts.hooks.awaySinceMs();
    if (awaySinceMs !== null && Date.now() - awaySinceMs > this.#parts.options.pollIntervalMaxMs) {
      return this.#expire();
    }
    try {
      const identity = { memberId: this.#memberId, generation: this.#generation };
      const answer = await this.#requests.heartbeat(identity);
      this.#note(answer.errorCode);
    } finally {
      // Also while others wait for it to join again: it may still take too long for that.
      if (this.#stable) this.#scheduleHeartbeat();
    }
  }

  /**
   * The application is stuck or slow: others shall have its partitions. A static member says nothing, as in Kafka: its
   * session ends by itself.
   */
  async #expire(): Promise<void> {
    const memberId = this.#memberId;
    this.stop();
    this.#memberId = '';
    this.#generation = -1;
    this.#previous = [];
    this.#rejoin = true;
    if (this.#requests.instanceId !== null) return;
    await this.#requests.leave(memberId, 'the application has not polled for max.poll.interval.ms');
  }

  /** What a code tells about the membership. */
  #note(code: number): void {
    const error = toApiError(code);
    const name = error?.name;
    switch (name) {
      case 'REBALANCE_IN_PROGRESS':
        break;
      case 'ILLEGAL_GENERATION':
      case 'UNKNOWN_MEMBER_ID':
        this.#memberId = name === 'UNKNOWN_MEMBER_ID' ? '' : this.#memberId;
        this.#generation = -1;
        this.#previous = [];
        break;
      case 'FENCED_INSTANCE_ID':
        this.#fenced(error!);
        return;
      case 'NOT_COORDINATOR':
      case 'COORDINATOR_NOT_AVAILABLE':
        this.#requests.forgetCoordinator();
        return;
      default:
        return;
    }
    this.#rejoin = true;
    this.#parts.hooks.wake();
  }

  /** Another process joined under the same group.instance.id (KIP-345). */
  #fenced(api: ApiError): void {
    const text = `Caught fenced group.instance.id Optional[${this.#requests.instanceId}] error in heartbeat thread`;
    this.#parts.network.warn('ERROR', text, coordinatorLogger);
    this.stop();
    this.#parts.hooks.fail(new ClientError('refused', api.message, { api }));
  }
}

function codeOf(error: unknown): number {
  return error instanceof ClientError ? (error.api?.code ?? 0) : 0;
}

/** A sync that failed so is cured by joining again. */
function isRejoinable(code: number): boolean {
  const name = toApiError(code)?.name ?? '';
  return ['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'NOT_COORDINATOR'].includes(
    name,
  )
    ? true
    : (toApiError(code)?.retriable ?? false);
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
