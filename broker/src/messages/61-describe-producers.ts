/** DescribeProducers: Kafka's API 61, versions 0. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int16, int32, int64, string, struct } from '../wire/schema.ts';

export const DescribeProducersRequest = api(61, 'DescribeProducersRequest', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    topics: array(
      struct({
        name: string,
        partitionIndexes: array(int32),
      }),
    ),
  },
});
export type DescribeProducersRequest = Decoded<typeof DescribeProducersRequest>;

export const DescribeProducersResponse = api(61, 'DescribeProducersResponse', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            errorCode: int16,
            errorMessage: string.nullable().default(null),
            activeProducers: array(
              struct({
                producerId: int64,
                producerEpoch: int32,
                lastSequence: int32.default(-1),
                lastTimestamp: int64.default(-1n),
                coordinatorEpoch: int32,
                currentTxnStartOffset: int64.default(-1n),
              }),
            ),
          }),
        ),
      }),
    ),
  },
});
export type DescribeProducersResponse = Decoded<typeof DescribeProducersResponse>;
