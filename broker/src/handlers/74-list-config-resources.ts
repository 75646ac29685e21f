/** ListConfigResources, versions 0 to 1 (KIP-1142). Client metrics resources exist as far as configs of them do. */
import { ResourceType } from '../controller/image.ts';
import type {
  ListConfigResourcesRequest,
  ListConfigResourcesResponse,
} from '../messages/74-list-config-resources.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';

const brokerLogger = 8;
const everyType: readonly number[] = [
  ResourceType.TOPIC,
  ResourceType.BROKER,
  brokerLogger,
  ResourceType.CLIENT_METRICS,
  ResourceType.GROUP,
];

export function listConfigResources(
  request: ListConfigResourcesRequest,
  context: RequestContext,
): Input<typeof ListConfigResourcesResponse> {
  const types = wantedTypes(request, context.apiVersion);
  if (types.some((type) => !everyType.includes(type))) return { errorCode: ErrorCode.UNSUPPORTED_VERSION };
  const { image } = context.node.metadata;
  const configResources = types.flatMap((resourceType) =>
    namesOf(resourceType, context).map((resourceName) => ({ resourceType, resourceName })),
  );
  function namesOf(type: number, { node }: RequestContext): string[] {
    switch (type) {
      case ResourceType.TOPIC:
        return [...image.topics.keys()];
      case ResourceType.BROKER:
      case brokerLogger:
        return [...node.metadata.image.brokers.keys()].map(String);
      default:
        return [...image.configs.keys()]
          .filter((key) => key.startsWith(`${type}:`))
          .map((key) => key.slice(`${type}:`.length));
    }
  }
  return { configResources };
}

function wantedTypes(request: ListConfigResourcesRequest, version: number): readonly number[] {
  if (version === 0) return [ResourceType.CLIENT_METRICS];
  return request.resourceTypes.length === 0 ? everyType : request.resourceTypes;
}
