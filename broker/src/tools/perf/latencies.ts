/** Latencies of a run as Apache Kafka's perf tools print them: a line for each window, a line for the whole. */
const samplesMax = 500_000;
const bytesPerMegabyte = 1024 * 1024;

export interface Window {
  startMs: number;
  records: number;
  bytes: number;
  totalMs: number;
  maxMs: number;
}

export class Latencies {
  readonly #startMs: number;
  readonly #sampling: number;
  readonly #samples: number[] = [];
  readonly #label: string;
  #window: Window;
  #records = 0;
  #bytes = 0;
  #totalMs = 0;
  #maxMs = 0;

  constructor(options: { readonly startMs: number; readonly expected: number; readonly label: string }) {
    this.#startMs = options.startMs;
    this.#sampling = Math.max(1, Math.floor(options.expected / samplesMax));
    this.#label = options.label;
    this.#window = emptyWindow(options.startMs);
  }

  record(latencyMs: number, bytes: number): void {
    if (this.#records % this.#sampling === 0) this.#samples.push(latencyMs);
    this.#records++;
    this.#bytes += bytes;
    this.#totalMs += latencyMs;
    if (latencyMs > this.#maxMs) this.#maxMs = latencyMs;
    const window = this.#window;
    window.records++;
    window.bytes += bytes;
    window.totalMs += latencyMs;
    if (latencyMs > window.maxMs) window.maxMs = latencyMs;
  }

  /** The line of the window that is over, if one is. */
  windowOver(nowMs: number, intervalMs: number): string | null {
    const { startMs, records, bytes, totalMs, maxMs } = this.#window;
    const elapsedMs = nowMs - startMs;
    if (elapsedMs < intervalMs) return null;
    this.#window = emptyWindow(nowMs);
    const perSecond = (records * 1000) / elapsedMs;
    const megabytes = (bytes * 1000) / elapsedMs / bytesPerMegabyte;
    const average = records === 0 ? Number.NaN : totalMs / records;
    return `${records} records sent, ${perSecond.toFixed(1)} records/sec (${megabytes.toFixed(2)} MB/sec), ${average.toFixed(1)} ms avg latency, ${maxMs.toFixed(1)} ms max latency.\n`;
  }

  total(nowMs: number): string {
    const elapsedMs = Math.max(nowMs - this.#startMs, 1);
    const perSecond = (this.#records * 1000) / elapsedMs;
    const megabytes = (this.#bytes * 1000) / elapsedMs / bytesPerMegabyte;
    const average = this.#records === 0 ? Number.NaN : this.#totalMs / this.#records;
    const sorted = Float64Array.from(this.#samples).sort();
    const percentile = (share: number) => sorted[Math.floor(share * sorted.length)] ?? 0;
    const shares = [
      `${percentile(0.5)} ms 50th`,
      `${percentile(0.95)} ms 95th`,
      `${percentile(0.99)} ms 99th`,
      `${percentile(0.999)} ms 99.9th.`,
    ].join(', ');
    return `${this.#records}${this.#label} records sent, ${perSecond.toFixed(6)} records/sec (${megabytes.toFixed(2)} MB/sec), ${average.toFixed(2)} ms avg latency, ${this.#maxMs.toFixed(2)} ms max latency, ${shares}\n`;
  }
}

function emptyWindow(startMs: number): Window {
  return { startMs, records: 0, bytes: 0, totalMs: 0, maxMs: 0 };
}
