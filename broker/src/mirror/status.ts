/** Progress and lag in lines for people: of a running MirrorMaker, or found from outside. */
import { connectCluster } from '../client/connect.ts';
import type { FlowStatus } from './flow/flow.ts';
import { nameFilter, replicatedTopics } from './names/filters.ts';
import { ReplicationPolicy } from './names/replication-policy.ts';
import type { FlowSettings, MirrorSettings } from './settings/settings.ts';
import { readSourceOffsets } from './source/source-offsets.ts';
import type { Progress } from './source/source-task.ts';

const columns = ['FLOW', 'TOPIC', 'PARTITION', 'MIRRORED', 'END', 'LAG', 'PROBLEM'] as const;

export function statusText(flows: readonly FlowStatus[]): string {
  const heads = flows.map((flow) => {
    const name = `${flow.source}->${flow.target}`;
    if (flow.waiting) return `${name}: waiting, another MirrorMaker drives it\n`;
    if (!flow.enabled) return `${name}: heartbeats only\n`;
    if (!flow.started) return `${name}: starting\n`;
    const rate = flow.recordRate.toFixed(1);
    return `${name}: ${flow.recordCount} records mirrored, ${rate} records/s, ${flow.groupCount} groups\n`;
  });
  return `${heads.join('')}${table(flows)}`;
}

function table(flows: readonly FlowStatus[]): string {
  const rows = flows.flatMap((flow) =>
    flow.partitions.map((progress) => row(`${flow.source}->${flow.target}`, progress)),
  );
  if (rows.length === 0) return '';
  const sorted = rows.toSorted((a, b) => a.join().localeCompare(b.join(), 'en', { numeric: true }));
  const all = [[...columns], ...sorted];
  const widths = columns.map((_, index) => Math.max(...all.map((cells) => cells[index]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index]!))
      .join('  ')
      .trimEnd();
  return `${all.map(line).join('\n')}\n`;
}

function row(flow: string, progress: Progress): string[] {
  const { place, mirrored, endOffset, problem } = progress;
  const next = mirrored === null ? null : mirrored + 1;
  const lag = lagOf(progress);
  return [
    flow,
    place.topic,
    String(place.partition),
    next === null ? '-' : String(next),
    endOffset < 0 ? '-' : String(endOffset),
    lag === null ? '-' : String(lag),
    problem ?? '',
  ];
}

/** Offsets between what is mirrored and the source's end; markers and compacted records count, too. */
function lagOf({ mirrored, endOffset, position }: Progress): number | null {
  if (endOffset < 0) return null;
  // All that is left behind the last record are markers: nothing is missing.
  if (position === endOffset && mirrored !== null) return 0;
  return Math.max(0, endOffset - (mirrored === null ? (position ?? 0) : mirrored + 1));
}

/** What the clusters themselves tell of a flow, whoever drives it: ours or Apache Kafka's. */
export async function statusFromClusters(
  settings: MirrorSettings,
  targets: readonly string[] | undefined,
): Promise<string> {
  const flows = settings.flows.filter(
    ({ enabled, target }) => enabled && (targets === undefined || targets.includes(target)),
  );
  const found = await Promise.all(flows.map((flow) => lookAt(settings, flow)));
  return table(found);
}

async function lookAt(settings: MirrorSettings, flow: FlowSettings): Promise<FlowStatus> {
  const clientOf = (alias: string) =>
    connectCluster({
      bootstrap: settings.clusters.find((cluster) => cluster.alias === alias)!.connection.bootstrap,
      apiTimeoutMs: 10_000,
    });
  await using source = clientOf(flow.source);
  await using target = clientOf(flow.target);
  const policy = new ReplicationPolicy(flow.policy, flow.source);
  const isReplicated = replicatedTopics({
    policy,
    targetAlias: flow.target,
    topics: nameFilter(flow.topics),
    heartbeatsReplicated: flow.heartbeatsReplicated,
  });
  const [{ topics }, offsets] = await Promise.all([
    source.metadata(),
    readSourceOffsets(target, flow.storage.offsets.name, flow.source),
  ]);
  const places = topics
    .filter(({ name }) => isReplicated(name))
    .flatMap(({ name, partitions }) => partitions.map(({ partition }) => ({ topic: name, partition })));
  const ends = await source.listOffsets(places.map((place) => ({ ...place, at: 'latest' }) as const));
  const partitions = places.map((place, index): Progress => {
    const mirrored = offsets.get(`${place.topic}-${place.partition}`) ?? null;
    const problem = ends[index]!.error?.name ?? null;
    return { place, mirrored, position: null, endOffset: ends[index]!.offset, problem };
  });
  const { source: from, target: to, enabled } = flow;
  const counts = { groupCount: 0, recordCount: 0, recordRate: 0 };
  return { source: from, target: to, enabled, started: true, waiting: false, ...counts, partitions };
}
