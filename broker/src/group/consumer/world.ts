/** What a decision about a group of the consumer protocol may look at, and what it gives. */
import type { ClassicGroup } from '../classic-group.ts';
import type { GroupConfig, GroupRecord, Now, Reply, TopicView } from '../effects.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import type { MemberTimers } from './timers.ts';

export type Group = ClassicGroup | ConsumerGroup;

export interface ConsumerWorld {
  readonly groups: ReadonlyMap<string, Group>;
  readonly timers: MemberTimers;
  readonly topics: TopicView;
  readonly config: GroupConfig;
  readonly now: Now;
  readonly randomUuid: () => string;
}

/** Why a request is refused, in Kafka's words. */
export interface Problem {
  readonly errorCode: number;
  readonly errorMessage: string;
}

export interface Decision<T> {
  readonly records: readonly GroupRecord[];
  /** For callers that waited for something else: members of a classic group that was taken over. */
  readonly replies: readonly Reply[];
  readonly body: T;
}

export function problem(errorCode: number, errorMessage: string): Problem {
  return { errorCode, errorMessage };
}

export function isProblem(value: object): value is Problem {
  return 'errorMessage' in value;
}

/** An id for a member that brings none: 22 characters, as Kafka prints a UUID. */
export function generatedMemberId(randomUuid: () => string): string {
  const uuid = randomUuid();
  const hex = uuid.replaceAll('-', '');
  return /^[0-9a-f]{32}$/.test(hex) ? Buffer.from(hex, 'hex').toString('base64url') : uuid;
}
