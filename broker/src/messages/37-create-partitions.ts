/** CreatePartitions: Kafka's API 37, versions 0 to 3. */
import { api } from '../wire/message.ts';
import { array, bool, type Decoded, int16, int32, string, struct } from '../wire/schema.ts';

export const CreatePartitionsRequest = api(37, 'CreatePartitionsRequest', {
  versions: [0, 3],
  flexibleFrom: 2,
  fields: {
    topics: array(
      struct({
        name: string,
        count: int32,
        assignments: array(
          struct({
            brokerIds: array(int32),
          }),
        ).nullable(),
      }),
    ),
    timeoutMs: int32,
    validateOnly: bool,
  },
});
export type CreatePartitionsRequest = Decoded<typeof CreatePartitionsRequest>;

export const CreatePartitionsResponse = api(37, 'CreatePartitionsResponse', {
  versions: [0, 3],
  flexibleFrom: 2,
  fields: {
    throttleTimeMs: int32,
    results: array(
      struct({
        name: string,
        errorCode: int16,
        errorMessage: string.nullable().default(null),
      }),
    ),
  },
});
export type CreatePartitionsResponse = Decoded<typeof CreatePartitionsResponse>;
