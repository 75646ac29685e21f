/**
 * What replication may take of the network while partitions move (KIP-73): a rate for the replicas that topics name as
 * throttled. Measured as Apache Kafka measures it: bytes over the samples of a sliding window, of which the last is under way.
 */

export interface ReplicationQuotaOptions {
  /** Bytes in a second; infinite: no limit. */
  readonly bytesPerSecond: () => number;
  /** A topic's list of throttled replicas: `*`, or `partition:broker` each. */
  readonly throttledReplicas: (topic: string) => string | undefined;
  readonly nodeId: number;
  readonly nowMs: () => number;
  readonly window: () => { readonly samples: number; readonly sampleMs: number };
}

interface Sample {
  readonly startMs: number;
  bytes: number;
}

export class ReplicationQuota {
  readonly #options: ReplicationQuotaOptions;
  /** Oldest first. */
  #samples: Sample[] = [];

  constructor(options: ReplicationQuotaOptions) {
    this.#options = options;
  }

  /** Whether this node's replica of the partition counts at all. */
  isThrottled(topic: string, partition: number): boolean {
    if (!Number.isFinite(this.#options.bytesPerSecond())) return false;
    const list = this.#options.throttledReplicas(topic);
    if (list === undefined || list === '') return false;
    if (list.trim() === '*') return true;
    const wanted = `${partition}:${this.#options.nodeId}`;
    return list.split(',').some((item) => item.trim() === wanted);
  }

  get isExceeded(): boolean {
    const limit = this.#options.bytesPerSecond();
    return Number.isFinite(limit) && this.#rate() > limit;
  }

  record(bytes: number): void {
    const nowMs = this.#options.nowMs();
    const { sampleMs } = this.#options.window();
    const last = this.#samples.at(-1);
    if (last !== undefined && nowMs - last.startMs < sampleMs) last.bytes += bytes;
    else this.#samples.push({ startMs: nowMs, bytes });
    this.#forget(nowMs);
  }

  /** Bytes in a second, over the time since the oldest sample. */
  #rate(): number {
    const nowMs = this.#options.nowMs();
    this.#forget(nowMs);
    const [oldest] = this.#samples;
    if (oldest === undefined) return 0;
    const { sampleMs } = this.#options.window();
    const elapsedMs = Math.max(nowMs - oldest.startMs, sampleMs);
    const bytes = this.#samples.reduce((sum, sample) => sum + sample.bytes, 0);
    return (bytes * 1000) / elapsedMs;
  }

  #forget(nowMs: number): void {
    const { samples, sampleMs } = this.#options.window();
    const keptMs = samples * sampleMs;
    while (this.#samples.length > 0 && nowMs - this.#samples[0]!.startMs >= keptMs) this.#samples.shift();
  }
}
