/**
 * What a broker checks of a change to its own configuration before it sends it on to the controller: whether the change can
 * take effect while it runs (KIP-226). The texts are Kafka's, tools print them.
 */
import { type BrokerConfigLayers, resolveBrokerConfig } from '../../controller/effective-config.ts';
import {
  brokerConfigs,
  type ConfigDefinition,
  configError,
  parseList,
  throttleConfigs,
} from '../../messages/configs/config-table.ts';
import { ErrorCode } from '../../messages/errors.ts';

export interface ConfigOperation {
  readonly name: string;
  readonly value: string | null;
  /** 0 set, 1 delete, 2 append to a list, 3 take from a list. */
  readonly operation: number;
}

export interface Refusal {
  readonly errorCode: number;
  readonly errorMessage: string;
}

/** Why `operations` on this broker (or on the default of all brokers) cannot be; null when they can. */
export function brokerChangeRefusal(
  layers: BrokerConfigLayers,
  operations: readonly ConfigOperation[],
  scope: 'broker' | 'default',
): Refusal | null {
  const current = scope === 'broker' ? layers.dynamicBroker : layers.dynamicDefault;
  const changed = new Map(current);
  for (const operation of operations) {
    const refused = changeList(changed, operation);
    if (refused !== null) return refused;
  }
  const wrong = nameError(changed, scope) ?? valueError(changed);
  const after =
    scope === 'broker' ? { ...layers, dynamicBroker: changed } : { ...layers, dynamicDefault: changed };
  const errorMessage = wrong ?? scopeError(changed, scope) ?? effectError(layers, after);
  return errorMessage === null ? null : { errorCode: ErrorCode.INVALID_REQUEST, errorMessage };
}

function changeList(configs: Map<string, string>, change: ConfigOperation): Refusal | null {
  const { name, value, operation } = change;
  if (operation === 0 && value !== null) configs.set(name, value);
  else if (operation === 1) configs.delete(name);
  if (operation !== 2 && operation !== 3) return null;
  const definition = brokerConfigs.get(name);
  const errorCode = ErrorCode.INVALID_CONFIG;
  if (definition === undefined) return { errorCode, errorMessage: `Unknown config name: ${name}` };
  if (definition.type !== 'LIST') {
    const verb = operation === 2 ? 'append' : 'subtract';
    return { errorCode, errorMessage: `Config value ${verb} is not allowed for config key: ${name}` };
  }
  const now = parseList(configs.get(name) ?? definition.byDefault ?? '');
  const named = parseList(value ?? '');
  const next =
    operation === 2
      ? [...now, ...named.filter((item) => !now.includes(item))]
      : now.filter((item) => !named.includes(item));
  configs.set(name, next.join(','));
  return null;
}

/** Only per listener may these be changed while a broker runs. */
const listenerSecurity =
  /^ssl\.(key\.password|(keystore|truststore)\.(type|location|password|key|certificate.*))$/;

function nameError(configs: ReadonlyMap<string, string>, _scope: 'broker' | 'default'): string | null {
  const names = [...configs.keys()];
  const fixed = names.filter((name) => brokerConfigs.get(name)?.update === 'read-only');
  if (fixed.length > 0) return `Cannot update these configs dynamically: [${fixed.join(', ')}]`;
  const security = names.filter((name) => listenerSecurity.test(name));
  if (security.length === 0) return null;
  const reason =
    'These security configs can be dynamically updated only per-listener using the listener prefix';
  return `${reason}: [${security.join(', ')}]`;
}

function scopeError(configs: ReadonlyMap<string, string>, scope: 'broker' | 'default'): string | null {
  if (scope === 'broker') return null;
  const own = [...configs.keys()].filter((name) => brokerConfigs.get(name)?.update === 'per-broker');
  if (own.length === 0) return null;
  const reason = 'Cannot update these configs at default cluster level, broker id must be specified';
  return `${reason}: [${own.join(', ')}]`;
}

function valueError(configs: ReadonlyMap<string, string>): string | null {
  for (const [name, value] of configs) {
    const definition = definitionOf(name);
    const wrong = definition === undefined ? null : configError(definition, value);
    if (wrong !== null) return wrong;
    if (definition?.type === 'CLASS' && value !== definition.byDefault) {
      return `Invalid value ${value} for configuration ${name}: Class ${value} could not be found.`;
    }
  }
  return null;
}

function definitionOf(name: string): ConfigDefinition | undefined {
  return brokerConfigs.get(name.replace(/^listener\.name\.[^.]+\./, '')) ?? throttleConfigs.get(name);
}

const threadCounts = [
  'num.io.threads',
  'num.network.threads',
  'num.replica.fetchers',
  'num.recovery.threads.per.data.dir',
  'background.threads',
  'remote.log.reader.threads',
  'remote.log.manager.copier.thread.pool.size',
  'remote.log.manager.expiration.thread.pool.size',
  'remote.log.manager.follower.thread.pool.size',
];

