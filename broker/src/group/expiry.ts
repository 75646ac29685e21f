/**
 * When committed offsets are forgotten (KIP-211): counted from when the group became empty; for a group without
 * members ever ("simple" consumers) from the commit; for a topic nobody in a living group reads any more, from the commit.
 */
import type { Moment } from './classic-rebalance.ts';
import { subscribedTopicNames } from './consumer/subscription.ts';
import type { Group } from './consumer/world.ts';
import type { GroupRecord } from './effects.ts';
import type { OffsetEntry, OffsetTable } from './offsets.ts';
import { subscribedTopics } from './subscriptions.ts';

export interface ExpiryQuestion {
  readonly groupId: string;
  readonly group: Group | undefined;
  readonly at: Moment;
}

export function expiredOffsets(offsets: OffsetTable, question: ExpiryQuestion): GroupRecord[] {
  const { group, at } = question;
  const startOf = countFrom(question);
  return offsets.tombstones(question.groupId, (entry) => {
    const { expireTimestampMs } = entry.committed;
    if (expireTimestampMs !== null) {
      return (group === undefined || group.state === 'Empty') && at.wallMs >= expireTimestampMs;
    }
    const start = startOf(entry);
    return start !== undefined && at.wallMs - start >= at.config.offsetsRetentionMs;
  });
}

/** From when an entry's retention counts; undefined while it does not. */
function countFrom({ group }: ExpiryQuestion): (entry: OffsetEntry) => number | undefined {
  const fromCommit = (entry: OffsetEntry) => entry.committed.commitTimestampMs;
  if (group === undefined) return fromCommit;
  if (group.type === 'Consumer') {
    const read = subscribedTopicNames(group);
    return (entry) => (read.has(entry.topic) ? undefined : fromCommit(entry));
  }
  if (group.isSimple) return fromCommit;
  if (group.state === 'Empty') {
    const { stateTimestampMs } = group;
    return (entry) => Math.max(stateTimestampMs, entry.committed.commitTimestampMs);
  }
  if (group.state !== 'Stable' || group.protocolType !== 'consumer') return () => undefined;
  const read = subscribedTopics(group);
  return (entry) => (read.has(entry.topic) ? undefined : fromCommit(entry));
}
