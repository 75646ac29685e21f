/** Files that are marked as deleted and go when their delay is over (file.delete.delay.ms). */
import type { Disk } from './disk.ts';

export class DeletedFiles {
  readonly #disk: Disk;
  #files: { path: string; dueMs: number }[] = [];

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  add(paths: readonly string[], dueMs: number): void {
    for (const path of paths) this.#files.push({ path, dueMs });
  }

  /** Removes those that are due; when the next of those left is. */
  removeDue(nowMs: number): number | undefined {
    const due = this.#files.filter(({ dueMs }) => dueMs <= nowMs);
    this.#files = this.#files.filter(({ dueMs }) => dueMs > nowMs);
    for (const { path } of due) this.#disk.remove(path);
    return this.#files.length === 0 ? undefined : Math.min(...this.#files.map(({ dueMs }) => dueMs));
  }
}
