/** Fetch: Kafka's API 1, versions 4 to 18. */
import { api } from '../wire/message.ts';
import {
  array,
  type Decoded,
  int8,
  int16,
  int32,
  int64,
  records,
  string,
  struct,
  uuid,
} from '../wire/schema.ts';

export const FetchRequest = api(1, 'FetchRequest', {
  versions: [4, 18],
  flexibleFrom: 12,
  fields: {
    clusterId: string.nullable(12).default(null).since(12).tag(0, 12),
    replicaId: int32.default(-1).until(14),
    replicaState: struct({
      replicaId: int32.default(-1).since(15),
      replicaEpoch: int64.default(-1n).since(15),
    })
      .since(15)
      .tag(1, 15),
    maxWaitMs: int32,
    minBytes: int32,
    maxBytes: int32.default(2147483647),
    isolationLevel: int8,
    sessionId: int32.since(7),
    sessionEpoch: int32.default(-1).since(7),
    topics: array(
      struct({
        topic: string.until(12),
        topicId: uuid.since(13),
        partitions: array(
          struct({
            partition: int32,
            currentLeaderEpoch: int32.default(-1).since(9),
            fetchOffset: int64,
            lastFetchedEpoch: int32.default(-1).since(12),
            logStartOffset: int64.default(-1n).since(5),
            partitionMaxBytes: int32,
            replicaDirectoryId: uuid.since(17).tag(0, 17),
            highWatermark: int64.default(9223372036854775807n).since(18).tag(1, 18),
          }),
        ),
      }),
    ),
    forgottenTopicsData: array(
      struct({
        topic: string.since(7).until(12),
        topicId: uuid.since(13),
        partitions: array(int32).since(7),
      }),
    ).since(7),
    rackId: string.since(11),
  },
});
export type FetchRequest = Decoded<typeof FetchRequest>;

export const FetchResponse = api(1, 'FetchResponse', {
  versions: [4, 18],
  flexibleFrom: 12,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16.since(7),
    sessionId: int32.since(7),
    responses: array(
      struct({
        topic: string.until(12),
        topicId: uuid.since(13),
        partitions: array(
          struct({
            partitionIndex: int32,
            errorCode: int16,
            highWatermark: int64,
            lastStableOffset: int64.default(-1n),
            logStartOffset: int64.default(-1n).since(5),
            divergingEpoch: struct({
              epoch: int32.default(-1).since(12),
              endOffset: int64.default(-1n).since(12),
            })
              .since(12)
              .tag(0, 12),
            currentLeader: struct({
              leaderId: int32.default(-1).since(12),
              leaderEpoch: int32.default(-1).since(12),
            })
              .since(12)
              .tag(1, 12),
            snapshotId: struct({
              endOffset: int64.default(-1n),
              epoch: int32.default(-1),
            })
              .since(12)
              .tag(2, 12),
            abortedTransactions: array(
              struct({
                producerId: int64,
                firstOffset: int64,
              }),
            ).nullable(),
            preferredReadReplica: int32.default(-1).since(11),
            records: records.nullable(),
          }),
        ),
      }),
    ),
    nodeEndpoints: array(
      struct({
        nodeId: int32.since(16),
        host: string.since(16),
        port: int32.since(16),
        rack: string.nullable(16).default(null).since(16),
      }),
    )
      .since(16)
      .tag(0, 16),
  },
});
export type FetchResponse = Decoded<typeof FetchResponse>;
