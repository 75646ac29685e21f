/**
 * Where records without a key go (KIP-794): to one partition until a batch's worth of bytes went there, then to
 * another one at random. Partitions without a leader are passed over while others have one.
 */
export class StickyPartitioner {
  readonly #stickyBytes: number;
  readonly #random: (bound: number) => number;
  readonly #current = new Map<string, { partition: number; bytes: number }>();

  constructor(options: { readonly stickyBytes: number; readonly random: (bound: number) => number }) {
    this.#stickyBytes = Math.max(1, options.stickyBytes);
    this.#random = options.random;
  }

  /** `available`: partitions that have a leader. */
  choose(topic: string, partitionCount: number, available: readonly number[]): number {
    const current = this.#current.get(topic);
    if (current !== undefined && current.bytes < this.#stickyBytes && current.partition < partitionCount) {
      return current.partition;
    }
    const partition =
      available.length > 0 ? available[this.#random(available.length)]! : this.#random(partitionCount);
    this.#current.set(topic, { partition, bytes: 0 });
    return partition;
  }

  /** Counts what was put into the chosen partition. */
  count(topic: string, bytes: number): void {
    const current = this.#current.get(topic);
    if (current !== undefined) current.bytes += bytes;
  }
}
