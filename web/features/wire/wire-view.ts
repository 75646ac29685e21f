/** What the wire inspector shows: which exchanges, which rows of a frame's fields, which field a byte belongs to. Pure. */
import type { WireEntry, WireField, WireFilter } from '@brokerlab/server/contract';

const entriesMax = 500;
const rowsMax = 2_000;

/** Newest first; later news of an exchange takes its place. */
export function withNews(known: readonly WireEntry[], news: readonly WireEntry[]): WireEntry[] {
  const fresh = new Map(news.map((entry) => [entry.id, entry]));
  const kept = known.map((entry) => {
    const newer = fresh.get(entry.id);
    fresh.delete(entry.id);
    return newer ?? entry;
  });
  return [...[...fresh.values()].sort((a, b) => b.id - a.id), ...kept].slice(0, entriesMax);
}

/** What was kept under an earlier filter is still there. */
export function passes(entry: WireEntry, filter: WireFilter): boolean {
  return (
    (filter.brokers || entry.origin !== 'broker') &&
    (filter.own || entry.origin !== 'own') &&
    (filter.apis.length === 0 || filter.apis.includes(entry.apiKey)) &&
    entry.clientId.includes(filter.clientId) &&
    (filter.topic === '' || entry.topics.some((topic) => topic.includes(filter.topic)))
  );
}

/** A field on the screen; its path is its key. */
export interface FieldRow {
  readonly path: string;
  readonly depth: number;
  readonly field: WireField;
  readonly open: boolean;
}

/** `toggled`: those that are not as they are at first (open down to a record's value, long lists closed). */
export function rowsOf(fields: readonly WireField[], toggled: ReadonlySet<string>): FieldRow[] {
  const rows: FieldRow[] = [];
  const add = (some: readonly WireField[], depth: number, before: string): void => {
    for (const [index, field] of some.entries()) {
      if (rows.length >= rowsMax) return;
      const path = `${before}/${index}`;
      const atFirst = depth < 8 && field.children.length <= 30;
      const open = field.children.length > 0 && atFirst !== toggled.has(path);
      rows.push({ path, depth, field, open });
      if (open) add(field.children, depth + 1, path);
    }
  };
  add(fields, 0, '');
  return rows;
}

/** The innermost of the shown fields that holds this byte. */
export function rowAt(rows: readonly FieldRow[], byte: number): FieldRow | null {
  return rows.findLast(({ field }) => field.start <= byte && byte < field.end) ?? null;
}

export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

export const bytesPerPage = 1_024;
export const pageOf = (byte: number): number => Math.floor(byte / bytesPerPage);

export const apis: readonly (readonly [number, string])[] = [
  ...([
    [0, 'Produce'],
    [1, 'Fetch'],
    [2, 'ListOffsets'],
    [3, 'Metadata'],
    [8, 'OffsetCommit'],
  ] as const),
  ...([
    [9, 'OffsetFetch'],
    [10, 'FindCoordinator'],
    [11, 'JoinGroup'],
    [12, 'Heartbeat'],
  ] as const),
  ...([
    [13, 'LeaveGroup'],
    [14, 'SyncGroup'],
    [15, 'DescribeGroups'],
    [16, 'ListGroups'],
  ] as const),
  ...([
    [18, 'ApiVersions'],
    [19, 'CreateTopics'],
    [20, 'DeleteTopics'],
    [21, 'DeleteRecords'],
  ] as const),
  ...([
    [22, 'InitProducerId'],
    [23, 'OffsetForLeaderEpoch'],
    [24, 'AddPartitionsToTxn'],
  ] as const),
  ...([
    [25, 'AddOffsetsToTxn'],
    [26, 'EndTxn'],
    [28, 'TxnOffsetCommit'],
    [32, 'DescribeConfigs'],
  ] as const),
  ...([
    [35, 'DescribeLogDirs'],
    [37, 'CreatePartitions'],
    [42, 'DeleteGroups'],
    [43, 'ElectLeaders'],
  ] as const),
  ...([
    [44, 'IncrementalAlterConfigs'],
    [45, 'AlterPartitionReassignments'],
  ] as const),
  ...([
    [46, 'ListPartitionReassignments'],
    [55, 'DescribeQuorum'],
    [60, 'DescribeCluster'],
  ] as const),
  ...([
    [61, 'DescribeProducers'],
    [68, 'ConsumerGroupHeartbeat'],
    [69, 'ConsumerGroupDescribe'],
  ] as const),
  ...([[75, 'DescribeTopicPartitions']] as const),
];
