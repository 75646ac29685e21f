/** UpdateFeatures: Kafka's API 57, versions 0 to 2. */
import { api } from '../wire/message.ts';
import { array, bool, type Decoded, int8, int16, int32, string, struct } from '../wire/schema.ts';

export const UpdateFeaturesRequest = api(57, 'UpdateFeaturesRequest', {
  versions: [0, 2],
  flexibleFrom: 0,
  fields: {
    timeoutMs: int32.default(60000),
    featureUpdates: array(
      struct({
        feature: string,
        maxVersionLevel: int16,
        allowDowngrade: bool.until(0),
        upgradeType: int8.default(1).since(1),
      }),
    ),
    validateOnly: bool.since(1),
  },
});
export type UpdateFeaturesRequest = Decoded<typeof UpdateFeaturesRequest>;

export const UpdateFeaturesResponse = api(57, 'UpdateFeaturesResponse', {
  versions: [0, 2],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable(),
    results: array(
      struct({
        feature: string,
        errorCode: int16,
        errorMessage: string.nullable(),
      }),
    ).until(1),
  },
});
export type UpdateFeaturesResponse = Decoded<typeof UpdateFeaturesResponse>;
