/**
 * The groups and offsets of one partition of `__consumer_offsets`: a synchronous machine without clock or I/O.
 * The shell gives it the partition's records once (`replay`, then `loaded`), then calls; it appends what comes
 * back and tells `appended`, and sends replies when the records are committed.
 */
import type { JoinGroupRequest } from '../messages/11-join-group.ts';
import type { LeaveGroupRequest } from '../messages/13-leave-group.ts';
import type { SyncGroupRequest } from '../messages/14-sync-group.ts';
import { ErrorCode } from '../messages/errors.ts';
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
import {
  type Effects,
  type GroupConfig,
  type GroupPorts,
  type GroupRecord,
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
  readonly groups = new Map<string, ClassicGroup>();
  readonly offsets = new OffsetTable();
  /** By producer id: offsets of transactions that have not ended. */
  readonly #open = new Map<number, OffsetRecord[]>();
  readonly #config: () => GroupConfig;
  readonly #ports: GroupPorts;

  constructor(config: () => GroupConfig, ports: GroupPorts) {
    this.#config = config;
    this.#ports = ports;
  }

  /** Applies a record of the partition's past. */
  replay(record: GroupRecord): void {
    if (record.kind === 'offset') this.#applyOffset(record);
    else if (record.value === null) this.groups.delete(record.groupId);
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
    for (const group of this.groups.values()) group.startSessions(now.monotonicMs);
  }

  /** The records were appended: what is told from them holds from now on. */
  appended(records: readonly GroupRecord[]): void {
    for (const record of records) {
      if (record.kind === 'offset') this.#applyOffset(record);
      else if (record.value === null) this.#dropGroup(record.groupId);
    }
  }

  join(
    request: JoinGroupRequest,
    caller: { version: number; clientId: string; clientHost: string; ticket: Ticket },
    now: Now,
  ): Effects {
    const config = this.#config();
    const refuse = (errorCode: number): Effects => ({
      records: [],
      replies: [{ kind: 'join', ticket: caller.ticket, body: joinError(errorCode, request.memberId) }],
    });
    if (
      request.sessionTimeoutMs < config.minSessionTimeoutMs ||
      request.sessionTimeoutMs > config.maxSessionTimeoutMs
    ) {
      return refuse(ErrorCode.INVALID_SESSION_TIMEOUT);
    }
    let group = this.groups.get(request.groupId);
    if (group === undefined) {
      if (request.memberId !== '') return refuse(ErrorCode.UNKNOWN_MEMBER_ID);
      group = new ClassicGroup(request.groupId, now.wallMs);
      this.groups.set(request.groupId, group);
    }
    return join(group, { request, ...caller, at: { ...now, config }, ports: this.#ports });
  }

  sync(request: SyncGroupRequest, ticket: Ticket, now: Now): Effects {
    const group = this.groups.get(request.groupId);
    if (group === undefined) return syncError(ticket, ErrorCode.UNKNOWN_MEMBER_ID);
    return sync(group, { request, ticket, at: this.#moment(now) });
  }

  heartbeat(groupId: string, claim: MemberClaim, now: Now): number {
    const group = this.groups.get(groupId);
    return group === undefined ? ErrorCode.UNKNOWN_MEMBER_ID : heartbeat(group, claim, this.#moment(now));
  }

  leave(
    groupId: string,
    members: LeaveGroupRequest['members'],
    now: Now,
  ): { results: LeaveResult[]; effects: Effects } {
    const group = this.groups.get(groupId);
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
    const result = commitOffsets(group, call, this.#moment(now));
    if (result.errorCode !== ErrorCode.NONE) return result;
    if (group === undefined) this.groups.set(call.groupId, new ClassicGroup(call.groupId, now.wallMs));
    else {
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
      records: [...this.offsets.tombstones(groupId), { kind: 'group', groupId, value: null }],
    };
  }

  /** The generation's record could not be written. */
  writeFailed(groupId: string, now: Now): Effects {
    const group = this.groups.get(groupId);
    return group === undefined ? NOTHING : assignmentFailed(group, this.#moment(now));
  }

  tick(now: Now): Effects {
    const at = this.#moment(now);
    const due = [...this.groups.values()].filter((group) => group.nextDeadlineMs <= now.monotonicMs);
    return merge(...due.map((group) => advance(group, at)));
  }

  get nextDeadlineMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const group of this.groups.values()) next = Math.min(next, group.nextDeadlineMs);
    return next;
  }

  /** Tombstones for offsets past their retention, and for groups left with nothing (KIP-211). */
  expire(now: Now, subscribedTopics: (group: ClassicGroup) => ReadonlySet<string>): GroupRecord[] {
    const at = this.#moment(now);
    const records: GroupRecord[] = [];
    for (const groupId of new Set([...this.groups.keys(), ...this.offsets.groupIds()])) {
      const group = this.groups.get(groupId);
      const gone = expiredOffsets(this.offsets, { groupId, group, at, subscribedTopics });
      records.push(...gone);
      const left = [...this.offsets.of(groupId)].length - gone.length;
      if (group?.state === 'Empty' && left === 0 && group.pendingMembers.size === 0) {
        records.push({ kind: 'group', groupId, value: null });
      }
    }
    return records;
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

  #dropGroup(groupId: string): void {
    const group = this.groups.get(groupId);
    if (group?.state !== 'Empty') return; // somebody joined while the tombstone was on its way
    group.state = 'Dead';
    this.groups.delete(groupId);
  }
}
