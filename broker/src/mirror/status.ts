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

/** One partition of one flow, for a page or a console to show. */
export interface FlowProgress {
  readonly source: string;
  readonly target: string;
  /** At the source. */
  readonly topic: string;
  readonly partition: number;
  /** Where mirroring goes on; `null`: nothing was mirrored yet. */
  readonly next: number | null;
  /** End offset at the source; `null`: not known. */
  readonly end: number | null;
  /** Offsets between the two, 0 when only markers are left; `null`: not known. */
  readonly lag: number | null;
  /** Replication latency of what was mirrored last; `null`: not known from where it was looked. */
  readonly latencyMs: number | null;
  readonly problem: string | null;
}

export function flowProgress(flows: readonly FlowStatus[]): FlowProgress[] {
  return flows.flatMap(({ source, target, partitions }) =>
    partitions.map((progress) => ({
      source,
      target,
      ...progress.place,
      next: progress.mirrored === null ? null : progress.mirrored + 1,
      end: progress.endOffset < 0 ? null : progress.endOffset,
      lag: lagOf(progress),
      latencyMs: progress.latencyMs,
      problem: progress.problem,
    })),
  );
}

function table(flows: readonly FlowStatus[]): string {
  const rows = flowProgress(flows).map(row);
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

function row({ source, target, topic, partition, next, end, lag, problem }: FlowProgress): string[] {
  const known = (value: number | null) => (value === null ? '-' : String(value));
  return [
    `${source}->${target}`,
    topic,
    String(partition),
    known(next),
    known(end),
    known(lag),
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
  return table(await lookAtAll(settings, targets));
}

/** The same for a program: what a page of flows and lag shows. */
export async function progressFromClusters(settings: MirrorSettings): Promise<FlowProgress[]> {
  return flowProgress(await lookAtAll(settings, undefined));
}

function lookAtAll(settings: MirrorSettings, targets: readonly string[] | undefined): Promise<FlowStatus[]> {
  const flows = settings.flows.filter(
    ({ enabled, target }) => enabled && (targets === undefined || targets.includes(target)),
  );
  return Promise.all(flows.map((flow) => lookAt(settings, flow)));
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
    return { place, mirrored, position: null, endOffset: ends[index]!.offset, latencyMs: null, problem };
  });
  const { source: from, target: to, enabled } = flow;
  const counts = { groupCount: 0, recordCount: 0, recordRate: 0 };
  return { source: from, target: to, enabled, started: true, waiting: false, ...counts, partitions };
}
