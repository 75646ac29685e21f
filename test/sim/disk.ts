/**
 * What a node has on disk. Writes reach the page cache at once and the platter when flushed: a killed process loses
 * nothing it wrote, a power cut everything since the last flush, and of the write it falls into only a part is done.
 */

import { encodeAppend } from '../../broker/src/raft/batches.ts';
import { formatQuorumState, parseQuorumState } from '../../broker/src/raft/quorum-state.ts';
import { toLogBatches } from '../../broker/src/raft/rpc.ts';
import type { LogBatch, LogState, OffsetAndEpoch, QuorumState, Ready } from '../../broker/src/raft/types.ts';
import type { Random } from './random.ts';

interface Contents {
  startOffset: number;
  batches: LogBatch[];
  snapshot: OffsetAndEpoch | null;
  snapshots: Map<string, Buffer>;
  quorumState: string | null;
}

export class QuorumDisk {
  #cached: Contents = {
    startOffset: 0,
    batches: [],
    snapshot: null,
    snapshots: new Map(),
    quorumState: null,
  };
  #flushed: Contents = copy(this.#cached);
  readonly #voterIds: readonly number[];
  /** A disk that lies: flushes do nothing. For proving that the checkers see it. */
  readonly lies: boolean;

  constructor(voterIds: readonly number[], lies: boolean) {
    this.#voterIds = voterIds;
    this.lies = lies;
  }

  get batches(): readonly LogBatch[] {
    return this.#cached.batches;
  }

  get endOffset(): number {
    const last = this.#cached.batches.at(-1);
    return last === undefined ? this.#cached.startOffset : last.lastOffset + 1;
  }

  get quorumState(): QuorumState | null {
    const { quorumState } = this.#cached;
    return quorumState === null ? null : parseQuorumState(quorumState);
  }

  get logState(): LogState {
    const { startOffset, batches, snapshot } = this.#cached;
    const epochs: { epoch: number; startOffset: number }[] = [];
    for (const { epoch, baseOffset } of batches) {
      if (epochs.at(-1)?.epoch !== epoch) epochs.push({ epoch, startOffset: baseOffset });
    }
    return { startOffset, endOffset: this.endOffset, epochs, snapshot };
  }

  /** The steps of one Ready's persistence, in order, then the flush. A power cut may fall between any two. */
  persist(ready: Ready, cutAfterSteps: number | null): boolean {
    const steps: (() => void)[] = [];
    const { truncateTo, restoreSnapshot, logStartOffset, quorumState } = ready;
    if (truncateTo !== null) steps.push(() => this.#truncate(truncateTo));
    for (const part of ready.snapshotParts) steps.push(() => this.#writeSnapshot(part));
    if (restoreSnapshot !== null) steps.push(() => this.#restore(restoreSnapshot));
    for (const append of ready.append) {
      for (const batch of toLogBatches(encodeAppend(append))) {
        steps.push(() => this.#cached.batches.push(batch));
      }
    }
    if (logStartOffset !== null) steps.push(() => this.#dropBefore(logStartOffset));
    if (quorumState !== null) {
      steps.push(() => {
        this.#cached.quorumState = formatQuorumState(quorumState, this.#voterIds);
      });
    }
    if (cutAfterSteps !== null && cutAfterSteps <= steps.length) {
      for (const step of steps.slice(0, cutAfterSteps)) step();
      return false;
    }
    for (const step of steps) step();
    if (steps.length > 0 && !this.lies) this.#flushed = copy(this.#cached);
    return true;
  }

  /** The machine lost power: what was not flushed may be gone, wholly or in part, the latest first. */
  powerCut(random: Random): void {
    const written = this.#cached;
    this.#cached = copy(this.#flushed);
    const extends_ =
      written.startOffset === this.#cached.startOffset &&
      this.#cached.batches.every((batch, index) => written.batches[index] === batch);
    if (!extends_) return;
    // A torn tail: recovery keeps the batches whose checksum is right.
    const extra = written.batches.slice(this.#cached.batches.length);
    this.#cached.batches.push(...extra.slice(0, random.between(0, extra.length)));
    this.#flushed = copy(this.#cached);
  }

  saveSnapshot(id: OffsetAndEpoch, bytes: Buffer): void {
    this.#cached.snapshots.set(keyOf(id), bytes);
    this.#cached.snapshot = id;
    if (!this.lies) this.#flushed = copy(this.#cached);
  }

  readSnapshot(id: OffsetAndEpoch): Buffer | null {
    return this.#cached.snapshots.get(keyOf(id)) ?? null;
  }

  readRange(fromOffset: number, toOffset: number, maxBytes: number): LogBatch[] {
    const found: LogBatch[] = [];
    let bytes = 0;
    for (const batch of this.#cached.batches) {
      if (batch.baseOffset < fromOffset) continue;
      if (batch.lastOffset >= toOffset || (bytes > 0 && bytes + batch.bytes.length > maxBytes)) break;
      bytes += batch.bytes.length;
      found.push(batch);
    }
    return found;
  }

  #truncate(offset: number): void {
    this.#cached.batches = this.#cached.batches.filter((batch) => batch.lastOffset < offset);
  }

  #dropBefore(offset: number): void {
    this.#cached.startOffset = offset;
    this.#cached.batches = this.#cached.batches.filter((batch) => batch.lastOffset >= offset);
  }

  #writeSnapshot(part: Ready['snapshotParts'][number]): void {
    const key = keyOf(part.snapshotId);
    const before =
      part.position === 0 ? Buffer.alloc(0) : (this.#cached.snapshots.get(key) ?? Buffer.alloc(0));
    this.#cached.snapshots.set(key, Buffer.concat([before.subarray(0, part.position), part.bytes]));
  }

  #restore(id: OffsetAndEpoch): void {
    this.#cached.snapshot = id;
    this.#cached.startOffset = id.offset;
    this.#cached.batches = [];
  }
}

function keyOf(id: OffsetAndEpoch): string {
  return `${id.offset}-${id.epoch}`;
}

function copy(contents: Contents): Contents {
  return { ...contents, batches: [...contents.batches], snapshots: new Map(contents.snapshots) };
}
