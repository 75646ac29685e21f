/** The aborted transactions of one log (KIP-98), in memory and in its segments' transaction indexes. */
import { type Disk, isRefusal } from './disk.ts';
import type { AbortedTransaction } from './log-contract.ts';
import { appendToTransactionIndex, cutTransactionIndex, transactionIndexPath } from './transaction-index.ts';

export class AbortedTransactions {
  private readonly disk: Disk;
  private readonly directory: string;
  /** In the order of their markers. */
  private entries: AbortedTransaction[] = [];
  /** Not in their files yet, because the disk refused; readers are told of them all the same. */
  private unwritten: { readonly path: string; readonly entry: AbortedTransaction }[] = [];

  constructor(disk: Disk, directory: string) {
    this.disk = disk;
    this.directory = directory;
  }

  get count(): number {
    return this.entries.length;
  }

  /** Those that overlap [from, to). */
  overlapping(from: number, to: number): readonly AbortedTransaction[] {
    return this.entries.filter(({ lastOffset, firstOffset }) => lastOffset >= from && firstOffset < to);
  }

  /** `entry`'s marker was stored in the segment that begins at `baseOffset`. */
  note(entry: AbortedTransaction, baseOffset: number): void {
    this.entries.push(entry);
    this.unwritten.push({ path: transactionIndexPath(this.directory, baseOffset), entry });
    try {
      this.writeAll();
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }

  /** What the disk refused; before a producer snapshot, behind which nothing is replayed. */
  writeAll(): void {
    for (let next = this.unwritten[0]; next !== undefined; next = this.unwritten[0]) {
      appendToTransactionIndex(this.disk, next.path, next.entry);
      this.unwritten.shift();
    }
  }

  /** From the files, as far as markers below `replayedFrom` are concerned: the others are noted again by the replay. */
  load(baseOffsets: readonly number[], replayedFrom: number): void {
    this.unwritten = [];
    this.entries = baseOffsets.flatMap((baseOffset) =>
      cutTransactionIndex(this.disk, transactionIndexPath(this.directory, baseOffset), replayedFrom),
    );
  }

  dropBefore(startOffset: number): void {
    this.entries = this.entries.filter(({ lastOffset }) => lastOffset >= startOffset);
  }

  /** The segments of [from, to) were compacted; `made` are the transactions that their index lists now. */
  replace(from: number, to: number, made: readonly AbortedTransaction[]): void {
    const others = this.entries.filter(({ lastOffset }) => lastOffset < from || lastOffset >= to);
    this.entries = [...others, ...made];
  }
}
