/** Quotas of clients, users and IPs (KIP-546). */

import { toApiError } from '../../client/client-error.ts';
import type { Client } from '../../client/main.ts';
import {
  DescribeClientQuotasRequest,
  DescribeClientQuotasResponse,
} from '../../messages/48-describe-client-quotas.ts';
import {
  AlterClientQuotasRequest,
  AlterClientQuotasResponse,
} from '../../messages/49-alter-client-quotas.ts';
import { getting } from '../framework/admin.ts';
import type { ToolPorts } from '../framework/ports.ts';
import { hashOfString, inHashOrder } from '../java/hash-order.ts';
import { execution, fromApiError, illegalArgument, kafkaError } from '../java/java-error.ts';
import { javaDouble } from '../java/printf.ts';
import type { Entities } from './options.ts';
import type { Changes } from './resources.ts';

const entityKeys: Readonly<Record<string, string>> = { users: 'user', clients: 'client-id', ips: 'ip' };
const shownAs = [
  ['user', 'user-principal'],
  ['client-id', 'client-id'],
  ['ip', 'ip'],
] as const;
const matchExact = 0;
const matchDefault = 1;
const matchAny = 2;

export async function describeQuotas(ports: ToolPorts, admin: Client, entities: Entities): Promise<void> {
  for (const { entity, values } of await findQuotas(admin, entities)) {
    const named = new Map(entity.map(({ entityType, entityName }) => [entityType, entityName]));
    const whose = shownAs.flatMap(([key, label]) => {
      const name = named.get(key);
      if (name === undefined) return [];
      return [name === null ? `the default ${label}` : `${label} '${name}'`];
    });
    const ordered = inHashOrder(values, ({ key }) => hashOfString(key), 1);
    const list = ordered.map(({ key, value }) => `${key}=${javaDouble(value)}`);
    ports.out(`Quota configs for ${whose.join(', ')} are ${list.join(', ')}\n`);
  }
}

async function findQuotas(admin: Client, { types, names }: Entities) {
  if (names.length > types.length) throw illegalArgument('More entity names specified than entity types');
  const components = types.map((type, index) => {
    const name = names[index];
    const matchType = name === undefined ? matchAny : name === '' ? matchDefault : matchExact;
    return { entityType: entityKeys[type]!, matchType, match: name || null };
  });
  const answer = await getting(
    'describeClientQuotas',
    admin.request('any', {
      request: DescribeClientQuotasRequest,
      response: DescribeClientQuotasResponse,
      body: { components, strict: true },
    }),
  );
  const error = toApiError(answer.errorCode, answer.errorMessage);
  if (error !== null) throw execution(fromApiError(error));
  return answer.entries ?? [];
}

export async function alterQuotas(
  admin: Client,
  entities: Entities,
  { added, deleted }: Changes,
): Promise<void> {
  const { types, names } = entities;
  if (types.length !== names.length) {
    throw illegalArgument('Exactly one entity name must be specified for every entity type');
  }
  const [old] = await findQuotas(admin, entities);
  const absent = deleted.filter((key) => !old?.values.some((value) => value.key === key));
  if (absent.length > 0)
    throw kafkaError('InvalidConfigurationException', `Invalid config(s): ${absent.join(',')}`);
  const ops = [
    ...[...added].map(([key, text]) => ({ key, value: parseQuota(key, text), remove: false })),
    ...deleted.map((key) => ({ key, value: 0, remove: true })),
  ];
  const entity = types.map((type, index) => ({
    entityType: entityKeys[type]!,
    entityName: names[index] || null,
  }));
  const answer = await getting(
    'alterClientQuotas',
    admin.request('any', {
      request: AlterClientQuotasRequest,
      response: AlterClientQuotasResponse,
      body: { entries: [{ entity, ops }], validateOnly: false },
    }),
  );
  const [outcome] = answer.entries;
  const error = outcome === undefined ? null : toApiError(outcome.errorCode, outcome.errorMessage);
  if (error !== null) throw execution(fromApiError(error));
}

function parseQuota(key: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) {
    throw illegalArgument(`Cannot parse quota configuration value for ${key}: ${text}`);
  }
  return value;
}
