/** A shard with a clock of its own and callers that note what they are told. */
import { ErrorCode } from '@brokerlab/broker/messages';
import type {
  Effects,
  GroupConfig,
  GroupRecord,
  JoinReply,
  SyncReply,
  TopicView,
} from '../../broker/src/group/effects.ts';
import { decodeGroupRecord, encodeGroupRecord } from '../../broker/src/group/records.ts';
import { GroupShard } from '../../broker/src/group/shard.ts';
import { JoinGroupRequest } from '../../broker/src/messages/11-join-group.ts';
import { SyncGroupRequest } from '../../broker/src/messages/14-sync-group.ts';
import { ConsumerProtocolSubscription } from '../../broker/src/messages/consumer-protocol/consumer-protocol-subscription.ts';
import { encodeVersioned } from '../../broker/src/messages/versioned.ts';

export const CONFIG: GroupConfig = {
  minSessionTimeoutMs: 6000,
  maxSessionTimeoutMs: 1_800_000,
  initialRebalanceDelayMs: 3000,
  maxSize: 100,
  offsetsRetentionMs: 604_800_000,
  offsetMetadataBytesMax: 4096,
  consumer: {
    sessionTimeoutMs: () => 45_000,
    heartbeatIntervalMs: () => 5000,
    assignmentIntervalMs: () => 0,
    maxSize: 100,
    assignors: ['uniform', 'range'],
    migrationPolicy: 'bidirectional',
    regexRefreshIntervalMs: 600_000,
  },
};

/** Topics by name with their partition counts; an id is the name, lengthened to one. */
export class FakeTopics implements TopicView {
  readonly #counts: Readonly<Record<string, number>>;
  readonly version: number;

  constructor(counts: Readonly<Record<string, number>>, version = 1) {
    this.#counts = counts;
    this.version = version;
  }

  with(counts: Readonly<Record<string, number>>): FakeTopics {
    return new FakeTopics(counts, this.version + 1);
  }

  get names() {
    return Object.keys(this.#counts);
  }

  idOf(name: string) {
    return this.#counts[name] === undefined ? undefined : name.padEnd(21, 'A').concat('A');
  }

  nameOf(id: string) {
    return this.names.find((name) => this.idOf(name) === id);
  }

  partitionCount(id: string) {
    return this.#counts[this.nameOf(id) ?? ''] ?? 0;
  }
}

/** What a classic consumer embeds in its join. */
export function subscription(topic: string, ownedPartitions: readonly number[] = []): Buffer {
  return encodeVersioned(ConsumerProtocolSubscription, 3, {
    topics: [topic],
    ownedPartitions: [{ topic, partitions: [...ownedPartitions] }],
  });
}

export class GroupWorld {
  nowMs = 1_000_000;
  config = { ...CONFIG };
  topics = new FakeTopics({ t: 4 });
  readonly log: GroupRecord[] = [];
  readonly joins = new Map<number, JoinReply>();
  readonly syncs = new Map<number, SyncReply>();
  shard = this.#newShard();
  #ticket = 0;
  #uuid = 0;

  #newShard(): GroupShard {
    return new GroupShard(() => this.config, {
      randomUuid: () => `uuid-${++this.#uuid}`,
      topics: () => this.topics,
    });
  }

  get now() {
    return { monotonicMs: this.nowMs, wallMs: this.nowMs };
  }

  /** Appends and sends, as the shell does when everything goes well; records go through their bytes. */
  carryOut(effects: Effects): void {
    const records = effects.records.map((record) => decodeGroupRecord(encodeGroupRecord(record))!);
    this.log.push(...records);
    this.shard.appended(records, this.now);
    for (const reply of effects.replies) {
      if (reply.kind === 'join') this.joins.set(reply.ticket, reply.body);
      else this.syncs.set(reply.ticket, reply.body);
    }
  }

  /** A coordinator elsewhere takes over with what was written. */
  failOver(): void {
    this.shard = this.#newShard();
    for (const record of this.log) this.shard.replay(record);
    this.shard.loaded(this.now);
  }

  /** Lets time pass, waking the shard at each of its deadlines. */
  pass(ms: number): void {
    const end = this.nowMs + ms;
    for (let guard = 0; this.shard.nextDeadlineMs <= end; guard++) {
      if (guard > 1000) throw new Error('the shard never comes to rest');
      this.nowMs = Math.max(this.nowMs, this.shard.nextDeadlineMs);
      this.carryOut(this.shard.tick(this.now));
    }
    this.nowMs = end;
  }

  join(options: {
    memberId?: string;
    instanceId?: string;
    topics?: string;
    version?: number;
    protocols?: readonly string[];
  }): number {
    const ticket = ++this.#ticket;
    const request = {
      ...JoinGroupRequest.empty(),
      groupId: 'g',
      memberId: options.memberId ?? '',
      groupInstanceId: options.instanceId ?? null,
      protocolType: 'consumer',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 60_000,
      protocols: (options.protocols ?? ['range']).map((name) => ({
        name,
        metadata: subscription(options.topics ?? 't'),
      })),
    };
    const caller = { version: options.version ?? 9, clientId: 'c', clientHost: '/127.0.0.1', ticket };
    this.carryOut(this.shard.join(request, caller, this.now));
    return ticket;
  }

  /** Joins the way new clients do: asks for an id, comes back with it. Returns the id and the second ticket. */
  joinTwice(options: { topics?: string; protocols?: readonly string[] } = {}): {
    memberId: string;
    ticket: number;
  } {
    const first = this.joins.get(this.join(options));
    if (first?.errorCode !== ErrorCode.MEMBER_ID_REQUIRED) throw new Error('no member id was asked for');
    const memberId = first.memberId!;
    return { memberId, ticket: this.join({ ...options, memberId }) };
  }

  sync(memberId: string, generationId: number, assignments: Readonly<Record<string, string>> = {}): number {
    const ticket = ++this.#ticket;
    const request = {
      ...SyncGroupRequest.empty(),
      groupId: 'g',
      memberId,
      generationId,
      assignments: Object.entries(assignments).map(([id, text]) => ({
        memberId: id,
        assignment: Buffer.from(text),
      })),
    };
    this.carryOut(this.shard.sync(request, ticket, this.now));
    return ticket;
  }

  heartbeat(memberId: string, generationId: number): number {
    return this.shard.heartbeat('g', { memberId, generationId, groupInstanceId: null }, this.now);
  }

  leave(memberId: string, instanceId: string | null = null): number {
    const { results, effects } = this.shard.leave(
      'g',
      [{ memberId, groupInstanceId: instanceId, reason: null }],
      this.now,
    );
    this.carryOut(effects);
    return results[0]!.errorCode;
  }

  get group() {
    const group = this.shard.groups.get('g');
    if (group?.type !== 'Classic') throw new Error('there is no classic group');
    return group;
  }

  /** Two members, stable, each with an assignment. */
  stablePair(): { leader: string; follower: string } {
    const a = this.joinTwice();
    const b = this.joinTwice();
    this.pass(7000);
    const generation = this.joins.get(a.ticket)!.generationId!;
    this.sync(b.memberId, generation);
    this.sync(a.memberId, generation, { [a.memberId]: 'p0', [b.memberId]: 'p1' });
    return { leader: a.memberId, follower: b.memberId };
  }
}
