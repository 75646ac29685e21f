/** ApiVersions: Kafka's API 18, versions 0 to 4. */
import { api } from '../wire/message.ts';
import { array, bool, type Decoded, int16, int32, int64, string, struct } from '../wire/schema.ts';

export const ApiVersionsRequest = api(18, 'ApiVersionsRequest', {
  versions: [0, 4],
  flexibleFrom: 3,
  fields: {
    clientSoftwareName: string.since(3),
    clientSoftwareVersion: string.since(3),
  },
});
export type ApiVersionsRequest = Decoded<typeof ApiVersionsRequest>;

export const ApiVersionsResponse = api(18, 'ApiVersionsResponse', {
  versions: [0, 4],
  flexibleFrom: 3,
  fields: {
    errorCode: int16,
    apiKeys: array(
      struct({
        apiKey: int16,
        minVersion: int16,
        maxVersion: int16,
      }),
    ),
    throttleTimeMs: int32.since(1),
    supportedFeatures: array(
      struct({
        name: string.since(3),
        minVersion: int16.since(3),
        maxVersion: int16.since(3),
      }),
    )
      .since(3)
      .tag(0, 3),
    finalizedFeaturesEpoch: int64.default(-1n).since(3).tag(1, 3),
    finalizedFeatures: array(
      struct({
        name: string.since(3),
        maxVersionLevel: int16.since(3),
        minVersionLevel: int16.since(3),
      }),
    )
      .since(3)
      .tag(2, 3),
    zkMigrationReady: bool.since(3).tag(3, 3),
  },
});
export type ApiVersionsResponse = Decoded<typeof ApiVersionsResponse>;
