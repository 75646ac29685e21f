/** ConsumerGroupHeartbeat (KIP-848): joining, staying, and leaving, all in one request. */
import type {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from '../../messages/68-consumer-group-heartbeat.ts';
import { ErrorCode } from '../../messages/errors.ts';
import type { Input } from '../../wire/schema.ts';
import type { GroupRecord, Reply } from '../effects.ts';
import { ConsumerGroup } from './consumer-group.ts';
import { Draft } from './draft.ts';
import { leaveGroup } from './leaving.ts';
import { type ConsumerMember, LEAVING_EPOCH, LEAVING_STATIC_EPOCH, newMember } from './member.ts';
import { fullProblem, joinStatic, updateMember } from './membership.ts';
import { upgrade } from './migration.ts';
import { eachPartition, partitionsOf, partitionsToValue, sameEpochs } from './partitions.ts';
import { regexProblem } from './topic-regex.ts';
import { epochProblem, instanceProblem, requestProblem, unknownMember } from './validation.ts';
import {
  type ConsumerWorld,
  type Decision,
  generatedMemberId,
  isProblem,
  type Problem,
  problem,
} from './world.ts';

export type HeartbeatBody = Input<typeof ConsumerGroupHeartbeatResponse>;

export interface HeartbeatCall {
  readonly request: ConsumerGroupHeartbeatRequest;
  readonly version: number;
  readonly clientId: string;
  readonly clientHost: string;
}

export function consumerHeartbeat(world: ConsumerWorld, call: HeartbeatCall): Decision<HeartbeatBody> {
  const { request, version } = call;
  const invalid = requestProblem(request, version, world.config.consumer.assignors);
  if (invalid !== undefined) return refuse(invalid);
  const { memberEpoch } = request;
  if (memberEpoch === LEAVING_EPOCH || memberEpoch === LEAVING_STATIC_EPOCH) {
    const left = leaveGroup(world, request);
    return isProblem(left) ? refuse(left) : left;
  }
  const opened = openGroup(world, request);
  if (isProblem(opened)) return refuse(opened);
  const result = beat(world, call, opened.draft);
  if (isProblem(result)) return refuse(result);
  return {
    records: [...opened.records, ...opened.draft.records],
    replies: opened.replies,
    body: result,
  };
}

function refuse(refused: Problem): Decision<HeartbeatBody> {
  return { records: [], replies: [], body: { ...refused } };
}

interface Opened {
  readonly draft: Draft;
  /** Written before the draft's. */
  readonly records: readonly GroupRecord[];
  readonly replies: readonly Reply[];
}

/** The group, made where it is joined; a classic group of consumers is taken over (KIP-848, online migration). */
function openGroup(world: ConsumerWorld, request: ConsumerGroupHeartbeatRequest): Opened | Problem {
  const { groupId } = request;
  const known = world.groups.get(groupId);
  const fresh = () => new Draft(new ConsumerGroup(groupId));
  if (known?.type === 'Consumer') return { draft: new Draft(known), records: [], replies: [] };
  const isJoin = request.memberEpoch === 0;
  if (known === undefined || known.state === 'Dead') {
    if (isJoin) return { draft: fresh(), records: [], replies: [] };
    return problem(ErrorCode.GROUP_ID_NOT_FOUND, `Consumer group ${groupId} not found.`);
  }
  const notConsumer = problem(ErrorCode.GROUP_ID_NOT_FOUND, `Group ${groupId} is not a consumer group.`);
  if (!isJoin) return notConsumer;
  if (known.state === 'Empty' && known.pendingMembers.size === 0) {
    return { draft: fresh(), records: [{ kind: 'group', groupId, value: null }], replies: [] };
  }
  return upgrade(known, world) ?? notConsumer;
}

function beat(world: ConsumerWorld, call: HeartbeatCall, draft: Draft): HeartbeatBody | Problem {
  const { request } = call;
  const memberId = request.memberId === '' ? generatedMemberId(world.randomUuid) : request.memberId;
  const full = fullProblem(draft.group, memberId, world);
  if (full !== undefined) return full;
  const before = findMember(draft, request, memberId);
  if (isProblem(before)) return before;
  const after = asRequested(before, call);
  if (after.subscribedTopicRegex && after.subscribedTopicRegex !== before.subscribedTopicRegex) {
    const why = regexProblem(after.subscribedTopicRegex);
    if (why !== undefined) {
      return problem(
        ErrorCode.INVALID_REGULAR_EXPRESSION,
        `SubscribedTopicRegex \`${after.subscribedTopicRegex}\` is not a valid regular expression: ${why}.`,
      );
    }
  }
  const member = updateMember(draft, { before, after, owned: request.topicPartitions }, world);
  if (isProblem(member)) return member;
  const { config, now, timers } = world;
  const deadlineMs = now.monotonicMs + config.consumer.sessionTimeoutMs(draft.groupId);
  timers.set({ groupId: draft.groupId, memberId, kind: 'session', deadlineMs, memberEpoch: -1 });
  return {
    memberId,
    memberEpoch: member.memberEpoch,
    heartbeatIntervalMs: config.consumer.heartbeatIntervalMs(draft.groupId),
    assignment: isFullRequest(request) || hasNewPartitions(before, member) ? assignmentFor(member) : null,
  };
}

function findMember(
  draft: Draft,
  request: ConsumerGroupHeartbeatRequest,
  memberId: string,
): ConsumerMember | Problem {
  const { memberEpoch, instanceId, topicPartitions } = request;
  const isJoin = memberEpoch === 0;
  if (instanceId !== null && isJoin) {
    const known = draft.group.staticMember(instanceId);
    if (known !== undefined && known.memberId === memberId && known.memberEpoch !== LEAVING_STATIC_EPOCH)
      return known;
    return joinStatic(draft, { memberId, instanceId, speaksClassic: false });
  }
  const known =
    instanceId === null ? draft.group.members.get(memberId) : draft.group.staticMember(instanceId);
  if (instanceId !== null) {
    const wrong = instanceProblem(known, { memberId, instanceId });
    if (wrong !== undefined) return wrong;
  }
  if (known === undefined) return isJoin ? newMember(memberId) : unknownMember(draft.group, memberId);
  return epochProblem(known, memberEpoch, topicPartitions) ?? known;
}

/** Null fields of a request say that nothing has changed. */
function asRequested(
  before: ConsumerMember,
  { request, clientId, clientHost }: HeartbeatCall,
): ConsumerMember {
  const names = request.subscribedTopicNames;
  return {
    ...before,
    instanceId: request.instanceId ?? before.instanceId,
    rackId: request.rackId ?? before.rackId,
    rebalanceTimeoutMs:
      request.rebalanceTimeoutMs === -1 ? before.rebalanceTimeoutMs : request.rebalanceTimeoutMs,
    serverAssignor: request.serverAssignor ?? before.serverAssignor,
    subscribedTopicNames: names === null ? before.subscribedTopicNames : [...new Set(names)].sort(),
    subscribedTopicRegex: request.subscribedTopicRegex ?? before.subscribedTopicRegex,
    clientId,
    clientHost,
    classic: null,
  };
}

/** A request with everything in it is one of a member that has lost track: it gets everything back. */
function isFullRequest(request: ConsumerGroupHeartbeatRequest): boolean {
  if (request.memberEpoch === 0) return true;
  const names = request.subscribedTopicNames !== null || request.subscribedTopicRegex !== null;
  return request.rebalanceTimeoutMs !== -1 && names && request.topicPartitions !== null;
}

function hasNewPartitions(before: ConsumerMember, after: ConsumerMember): boolean {
  if (sameEpochs(before.assigned, after.assigned)) return false;
  return partitionKeys(before) !== partitionKeys(after);
}

function partitionKeys({ assigned }: ConsumerMember): string {
  return [...eachPartition(assigned)]
    .map(({ topicId, partition }) => `${topicId}:${partition}`)
    .sort()
    .join();
}

function assignmentFor(member: ConsumerMember): NonNullable<HeartbeatBody['assignment']> {
  return { topicPartitions: partitionsToValue(partitionsOf(member.assigned)) };
}
