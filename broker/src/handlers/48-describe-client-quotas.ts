/** DescribeClientQuotas, versions 0 to 1 (KIP-546). Quotas are kept and shown, nobody is slowed down by them. */
import type { ClientQuota } from '../controller/image.ts';
import type {
  DescribeClientQuotasRequest,
  DescribeClientQuotasResponse,
} from '../messages/48-describe-client-quotas.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';

type Component = DescribeClientQuotasRequest['components'][number];

const [EXACT, DEFAULT, SPECIFIED] = [0, 1, 2];
const entityTypes = new Set(['user', 'client-id', 'ip']);

export function describeClientQuotas(
  { components, strict }: DescribeClientQuotasRequest,
  { node }: RequestContext,
): Input<typeof DescribeClientQuotasResponse> {
  const failure = filterFailure(components);
  if (failure !== null) return { ...failure, entries: null };
  const found = [...node.metadata.image.quotas.values()].filter((quota) =>
    matches(quota, components, strict),
  );
  const entries = found.map(({ entity, values }) => ({
    entity: entity.map(({ type, name }) => ({ entityType: type, entityName: name })),
    values: [...values].map(([key, value]) => ({ key, value })),
  }));
  return { errorMessage: '', entries };
}

function filterFailure(components: readonly Component[]): { errorCode: number; errorMessage: string } | null {
  const invalid = (errorMessage: string) => ({ errorCode: ErrorCode.INVALID_REQUEST, errorMessage });
  const seen = new Set<string>();
  for (const { entityType, matchType, match } of components) {
    if (entityType === '') return invalid('Invalid empty entity type.');
    if (seen.has(entityType)) {
      return invalid(`Entity type ${entityType} cannot appear more than once in the filter.`);
    }
    seen.add(entityType);
    if (!entityTypes.has(entityType)) {
      return {
        errorCode: ErrorCode.UNSUPPORTED_VERSION,
        errorMessage: `Unsupported entity type ${entityType}`,
      };
    }
    if (matchType === EXACT && match === null) {
      return invalid('Request specified MATCH_TYPE_EXACT, but set match string to null.');
    }
    if (matchType === DEFAULT && match !== null) {
      return invalid('Request specified MATCH_TYPE_DEFAULT, but also specified a match string.');
    }
    if (matchType === SPECIFIED && match !== null) {
      return invalid('Request specified MATCH_TYPE_SPECIFIED, but also specified a match string.');
    }
    if (matchType < EXACT || matchType > SPECIFIED) return invalid(`Unknown match type ${matchType}`);
  }
  if (!seen.has('ip') || seen.size === 1) return null;
  return invalid(
    'Invalid entity filter component combination. IP filter component should not be used with user or clientId filter component.',
  );
}

/** `strict`: the entity is of the named types only. */
function matches({ entity }: ClientQuota, components: readonly Component[], strict: boolean): boolean {
  if (strict && entity.length !== components.length) return false;
  return components.every(({ entityType, matchType, match }) => {
    const part = entity.find(({ type }) => type === entityType);
    if (part === undefined) return false;
    if (matchType === SPECIFIED) return true;
    return matchType === DEFAULT ? part.name === null : part.name === match;
  });
}
