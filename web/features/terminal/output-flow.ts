/**
 * Offsets of one terminal's output, in bytes of its whole life: what came, what xterm has drawn, what was acknowledged.
 * received ≥ written ≥ acknowledged.
 */
export class OutputFlow {
  #received = 0;
  #written = 0;
  #acknowledged = 0;
  readonly #ackEveryBytes: number;

  constructor(ackEveryBytes: number) {
    this.#ackEveryBytes = ackEveryBytes;
  }

  /** How many bytes have come, and so where to go on after a reconnect. */
  get received(): number {
    return this.#received;
  }

  /** A snapshot stands for all bytes before `offset`. */
  startAt(offset: number): void {
    this.#received = offset;
    this.#written = offset;
    this.#acknowledged = offset;
  }

  /**
   * The part of these bytes that is new: all of them, the end of them (sent twice around a reconnect), or none.
   * Null when bytes before them are missing: attach again.
   */
  accept(offset: number, data: Uint8Array): Uint8Array | null {
    if (offset > this.#received) return null;
    const fresh = data.subarray(Math.min(data.length, this.#received - offset));
    this.#received += fresh.length;
    return fresh;
  }

  /** xterm has drawn `bytes` more; returns the offset to acknowledge when enough came together. */
  wrote(bytes: number): number | null {
    this.#written += bytes;
    return this.#written - this.#acknowledged >= this.#ackEveryBytes ? this.takeAck() : null;
  }

  /** The offset to acknowledge now, null when nothing is new. */
  takeAck(): number | null {
    if (this.#written === this.#acknowledged) return null;
    this.#acknowledged = this.#written;
    return this.#written;
  }
}
