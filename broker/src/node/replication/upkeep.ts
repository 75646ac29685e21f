/** What is due to the logs of this node from time to time: retention, flushing, expiry of producers, removal of deleted files. */
import type { ChangeKind, Timers } from '../../handlers/services.ts';
import type { LogDirectories } from '../../storage/log-directories.ts';

export interface UpkeepOptions {
  readonly logs: LogDirectories;
  /** Of the time of records. */
  readonly scheduled: Timers;
  readonly recordTimeMs: () => number;
  readonly highWatermarkOf: (topicPartition: string) => number;
  readonly retentionCheck: { readonly firstMs: number; readonly everyMs: number };
  /** producer.id.expiration.check.interval.ms. */
  readonly producerCheckMs: number;
  /** log.flush.scheduler.interval.ms; that of Apache Kafka's default never comes. */
  readonly flushCheckMs: number;
  readonly changed: (kind: ChangeKind) => void;
}

export class Upkeep {
  readonly #options: UpkeepOptions;
  /** When files are removed next. */
  #removalAtMs = Number.POSITIVE_INFINITY;

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  start(): void {
    const { logs, scheduled, retentionCheck, producerCheckMs, flushCheckMs } = this.#options;
    this.#every(producerCheckMs, (atMs) => logs.expireProducers(atMs));
    this.#every(flushCheckMs, (atMs) => logs.flushOverdue(atMs));
    scheduled.after(retentionCheck.firstMs, () => this.#retain());
  }

  /** Files marked as deleted are gone a minute later (file.delete.delay.ms). */
  removeLater(): void {
    const { logs, scheduled, recordTimeMs } = this.#options;
    const nextMs = logs.removeDeleted(recordTimeMs());
    if (nextMs === undefined || nextMs >= this.#removalAtMs) return;
    this.#removalAtMs = nextMs;
    scheduled.after(nextMs - recordTimeMs(), () => {
      this.#removalAtMs = Number.POSITIVE_INFINITY;
      this.removeLater();
    });
  }

  #retain(): void {
    const { logs, scheduled, retentionCheck, changed, recordTimeMs, highWatermarkOf } = this.#options;
    const deleted = logs.applyRetention({ nowMs: recordTimeMs(), highWatermarkOf });
    if (deleted > 0) {
      this.removeLater();
      changed('records');
    }
    scheduled.after(retentionCheck.everyMs, () => this.#retain());
  }

  #every(everyMs: number, run: (nowMs: number) => void): void {
    const { scheduled, recordTimeMs } = this.#options;
    scheduled.after(everyMs, () => {
      run(recordTimeMs());
      this.#every(everyMs, run);
    });
  }
}
