/**
 * ApiVersions, versions 0 to 4. What a node advertises is what it serves: its own handlers and, on the broker
 * listener, what it sends on to the controller.
 *
 * Produce is advertised from version 0, although 0 to 2 are refused: older librdkafka switches features off
 * otherwise (KAFKA-18659). Feature ranges that begin at 0 are left out before version 4 (KAFKA-17011).
 */
import { supportedFeatures } from '../controller/features.ts';
import type { MetadataImage } from '../controller/image.ts';
import type { ApiVersionsRequest, ApiVersionsResponse } from '../messages/18-api-versions.ts';
import { ErrorCode } from '../messages/errors.ts';
import { type Api, apis } from '../messages/registry.ts';
import type { Input } from '../wire/main.ts';
import type { Handler } from './context.ts';
import { forwardedKeys } from './forwarded.ts';

export const apiVersionsKey = 18;
const produceKey = 0;

type Response = Input<typeof ApiVersionsResponse>;

export function apiVersions(served: () => Iterable<number>): Handler<ApiVersionsRequest, Response> {
  return (request, context): Response => {
    const { apiVersion, listener, node } = context;
    if (apiVersion >= 3 && !isSoftwareName(request)) return { errorCode: ErrorCode.INVALID_REQUEST };
    const keys = new Set(served());
    if (listener === 'broker') for (const key of forwardedKeys) keys.add(key);
    const { image } = node.metadata;
    return {
      apiKeys: [...apis.values()]
        .filter((api) => keys.has(api.key) && api.listeners.includes(listener))
        .map(versionEntry),
      supportedFeatures: supportedFeatures
        .filter((feature) => apiVersion >= 4 || feature.minLevel > 0)
        .map(({ name, minLevel, maxLevel }) => ({
          name,
          minVersion: minLevel,
          maxVersion: maxLevel,
        })),
      finalizedFeaturesEpoch: BigInt(Math.max(image.endOffset - 1, 0)),
      finalizedFeatures: finalizedFeatures(image),
    };
  };
}

/** KIP-511: names and versions of client software are plain words. */
function isSoftwareName(request: ApiVersionsRequest): boolean {
  const pattern = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;
  return pattern.test(request.clientSoftwareName) && pattern.test(request.clientSoftwareVersion);
}

function finalizedFeatures(image: MetadataImage): NonNullable<Response['finalizedFeatures']> {
  return [...image.features].map(([name, level]) => ({
    name,
    maxVersionLevel: level,
    minVersionLevel: level,
  }));
}

function versionEntry(api: Api) {
  const minVersion = api.key === produceKey ? 0 : api.versions[0];
  return { apiKey: api.key, minVersion, maxVersion: api.versions[1] };
}

/** The answer to a version newer than ours, at version 0: which versions of this one API there are. */
export function unsupportedApiVersions(api: Api): Response {
  return { errorCode: ErrorCode.UNSUPPORTED_VERSION, apiKeys: [versionEntry(api)] };
}
