/** AlterPartition: Kafka's API 56, versions 2 to 3. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int8, int16, int32, int64, struct, uuid } from '../wire/schema.ts';

export const AlterPartitionRequest = api(56, 'AlterPartitionRequest', {
  versions: [2, 3],
  flexibleFrom: 0,
  fields: {
    brokerId: int32,
    brokerEpoch: int64.default(-1n),
    topics: array(
      struct({
        topicId: uuid,
        partitions: array(
          struct({
            partitionIndex: int32,
            leaderEpoch: int32,
            newIsr: array(int32).until(2),
            newIsrWithEpochs: array(
              struct({
                brokerId: int32.since(3),
                brokerEpoch: int64.default(-1n).since(3),
              }),
            ).since(3),
            leaderRecoveryState: int8,
            partitionEpoch: int32,
          }),
        ),
      }),
    ),
  },
});
export type AlterPartitionRequest = Decoded<typeof AlterPartitionRequest>;

export const AlterPartitionResponse = api(56, 'AlterPartitionResponse', {
  versions: [2, 3],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    topics: array(
      struct({
        topicId: uuid,
        partitions: array(
          struct({
            partitionIndex: int32,
            errorCode: int16,
            leaderId: int32,
            leaderEpoch: int32,
            isr: array(int32),
            leaderRecoveryState: int8,
            partitionEpoch: int32,
          }),
        ),
      }),
    ),
  },
});
export type AlterPartitionResponse = Decoded<typeof AlterPartitionResponse>;
