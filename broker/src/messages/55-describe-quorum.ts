/** DescribeQuorum: Kafka's API 55, versions 0 to 2. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int16, int32, int64, string, struct, uint16, uuid } from '../wire/schema.ts';

export const DescribeQuorumRequest = api(55, 'DescribeQuorumRequest', {
  versions: [0, 2],
  flexibleFrom: 0,
  fields: {
    topics: array(
      struct({
        topicName: string,
        partitions: array(
          struct({
            partitionIndex: int32,
          }),
        ),
      }),
    ),
  },
});
export type DescribeQuorumRequest = Decoded<typeof DescribeQuorumRequest>;

const replicaState = struct({
  replicaId: int32,
  replicaDirectoryId: uuid.since(2),
  logEndOffset: int64,
  lastFetchTimestamp: int64.default(-1n).since(1),
  lastCaughtUpTimestamp: int64.default(-1n).since(1),
});

export const DescribeQuorumResponse = api(55, 'DescribeQuorumResponse', {
  versions: [0, 2],
  flexibleFrom: 0,
  fields: {
    errorCode: int16,
    errorMessage: string.nullable(2).since(2),
    topics: array(
      struct({
        topicName: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            errorCode: int16,
            errorMessage: string.nullable(2).since(2),
            leaderId: int32,
            leaderEpoch: int32,
            highWatermark: int64,
            currentVoters: array(replicaState),
            observers: array(replicaState),
          }),
        ),
      }),
    ),
    nodes: array(
      struct({
        nodeId: int32.since(2),
        listeners: array(
          struct({
            name: string.since(2),
            host: string.since(2),
            port: uint16.since(2),
          }),
        ).since(2),
      }),
    ).since(2),
  },
});
export type DescribeQuorumResponse = Decoded<typeof DescribeQuorumResponse>;
