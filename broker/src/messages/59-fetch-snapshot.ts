/** FetchSnapshot: Kafka's API 59, versions 0 to 1. */
import { api } from '../wire/message.ts';
import {
  array,
  type Decoded,
  int16,
  int32,
  int64,
  records,
  string,
  struct,
  uint16,
  uuid,
} from '../wire/schema.ts';

export const FetchSnapshotRequest = api(59, 'FetchSnapshotRequest', {
  versions: [0, 1],
  flexibleFrom: 0,
  fields: {
    clusterId: string.nullable().default(null).tag(0, 0),
    replicaId: int32.default(-1),
    maxBytes: int32.default(2147483647),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partition: int32,
            currentLeaderEpoch: int32,
            snapshotId: struct({
              endOffset: int64,
              epoch: int32,
            }),
            position: int64,
            replicaDirectoryId: uuid.since(1).tag(0, 1),
          }),
        ),
      }),
    ),
  },
});
export type FetchSnapshotRequest = Decoded<typeof FetchSnapshotRequest>;

export const FetchSnapshotResponse = api(59, 'FetchSnapshotResponse', {
  versions: [0, 1],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            index: int32,
            errorCode: int16,
            snapshotId: struct({
              endOffset: int64,
              epoch: int32,
            }),
            currentLeader: struct({
              leaderId: int32,
              leaderEpoch: int32,
            }).tag(0, 0),
            size: int64,
            position: int64,
            unalignedRecords: records,
          }),
        ),
      }),
    ),
    nodeEndpoints: array(
      struct({
        nodeId: int32.since(1),
        host: string.since(1),
        port: uint16.since(1),
      }),
    )
      .since(1)
      .tag(0, 1),
  },
});
export type FetchSnapshotResponse = Decoded<typeof FetchSnapshotResponse>;
