/** AlterReplicaLogDirs: Kafka's API 34, versions 1 to 2. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int16, int32, string, struct } from '../wire/schema.ts';

export const AlterReplicaLogDirsRequest = api(34, 'AlterReplicaLogDirsRequest', {
  versions: [1, 2],
  flexibleFrom: 2,
  fields: {
    dirs: array(
      struct({
        path: string,
        topics: array(
          struct({
            name: string,
            partitions: array(int32),
          }),
        ),
      }),
    ),
  },
});
export type AlterReplicaLogDirsRequest = Decoded<typeof AlterReplicaLogDirsRequest>;

export const AlterReplicaLogDirsResponse = api(34, 'AlterReplicaLogDirsResponse', {
  versions: [1, 2],
  flexibleFrom: 2,
  fields: {
    throttleTimeMs: int32,
    results: array(
      struct({
        topicName: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            errorCode: int16,
          }),
        ),
      }),
    ),
  },
});
export type AlterReplicaLogDirsResponse = Decoded<typeof AlterReplicaLogDirsResponse>;
