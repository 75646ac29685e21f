/** kafka-configs.sh: settings of everything that has some. Follows kafka.admin.ConfigCommand. */
import { resolves } from '../client/dial.ts';
import type { Client } from '../client/main.ts';
import { type ConfigsOptions, type Entities, readConfigsOptions, readEntities } from './configs/options.ts';
import { alterQuotas, describeQuotas } from './configs/quotas.ts';
import {
  alterResource,
  type Changes,
  checkLoggers,
  describeResources,
  resourceOf,
  singular,
} from './configs/resources.ts';
import { alterScram, describeScram, isScram } from './configs/scram.ts';
import { createAdmin, loadProperties } from './framework/admin.ts';
import { OptionError } from './framework/options.ts';
import type { ToolPorts } from './framework/ports.ts';
import { illegalArgument, JavaError } from './java/java-error.ts';

const quotaNames = [
  'producer_byte_rate',
  'consumer_byte_rate',
  'request_percentage',
  'controller_mutation_rate',
];
const ipQuotaName = 'connection_creation_rate';
/** Exceptions of which only the message is shown. */
const terse = new Set([
  'java.lang.IllegalArgumentException',
  'org.apache.kafka.common.errors.InvalidConfigurationException',
  'org.apache.kafka.common.errors.InvalidTopicException',
  'org.apache.kafka.common.errors.UnsupportedVersionException',
]);

const alterTimeoutMs = 30_000;

export async function run(ports: ToolPorts): Promise<number> {
  try {
    await execute(ports);
    return 0;
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    if (error instanceof OptionError || terse.has(error.className)) {
      ports.err(`${error.text}\n`);
    } else {
      ports.err(`Error while executing config command with args '${ports.args.join(' ')}'\n${error.trace}`);
    }
    return 1;
  }
}

async function execute(ports: ToolPorts): Promise<void> {
  const set = readConfigsOptions(ports);
  const entities = readEntities(set);
  await checkHosts(entities);
  const properties = loadProperties(ports, set.value('command-config'));
  const controllers = set.has('bootstrap-controller');
  const bootstrap = set.value(controllers ? 'bootstrap-controller' : 'bootstrap-server')!;
  const limit = set.has('alter') ? { apiTimeoutMs: alterTimeoutMs } : {};
  await using admin = await createAdmin(ports, { bootstrap, properties, controllers, ...limit });
  if (set.has('describe')) {
    await describe(ports, admin, { set, entities });
    return;
  }
  if (entities.types.length !== entities.names.length) {
    throw illegalArgument('An entity name must be specified for every entity type');
  }
  await alter(admin, entities, readChanges(ports, set));
  const [type] = entities.types;
  const [name] = entities.names;
  if (name !== '') ports.out(`Completed updating config for ${singular(type!)} ${name}.\n`);
  else ports.out(`Completed updating default config for ${type} in the cluster.\n`);
}

async function checkHosts({ types, names }: Entities): Promise<void> {
  for (const [index, type] of types.entries()) {
    const host = names[index];
    if (type !== 'ips' || !host || (await resolves(host))) continue;
    throw illegalArgument(
      `The entity name for ips must be a valid IP or resolvable host, but it is: ${host}`,
    );
  }
}

async function describe(
  ports: ToolPorts,
  admin: Client,
  { set, entities }: { readonly set: ConfigsOptions; readonly entities: Entities },
): Promise<void> {
  const { types, names } = entities;
  const entityType = types[0]!;
  if (!['users', 'clients', 'ips'].includes(entityType)) {
    await describeResources({ ports, admin, entityType, all: set.has('all') }, names[0] ?? null);
    return;
  }
  await describeQuotas(ports, admin, entities);
  const credentials = entityType !== 'ips' && !types.includes('clients') && !names.includes('');
  if (credentials) await describeScram(ports, admin, names);
}

