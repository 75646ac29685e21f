/** What group handlers need of the group coordinator, and the forms they share. */
import type { ConsumerProtocolConfig, Effects, Now, Ticket, TopicView } from '../group/effects.ts';
import type { GroupShard } from '../group/shard.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { RequestContext, Wait } from './context.ts';

export const OFFSETS_TOPIC = '__consumer_offsets';

export interface GroupService {
  /** The shard that keeps this group, or the error a client gets: NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS … */
  shardOf(groupId: string): ActiveShard | number;
  /** Every shard this node leads; `loading` when one of them is not there yet. */
  active(): { readonly shards: readonly ActiveShard[]; readonly loading: boolean };
  now(): Now;
  /** What descriptions of groups need besides the group. */
  view(): { readonly topics: TopicView; readonly config: ConsumerProtocolConfig };
  /** A marker was written to this partition of `__consumer_offsets`: the producer's offsets count, or never will. */
  transactionEnded(partition: number, producerId: number, committed: boolean): void;
}

export interface ActiveShard {
  readonly shard: GroupShard;
  /**
   * Appends the records of `effects` and, once they are committed, sends its replies. Resolves with 0, or with the
   * error code a coordinator answers when they could not be written; replies then carry it, too. With
   * `afterAllBefore`, effects without records wait for the records of others before them: their answer tells of those.
   */
  carryOut(effects: Effects, groupId: string, options?: { afterAllBefore: boolean }): Promise<number>;
  /** Registers a caller who is answered by a reply with this ticket, now or later. */
  expect<T>(wait: Wait<T>): Ticket;
}

/** A join or sync may wait for everybody else; longer than any of them may take, so that no wait is endless. */
export const GROUP_WAIT_MS_MAX = 30 * 60_000;

/** The shard of a group that must have a name. */
export function shardFor(context: RequestContext, groupId: string): ActiveShard | number {
  return groupId === '' ? ErrorCode.INVALID_GROUP_ID : context.node.groups.shardOf(groupId);
}
