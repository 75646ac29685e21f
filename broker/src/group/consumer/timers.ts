/** Deadlines of members; soft: a new coordinator starts them anew. One that comes too late for its member does nothing. */

/**
 * session: heard nothing of it · rebalance: has not given up what it must · join, sync: a member that speaks the classic
 * protocol has not come back for the new generation.
 */
export type TimerKind = 'session' | 'rebalance' | 'join' | 'sync';

export interface MemberTimer {
  readonly groupId: string;
  readonly memberId: string;
  readonly kind: TimerKind;
  readonly deadlineMs: number;
  /** rebalance: the epoch in which the member is stuck. */
  readonly memberEpoch: number;
}

const KINDS: readonly TimerKind[] = ['session', 'rebalance', 'join', 'sync'];

export class MemberTimers {
  readonly #timers = new Map<string, MemberTimer>();

  set(timer: MemberTimer): void {
    this.#timers.set(keyOf(timer), timer);
  }

  setIfAbsent(timer: MemberTimer): void {
    if (!this.#timers.has(keyOf(timer))) this.set(timer);
  }

  cancel(groupId: string, memberId: string, kinds: readonly TimerKind[] = KINDS): void {
    for (const kind of kinds) this.#timers.delete(keyOf({ groupId, memberId, kind }));
  }

  get nextDeadlineMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { deadlineMs } of this.#timers.values()) next = Math.min(next, deadlineMs);
    return next;
  }

  takeDue(nowMs: number): MemberTimer[] {
    const due = [...this.#timers.values()].filter(({ deadlineMs }) => deadlineMs <= nowMs);
    for (const timer of due) this.#timers.delete(keyOf(timer));
    return due;
  }
}

function keyOf({ groupId, memberId, kind }: Pick<MemberTimer, 'groupId' | 'memberId' | 'kind'>): string {
  return `${kind} ${memberId} ${groupId}`;
}
