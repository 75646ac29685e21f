/**
 * Which leader epoch began at which offset (KIP-101), kept in `leader-epoch-checkpoint` beside the segments. It
 * tells a follower where its log parts from the leader's.
 *
 * Invariant: epochs and start offsets both grow strictly.
 */
import { readBatchHeader } from '../messages/records.ts';
import type { ScannedBatch } from './batch-scan.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { type Disk, isRefusal } from './disk.ts';
import type { EpochEndOffset } from './log-contract.ts';

export interface EpochEntry {
  readonly epoch: number;
  readonly startOffset: number;
}

export class LeaderEpochs {
  private readonly disk: Disk;
  private readonly path: string;
  private entries: EpochEntry[];

  private constructor(disk: Disk, path: string, entries: EpochEntry[]) {
    this.disk = disk;
    this.path = path;
    this.entries = entries;
  }

  static open(disk: Disk, directory: string): LeaderEpochs {
    const path = `${directory}/leader-epoch-checkpoint`;
    const lines = readCheckpoint(disk, path);
    const epochs = new LeaderEpochs(disk, path, []);
    for (const [epoch, startOffset] of lines ?? []) {
      if (Number.isInteger(Number(epoch)) && Number.isInteger(Number(startOffset))) {
        epochs.insert({ epoch: Number(epoch), startOffset: Number(startOffset) });
      }
    }
    return epochs;
  }

  get latest(): number {
    return this.entries.at(-1)?.epoch ?? -1;
  }

  /** Every entry, oldest first; do not change it. */
  get all(): readonly EpochEntry[] {
    return this.entries;
  }

  /** Epoch `epoch` begins at `startOffset`; entries that contradict it go. */
  assign(epoch: number, startOffset: number): void {
    if (epoch < 0 || epoch === this.latest) return;
    this.insert({ epoch, startOffset });
    this.store();
  }

  /** Where the file was lost, as the batches have it: without them a log would look older than it is. */
  restoreFrom(segments: Iterable<{ headers(): Iterable<ScannedBatch> }>): void {
    if (this.entries.length > 0) return;
    for (const segment of segments) {
      for (const { buffer, start } of segment.headers()) {
        const { partitionLeaderEpoch: epoch, baseOffset: startOffset } = readBatchHeader(buffer, start);
        if (epoch > this.latest) this.insert({ epoch, startOffset });
      }
    }
    if (this.entries.length > 0) this.store();
  }

  endOffsetFor(epoch: number, logEndOffset: number): EpochEndOffset {
    if (epoch < 0) return { epoch: -1, endOffset: -1 };
    if (epoch === this.latest) return { epoch, endOffset: logEndOffset };
    const higher = this.entries.find((entry) => entry.epoch > epoch);
    if (higher === undefined) return { epoch: -1, endOffset: -1 };
    const floor = this.entries.findLast((entry) => entry.epoch <= epoch);
    return { epoch: floor?.epoch ?? epoch, endOffset: higher.startOffset };
  }

  epochAt(offset: number): number {
    return this.entries.findLast((entry) => entry.startOffset <= offset)?.epoch ?? -1;
  }

  truncateFromEnd(endOffset: number): void {
    if (this.entries.length === 0 || this.entries.at(-1)!.startOffset < endOffset) return;
    this.entries = this.entries.filter((entry) => entry.startOffset < endOffset);
    this.store();
  }

  /** Forgets what ended before `startOffset`; the epoch that reaches beyond now begins there. */
  truncateFromStart(startOffset: number): void {
    const first = this.entries.findLastIndex((entry) => entry.startOffset <= startOffset);
    if (first < 0 || (first === 0 && this.entries[0]?.startOffset === startOffset)) return;
    const { epoch } = this.entries[first] as EpochEntry;
    this.entries = [{ epoch, startOffset }, ...this.entries.slice(first + 1)];
    this.store();
  }

  clear(): void {
    if (this.entries.length === 0) return;
    this.entries = [];
    this.store();
  }

  /** With the segments whose batches could rebuild it but will no longer be read. */
  flush(): void {
    if (this.entries.length > 0) this.disk.flush(this.path);
  }

  private insert(added: EpochEntry): void {
    this.entries = this.entries.filter(
      (entry) => entry.epoch < added.epoch && entry.startOffset < added.startOffset,
    );
    this.entries.push(added);
  }

  /** Without a flush: many partitions get a new leader at once, and recovery finds lost entries in the batches. */
  private store(): void {
    const lines = this.entries.map((entry) => `${entry.epoch} ${entry.startOffset}`);
    try {
      writeCheckpoint(this.disk, this.path, lines, { flush: false });
    } catch (error) {
      // A role must not depend on it: what is known in memory holds, and the batches can rebuild the file.
      if (!isRefusal(error)) throw error;
    }
  }
}
