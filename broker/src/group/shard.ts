/**
 * The groups and offsets of one partition of `__consumer_offsets`: a synchronous machine without clock or I/O.
 * The shell gives it the partition's records once (`replay`, then `loaded`), then calls; it appends what comes
 * back and tells `appended`, and sends replies when the records are committed.
 */
import type { JoinGroupRequest } from '../messages/11-join-group.ts';
import type { LeaveGroupRequest } from '../messages/13-leave-group.ts';
import type { SyncGroupRequest } from '../messages/14-sync-group.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { GroupMetadataValue } from '../messages/group/group-metadata-value.ts';
import {
  assignmentFailed,
  heartbeat,
  type LeaveResult,
  leave,
  type MemberClaim,
  sync,
  syncError,
} from './classic-calls.ts';
import { ClassicGroup } from './classic-group.ts';
import { join } from './classic-join.ts';
import { advance, joinError, type Moment, renewSession } from './classic-rebalance.ts';
import { classicHeartbeat, classicJoin, classicLeave, classicSync } from './consumer/classic-members.ts';
import { ConsumerGroup } from './consumer/consumer-group.ts';
import { groupTombstones } from './consumer/draft.ts';
import { consumerHeartbeat, type HeartbeatBody, type HeartbeatCall } from './consumer/heartbeat.ts';
import { timerPassed } from './consumer/leaving.ts';
import { MemberTimers } from './consumer/timers.ts';
import type { ConsumerWorld, Decision, Group } from './consumer/world.ts';
import {
  type ConsumerGroupRecord,
  type Effects,
  type GroupConfig,
  type GroupPorts,
  type GroupRecord,
  type JoinReply,
  merge,
  NOTHING,
  type Now,
  type Ticket,
} from './effects.ts';
import { expiredOffsets } from './expiry.ts';
import { type CommitCall, type CommitResult, commitOffsets } from './offset-commit.ts';
import { OffsetTable } from './offsets.ts';

type OffsetRecord = Extract<GroupRecord, { kind: 'offset' }>;

export class GroupShard {
  readonly groups = new Map<string, Group>();
  readonly offsets = new OffsetTable();
  /** By producer id: offsets of transactions that have not ended. */
  readonly #open = new Map<number, OffsetRecord[]>();
  readonly #config: () => GroupConfig;
  readonly #ports: GroupPorts;
  readonly #timers = new MemberTimers();

  constructor(config: () => GroupConfig, ports: GroupPorts) {
    this.#config = config;
    this.#ports = ports;
  }

  /** Applies a record of the partition's past. */
  replay(record: GroupRecord): void {
    if (record.kind === 'offset') this.#applyOffset(record);
    else if (record.kind !== 'group') this.#applyConsumer(record);
    else if (record.value === null) this.#dropClassic(record.groupId);
    else this.groups.set(record.groupId, ClassicGroup.fromValue(record.groupId, record.value, 0));
  }

  /** Offsets written in a producer's transaction, in the past or just now: they count when it commits. */
  heldBack(producerId: number, records: readonly GroupRecord[]): void {
    const offsets = records.filter((record) => record.kind === 'offset');
    this.#open.set(producerId, [...(this.#open.get(producerId) ?? []), ...offsets]);
  }

  /** The producer's transaction has ended in this partition. */
  transactionEnded(producerId: number, committed: boolean): void {
    const held = this.#open.get(producerId) ?? [];
    this.#open.delete(producerId);
    if (committed) for (const record of held) this.#applyOffset(record);
  }

  /** Whether a transaction still decides about this offset (KIP-447). */
  isUndecided(groupId: string, topic: string, partition: number): boolean {
    for (const held of this.#open.values()) {
      if (held.some((one) => one.groupId === groupId && one.topic === topic && one.partition === partition)) {
        return true;
      }
    }
    return false;
  }

  /** All of the past was replayed: members have one session timeout to show themselves. */
  loaded(now: Now): void {
    for (const group of this.groups.values()) {
      if (group.type === 'Classic') group.startSessions(now.monotonicMs);
      else startTimers(group, this.#world(now));
    }
  }

  /** The records were appended: what is told from them holds from now on. */
  appended(records: readonly GroupRecord[], now: Now): void {
    for (const record of records) {
      if (record.kind === 'offset') this.#applyOffset(record);
      else if (record.kind !== 'group') this.#applyConsumer(record);
      else if (record.value === null) this.#dropClassic(record.groupId);
      else if (!this.groups.has(record.groupId)) this.#takeBack(record.groupId, record.value, now);
    }
  }

  /** A group of the consumer protocol has become a classic one. */
  #takeBack(groupId: string, value: GroupMetadataValue, now: Now): void {
    const group = ClassicGroup.fromValue(groupId, value, now.wallMs);
    group.startSessions(now.monotonicMs);
    group.mustRebalance = true;
    this.groups.set(groupId, group);
  }

