/** What Kafka refuses about a ConsumerGroupHeartbeat, in its words. */
import type { ConsumerGroupHeartbeatRequest } from '../../messages/68-consumer-group-heartbeat.ts';
import { ErrorCode } from '../../messages/errors.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import { type ConsumerMember, LEAVING_EPOCH, LEAVING_STATIC_EPOCH } from './member.ts';
import { holdsAll, type TopicPartitionsValue } from './partitions.ts';
import { type Problem, problem } from './world.ts';

/** From this version on the client makes its member id. */
const MEMBER_ID_SINCE = 1;

export function requestProblem(
  request: ConsumerGroupHeartbeatRequest,
  version: number,
  assignors: readonly string[],
): Problem | undefined {
  const invalid = (message: string) => problem(ErrorCode.INVALID_REQUEST, message);
  const { memberEpoch, serverAssignor } = request;
  const needsId = version >= MEMBER_ID_SINCE || memberEpoch > 0 || memberEpoch === LEAVING_EPOCH;
  if (needsId && isEmpty(request.memberId)) return invalid("MemberId can't be empty.");
  if (isEmpty(request.groupId)) return invalid("GroupId can't be empty.");
  if (isEmpty(request.instanceId)) return invalid("InstanceId can't be empty.");
  if (isEmpty(request.rackId)) return invalid("RackId can't be empty.");
  if (memberEpoch === 0) {
    if (request.rebalanceTimeoutMs === -1)
      return invalid('RebalanceTimeoutMs must be provided in first request.');
    if (request.topicPartitions === null || request.topicPartitions.length > 0) {
      return invalid('TopicPartitions must be empty when (re-)joining.');
    }
    if (request.subscribedTopicNames === null && request.subscribedTopicRegex === null) {
      return invalid(
        'Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.',
      );
    }
  } else if (memberEpoch === LEAVING_STATIC_EPOCH) {
    if (request.instanceId === null) return invalid("InstanceId can't be null.");
  } else if (memberEpoch < LEAVING_STATIC_EPOCH) return invalid('MemberEpoch is invalid.');
  if (serverAssignor !== null && !assignors.includes(serverAssignor)) {
    return problem(
      ErrorCode.UNSUPPORTED_ASSIGNOR,
      `ServerAssignor ${serverAssignor} is not supported. Supported assignors: ${assignors.join(', ')}.`,
    );
  }
  return undefined;
}

/** Java's String.trim().isEmpty(). */
function isEmpty(text: string | null): boolean {
  return text !== null && text.trim() === '';
}

/** A member that is behind by one answer may go on when it owns nothing it should not. */
export function epochProblem(
  member: ConsumerMember,
  receivedEpoch: number,
  owned: readonly TopicPartitionsValue[] | null,
): Problem | undefined {
  const { memberEpoch } = member;
  if (receivedEpoch === 0 || receivedEpoch === memberEpoch) return undefined;
  const lostAnswer =
    receivedEpoch < memberEpoch &&
    receivedEpoch === member.previousMemberEpoch &&
    owned !== null &&
    holdsAll(member.assigned, owned);
  if (lostAnswer) return undefined;
  const size = receivedEpoch > memberEpoch ? 'greater' : 'smaller';
  return problem(
    ErrorCode.FENCED_MEMBER_EPOCH,
    `The consumer group member has a ${size} member epoch (${receivedEpoch}) than the one known by the group coordinator ` +
      `(${memberEpoch}). The member must abandon all its partitions and rejoin.`,
  );
}

export function unknownMember(group: ConsumerGroup, memberId: string): Problem {
  return problem(
    ErrorCode.UNKNOWN_MEMBER_ID,
    `Member ${memberId} is not a member of group ${group.groupId}.`,
  );
}

/** Whether a static member is known and who it says it is. */
export function instanceProblem(
  member: ConsumerMember | undefined,
  claim: { memberId: string; instanceId: string },
): Problem | undefined {
  const { memberId, instanceId } = claim;
  if (member === undefined)
    return problem(ErrorCode.UNKNOWN_MEMBER_ID, `Instance id ${instanceId} is unknown.`);
  if (member.memberId === memberId) return undefined;
  return problem(
    ErrorCode.FENCED_INSTANCE_ID,
    `Static member ${memberId} with instance id ${instanceId} was fenced by member ${member.memberId}.`,
  );
}
