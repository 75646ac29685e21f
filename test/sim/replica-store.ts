/** The partition logs of one node, as its page cache holds them: they survive the process. */

export interface Entry {
  readonly epoch: number;
  readonly value: string;
}

export class ReplicaLog {
  readonly entries: Entry[] = [];
  /** Which epoch began where, as in leader-epoch-checkpoint. */
  #epochs: { readonly epoch: number; readonly startOffset: number }[] = [];
  /** As in replication-offset-checkpoint, but always up to date. */
  highWatermark = 0;

  get logStartOffset(): number {
    return 0;
  }

  get logEndOffset(): number {
    return this.entries.length;
  }

  get latestEpoch(): number {
    return this.#epochs.at(-1)?.epoch ?? -1;
  }

  /** A new leader marks where its epoch begins, before it has written anything in it. */
  beginEpoch(epoch: number): void {
    const startOffset = this.logEndOffset;
    this.#epochs = this.#epochs.filter((entry) => entry.startOffset < startOffset);
    if (epoch > this.latestEpoch) this.#epochs.push({ epoch, startOffset });
  }

  append(entry: Entry): void {
    if (entry.epoch < this.latestEpoch)
      throw new Error(`append in epoch ${entry.epoch} after ${this.latestEpoch}`);
    if (entry.epoch > this.latestEpoch) this.beginEpoch(entry.epoch);
    this.entries.push(entry);
  }

  /** Kafka's LeaderEpochFileCache.endOffsetFor. */
  endOffsetForEpoch(epoch: number): { epoch: number; endOffset: number } {
    const latest = this.latestEpoch;
    if (latest < 0 || epoch > latest) return { epoch: -1, endOffset: -1 };
    if (epoch === latest) return { epoch, endOffset: this.logEndOffset };
    const higher = this.#epochs.findIndex((entry) => entry.epoch > epoch);
    const floor = higher > 0 ? this.#epochs[higher - 1]!.epoch : epoch;
    return { epoch: floor, endOffset: this.#epochs[higher]!.startOffset };
  }

  truncateTo(offset: number): void {
    this.entries.length = Math.min(this.entries.length, offset);
    this.#epochs = this.#epochs.filter((entry) => entry.startOffset < offset);
    this.highWatermark = Math.min(this.highWatermark, offset);
  }
}

export class ReplicaStore {
  /** By `topicId-partition`. */
  readonly #logs = new Map<string, ReplicaLog>();

  open(topicId: string, partition: number): ReplicaLog {
    const key = `${topicId}-${partition}`;
    let log = this.#logs.get(key);
    if (log === undefined) {
      log = new ReplicaLog();
      this.#logs.set(key, log);
    }
    return log;
  }
}
