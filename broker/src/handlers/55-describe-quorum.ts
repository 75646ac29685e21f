/** DescribeQuorum, versions 0 to 2: who votes, who leads, how far each is. Answered by the active controller. */
import type { DescribeQuorumRequest, DescribeQuorumResponse } from '../messages/55-describe-quorum.ts';
import { ErrorCode, errorByCode } from '../messages/errors.ts';
import type { ReplicaProgress } from '../raft/types.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';
import { NotControllerError } from './controller-service.ts';

export function describeQuorum(
  request: DescribeQuorumRequest,
  { node }: Pick<RequestContext, 'node'>,
): Input<typeof DescribeQuorumResponse> {
  const description = node.quorum.describe();
  if (description === null) throw new NotControllerError();
  if (!isMetadataPartition(request)) return unknownPartitions(request);
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
    topics: [{ topicName: metadataTopic, partitions: [partition] }],
    nodes: node.quorum.voters.map(({ id, host, advertisedHost = host, port, listener }) => ({
      nodeId: id,
      listeners: [{ name: listener, host: advertisedHost, port }],
    })),
  };
}

const metadataTopic = '__cluster_metadata';

/** There is one quorum, and a request is about it and nothing else. */
function isMetadataPartition({ topics }: DescribeQuorumRequest): boolean {
  const [topic] = topics;
  const [partition] = topic?.partitions ?? [];
  return (
    topics.length === 1 &&
    topic?.topicName === metadataTopic &&
    topic.partitions.length === 1 &&
    partition?.partitionIndex === 0
  );
}

function unknownPartitions({ topics }: DescribeQuorumRequest): Input<typeof DescribeQuorumResponse> {
  const errorCode = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  const { message: errorMessage } = errorByCode(errorCode);
  return {
    topics: topics.map(({ topicName, partitions }) => ({
      topicName,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode, errorMessage })),
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
