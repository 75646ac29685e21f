/** OffsetDelete: Kafka's API 47, versions 0. */
import { api, NEVER } from '../wire/message.ts';
import { array, type Decoded, int16, int32, string, struct } from '../wire/schema.ts';

export const OffsetDeleteRequest = api(47, 'OffsetDeleteRequest', {
  versions: [0, 0],
  flexibleFrom: NEVER,
  fields: {
    groupId: string,
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
          }),
        ),
      }),
    ),
  },
});
export type OffsetDeleteRequest = Decoded<typeof OffsetDeleteRequest>;

export const OffsetDeleteResponse = api(47, 'OffsetDeleteResponse', {
  versions: [0, 0],
  flexibleFrom: NEVER,
  fields: {
    errorCode: int16,
    throttleTimeMs: int32,
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
  },
});
export type OffsetDeleteResponse = Decoded<typeof OffsetDeleteResponse>;
