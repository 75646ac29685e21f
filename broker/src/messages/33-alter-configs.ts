/** AlterConfigs: Kafka's API 33, versions 0 to 2. */
import { api } from '../wire/message.ts';
import { array, bool, type Decoded, int8, int16, int32, string, struct } from '../wire/schema.ts';

export const AlterConfigsRequest = api(33, 'AlterConfigsRequest', {
  versions: [0, 2],
  flexibleFrom: 2,
  fields: {
    resources: array(
      struct({
        resourceType: int8,
        resourceName: string,
        configs: array(
          struct({
            name: string,
            value: string.nullable(),
          }),
        ),
      }),
    ),
    validateOnly: bool,
  },
});
export type AlterConfigsRequest = Decoded<typeof AlterConfigsRequest>;

export const AlterConfigsResponse = api(33, 'AlterConfigsResponse', {
  versions: [0, 2],
  flexibleFrom: 2,
  fields: {
    throttleTimeMs: int32,
    responses: array(
      struct({
        errorCode: int16,
        errorMessage: string.nullable(),
        resourceType: int8,
        resourceName: string,
      }),
    ),
  },
});
export type AlterConfigsResponse = Decoded<typeof AlterConfigsResponse>;
