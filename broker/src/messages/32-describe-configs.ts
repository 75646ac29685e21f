/** DescribeConfigs: Kafka's API 32, versions 1 to 4. */
import { api } from '../wire/message.ts';
import { array, bool, type Decoded, int8, int16, int32, string, struct } from '../wire/schema.ts';

export const DescribeConfigsRequest = api(32, 'DescribeConfigsRequest', {
  versions: [1, 4],
  flexibleFrom: 4,
  fields: {
    resources: array(
      struct({
        resourceType: int8,
        resourceName: string,
        configurationKeys: array(string).nullable(),
      }),
    ),
    includeSynonyms: bool,
    includeDocumentation: bool.since(3),
  },
});
export type DescribeConfigsRequest = Decoded<typeof DescribeConfigsRequest>;

export const DescribeConfigsResponse = api(32, 'DescribeConfigsResponse', {
  versions: [1, 4],
  flexibleFrom: 4,
  fields: {
    throttleTimeMs: int32,
    results: array(
      struct({
        errorCode: int16,
        errorMessage: string.nullable(),
        resourceType: int8,
        resourceName: string,
        configs: array(
          struct({
            name: string,
            value: string.nullable(),
            readOnly: bool,
            configSource: int8.default(-1),
            isSensitive: bool,
            synonyms: array(
              struct({
                name: string,
                value: string.nullable(),
                source: int8,
              }),
            ),
            configType: int8.since(3),
            documentation: string.nullable().since(3),
          }),
        ),
      }),
    ),
  },
});
export type DescribeConfigsResponse = Decoded<typeof DescribeConfigsResponse>;
