/** Walks the batches of a log file without holding more of it than a block. */
import { batchHeaderBytes, sizeOfBatch } from './batch.ts';
import type { Disk } from './disk.ts';
import { LogError } from './log-contract.ts';

export interface ScanRange {
  readonly from: number;
  readonly to: number;
  /** Bytes read at once; a batch larger than this is read by itself. */
  readonly blockBytes?: number;
}

/** A batch in a block: its header is always in `buffer`, its records only when `whole` was asked for. */
export interface ScannedBatch {
  readonly buffer: Buffer;
  /** Where in `buffer` the batch begins. */
  readonly start: number;
  /** Where in the file the batch begins. */
  readonly position: number;
  readonly sizeBytes: number;
}

export class BatchScanner {
  private readonly disk: Disk;
  private readonly path: string;
  private block: Buffer = Buffer.alloc(0);
  private blockPosition = 0;

  constructor(disk: Disk, path: string) {
    this.disk = disk;
    this.path = path;
  }

  /** Headers from `from` up to `to`; throws LogError('unreadableSegment') where no batch can begin. */
  *headers(range: ScanRange): Generator<ScannedBatch> {
    for (let position = range.from; position < range.to; ) {
      const batch = this.at(position, range);
      if (batch === undefined) throw this.unreadable(position, range.to);
      yield batch;
      position += batch.sizeBytes;
    }
  }

  /** Whole batches; ends before the first that is cut off or impossible. */
  *wholeBatches(range: ScanRange): Generator<ScannedBatch> {
    for (let position = range.from; position < range.to; ) {
      const batch = this.at(position, range);
      if (batch === undefined) return;
      yield this.complete(batch, range);
      position += batch.sizeBytes;
    }
  }

  private at(position: number, range: ScanRange): ScannedBatch | undefined {
    if (position + batchHeaderBytes > range.to) return undefined;
    this.fill(position, batchHeaderBytes, range);
    const start = position - this.blockPosition;
    const sizeBytes = sizeOfBatch(this.block, start);
    if (sizeBytes < batchHeaderBytes || position + sizeBytes > range.to) return undefined;
    return { buffer: this.block, start, position, sizeBytes };
  }

  private complete(batch: ScannedBatch, range: ScanRange): ScannedBatch {
    this.fill(batch.position, batch.sizeBytes, range);
    return { ...batch, buffer: this.block, start: batch.position - this.blockPosition };
  }

  /** Makes `length` bytes from `position` lie in the block. */
  private fill(position: number, length: number, range: ScanRange): void {
    const start = position - this.blockPosition;
    if (start >= 0 && start + length <= this.block.length) return;
    const wanted = Math.min(Math.max(length, range.blockBytes ?? 65_536), range.to - position);
    this.block = this.disk.read(this.path, position, wanted);
    this.blockPosition = position;
  }

  private unreadable(position: number, end: number): LogError {
    return new LogError(
      'unreadableSegment',
      `${this.path} cannot be read: no record batch begins at byte ${position} of ${end}`,
    );
  }
}
