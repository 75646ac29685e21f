/**
 * Configuration that a person gives to a whole cluster: every name must be one that a broker knows, and what the cluster
 * itself settles for each of its nodes is not theirs to say.
 */
import { brokerConfigs, throttleConfigs, topicConfigs } from '../../messages/configs/config-table.ts';
import { ConfigError } from './node-config.ts';

/** Differ from node to node, so that one value for all would be wrong. */
const settled: Readonly<Record<string, string>> = {
  'node.id': '--first-id',
  'broker.id': '--first-id',
  listeners: '--port',
  'advertised.listeners': '--advertise',
  'controller.listener.names': '--port',
  'controller.quorum.voters': '--brokers',
  'controller.quorum.bootstrap.servers': '--brokers',
  'process.roles': '--brokers',
  'log.dir': '--data',
  'log.dirs': '--data',
  'metadata.log.dir': '--data',
};

/** Throws ConfigError for a name nobody knows, with the one that was perhaps meant. */
export function checkNames(config: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(config)) {
    if (brokerConfigs.has(name) || brokerConfigs.has(name.replace(/^listener\.name\.[^.]+\./, ''))) continue;
    if (throttleConfigs.has(name)) {
      throw new ConfigError(`${name} can only be set while the cluster runs, by kafka-configs.sh`);
    }
    const broker = topicConfigs.get(name)?.synonyms[0];
    const meant = broker ?? nearest(name);
    throw new ConfigError(
      `there is no configuration ${name}${meant === null ? '' : `; did you mean ${meant}?`}`,
    );
  }
}

/** A property given for all: throws ConfigError when each node has its own. */
export function checkShared(config: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(config)) {
    const option = settled[name];
    if (option === undefined) continue;
    throw new ConfigError(`${name} differs from broker to broker: use ${option} instead of setting it`);
  }
}

/** A whole server.properties of one broker, as what may hold for all. */
export function withoutSettled(config: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(config).filter(([name]) => settled[name] === undefined));
}

function nearest(name: string): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.floor(name.length / 4)) + 1;
  for (const known of brokerConfigs.keys()) {
    const distance = editDistance(name, known, bestDistance);
    if (distance >= bestDistance) continue;
    best = known;
    bestDistance = distance;
  }
  return best;
}

/** Insertions, deletions and replacements from one to the other; `limit` when there are as many. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return Math.min(row[b.length] ?? limit, limit);
}
