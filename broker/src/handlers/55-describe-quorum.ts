/** DescribeQuorum, versions 0 to 2: who votes, who leads, how far each is. Answered by the active controller. */
import type { DescribeQuorumResponse } from '../messages/55-describe-quorum.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { ReplicaProgress } from '../raft/types.ts';
import type { Input } from '../wire/main.ts';
import { controllerListenerName } from './brokers.ts';
import type { RequestContext } from './context.ts';
import { NotControllerError } from './controller-service.ts';

export function describeQuorum({ node }: Pick<RequestContext, 'node'>): Input<typeof DescribeQuorumResponse> {
  const description = node.quorum.describe();
  if (description === null) throw new NotControllerError();
  const { leaderId, leaderEpoch, highWatermark, voters, observers } = description;
  const partition = {
    partitionIndex: 0,
    errorCode: ErrorCode.NONE,
    leaderId,
    leaderEpoch,
    highWatermark: BigInt(highWatermark),
    currentVoters: voters.map(toState),
    observers: observers.map(toState),
  };
  return {
    topics: [{ topicName: '__cluster_metadata', partitions: [partition] }],
    nodes: node.quorum.voters.map(({ id, host, port }) => ({
      nodeId: id,
      listeners: [{ name: controllerListenerName, host, port }],
    })),
  };
}

function toState({ id, directoryId, logEndOffset, lastFetchMs, lastCaughtUpMs }: ReplicaProgress) {
  return {
    replicaId: id,
    replicaDirectoryId: directoryId,
    logEndOffset: BigInt(logEndOffset),
    lastFetchTimestamp: BigInt(Math.floor(lastFetchMs)),
    lastCaughtUpTimestamp: BigInt(Math.floor(lastCaughtUpMs)),
  };
}