async function alter(admin: Client, entities: Entities, changes: Changes): Promise<void> {
  const entityType = entities.types[0]!;
  const name = entities.names[0]!;
  switch (entityType) {
    case 'users':
    case 'clients':
      return alterClient(admin, entities, changes);
    case 'ips':
      checkIpQuotas(changes);
      return alterQuotas(admin, entities, changes);
    case 'broker-loggers':
      await checkLoggers(admin, name, changes);
      return alterResource(admin, resourceOf(entityType, name), changes);
    default:
      return alterResource(admin, resourceOf(entityType, name), changes);
  }
}

async function alterClient(admin: Client, entities: Entities, changes: Changes): Promise<void> {
  const { types, names } = entities;
  const quotasOnly = types[0] === 'clients' || types.length === 2;
  const isQuota = (name: string) => quotaNames.includes(name);
  const isKnown = (name: string) => isQuota(name) || (!quotasOnly && isScram(name));
  checkKnown(changes, isKnown, quotasOnly);
  const all = [...changes.added.keys(), ...changes.deleted];
  const withScram = all.some(isScram);
  const withQuotas = all.some(isQuota);
  if (withScram && names.includes('')) {
    throw illegalArgument(
      'The use of --entity-default or --user-defaults is not allowed with User SCRAM Credentials using --bootstrap-server.',
    );
  }
  if (withScram && withQuotas) {
    throw illegalArgument(
      "Cannot alter both quota and SCRAM credential configs simultaneously for 'users' using --bootstrap-server.",
    );
  }
  if (withQuotas) await alterQuotas(admin, entities, changes);
  else await alterScram(admin, names[0]!, changes);
}

function checkKnown(
  { added, deleted }: Changes,
  isKnown: (name: string) => boolean,
  quotasOnly: boolean,
): void {
  const [what, whose] = quotasOnly
    ? ['quota configs', 'clients']
    : ['quota and SCRAM credential configs', 'users'];
  const refuse = (done: string, names: string) =>
    illegalArgument(
      `Only ${what} can be ${done} for '${whose}' using --bootstrap-server. Unexpected config names: ${names}`,
    );
  const wrongAdded = [...added.keys()].filter((name) => !isKnown(name));
  if (wrongAdded.length > 0) throw refuse('added', `Set(${wrongAdded.join(', ')})`);
  const wrongDeleted = deleted.filter((name) => !isKnown(name));
  if (wrongDeleted.length > 0) throw refuse('deleted', `ArrayBuffer(${wrongDeleted.join(', ')})`);
}

function checkIpQuotas({ added, deleted }: Changes): void {
  const unknown = [...added.keys(), ...deleted].filter((name) => name !== ipQuotaName);
  if (unknown.length === 0) return;
  throw illegalArgument(
    `Only connection quota configs can be added for 'ips' using --bootstrap-server. Unexpected config names: ${unknown.join(',')}`,
  );
}

/** Commas and equals signs inside brackets do not separate. */
const outsideBrackets = '(?=[^\\]]*(?:\\[|$))';

function readChanges(ports: ToolPorts, set: ConfigsOptions): Changes {
  const added = loadProperties(ports, set.value('add-config-file'));
  const text = set.value('add-config');
  const pairs = (text === null ? [] : text.split(new RegExp(`,${outsideBrackets}`))).map((pair) =>
    pair.split(new RegExp(`\\s*=\\s*${outsideBrackets}`)),
  );
  if (pairs.some((pair) => pair.length !== 2)) {
    throw illegalArgument(
      'requirement failed: Invalid entity config: all configs to be added must be in the format "key=val" or  "key=[val1,val2]" to group values which contain commas.',
    );
  }
  for (const [key, value] of pairs) added.set(key!.trim(), value!.replace(/\[?\]?/g, '').trim());
  for (const key of added.keys()) {
    if (!/^[$a-zA-Z0-9._-]*$/.test(key))
      throw illegalArgument(`Invalid character found for config key: ${key}`);
  }
  return { added, deleted: set.values('delete-config').map((name) => name.trim()) };
}
