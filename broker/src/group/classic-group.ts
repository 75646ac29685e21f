/**
 * One classic group (the protocol before KIP-848).
 *
 *   Empty ──member joins──▶ PreparingRebalance ──all joined or timeout──▶ CompletingRebalance ──leader syncs──▶ Stable
 *   Stable, CompletingRebalance ──member joins, leaves, expires, or changes──▶ PreparingRebalance
 *   PreparingRebalance ──nobody left at its end──▶ Empty
 *   any ──deleted or expired──▶ Dead
 *
 * This file holds the state and what is true of it; `classic-membership.ts` moves it.
 */
import { GroupMetadataValue } from '../messages/group/group-metadata-value.ts';
import { ownBytes } from '../wire/reader.ts';
import type { Ticket } from './effects.ts';

export type ClassicState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead';

export interface Protocol {
  readonly name: string;
  readonly metadata: Buffer;
}

export interface ClassicMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  clientId: string;
  clientHost: string;
  rebalanceTimeoutMs: number;
  sessionTimeoutMs: number;
  protocols: readonly Protocol[];
  assignment: Buffer;
  /** The join that waits for the rebalance to end; while set, the session does not expire. */
  awaitingJoin: Ticket | undefined;
  /** The sync that waits for the leader's assignment; while set, the session does not expire. */
  awaitingSync: Ticket | undefined;
  /** Joined, and has had no answer yet: gets the new member's longer grace. */
  isNew: boolean;
  sessionDeadlineMs: number;
}

/** Why `PreparingRebalance` ends: see KIP-134 for the delay of a group's first rebalance. */
export type JoinPhase =
  | { readonly kind: 'initialDelay'; deadlineMs: number; remainingMs: number; memberAdded: boolean }
  | { readonly kind: 'rebalance'; deadlineMs: number };

const EMPTY = Buffer.alloc(0);

export class ClassicGroup {
  readonly type = 'Classic';
  readonly groupId: string;
  state: ClassicState = 'Empty';
  stateTimestampMs: number;
  protocolType: string | null = null;
  /** Chosen for the current generation; null before the first and while empty. */
  protocolName: string | null = null;
  generationId = 0;
  /** Always a member, or null when there is none. */
  leaderId: string | null = null;
  /** In the order in which they joined. */
  readonly members = new Map<string, ClassicMember>();
  /** Each value is a key of `members`. */
  readonly staticMembers = new Map<string, string>();
  /** Ids handed out with MEMBER_ID_REQUIRED that have not come back yet, with their deadlines. */
  readonly pendingMembers = new Map<string, number>();
  /** Set exactly while `PreparingRebalance`. */
  joinPhase: JoinPhase | undefined;
  /** Set exactly while `CompletingRebalance`: members that have not synced by then are removed. */
  syncDeadlineMs: number | undefined;
  readonly pendingSync = new Set<string>();
  /** It was a group of the consumer protocol a moment ago: its members must agree anew. */
  mustRebalance = false;

  constructor(groupId: string, nowMs: number) {
    this.groupId = groupId;
    this.stateTimestampMs = nowMs;
  }

  transition(state: ClassicState, wallMs: number): void {
    this.state = state;
    this.stateTimestampMs = wallMs;
    if (state !== 'PreparingRebalance') this.joinPhase = undefined;
    if (state !== 'CompletingRebalance') {
      this.syncDeadlineMs = undefined;
      this.pendingSync.clear();
    }
  }

  /** Nobody was ever a member: only offsets were committed. */
  get isSimple(): boolean {
    return this.protocolType === null;
  }

  add(member: ClassicMember): void {
    this.members.set(member.memberId, member);
    if (member.groupInstanceId !== null) this.staticMembers.set(member.groupInstanceId, member.memberId);
    this.leaderId ??= member.memberId;
    this.pendingMembers.delete(member.memberId);
  }

  remove(memberId: string): ClassicMember | undefined {
    const member = this.members.get(memberId);
    if (member === undefined) return undefined;
    this.members.delete(memberId);
    if (member.groupInstanceId !== null) this.staticMembers.delete(member.groupInstanceId);
    this.pendingSync.delete(memberId);
    if (this.leaderId === memberId) this.leaderId = this.members.keys().next().value ?? null;
    return member;
  }

  get rebalanceTimeoutMs(): number {
    let most = 0;
    for (const member of this.members.values()) most = Math.max(most, member.rebalanceTimeoutMs);
    return most;
  }

  get hasAllMembersJoined(): boolean {
    if (this.pendingMembers.size > 0) return false;
    for (const member of this.members.values()) if (member.awaitingJoin === undefined) return false;
    return true;
  }

