/** IncrementalAlterConfigs: Kafka's API 44, versions 0 to 1. */
import { api } from '../wire/message.ts';
import { array, bool, type Decoded, int8, int16, int32, string, struct } from '../wire/schema.ts';

export const IncrementalAlterConfigsRequest = api(44, 'IncrementalAlterConfigsRequest', {
  versions: [0, 1],
  flexibleFrom: 1,
  fields: {
    resources: array(
      struct({
        resourceType: int8,
        resourceName: string,
        configs: array(
          struct({
            name: string,
            configOperation: int8,
            value: string.nullable(),
          }),
        ),
      }),
    ),
    validateOnly: bool,
  },
});
export type IncrementalAlterConfigsRequest = Decoded<typeof IncrementalAlterConfigsRequest>;

export const IncrementalAlterConfigsResponse = api(44, 'IncrementalAlterConfigsResponse', {
  versions: [0, 1],
  flexibleFrom: 1,
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
export type IncrementalAlterConfigsResponse = Decoded<typeof IncrementalAlterConfigsResponse>;
