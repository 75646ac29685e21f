/** DeleteRecords: Kafka's API 21, versions 0 to 2. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int16, int32, int64, string, struct } from '../wire/schema.ts';

export const DeleteRecordsRequest = api(21, 'DeleteRecordsRequest', {
  versions: [0, 2],
  flexibleFrom: 2,
  fields: {
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            offset: int64,
          }),
        ),
      }),
    ),
    timeoutMs: int32,
  },
});
export type DeleteRecordsRequest = Decoded<typeof DeleteRecordsRequest>;

export const DeleteRecordsResponse = api(21, 'DeleteRecordsResponse', {
  versions: [0, 2],
  flexibleFrom: 2,
  fields: {
    throttleTimeMs: int32,
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            lowWatermark: int64,
            errorCode: int16,
          }),
        ),
      }),
    ),
  },
});
export type DeleteRecordsResponse = Decoded<typeof DeleteRecordsResponse>;