  /** Whether someone with these protocols may be in the group: same type, and one protocol that all have. */
  supports(protocolType: string, names: readonly string[]): boolean {
    if (this.members.size === 0) return protocolType !== '' && names.length > 0;
    return this.protocolType === protocolType && names.some((name) => this.commonProtocols().has(name));
  }

  /** Names every member offers. */
  commonProtocols(): Set<string> {
    let common: Set<string> | undefined;
    for (const member of this.members.values()) {
      const offered = new Set(member.protocols.map(({ name }) => name));
      common = common === undefined ? offered : new Set([...common].filter((name) => offered.has(name)));
    }
    return common ?? new Set();
  }

  /** Each member votes for the first of its protocols that all have; most votes win. */
  selectProtocol(): string {
    const common = this.commonProtocols();
    const votes = new Map<string, number>();
    for (const member of this.members.values()) {
      const vote = member.protocols.find(({ name }) => common.has(name));
      if (vote) votes.set(vote.name, (votes.get(vote.name) ?? 0) + 1);
    }
    const [winner] = [...votes].sort((a, b) => b[1] - a[1]);
    if (winner === undefined) throw new Error(`group ${this.groupId}: no protocol is common to all members`);
    return winner[0];
  }

  metadataOf(member: ClassicMember, protocolName = this.protocolName): Buffer {
    return member.protocols.find(({ name }) => name === protocolName)?.metadata ?? EMPTY;
  }

  /** What is written to the log; `assignments` when they are not the members' own yet. */
  toValue(assignments?: ReadonlyMap<string, Buffer>): GroupMetadataValue {
    return {
      ...GroupMetadataValue.empty(),
      protocolType: this.protocolType ?? '',
      generation: this.generationId,
      protocol: this.protocolName,
      leader: this.leaderId,
      currentStateTimestamp: BigInt(this.stateTimestampMs),
      members: [...this.members.values()].map((member) => ({
        memberId: member.memberId,
        groupInstanceId: member.groupInstanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        rebalanceTimeout: member.rebalanceTimeoutMs,
        sessionTimeout: member.sessionTimeoutMs,
        subscription: this.metadataOf(member),
        assignment: assignments?.get(member.memberId) ?? member.assignment,
      })),
    };
  }

  /** The group as a record describes it; sessions begin when the coordinator says so (`startSessions`). */
  static fromValue(groupId: string, value: GroupMetadataValue, nowMs: number): ClassicGroup {
    const stamp = Number(value.currentStateTimestamp);
    const group = new ClassicGroup(groupId, stamp >= 0 ? stamp : nowMs);
    group.protocolType = value.protocolType === '' ? null : value.protocolType;
    group.protocolName = value.protocol;
    group.generationId = value.generation;
    for (const stored of value.members) {
      group.add({
        memberId: stored.memberId,
        groupInstanceId: stored.groupInstanceId,
        clientId: stored.clientId,
        clientHost: stored.clientHost,
        rebalanceTimeoutMs: stored.rebalanceTimeout < 0 ? stored.sessionTimeout : stored.rebalanceTimeout,
        sessionTimeoutMs: stored.sessionTimeout,
        protocols: [{ name: value.protocol ?? '', metadata: ownBytes(stored.subscription) }],
        assignment: ownBytes(stored.assignment),
        awaitingJoin: undefined,
        awaitingSync: undefined,
        isNew: false,
        sessionDeadlineMs: Number.POSITIVE_INFINITY,
      });
    }
    group.leaderId = value.leader ?? group.leaderId;
    group.state = group.members.size > 0 ? 'Stable' : 'Empty';
    return group;
  }

  startSessions(monotonicMs: number): void {
    for (const member of this.members.values()) {
      member.sessionDeadlineMs = monotonicMs + member.sessionTimeoutMs;
    }
  }

  /** The next moment at which time alone changes something. */
  get nextDeadlineMs(): number {
    if (this.mustRebalance) return Number.NEGATIVE_INFINITY;
    let next = Math.min(
      this.joinPhase?.deadlineMs ?? Number.POSITIVE_INFINITY,
      this.syncDeadlineMs ?? Number.POSITIVE_INFINITY,
    );
    for (const deadline of this.pendingMembers.values()) next = Math.min(next, deadline);
    for (const member of this.members.values()) {
      if (isSessionRunning(member)) next = Math.min(next, member.sessionDeadlineMs);
    }
    return next;
  }
}

/** A member that waits for us is alive; a new one is given up after its grace all the same. */
export function isSessionRunning(member: ClassicMember): boolean {
  return member.isNew || (member.awaitingJoin === undefined && member.awaitingSync === undefined);
}
