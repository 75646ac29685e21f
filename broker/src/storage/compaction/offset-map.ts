/** Key → offset of its last record, as far as a cleaning has read. Holds so many keys as the dedupe buffer would. */

/** Apache Kafka's map takes 24 bytes a key: a hash and an offset. */
const entryBytes = 24;

export class OffsetMap {
  /** Last offset that was read for this map, -1 before the first. */
  latestOffset = -1;
  private readonly offsets = new Map<string, number>();
  private readonly keysMax: number;

  constructor(options: { bufferBytes: number; loadFactor: number }) {
    this.keysMax = Math.max(1, Math.floor((options.bufferBytes / entryBytes) * options.loadFactor));
  }

  /** False when there is no room for one more key. */
  put(key: Buffer, offset: number): boolean {
    if (this.offsets.size >= this.keysMax) return false;
    this.offsets.set(key.toString('latin1'), offset);
    return true;
  }

  /** -1 for a key that was not read. */
  offsetOf(key: Buffer): number {
    return this.offsets.get(key.toString('latin1')) ?? -1;
  }
}
