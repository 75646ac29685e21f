/** AlterClientQuotas: Kafka's API 49, versions 0 to 1. */
import { api } from '../wire/message.ts';
import { array, bool, type Decoded, float64, int16, int32, string, struct } from '../wire/schema.ts';

export const AlterClientQuotasRequest = api(49, 'AlterClientQuotasRequest', {
  versions: [0, 1],
  flexibleFrom: 1,
  fields: {
    entries: array(
      struct({
        entity: array(
          struct({
            entityType: string,
            entityName: string.nullable(),
          }),
        ),
        ops: array(
          struct({
            key: string,
            value: float64,
            remove: bool,
          }),
        ),
      }),
    ),
    validateOnly: bool,
  },
});
export type AlterClientQuotasRequest = Decoded<typeof AlterClientQuotasRequest>;

export const AlterClientQuotasResponse = api(49, 'AlterClientQuotasResponse', {
  versions: [0, 1],
  flexibleFrom: 1,
  fields: {
    throttleTimeMs: int32,
    entries: array(
      struct({
        errorCode: int16,
        errorMessage: string.nullable(),
        entity: array(
          struct({
            entityType: string,
            entityName: string.nullable(),
          }),
        ),
      }),
    ),
  },
});
export type AlterClientQuotasResponse = Decoded<typeof AlterClientQuotasResponse>;
