/** How members come into a group of the consumer protocol, change in it, and go. Shared by both protocols' requests. */
import { ErrorCode } from '../../messages/errors.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import type { Draft } from './draft.ts';
import {
  type ConsumerMember,
  isReconciledTo,
  LEAVING_STATIC_EPOCH,
  newMember,
  sameAssignment,
  sameMetadata,
  sameSubscription,
} from './member.ts';
import type { TopicPartitionsValue } from './partitions.ts';
import { reconcile } from './reconciliation.ts';
import { maybeResolveRegexes, metadataHash, subscribedTopicNames, topicIdsOf } from './subscription.ts';
import { maybeUpdateTarget } from './target.ts';
import { type ConsumerWorld, type Problem, problem } from './world.ts';

/** Same as for the group, whoever asks: a member may always come back. */
export function fullProblem(
  group: ConsumerGroup,
  memberId: string,
  { config }: ConsumerWorld,
): Problem | undefined {
  const { maxSize } = config.consumer;
  if (group.members.size < maxSize || group.members.has(memberId)) return undefined;
  return problem(
    ErrorCode.GROUP_MAX_SIZE_REACHED,
    `The consumer group has reached its maximum capacity of ${maxSize} members.`,
  );
}

/** A static member comes, or comes back under another member id and takes its own place. */
export function joinStatic(
  draft: Draft,
  claim: { memberId: string; instanceId: string; speaksClassic: boolean },
): ConsumerMember | Problem {
  const { memberId, instanceId, speaksClassic } = claim;
  const known = draft.group.staticMember(instanceId);
  if (known === undefined) return draft.group.members.get(memberId) ?? newMember(memberId);
  const mustHaveLeft = !speaksClassic && known.classic === null;
  if (mustHaveLeft && known.memberEpoch !== LEAVING_STATIC_EPOCH) {
    return problem(
      ErrorCode.UNRELEASED_INSTANCE_ID,
      `Static member ${memberId} with instance id ${instanceId} cannot join the group because the instance id is owned by ` +
        `${known.memberId} member.`,
    );
  }
  const member: ConsumerMember = { ...known, memberId, memberEpoch: 0, previousMemberEpoch: 0 };
  const target = draft.group.targetOf(known.memberId);
  draft.removeMember(known.memberId);
  draft.putMetadata(member);
  draft.putTarget(memberId, target);
  draft.putCurrent(member);
  return member;
}

export interface Update {
  readonly before: ConsumerMember;
  readonly after: ConsumerMember;
  readonly owned: readonly TopicPartitionsValue[] | null;
}

/** Writes what has changed about a member, moves the epochs, and moves the member towards its target. */
export function updateMember(draft: Draft, update: Update, world: ConsumerWorld): ConsumerMember | Problem {
  const { before, after, owned } = update;
  const { config, topics, now } = world;
  const subscriptionChanged = !sameSubscription(before, after) || !draft.group.members.has(after.memberId);
  if (subscriptionChanged || !sameMetadata(before, after)) draft.putMetadata(after);
  const { regexRefreshIntervalMs: refreshIntervalMs } = config.consumer;
  maybeResolveRegexes(draft, { topics, now, refreshIntervalMs });
  refreshEpoch(draft, { bump: subscriptionChanged, world });
  maybeUpdateTarget(draft, { topics, config: config.consumer, now });
  const { group } = draft;
  const member = { ...group.members.get(after.memberId)!, classic: after.classic };
  if (isReconciledTo(member, group.assignmentEpoch) && !subscriptionChanged) return member;
  const moved = reconcile(group, member, {
    target: { epoch: group.assignmentEpoch, partitions: group.targetOf(member.memberId) },
    owned,
    subscribed: topicIdsOf(group, member, topics),
    subscriptionChanged,
  });
  if (moved === 'mustRejoin') {
    return problem(
      ErrorCode.FENCED_MEMBER_EPOCH,
      'The consumer group member is in a unknown state. The member must abandon all its partitions and rejoin.',
    );
  }
  if (!sameAssignment(moved, member)) {
    draft.putCurrent(moved);
    if (moved.classic === null) watchRebalance(group, moved, world);
  }
  return moved;
}

/** A new group epoch when the members' subscriptions changed, or the topics they read did. */
function refreshEpoch(draft: Draft, { bump, world }: { bump: boolean; world: ConsumerWorld }): void {
  const { group } = draft;
  if (!bump && group.topicsVersion === world.topics.version && draft.records.length === 0) return;
  const hash = metadataHash(subscribedTopicNames(group), world.topics);
  if (bump || hash !== group.metadataHash) draft.bumpEpoch(hash);
  else draft.seenTopics(world.topics.version);
}

function watchRebalance(group: ConsumerGroup, member: ConsumerMember, { timers, now }: ConsumerWorld): void {
  const { groupId } = group;
  const { memberId, memberEpoch } = member;
  if (member.state !== 'UNREVOKED_PARTITIONS') {
    timers.cancel(groupId, memberId, ['rebalance']);
    return;
  }
  const deadlineMs = now.monotonicMs + member.rebalanceTimeoutMs;
  timers.set({ groupId, memberId, kind: 'rebalance', deadlineMs, memberEpoch });
}

/** Takes members out and gives the group a new epoch. */
export function removeMembers(draft: Draft, memberIds: readonly string[], world: ConsumerWorld): void {
  for (const memberId of memberIds) {
    draft.removeMember(memberId);
    world.timers.cancel(draft.groupId, memberId);
  }
  const { topics, config, now } = world;
  const { regexRefreshIntervalMs: refreshIntervalMs } = config.consumer;
  maybeResolveRegexes(draft, { topics, now, refreshIntervalMs });
  draft.bumpEpoch(metadataHash(subscribedTopicNames(draft.group), topics));
}
