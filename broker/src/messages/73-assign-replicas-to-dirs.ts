/** AssignReplicasToDirs: Kafka's API 73, versions 0. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int16, int32, int64, struct, uuid } from '../wire/schema.ts';

export const AssignReplicasToDirsRequest = api(73, 'AssignReplicasToDirsRequest', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    brokerId: int32,
    brokerEpoch: int64.default(-1n),
    directories: array(
      struct({
        id: uuid,
        topics: array(
          struct({
            topicId: uuid,
            partitions: array(
              struct({
                partitionIndex: int32,
              }),
            ),
          }),
        ),
      }),
    ),
  },
});
export type AssignReplicasToDirsRequest = Decoded<typeof AssignReplicasToDirsRequest>;

export const AssignReplicasToDirsResponse = api(73, 'AssignReplicasToDirsResponse', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    directories: array(
      struct({
        id: uuid,
        topics: array(
          struct({
            topicId: uuid,
            partitions: array(
              struct({
                partitionIndex: int32,
                errorCode: int16,
              }),
            ),
          }),
        ),
      }),
    ),
  },
});
export type AssignReplicasToDirsResponse = Decoded<typeof AssignReplicasToDirsResponse>;
