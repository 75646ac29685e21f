/**
 * AlterClientQuotas v0–1 (KIP-546): quotas are kept and shown, as Apache Kafka keeps them; no client is slowed down by them.
 * The texts are Kafka's, tools print them.
 */
import type {
  AlterClientQuotasRequest,
  AlterClientQuotasResponse,
} from '../messages/49-alter-client-quotas.ts';
import { type ApiFailure, type DecideContext, type Decision, fail, NO_ERROR } from './context.ts';
import type { QuotaEntity } from './image.ts';
import { type MetadataRecord, record } from './records.ts';

type Entry = AlterClientQuotasRequest['entries'][number];

const clientKeys = new Set([
  'producer_byte_rate',
  'consumer_byte_rate',
  'request_percentage',
  'controller_mutation_rate',
]);
const ipKeys = new Set(['connection_creation_rate']);
const fractional = new Set(['request_percentage', 'controller_mutation_rate']);
const intMax = 2_147_483_647;

/** One of each kind, in the order of their kinds; the last one named counts. */
export function quotaEntity(entity: Entry['entity']): QuotaEntity {
  const byType = new Map(entity.map(({ entityType, entityName }) => [entityType, entityName]));
  return [...byType]
    .map(([type, name]) => ({ type, name }))
    .sort((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : 0));
}

export function quotaKey(entity: QuotaEntity): string {
  return JSON.stringify(entity.map(({ type, name }) => [type, name]));
}

export function decideAlterClientQuotas(
  context: DecideContext,
  request: AlterClientQuotasRequest,
): Decision<typeof AlterClientQuotasResponse.input> {
  const records: MetadataRecord[] = [];
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { entity } of request.entries) {
    const key = quotaKey(quotaEntity(entity));
    if (seen.has(key)) repeated.add(key);
    seen.add(key);
  }
  const answered = new Set<string>();
  const entries = request.entries.flatMap((entry) => {
    const entity = quotaEntity(entry.entity);
    const key = quotaKey(entity);
    if (answered.has(key)) return [];
    answered.add(key);
    const failure = repeated.has(key) ? duplicate(entity) : entryFailure(entity, entry);
    if (failure === null) records.push(...entryRecords(context, entity, entry));
    const shown = entity.map(({ type, name }) => ({ entityType: type, entityName: name }));
    return [{ ...(failure ?? NO_ERROR), entity: shown }];
  });
  return { records: request.validateOnly ? [] : records, response: { entries } };
}

function entryRecords(context: DecideContext, entity: QuotaEntity, entry: Entry): MetadataRecord[] {
  const current = context.image.quotas.get(quotaKey(entity))?.values;
  const named = entity.map(({ type, name }) => ({ entityType: type, entityName: name }));
  return entry.ops.flatMap(({ key, value, remove }) => {
    if (remove ? !current?.has(key) : current?.get(key) === value) return [];
    return [record('ClientQuotaRecord', { entity: named, key, value: remove ? 0 : value, remove })];
  });
}

function entryFailure(entity: QuotaEntity, { ops }: Entry): ApiFailure | null {
  const wrong = entityError(entity);
  if (wrong !== null) return fail('INVALID_REQUEST', wrong);
  if (new Set(ops.map(({ key }) => key)).size < ops.length) return duplicate(entity);
  const allowed = entity.some(({ type }) => type === 'ip') ? ipKeys : clientKeys;
  for (const { key, value, remove } of ops) {
    const error = allowed.has(key)
      ? remove
        ? null
        : valueError(key, value)
      : `Invalid configuration key ${key}`;
    if (error !== null) return fail('INVALID_REQUEST', error);
  }
  return null;
}

function entityError(entity: QuotaEntity): string | null {
  if (entity.length === 0) return 'Invalid empty client quota entity';
  for (const { type, name } of entity) {
    if (type !== 'user' && type !== 'client-id' && type !== 'ip') {
      return `Unhandled client quota entity type: ${type}`;
    }
    if (name === '') return `Empty ${type} not supported`;
  }
  const ip = entity.find(({ type }) => type === 'ip');
  if (ip === undefined) return null;
  if (entity.length > 1) {
    return 'Invalid quota entity combination, IP entity shouldnot be combined with User or ClientId';
  }
  return ip.name === null || isAddress(ip.name) ? null : `${ip.name} is not a valid IP or resolvable host.`;
}

/** No name is looked up here: an address, or a host that this machine has for sure. */
function isAddress(host: string): boolean {
  if (host === 'localhost') return true;
  const parts = host.split('.');
  const isV4 = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  return isV4 || (host.includes(':') && /^[0-9a-fA-F:.]+$/.test(host));
}

function valueError(key: string, value: number): string | null {
  if (!(value > 0)) return `Quota ${key} must be greater than 0`;
  if (fractional.has(key)) return null;
  if (!Number.isInteger(value)) return `${key} cannot be a fractional value.`;
  const isTooBig = key === 'connection_creation_rate' && value > intMax;
  return isTooBig ? `Proposed value for ${key} is too large for an INT.` : null;
}

function duplicate(entity: QuotaEntity): ApiFailure {
  const names = entity.map(({ type, name }) => `${type}=${name}`).join(', ');
  return fail('INVALID_REQUEST', `Ignoring duplicate entity ClientQuotaEntity(entries={${names}})`);
}
