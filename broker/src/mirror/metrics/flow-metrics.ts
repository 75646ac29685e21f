/** What a flow counts, under the names of Apache Kafka's MirrorSourceConnector and MirrorCheckpointConnector. */
import { Meter, Spread, type SpreadFigures } from './meters.ts';

export interface MetricPoint {
  /** With Kafka's words, joined as Prometheus wants them. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

class PartitionMetrics {
  readonly records = new Meter();
  readonly bytes = new Meter();
  readonly age = new Spread();
  readonly latency = new Spread();
}

interface RemotePartition {
  /** The topic's name on the target. */
  readonly topic: string;
  readonly partition: number;
}

export interface MirroredBatch {
  readonly recordCount: number;
  readonly valueBytes: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
}

/** What is known of a flow now; topics by their names on the target. */
export interface FlowFigures {
  readonly partitions: readonly (RemotePartition & {
    readonly recordCount: number;
    readonly recordRate: number;
    readonly byteCount: number;
    readonly byteRate: number;
    readonly recordAgeMs: SpreadFigures;
    readonly replicationLatencyMs: SpreadFigures;
  })[];
  readonly groups: readonly (RemotePartition & {
    readonly group: string;
    readonly checkpointLatencyMs: SpreadFigures;
  })[];
}

export class FlowMetrics {
  readonly #flow: { readonly source: string; readonly target: string };
  readonly #partitions = new Map<string, RemotePartition & { readonly metrics: PartitionMetrics }>();
  readonly #groups = new Map<string, RemotePartition & { readonly group: string; readonly spread: Spread }>();

  constructor(flow: { readonly source: string; readonly target: string }) {
    this.#flow = flow;
  }

  get recordCount(): number {
    let sum = 0;
    for (const { metrics } of this.#partitions.values()) sum += metrics.records.total;
    return sum;
  }

  recordRate(nowMs: number): number {
    let sum = 0;
    for (const { metrics } of this.#partitions.values()) sum += metrics.records.rate(nowMs);
    return sum;
  }

  /** From a record's timestamp to its being on the target, of what was mirrored last; `null`: nothing was. */
  latencyMs({ topic, partition }: RemotePartition): number | null {
    return this.#partitions.get(`${topic}-${partition}`)?.metrics.latency.last ?? null;
  }

  read(place: RemotePartition, batch: MirroredBatch, nowMs: number): void {
    const { age, bytes } = this.#of(place);
    bytes.add(batch.valueBytes, nowMs);
    addTimes(age, batch, nowMs);
  }

  mirrored(place: RemotePartition, batch: MirroredBatch, nowMs: number): void {
    const { latency, records } = this.#of(place);
    records.add(batch.recordCount, nowMs);
    addTimes(latency, batch, nowMs);
  }

  checkpointed(place: RemotePartition & { readonly group: string }, latencyMs: number, nowMs: number): void {
    const key = `${place.group} ${place.topic}-${place.partition}`;
    let entry = this.#groups.get(key);
    if (entry === undefined) {
      entry = { ...place, spread: new Spread() };
      this.#groups.set(key, entry);
    }
    entry.spread.add(latencyMs, { count: 1, nowMs });
  }

  figures(nowMs: number): FlowFigures {
    const partitions = [...this.#partitions.values()].map(({ topic, partition, metrics }) => ({
      topic,
      partition,
      recordCount: metrics.records.total,
      recordRate: metrics.records.rate(nowMs),
      byteCount: metrics.bytes.total,
      byteRate: metrics.bytes.rate(nowMs),
      recordAgeMs: metrics.age.figures(nowMs),
      replicationLatencyMs: metrics.latency.figures(nowMs),
    }));
    const groups = [...this.#groups.values()].map(({ group, topic, partition, spread }) => {
      return { group, topic, partition, checkpointLatencyMs: spread.figures(nowMs) };
    });
    return { partitions, groups };
  }

  points(nowMs: number): MetricPoint[] {
    const points: MetricPoint[] = [];
    const { partitions, groups } = this.figures(nowMs);
    for (const { topic, partition, recordAgeMs, replicationLatencyMs, ...counts } of partitions) {
      const labels = { ...this.#flow, topic, partition: String(partition) };
      const put = (name: string, value: number) =>
        points.push({ name: `kafka_connect_mirror_MirrorSourceConnector_${name}`, labels, value });
      put('record_count', counts.recordCount);
      put('record_rate', counts.recordRate);
      put('byte_count', counts.byteCount);
      put('byte_rate', counts.byteRate);
      putSpread(put, 'record_age_ms', recordAgeMs);
      putSpread(put, 'replication_latency_ms', replicationLatencyMs);
    }
    for (const { group, topic, partition, checkpointLatencyMs } of groups) {
      const labels = { ...this.#flow, group, topic, partition: String(partition) };
      const put = (name: string, value: number) =>
        points.push({ name: `kafka_connect_mirror_MirrorCheckpointConnector_${name}`, labels, value });
      putSpread(put, 'checkpoint_latency_ms', checkpointLatencyMs);
    }
    return points;
  }

  #of({ topic, partition }: RemotePartition): PartitionMetrics {
    const key = `${topic}-${partition}`;
    let entry = this.#partitions.get(key);
    if (entry === undefined) {
      entry = { topic, partition, metrics: new PartitionMetrics() };
      this.#partitions.set(key, entry);
    }
    return entry.metrics;
  }
}

/** A batch's oldest and youngest record stand for all of it: the others are not looked into. */
function addTimes(spread: Spread, batch: MirroredBatch, nowMs: number): void {
  if (batch.recordCount > 1)
    spread.add(Math.max(0, nowMs - batch.baseTimestamp), { count: batch.recordCount / 2, nowMs });
  const rest = batch.recordCount > 1 ? batch.recordCount / 2 : 1;
  spread.add(Math.max(0, nowMs - batch.maxTimestamp), { count: rest, nowMs });
}

function putSpread(
  put: (name: string, value: number) => void,
  name: string,
  { last, least, most, mean }: SpreadFigures,
): void {
  if (last !== null) put(name, last);
  if (least === null || most === null || mean === null) return;
  put(`${name}_min`, least);
  put(`${name}_max`, most);
  put(`${name}_avg`, mean);
}
