/** WriteTxnMarkers: Kafka's API 27, versions 1 to 2. */
import { api } from '../wire/message.ts';
import { array, bool, type Decoded, int8, int16, int32, int64, string, struct } from '../wire/schema.ts';

export const WriteTxnMarkersRequest = api(27, 'WriteTxnMarkersRequest', {
  versions: [1, 2],
  flexibleFrom: 1,
  fields: {
    markers: array(
      struct({
        producerId: int64,
        producerEpoch: int16,
        transactionResult: bool,
        topics: array(
          struct({
            name: string,
            partitionIndexes: array(int32),
          }),
        ),
        coordinatorEpoch: int32,
        transactionVersion: int8.since(2),
      }),
    ),
  },
});
export type WriteTxnMarkersRequest = Decoded<typeof WriteTxnMarkersRequest>;

export const WriteTxnMarkersResponse = api(27, 'WriteTxnMarkersResponse', {
  versions: [1, 2],
  flexibleFrom: 1,
  fields: {
    markers: array(
      struct({
        producerId: int64,
        topics: array(
          struct({
            name: string,
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
export type WriteTxnMarkersResponse = Decoded<typeof WriteTxnMarkersResponse>;
