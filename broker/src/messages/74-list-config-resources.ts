/** ListConfigResources: Kafka's API 74, versions 0 to 1. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int8, int16, int32, string, struct } from '../wire/schema.ts';

export const ListConfigResourcesRequest = api(74, 'ListConfigResourcesRequest', {
  versions: [0, 1],
  flexibleFrom: 0,
  fields: {
    resourceTypes: array(int8).since(1),
  },
});
export type ListConfigResourcesRequest = Decoded<typeof ListConfigResourcesRequest>;

export const ListConfigResourcesResponse = api(74, 'ListConfigResourcesResponse', {
  versions: [0, 1],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    configResources: array(
      struct({
        resourceName: string,
        resourceType: int8.default(16).since(1),
      }),
    ),
  },
});
export type ListConfigResourcesResponse = Decoded<typeof ListConfigResourcesResponse>;
