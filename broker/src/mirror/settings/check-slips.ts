/** What people get wrong in such a file though each line may stand there: told with what was probably meant. */
import type { Lookup } from './lookup.ts';
import type { Property } from './property-lines.ts';
import type { FlowSettings, MirrorSettings } from './settings.ts';

export function checkSlips(lookup: Lookup, settings: MirrorSettings): void {
  const { clusters, flows } = settings;
  const list = lookup.find('clusters');
  const names = (list?.value ?? '').split(',').map((name) => name.trim());
  const doubled = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (doubled !== undefined) lookup.warn(list, `"clusters" names "${doubled}" twice`);
  if (/[;|]|\S\s+\S/.test(list?.value.replaceAll(/\s*,\s*/g, ',') ?? '')) {
    lookup.error(list, `"clusters" is separated by commas, as "A, B", not "${list?.value}"`);
  }
  const wrong = lookup.problems.some(({ severity }) => severity === 'error'); // that may be why
  if (clusters.length >= 2 && !wrong && !flows.some(({ enabled }) => enabled)) {
    const [source, target] = clusters.map(({ alias }) => alias);
    lookup.warn(
      list,
      `no flow is enabled, so no record is mirrored: write "${source}->${target}.enabled = true"`,
    );
  }
  for (const { alias, connection } of clusters) checkPorts(lookup, alias, connection.bootstrap);
  for (const flow of flows) if (flow.enabled) checkFlow(lookup, flow);
  const enabled = new Set(flows.flatMap((flow) => (flow.enabled ? [`${flow.source}->${flow.target}`] : [])));
  for (const property of lookup.properties) checkUse(lookup, property, { enabled, clusters });
}

/** What an unknown key was meant to be; `null`: nobody knows. */
export function meantFlow(key: string, aliases: readonly string[]): string | null {
  const arrow = /^(\S+?)\s*(?:→|⇒|=+>|--+>|-+|>|_to_)\s*([^\s.>-]+)(\..+)?$/u.exec(key);
  const isOne = (alias: string | undefined) => alias !== undefined && aliases.includes(alias);
  if (isOne(arrow?.[1]) && isOne(arrow?.[2])) return `${arrow?.[1]}->${arrow?.[2]}${arrow?.[3] ?? ''}`;
  const other = aliases.find((alias) => alias !== key) ?? 'B';
  return isOne(key) ? `${key}->${other}.enabled` : null;
}

function checkPorts(lookup: Lookup, alias: string, bootstrap: string): void {
  for (const address of bootstrap.split(',')) {
    const port = Number(/:(\d+)\s*$/.exec(address)?.[1] ?? 1);
    if (port >= 1 && port <= 65_535) continue;
    const text = `"${alias}.bootstrap.servers": a port is 1 to 65535, not "${port}"`;
    lookup.error(lookup.find(`${alias}.bootstrap.servers`), text);
  }
}

function checkFlow(lookup: Lookup, flow: FlowSettings): void {
  const label = `${flow.source}->${flow.target}`;
  const where = (name: string) => lookup.find(`${label}.${name}`) ?? lookup.find(name);
  for (const name of ['topics', 'groups'] as const) {
    const { include, exclude } = flow[name];
    const property = where(name);
    for (const pattern of include) checkPattern(lookup, property, pattern);
    const left = include.filter((pattern) => !exclude.includes(pattern));
    if (left.length > 0) continue;
    const why =
      include.length === 0 ? `"${name}" is empty` : `all of "${name}" are in "${name}.exclude" as well`;
    lookup.warn(property, `${label}: ${why}, so none are mirrored`);
  }
  const { separator, kind } = flow.policy;
  for (const alias of [flow.source, flow.target]) {
    if (kind === 'identity' || separator === '' || !alias.includes(separator)) continue;
    const text = `${label}: the alias "${alias}" holds the separator "${separator}", so where a topic came from cannot be told from its name`;
    lookup.warn(where('replication.policy.separator') ?? lookup.find('clusters'), text);
  }
  if (flow.replicationFactor === 0) {
    lookup.error(
      where('replication.factor'),
      '"replication.factor" is 1 or more, or -1 for the default of the target',
    );
  }
}

function checkPattern(lookup: Lookup, property: Property | undefined, pattern: string): void {
  if (property === undefined) return;
  if (/^["'].*["']$/.test(pattern)) {
    lookup.warn(
      property,
      `"${property.key}": quotation marks count as part of the name: write ${pattern.slice(1, -1)}`,
    );
  } else if (/[\w-]\*$/.test(pattern)) {
    const meant = `${pattern.slice(0, -1)}.*`;
    lookup.warn(
      property,
      `"${property.key}": "${pattern}" is a regular expression, not a file name pattern; did you mean "${meant}"?`,
    );
  }
}

/** Settings of a flow that is not enabled, and of a cluster in a part it does not play. */
function checkUse(
  lookup: Lookup,
  property: Property,
  { enabled, clusters }: { enabled: ReadonlySet<string>; clusters: MirrorSettings['clusters'] },
): void {
  const { key } = property;
  if (enabled.size === 0) return; // said already
  const pairs = [...enabled].map((flow) => flow.split('->'));
  for (const { alias } of clusters) {
    const isSource = pairs.some(([source]) => source === alias);
    const isTarget = pairs.some(([, target]) => target === alias);
    const reads = key.startsWith(`${alias}.consumer.`) && !isSource;
    const writes = key.startsWith(`${alias}.producer.`) || key === `${alias}.exactly.once.source.support`;
    if (reads) lookup.warn(property, `"${key}" has no effect: no enabled flow reads from "${alias}"`);
    if (writes && !isTarget)
      lookup.warn(property, `"${key}" has no effect: no enabled flow writes to "${alias}"`);
    for (const other of clusters) {
      const flow = `${alias}->${other.alias}`;
      if (alias === other.alias || !key.startsWith(`${flow}.`) || enabled.has(flow)) continue;
      if (/\.(enabled|emit\.heartbeats\..*)$/.test(key)) continue;
      lookup.warn(property, `"${key}" has no effect: "${flow}.enabled" is not true`);
    }
  }
}
