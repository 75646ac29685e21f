/** Drives the log cleaner: pieces in turn with everything else the node does, then a pause of log.cleaner.backoff.ms. */
import type { Timer, Timers } from '../../handlers/services.ts';
import { isCodecReady, loadCodec } from '../../messages/compression.ts';
import type { Cleaner } from '../../storage/log-directories.ts';

export interface CleaningOptions {
  readonly cleaner: Cleaner;
  readonly timers: Timers;
  readonly nowMs: () => number;
  /** log.cleaner.enable. */
  readonly enabled: boolean;
  readonly backoffMs: () => number;
  /** log.cleaner.io.max.bytes.per.second. */
  readonly bytesPerSecondMax: () => number;
  /** Segments were deleted or replaced. */
  readonly onFilesDeleted: () => void;
}

export class Cleaning {
  readonly #options: CleaningOptions;
  #timer: Timer | null = null;

  constructor(options: CleaningOptions) {
    this.#options = options;
  }

  start(): void {
    if (!this.#options.enabled) return;
    // Batches may be compressed with it, and its module (needed before Node 22) cannot be awaited in the middle of one.
    if (isCodecReady('zstd')) this.#after(0);
    else loadCodec('zstd').then(() => this.#after(0));
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #after(delayMs: number): void {
    this.#timer = this.#options.timers.after(delayMs, () => this.#step());
  }

  #step(): void {
    const { cleaner, nowMs, backoffMs, bytesPerSecondMax, onFilesDeleted } = this.#options;
    const did = cleaner.step(nowMs());
    if (did.kind === 'cleaned' || (did.kind === 'idle' && did.deleted > 0)) onFilesDeleted();
    if (did.kind === 'idle') this.#after(backoffMs());
    else this.#after(did.kind === 'worked' ? (did.bytes / bytesPerSecondMax()) * 1000 : 0);
  }
}
