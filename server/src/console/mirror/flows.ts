/** Flows as the looks at both their clusters show them (pure). A cluster that did not answer leaves what it knows open. */
import type { MirrorCheckpoint, MirrorFlow, MirrorPartition } from '../../contract/main.ts';
import { placeKey } from '../bounds.ts';
import type { ClusterLook } from './cluster-notes.ts';

const ROWS_MAX = 300;

export type Looks = ReadonlyMap<string, ClusterLook | null>;

/** Those of which there is a trace: a MirrorMaker, a copy, a checkpoint, a heartbeat. */
export function flowsBetween(looks: Looks): MirrorFlow[] {
  const ids = [...looks.keys()];
  return ids.flatMap((source) =>
    ids.flatMap((target) => {
      const flow = source === target ? null : flowBetween(looks, source, target);
      return flow === null ? [] : [flow];
    }),
  );
}

function flowBetween(looks: Looks, source: string, target: string): MirrorFlow | null {
  const [from, to] = [looks.get(source) ?? null, looks.get(target) ?? null];
  const partitions = to === null ? [] : partitionsOf({ from, to, source, target });
  const checkpoints = to === null ? [] : checkpointsOf(to, source);
  const makers = to === null ? null : [...(to.makers.get(source) ?? [])];
  const heartbeatMs = natural(to?.heartbeats.get(`${source}/${target}`));
  // Heartbeats go both ways of every pair: alone they are no flow that anybody asked for.
  const traces = partitions.length > 0 || checkpoints.length > 0 || hasSyncs(from, target);
  if (!traces && (makers === null || makers.length === 0)) return null;
  const left = Math.max(0, partitions.length - ROWS_MAX) + Math.max(0, checkpoints.length - ROWS_MAX);
  return {
    source,
    target,
    makers,
    heartbeatMs,
    partitions: partitions.slice(0, ROWS_MAX),
    checkpoints: checkpoints.slice(0, ROWS_MAX),
    left,
  };
}

const hasSyncs = (from: ClusterLook | null, target: string): boolean =>
  (from?.notesOf(target).syncs.size ?? 0) > 0;

interface Ends {
  readonly from: ClusterLook | null;
  readonly to: ClusterLook;
  readonly source: string;
  readonly target: string;
}

function partitionsOf(ends: Ends): MirrorPartition[] {
  return remotesOf(ends)
    .flatMap(({ topic, remote }) => {
      const known = ends.from?.topics.get(topic) ?? ends.to.topics.get(remote);
      return (known?.partitions ?? []).map(({ partition }) =>
        partitionOf(ends, { topic, remote, partition }),
      );
    })
    .sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition);
}

/** Copies by their names, and topics that keep theirs (IdentityReplicationPolicy): those an offset was stored for. */
function remotesOf({ to, source }: Ends): { topic: string; remote: string }[] {
  const prefix = `${source}.`;
  const found = new Map<string, string>();
  for (const name of to.topics.keys()) {
    const topic = name.slice(prefix.length);
    if (name.startsWith(prefix) && topic !== '' && !isOwn(topic)) found.set(topic, name);
  }
  for (const place of to.notesOf(source).stored.keys()) {
    const topic = place.slice(0, place.lastIndexOf('/'));
    if (!found.has(topic) && to.topics.has(topic) && !isOwn(topic)) found.set(topic, topic);
  }
  return [...found].map(([topic, remote]) => ({ topic, remote }));
}

const isOwn = (topic: string): boolean => topic === 'heartbeats' || topic.endsWith('.internal');

function partitionOf(
  { from, to, source, target }: Ends,
  { topic, remote, partition }: { topic: string; remote: string; partition: number },
): MirrorPartition {
  const here = placeKey({ topic, partition });
  const there = placeKey({ topic: remote, partition });
  const end = natural(from?.bounds.get(here)?.last);
  const copy = to.bounds.get(there);
  const [first, last] = [natural(copy?.first), natural(copy?.last)];
  const sync = syncOf(from?.notesOf(target).syncs.get(here));
  const stored = natural(to.notesOf(source).stored.get(here));
  const known = [stored, sync?.upstream].flatMap((offset) =>
    typeof offset === 'number' ? [offset + 1] : [],
  );
  const sure = known.length === 0 ? null : Math.max(...known);
  const next = end !== null && sure !== null && sure > end ? end : atLeast(sure, { sync, last, end });
  const exact = end !== null && next !== null && sure !== null && sure >= end;
  const leader = to.topics.get(remote)?.partitions.find((one) => one.partition === partition)?.leader;
  const size = to.sizes.find(
    (one) => one.topic === remote && one.partition === partition && one.broker === leader,
  );
  return {
    topic,
    partition,
    remote,
    end,
    next,
    lag: end === null || next === null ? null : end - next,
    exact,
    records: first === null || last === null ? null : Math.max(0, last - first),
    bytes: natural(size?.sizeBytes),
    sync,
  };
}

/** What came to the copy since the last sync counts as mirrored, too; up to the source's end, as markers may be among it. */
function atLeast(
  sure: number | null,
  { sync, last, end }: { sync: MirrorPartition['sync']; last: number | null; end: number | null },
): number | null {
  if (sure === null || sync === null || last === null || end === null) return sure;
  return Math.max(sure, Math.min(end, sync.upstream + Math.max(0, last - sync.downstream)));
}

function syncOf(sync: MirrorPartition['sync'] | undefined): MirrorPartition['sync'] {
  if (!sync) return null;
  const [upstream, downstream, atMs] = [sync.upstream, sync.downstream, sync.atMs].map(natural);
  return typeof upstream === 'number' && typeof downstream === 'number'
    ? { upstream, downstream, atMs: atMs ?? 0 }
    : null;
}

function checkpointsOf(to: ClusterLook, source: string): MirrorCheckpoint[] {
  return [...to.notesOf(source).checkpoints.values()]
    .flatMap((checkpoint): MirrorCheckpoint[] => {
      const { group, topic } = checkpoint;
      const [partition, upstream, downstream] = [
        natural(checkpoint.partition),
        natural(checkpoint.upstream),
        natural(checkpoint.downstream),
      ];
      if (partition === null || upstream === null || downstream === null) return [];
      const committed = natural(to.committed.get(group)?.get(placeKey({ topic, partition })));
      const atMs = natural(checkpoint.atMs) ?? 0;
      return [{ group, topic, partition, upstream, downstream, atMs, committed }];
    })
    .sort(
      (a, b) => a.group.localeCompare(b.group) || a.topic.localeCompare(b.topic) || a.partition - b.partition,
    );
}

/** Records can be written by anyone: what is no offset and no time is as good as nothing. */
function natural(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
