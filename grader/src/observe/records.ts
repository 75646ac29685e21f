/** The newest records of topics, within limits: a trainee may well have sent a million. */
import type { Client, FetchedRecord } from '@brokerlab/broker/client';
import type { PartitionView, RecordsView, RecordView, TopicView } from './snapshot.ts';

/** Of each partition. */
const RECORDS_MAX = 2000;
const BYTES_MAX = 1024 * 1024;
const TEXT_MAX = 2000;

export interface RecordsWanted {
  readonly topics: Readonly<Record<string, TopicView>>;
  readonly names: readonly string[];
  /** read_committed: aborted records are left out. */
  readonly committed?: boolean;
}

export async function readRecords(
  client: Client,
  { topics, names, committed = false }: RecordsWanted,
): Promise<Record<string, RecordsView>> {
  const views: Record<string, RecordsView> = {};
  for (const name of names) {
    const partitions = await Promise.all(
      (topics[name]?.partitions ?? []).map((view) => readPartition(client, { topic: name, view, committed })),
    );
    views[name] = {
      records: partitions.flatMap((partition) => partition.records),
      truncated: partitions.some((partition) => partition.truncated),
    };
  }
  return views;
}

interface PartitionWanted {
  readonly topic: string;
  readonly view: PartitionView;
  readonly committed: boolean;
}

async function readPartition(
  client: Client,
  { topic, view, committed }: PartitionWanted,
): Promise<RecordsView> {
  const { startOffset, endOffset, partition, leader } = view;
  if (leader < 0 || startOffset === undefined || endOffset === undefined || endOffset <= startOffset) {
    return { records: [], truncated: false };
  }
  let from = Math.max(startOffset, endOffset - RECORDS_MAX);
  const records: RecordView[] = [];
  // Each fetch moves on or ends; the bound holds even if the log shrinks or a broker answers nothing.
  for (let fetches = 0; from < endOffset && fetches < 50; fetches++) {
    const batch = await client.fetchRecords({
      topic,
      partition,
      from,
      max: RECORDS_MAX,
      bytesMax: BYTES_MAX,
      isolation: committed ? 'read_committed' : 'read_uncommitted',
    });
    for (const record of batch.records) {
      if (record.offset < endOffset) {
        records.push(viewRecord(record));
      }
    }
    if (batch.nextOffset <= from) break;
    from = batch.nextOffset;
  }
  return { records, truncated: endOffset - startOffset > RECORDS_MAX };
}

function viewRecord(record: FetchedRecord): RecordView {
  const { partition, offset, timestamp, key, value, headers, batch } = record;
  const { codec, records, idempotent, transactional } = batch;
  return {
    partition,
    offset,
    timestampMs: timestamp,
    key: text(key),
    value: text(value),
    ...(headers.length === 0
      ? {}
      : { headers: Object.fromEntries(headers.map((header) => [header.key, text(header.value) ?? ''])) }),
    batch: { codec, records, idempotent, transactional },
  };
}

function text(bytes: Buffer | null): string | null {
  return bytes === null ? null : bytes.toString('utf8', 0, TEXT_MAX);
}
