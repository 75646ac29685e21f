/** Settings nobody knows, and settings that cannot be true together. */
import { meantFlow } from './check-slips.ts';
import type { Lookup } from './lookup.ts';
import type { Property } from './property-lines.ts';
import {
  CLIENT_RULES,
  CONSUMER_RULES,
  FLOW_RULES,
  IGNORED,
  PRODUCER_RULES,
  SECURITY,
  TOP_RULES,
  WORKER_RULES,
  WORKER_TOP_LEVEL,
} from './rules.table.ts';
import type { FlowSettings, MirrorSettings } from './settings.ts';

const clientPrefix = /^(?:(?:source|target)\.)?(consumer|producer|admin)\.(?:override\.)?/;

export function reportUnknown(lookup: Lookup, aliases: readonly string[]): void {
  const known = new Set(aliases);
  for (const property of lookup.properties) {
    const { key } = property;
    if (key === 'clusters' || key === 'config.providers' || key.startsWith('config.providers.')) continue;
    const flow = /^(.+?)->(.+?)\.(.+)$/.exec(key);
    if (flow !== null) {
      const source = flow[1];
      const rest = key.slice(source!.length + 2);
      const target = aliases.find((alias) => rest.startsWith(`${alias}.`)) ?? flow[2]!;
      const name = rest.slice(target.length + 1);
      reportAlias(lookup, property, { source: source!, target, known });
      if (!isFlowSetting(name)) unknown(lookup, property, { name, aliases });
      else refuseSecurity(lookup, property, name);
      continue;
    }
    const alias = longest(aliases.filter((candidate) => key.startsWith(`${candidate}.`)));
    const name = alias === undefined ? key : key.slice(alias.length + 1);
    const fine = alias === undefined ? isTopSetting(name) : isClusterSetting(name);
    if (fine) refuseSecurity(lookup, property, name);
    else if (alias === undefined && /^[^.]+\.bootstrap\.servers$/.test(key)) {
      const stranger = key.slice(0, key.indexOf('.'));
      if (aliases.length === 0) continue; // said already: there are no clusters
      lookup.warn(property, `"${key}": "${stranger}" is not among "clusters" (${aliases.join(', ')})`);
    } else unknown(lookup, property, { name, aliases });
  }
}

function longest(names: readonly string[]): string | undefined {
  return names.toSorted((a, b) => b.length - a.length)[0];
}

function reportAlias(
  lookup: Lookup,
  property: Property,
  flow: { source: string; target: string; known: ReadonlySet<string> },
): void {
  const { source, target, known } = flow;
  for (const alias of [source, target]) {
    if (known.has(alias) || known.size === 0) continue;
    const names = [...known].join(', ');
    lookup.error(property, `"${property.key}": "${alias}" is not among "clusters" (${names})`);
  }
  if (source === target) {
    lookup.error(property, `"${property.key}": a cluster is not mirrored to itself`);
  }
}

function unknown(
  lookup: Lookup,
  property: Property,
  { name, aliases }: { name: string; aliases: readonly string[] },
): void {
  if (property.key === name && Object.hasOwn(WORKER_RULES, name)) {
    lookup.warn(property, `"${name}" has no effect for all: set it for a target, as "<cluster>.${name}"`);
    return;
  }
  if (property.key.startsWith('\ufeff')) {
    lookup.error(
      property,
      'the file begins with a byte order mark, which becomes part of the first name: save it without',
    );
    return;
  }
  const near = nearest(name.replace(/\.interval\.ms$/, '.interval.seconds'));
  const meant =
    near === null ? meantFlow(property.key, aliases) : `${property.key.slice(0, -name.length)}${near}`;
  const hint = meant === null ? '' : `; did you mean "${meant}"?`;
  lookup.warn(property, `"${property.key}" is not a setting of MirrorMaker and has no effect${hint}`);
}

function refuseSecurity(lookup: Lookup, property: Property, name: string): void {
  if (!SECURITY.test(name.replace(clientPrefix, ''))) return;
  lookup.error(property, `"${property.key}": TLS and SASL cannot be used here, connections are PLAINTEXT`);
}

function isTopSetting(name: string): boolean {
  if (Object.hasOwn(FLOW_RULES, name) && name !== 'enabled') return true;
  if (Object.hasOwn(TOP_RULES, name) || Object.hasOwn(CLIENT_RULES, name)) return true;
  if (Object.hasOwn(WORKER_RULES, name)) return WORKER_TOP_LEVEL.test(name);
  return IGNORED.test(name) || SECURITY.test(name);
}

function isClusterSetting(name: string): boolean {
  const rest = name.replace(clientPrefix, '');
  if (rest !== name) return isClientSetting(rest);
  return isClientSetting(name) || Object.hasOwn(WORKER_RULES, name) || Object.hasOwn(FLOW_RULES, name);
}

function isFlowSetting(name: string): boolean {
  if (Object.hasOwn(FLOW_RULES, name) || Object.hasOwn(WORKER_RULES, name)) return true;
  return isClientSetting(name.replace(clientPrefix, '')) || IGNORED.test(name);
}

function isClientSetting(name: string): boolean {
  const known =
    Object.hasOwn(CLIENT_RULES, name) ||
    Object.hasOwn(CONSUMER_RULES, name) ||
    Object.hasOwn(PRODUCER_RULES, name);
  return known || IGNORED.test(name) || SECURITY.test(name);
}

