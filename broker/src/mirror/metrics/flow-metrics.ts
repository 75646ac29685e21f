/** What a flow counts, under the names of Apache Kafka's MirrorSourceConnector and MirrorCheckpointConnector. */
import { Meter, Spread } from './meters.ts';

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

  points(nowMs: number): MetricPoint[] {
    const points: MetricPoint[] = [];
    for (const { topic, partition, metrics } of this.#partitions.values()) {
      const labels = { ...this.#flow, topic, partition: String(partition) };
      const put = (name: string, value: number) =>
        points.push({ name: `kafka_connect_mirror_MirrorSourceConnector_${name}`, labels, value });
      put('record_count', metrics.records.total);
      put('record_rate', metrics.records.rate(nowMs));
      put('byte_count', metrics.bytes.total);
      put('byte_rate', metrics.bytes.rate(nowMs));
      putSpread(put, 'record_age_ms', { spread: metrics.age, nowMs });
      putSpread(put, 'replication_latency_ms', { spread: metrics.latency, nowMs });
    }
    for (const { group, topic, partition, spread } of this.#groups.values()) {
      const labels = { ...this.#flow, group, topic, partition: String(partition) };
      const put = (name: string, value: number) =>
        points.push({ name: `kafka_connect_mirror_MirrorCheckpointConnector_${name}`, labels, value });
      putSpread(put, 'checkpoint_latency_ms', { spread, nowMs });
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
  { spread, nowMs }: { readonly spread: Spread; readonly nowMs: number },
): void {
  if (spread.last !== null) put(name, spread.last);
  const seen = spread.look(nowMs);
  if (seen === null) return;
  put(`${name}_min`, seen.least);
  put(`${name}_max`, seen.most);
  put(`${name}_avg`, seen.mean);
}
