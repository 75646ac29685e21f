/** DescribeClientQuotas: Kafka's API 48, versions 0 to 1. */
import { api } from '../wire/message.ts';
import { array, bool, type Decoded, float64, int8, int16, int32, string, struct } from '../wire/schema.ts';

export const DescribeClientQuotasRequest = api(48, 'DescribeClientQuotasRequest', {
  versions: [0, 1],
  flexibleFrom: 1,
  fields: {
    components: array(
      struct({
        entityType: string,
        matchType: int8,
        match: string.nullable(),
      }),
    ),
    strict: bool,
  },
});
export type DescribeClientQuotasRequest = Decoded<typeof DescribeClientQuotasRequest>;

export const DescribeClientQuotasResponse = api(48, 'DescribeClientQuotasResponse', {
  versions: [0, 1],
  flexibleFrom: 1,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable(),
    entries: array(
      struct({
        entity: array(
          struct({
            entityType: string,
            entityName: string.nullable(),
          }),
        ),
        values: array(
          struct({
            key: string,
            value: float64,
          }),
        ),
      }),
    ).nullable(),
  },
});
export type DescribeClientQuotasResponse = Decoded<typeof DescribeClientQuotasResponse>;
