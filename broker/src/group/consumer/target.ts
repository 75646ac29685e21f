/** Computes and writes down who shall have which partitions, once for each group epoch. */
import type { ConsumerProtocolConfig, Now, TopicView } from '../effects.ts';
import { ASSIGNORS } from './assignors/registry.ts';
import type { Draft } from './draft.ts';
import type { ConsumerMember } from './member.ts';
import { samePartitions } from './partitions.ts';
import { topicIdsOf } from './subscription.ts';

/**
 * A target for the current group epoch; the last one stays for now when it is younger than the assignment interval
 * (KIP-1263).
 */
export function maybeUpdateTarget(
  draft: Draft,
  options: { topics: TopicView; config: ConsumerProtocolConfig; now: Now },
): void {
  const { topics, config, now } = options;
  const { group } = draft;
  if (group.groupEpoch <= group.assignmentEpoch) return;
  const intervalMs = config.assignmentIntervalMs(group.groupId);
  const last = group.assignmentTimestampMs;
  if (intervalMs > 0 && last > 0 && now.wallMs >= last && now.wallMs < last + intervalMs) return;
  const assign =
    ASSIGNORS.get(preferredAssignor(group.members.values(), config)) ?? ASSIGNORS.get('uniform')!;
  const members = [...group.members.values()]
    .sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
    .map((member) => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      topicIds: [...topicIdsOf(group, member, topics)].sort(),
      before: group.targetOf(member.memberId),
    }));
  const targets = assign({ members, partitionCount: (topicId) => topics.partitionCount(topicId) });
  for (const { memberId, before } of members) {
    const target = targets.get(memberId) ?? new Map();
    const isNew = !group.targets.has(memberId);
    if (isNew || !samePartitions(before, target)) draft.putTarget(memberId, target);
  }
  draft.putTargetEpoch(group.groupEpoch, now.wallMs);
}

/** The assignor most members ask for; the broker's first where nobody asks. */
export function preferredAssignor(
  members: Iterable<ConsumerMember>,
  config: Pick<ConsumerProtocolConfig, 'assignors'>,
): string {
  const votes = new Map<string, number>();
  for (const { serverAssignor } of members) {
    if (serverAssignor === null) continue;
    votes.set(serverAssignor, (votes.get(serverAssignor) ?? 0) + 1);
  }
  const [winner] = [...votes].sort((a, b) => b[1] - a[1]);
  return winner?.[0] ?? config.assignors[0] ?? 'uniform';
}