  /** ConsumerGroupHeartbeat; what it says holds once the records are committed. */
  consumerHeartbeat(call: HeartbeatCall, now: Now): Decision<HeartbeatBody> {
    return consumerHeartbeat(this.#world(now), call);
  }

  join(
    request: JoinGroupRequest,
    caller: { version: number; clientId: string; clientHost: string; ticket: Ticket },
    now: Now,
  ): Effects {
    const config = this.#config();
    const { ticket } = caller;
    const answer = (body: JoinReply, records: readonly GroupRecord[] = []): Effects => ({
      records,
      replies: [{ kind: 'join', ticket, body }],
    });
    const refuse = (errorCode: number) => answer(joinError(errorCode, request.memberId));
    const { sessionTimeoutMs } = request;
    if (sessionTimeoutMs < config.minSessionTimeoutMs || sessionTimeoutMs > config.maxSessionTimeoutMs) {
      return refuse(ErrorCode.INVALID_SESSION_TIMEOUT);
    }
    const known = this.groups.get(request.groupId);
    if (known?.type === 'Consumer' && known.members.size > 0) {
      const { records, body } = classicJoin(known, { request, ...caller }, this.#world(now));
      return answer(body, records);
    }
    if (known?.type !== 'Classic' && request.memberId !== '') return refuse(ErrorCode.UNKNOWN_MEMBER_ID);
    const group = known?.type === 'Classic' ? known : new ClassicGroup(request.groupId, now.wallMs);
    this.groups.set(request.groupId, group);
    const effects = join(group, { request, ...caller, at: { ...now, config }, ports: this.#ports });
    if (known?.type !== 'Consumer') return effects;
    return { ...effects, records: [...groupTombstones(known), ...effects.records] };
  }

  sync(request: SyncGroupRequest, ticket: Ticket, now: Now): Effects {
    const group = this.groups.get(request.groupId);
    if (group === undefined) return syncError(ticket, ErrorCode.UNKNOWN_MEMBER_ID);
    if (group.type === 'Consumer') {
      const body = classicSync(group, request, this.#world(now));
      return { records: [], replies: [{ kind: 'sync', ticket, body }] };
    }
    return sync(group, { request, ticket, at: this.#moment(now) });
  }

  heartbeat(groupId: string, claim: MemberClaim, now: Now): number {
    const group = this.groups.get(groupId);
    if (group === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
    if (group.type === 'Consumer') return classicHeartbeat(group, claim, this.#world(now));
    return heartbeat(group, claim, this.#moment(now));
  }

  leave(
    groupId: string,
    members: LeaveGroupRequest['members'],
    now: Now,
  ): { results: LeaveResult[]; effects: Effects } {
    const group = this.groups.get(groupId);
    if (group?.type === 'Consumer') {
      const { records, results } = classicLeave(group, members, this.#world(now));
      return { results, effects: { records, replies: [] } };
    }
    if (group !== undefined) return leave(group, members, this.#moment(now));
    const results = members.map(({ memberId, groupInstanceId }) => ({
      memberId,
      groupInstanceId,
      errorCode: ErrorCode.UNKNOWN_MEMBER_ID,
    }));
    return { results, effects: NOTHING };
  }

  /** Decides an OffsetCommit; the offsets count once the records are `appended`. */
  commit(call: CommitCall, now: Now): CommitResult {
    const group = this.groups.get(call.groupId);
    const topicId = (topic: string) => this.#ports.topics().idOf(topic);
    const result = commitOffsets(group, call, { ...this.#moment(now), topicId });
    if (result.errorCode !== ErrorCode.NONE) return result;
    if (group === undefined) this.groups.set(call.groupId, new ClassicGroup(call.groupId, now.wallMs));
    else if (group.type === 'Classic') {
      const member = group.members.get(call.memberId);
      if (member !== undefined) renewSession(member, now);
    }
    return result;
  }

  /** Deletes a group and its offsets. */
  deleteGroup(groupId: string): { errorCode: number; records: GroupRecord[] } {
    const group = this.groups.get(groupId);
    if (group === undefined || group.state === 'Dead') {
      return { errorCode: ErrorCode.GROUP_ID_NOT_FOUND, records: [] };
    }
    if (group.state !== 'Empty') return { errorCode: ErrorCode.NON_EMPTY_GROUP, records: [] };
    return {
      errorCode: ErrorCode.NONE,
      records: [...this.offsets.tombstones(groupId), ...tombstonesOf(group)],
    };
  }

  /** The generation's record could not be written. */
  writeFailed(groupId: string, now: Now): Effects {
    const group = this.groups.get(groupId);
    return group?.type === 'Classic' ? assignmentFailed(group, this.#moment(now)) : NOTHING;
  }

  tick(now: Now): Effects {
    const at = this.#moment(now);
    const all: Effects[] = [];
    for (const group of this.groups.values()) {
      if (group.type === 'Classic' && group.nextDeadlineMs <= now.monotonicMs) all.push(advance(group, at));
    }
    const [timer, ...later] = this.#timers.takeDue(now.monotonicMs);
    // One at a time: what the next one decides depends on what this one wrote.
    for (const due of later) this.#timers.set(due);
    if (timer !== undefined) all.push({ records: timerPassed(timer, this.#world(now)), replies: [] });
    return merge(...all);
  }

  get nextDeadlineMs(): number {
    let next = this.#timers.nextDeadlineMs;
    for (const group of this.groups.values()) {
      if (group.type === 'Classic') next = Math.min(next, group.nextDeadlineMs);
    }
    return next;
  }

  /** Tombstones for offsets past their retention, and for groups left with nothing (KIP-211). */
  expire(now: Now): GroupRecord[] {
    const at = this.#moment(now);
    const records: GroupRecord[] = [];
    for (const groupId of new Set([...this.groups.keys(), ...this.offsets.groupIds()])) {
      const group = this.groups.get(groupId);
      const gone = expiredOffsets(this.offsets, { groupId, group, at });
      records.push(...gone);
      const left = [...this.offsets.of(groupId)].length - gone.length;
      if (group?.state !== 'Empty' || left > 0) continue;
      if (group.type === 'Consumer' || group.pendingMembers.size === 0) records.push(...tombstonesOf(group));
    }
    return records;
  }

  #world(now: Now): ConsumerWorld {
    const { topics, randomUuid } = this.#ports;
    return {
      groups: this.groups,
      timers: this.#timers,
      topics: topics(),
      config: this.#config(),
      now,
      randomUuid,
    };
  }

  #moment(now: Now): Moment {
    return { ...now, config: this.#config() };
  }

  #applyOffset(record: OffsetRecord): void {
    const { groupId, topic, partition, value } = record;
    if (value === null) this.offsets.delete(groupId, topic, partition);
    else {
      this.offsets.put(groupId, topic, partition, value);
      if (!this.groups.has(groupId)) {
        this.groups.set(groupId, new ClassicGroup(groupId, value.commitTimestampMs));
      }
    }
  }

  #applyConsumer(record: ConsumerGroupRecord): void {
    const { groupId } = record;
    const known = this.groups.get(groupId);
    if (known?.type === 'Consumer') {
      known.apply(record);
      if (record.kind === 'consumerGroup' && record.value === null) this.groups.delete(groupId);
      return;
    }
    if (record.value === null) return;
    const group = new ConsumerGroup(groupId);
    group.apply(record);
    this.groups.set(groupId, group);
  }

  #dropClassic(groupId: string): void {
    const group = this.groups.get(groupId);
    if (group?.type !== 'Classic') return;
    group.state = 'Dead';
    this.groups.delete(groupId);
  }
}

function tombstonesOf(group: Group): readonly GroupRecord[] {
  if (group.type === 'Consumer') return groupTombstones(group);
  return [{ kind: 'group', groupId: group.groupId, value: null }];
}

/** A new coordinator gives every member its whole session, and whoever must give something up its whole time. */
function startTimers(group: ConsumerGroup, { timers, config, now }: ConsumerWorld): void {
  const { groupId } = group;
  for (const { memberId, memberEpoch, classic, state, rebalanceTimeoutMs } of group.members.values()) {
    const sessionMs = classic?.sessionTimeoutMs ?? config.consumer.sessionTimeoutMs(groupId);
    timers.set({ groupId, memberId, kind: 'session', deadlineMs: now.monotonicMs + sessionMs, memberEpoch });
    if (classic !== null || state !== 'UNREVOKED_PARTITIONS') continue;
    const deadlineMs = now.monotonicMs + rebalanceTimeoutMs;
    timers.set({ groupId, memberId, kind: 'rebalance', deadlineMs, memberEpoch });
  }
}