/** What stands only in the whole: rules over several configs, and how far a value may move at once. */
function effectError(before: BrokerConfigLayers, after: BrokerConfigLayers): string | null {
  const read = (layers: BrokerConfigLayers, name: string): string => {
    const definition = brokerConfigs.get(name);
    return definition === undefined ? '' : (resolveBrokerConfig(definition, layers).value ?? '');
  };
  const now = (name: string) => read(before, name);
  const next = (name: string) => read(after, name);
  return (
    listenerError(now, next) ??
    cleanerError(now, next) ??
    retentionError(next) ??
    directoryError(next) ??
    threadError(now, next) ??
    reporterError(next)
  );
}

type Read = (name: string) => string;

function invalidChange(reason: string): string {
  return `Invalid value org.apache.kafka.common.config.ConfigException: ${reason} for configuration Invalid dynamic configuration`;
}

function listenerError(now: Read, next: Read): string | null {
  const listeners = parseList(next('listeners'));
  const isChanged = ['listeners', 'listener.security.protocol.map'].some((name) => now(name) !== next(name));
  if (!isChanged) return null;
  const names = listeners.map((listener) => listener.slice(0, listener.indexOf(':')));
  const protocols = new Set(
    parseList(next('listener.security.protocol.map')).map((item) => item.split(':')[0]),
  );
  const controllers = parseList(next('controller.listener.names'));
  if (!names.some((name) => controllers.includes(name)) && next('process.roles').includes('controller')) {
    return "requirement failed: controller.listener.names must contain at least one value appearing in the 'listeners' configuration when running the KRaft controller role";
  }
  const unmapped = names.find((name) => !protocols.has(name));
  if (unmapped !== undefined) {
    const all = listeners.join(', ');
    return `Error creating broker listeners from '[${all}]': No security protocol defined for listener ${unmapped}`;
  }
  return invalidChange('Listeners of this broker cannot be changed while it runs');
}

function cleanerError(now: Read, next: Read): string | null {
  const threads = Number(next('log.cleaner.threads'));
  if (threads === 0) return '/ by zero';
  if (Number(next('log.cleaner.dedupe.buffer.size')) / threads <= 1024 * 1024) {
    return 'requirement failed: log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.';
  }
  const current = Number(now('log.cleaner.threads'));
  if (threads < Math.trunc(current / 2)) {
    return invalidChange(
      `Log cleaner threads cannot be reduced to less than half the current value ${current}`,
    );
  }
  if (threads > current * 2) {
    return invalidChange(
      `Log cleaner threads cannot be increased to more than double the current value ${current}`,
    );
  }
  return null;
}

function retentionError(next: Read): string | null {
  const rollMs = next('log.roll.ms');
  if (rollMs !== '' && Number(rollMs) < 1) {
    return 'requirement failed: log.roll.ms must be greater than or equal to 1';
  }
  const local = Number(next('log.local.retention.ms'));
  const whole = retentionMs(next);
  if (local > whole && whole >= 0) {
    return invalidChange(
      `Invalid value ${local} for configuration log.local.retention.ms: Value must not be more than log.retention.ms property value: ${whole}`,
    );
  }
  return null;
}

function retentionMs(next: Read): number {
  if (next('log.retention.ms') !== '') return Number(next('log.retention.ms'));
  if (next('log.retention.minutes') !== '') return Number(next('log.retention.minutes')) * 60_000;
  return Number(next('log.retention.hours')) * 3_600_000;
}

function directoryError(next: Read): string | null {
  const known = parseList(next('log.dirs') || next('log.dir'));
  const missing = parseList(next('cordoned.log.dirs')).filter((dir) => dir !== '*' && !known.includes(dir));
  if (missing.length === 0) return null;
  return `requirement failed: All entries in cordoned.log.dirs must be present in log.dirs or log.dir. Missing entries : ${missing.join(', ')}`;
}

function threadError(now: Read, next: Read): string | null {
  for (const name of threadCounts) {
    const [before, after] = [Number(now(name)), Number(next(name))];
    const failed = `Dynamic thread count update validation failed for ${name}=${after}, value should`;
    if (after < Math.trunc(before / 2)) {
      return invalidChange(`${failed} be at least half the current value ${before}`);
    }
    if (after > before * 2) {
      return invalidChange(`${failed} not be greater than double the current value ${before}`);
    }
  }
  return null;
}

function reporterError(next: Read): string | null {
  const known = brokerConfigs.get('metric.reporters')?.byDefault;
  if (parseList(next('metric.reporters')).every((name) => name === known)) return null;
  return invalidChange(
    'Validation of dynamic config update of Set(metric.reporters) failed with class class kafka.server.DynamicMetricsReporters',
  );
}
