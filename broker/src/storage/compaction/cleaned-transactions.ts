/**
 * Which transactions a cleaning passes through, in the order of the log: records of aborted ones go, and a marker may
 * go once no record of its transaction is left (KIP-98).
 */
import type { BatchHeader } from '../../messages/records.ts';
import type { AbortedTransaction } from '../log-contract.ts';
import type { TransactionMarker } from '../producer-state.ts';

interface OpenAborted {
  readonly transaction: AbortedTransaction;
  hasBatches: boolean;
}

export class CleanedTransactions {
  /** Aborted transactions whose marker stays: the cleaned segment's index lists them. */
  kept: AbortedTransaction[] = [];
  private readonly committed = new Set<number>();
  private readonly aborted = new Map<number, OpenAborted>();
  /** By first offset; those that began are in `aborted`. */
  private upcoming: AbortedTransaction[] = [];

  add(transactions: readonly AbortedTransaction[]): void {
    this.upcoming.push(...transactions);
    this.upcoming.sort((a, b) => a.firstOffset - b.firstOffset);
  }

  /** True when the batch's records are of an aborted transaction. */
  readBatch(header: BatchHeader): boolean {
    this.begin(header.lastOffset);
    if (!header.isTransactional) return false;
    const open = this.aborted.get(header.producerId);
    if (open === undefined) {
      this.committed.add(header.producerId);
      return false;
    }
    open.hasBatches = true;
    return true;
  }

  /** True when the marker may go; `marker` is undefined for control batches that say something else. */
  readControlBatch(header: BatchHeader, marker: TransactionMarker | undefined): boolean {
    this.begin(header.lastOffset);
    if (header.recordCount === 0) return true;
    if (marker === undefined) return false;
    if (marker.committed) return !this.committed.delete(header.producerId);
    const open = this.aborted.get(header.producerId);
    this.aborted.delete(header.producerId);
    if (open?.hasBatches !== true) return true;
    this.kept.push(open.transaction);
    return false;
  }

  private begin(offset: number): void {
    while (this.upcoming[0] !== undefined && this.upcoming[0].firstOffset <= offset) {
      const transaction = this.upcoming.shift() as AbortedTransaction;
      if (!this.aborted.has(transaction.producerId)) {
        this.aborted.set(transaction.producerId, { transaction, hasBatches: false });
      }
    }
  }
}
