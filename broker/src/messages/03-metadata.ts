/** Metadata: Kafka's API 3, versions 0 to 13. */
import { api } from '../wire/message.ts';
import { array, bool, type Decoded, int16, int32, string, struct, uuid } from '../wire/schema.ts';

export const MetadataRequest = api(3, 'MetadataRequest', {
  versions: [0, 13],
  flexibleFrom: 9,
  fields: {
    topics: array(
      struct({
        topicId: uuid.since(10),
        name: string.nullable(10),
      }),
    ).nullable(1),
    allowAutoTopicCreation: bool.default(true).since(4),
    includeClusterAuthorizedOperations: bool.since(8).until(10),
    includeTopicAuthorizedOperations: bool.since(8),
  },
});
export type MetadataRequest = Decoded<typeof MetadataRequest>;

export const MetadataResponse = api(3, 'MetadataResponse', {
  versions: [0, 13],
  flexibleFrom: 9,
  fields: {
    throttleTimeMs: int32.since(3),
    brokers: array(
      struct({
        nodeId: int32,
        host: string,
        port: int32,
        rack: string.nullable(1).default(null).since(1),
      }),
    ),
    clusterId: string.nullable(2).default(null).since(2),
    controllerId: int32.default(-1).since(1),
    topics: array(
      struct({
        errorCode: int16,
        name: string.nullable(12),
        topicId: uuid.since(10),
        isInternal: bool.since(1),
        partitions: array(
          struct({
            errorCode: int16,
            partitionIndex: int32,
            leaderId: int32,
            leaderEpoch: int32.default(-1).since(7),
            replicaNodes: array(int32),
            isrNodes: array(int32),
            offlineReplicas: array(int32).since(5),
          }),
        ),
        topicAuthorizedOperations: int32.default(-2147483648).since(8),
      }),
    ),
    clusterAuthorizedOperations: int32.default(-2147483648).since(8).until(10),
    errorCode: int16.since(13),
  },
});
export type MetadataResponse = Decoded<typeof MetadataResponse>;