/** The known setting that differs by two characters at most. */
function nearest(name: string): string | null {
  const names = [...Object.keys(FLOW_RULES), ...Object.keys(WORKER_RULES), ...Object.keys(CLIENT_RULES)];
  const found = names
    .map((candidate) => ({ candidate, far: distance(name, candidate) }))
    .toSorted((a, b) => a.far - b.far)[0];
  return found !== undefined && found.far <= 2 ? found.candidate : null;
}

function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const changed = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(changed, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}

export function checkSettings(lookup: Lookup, settings: MirrorSettings): void {
  const { clusters, flows } = settings;
  const list = lookup.find('clusters');
  if (list === undefined)
    lookup.error(undefined, 'Missing required configuration "clusters" which has no default value.');
  else if (clusters.length < 2) lookup.error(list, `"clusters" names ${clusters.length}: a flow needs two`);
  for (const { alias, connection } of clusters) {
    const used = flows.some((flow) => flow.source === alias || flow.target === alias);
    const property = lookup.find(`${alias}.bootstrap.servers`);
    if (used && connection.bootstrap === '') {
      lookup.error(property ?? list, `cluster "${alias}" has no "${alias}.bootstrap.servers"`);
    } else if (
      connection.bootstrap !== '' &&
      !/^[^,\s]+:\d+(\s*,\s*[^,\s]+:\d+)*$/.test(connection.bootstrap)
    ) {
      lookup.error(
        property,
        `"${alias}.bootstrap.servers" is a list of host:port, not "${connection.bootstrap}"`,
      );
    }
  }
  checkTwins(lookup, settings);
  checkGroups(lookup, flows);
  for (const flow of flows) checkFlow(lookup, flow);
}

/** Two aliases of one cluster would mirror it into itself for ever. */
function checkTwins(lookup: Lookup, { clusters }: MirrorSettings): void {
  const seen = new Map<string, string>();
  for (const { alias, connection } of clusters) {
    for (const address of connection.bootstrap.split(',').map((part) => part.trim())) {
      const other = seen.get(address);
      if (address !== '' && other !== undefined && other !== alias) {
        const property = lookup.find(`${alias}.bootstrap.servers`);
        lookup.error(property, `"${alias}" and "${other}" are the same cluster: both have ${address}`);
      }
      seen.set(address, alias);
    }
  }
}

/** The group's members share one flow: of two flows in one group, one would wait for the other for ever. */
function checkGroups(lookup: Lookup, flows: readonly FlowSettings[]): void {
  const seen = new Map<string, FlowSettings>();
  for (const flow of flows) {
    const { source, target, storage } = flow;
    const key = JSON.stringify([target, storage.groupId]);
    const other = seen.get(key);
    seen.set(key, flow);
    if (other === undefined) continue;
    const text = `${other.source}->${target} and ${source}->${target} would both be in the group "${storage.groupId}": leave "${target}.group.id" out, each has its own then`;
    lookup.error(lookup.find(`${target}.group.id`), text);
  }
}

function checkFlow(lookup: Lookup, flow: FlowSettings): void {
  const prefix = `${flow.source}->${flow.target}.`;
  const where = (name: string) => lookup.find(prefix + name) ?? lookup.find(name);
  const label = `${flow.source}->${flow.target}`;
  for (const name of ['topics', 'groups', 'config.properties']) {
    const [old, modern] = [where(`${name}.blacklist`), where(`${name}.exclude`)];
    if (old === undefined) continue;
    if (modern !== undefined) {
      lookup.warn(old, `"${old.key}" has no effect beside "${modern.key}" (line ${modern.line})`);
    } else lookup.warn(old, `"${old.key}" is the old name of "${name}.exclude"`);
  }
  const checkpoints = where('emit.checkpoints.enabled');
  if (!flow.enabled) return;
  if (!flow.offsetSyncs.enabled && flow.emitCheckpointsMs !== null && checkpoints !== undefined) {
    const syncs = where('emit.offset-syncs.enabled');
    const text = `${label}: checkpoints need offset syncs: "emit.offset-syncs.enabled" is false and "${checkpoints.key}" (line ${checkpoints.line}) is true`;
    lookup.error(syncs, text);
  }
  const groups = where('sync.group.offsets.enabled');
  if (flow.syncGroupOffsetsMs !== null && (flow.emitCheckpointsMs === null || !flow.offsetSyncs.enabled)) {
    lookup.error(groups, `${label}: group offsets are synced from checkpoints, which are switched off`);
  }
  if (flow.policy.separator === '') {
    lookup.error(where('replication.policy.separator'), '"replication.policy.separator" is empty');
  }
  if (flow.storage.exactlyOnce && !flow.producer.idempotence) {
    const property = lookup.find(`${flow.target}.producer.acks`);
    lookup.error(property, `${label}: exactly-once delivery needs an idempotent producer with acks=all`);
  }
  checkIdentity(lookup, flow);
}

function checkIdentity(lookup: Lookup, flow: FlowSettings): void {
  const back = lookup.find(`${flow.target}->${flow.source}.enabled`);
  if (flow.policy.kind !== 'identity' || back?.value.toLowerCase() !== 'true') return;
  const text = `both ways with IdentityReplicationPolicy, which cannot see cycles: topics that match in both directions go round for ever`;
  lookup.warn(back, `${flow.source}->${flow.target} and back: ${text}`);
}
