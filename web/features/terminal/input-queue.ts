/**
 * What was typed into one terminal and is not yet known to have arrived. Every piece has a sequence number; after a
 * reconnect the server says the last one it took, and only what came after it is sent again: no key is lost or doubled.
 */
export interface InputPiece {
  readonly sequence: number;
  readonly data: string;
}

export interface InputLimits {
  /** Characters in one message. */
  readonly pieceMax: number;
  /** Characters waiting; beyond it typing is refused, so that hours offline do not pile up. */
  readonly waitingMax: number;
}

export class InputQueue {
  /** Ascending, without gaps; its first is the oldest not acknowledged. */
  #waiting: InputPiece[] = [];
  #waitingCharacters = 0;
  #lastSequence = 0;
  readonly #limits: InputLimits;

  constructor(limits: InputLimits) {
    this.#limits = limits;
  }

  get waitingCharacters(): number {
    return this.#waitingCharacters;
  }

  /** The pieces to send, or null when too much waits already. */
  push(data: string): readonly InputPiece[] | null {
    if (this.#waitingCharacters + data.length > this.#limits.waitingMax) return null;
    const pieces: InputPiece[] = [];
    for (let at = 0; at < data.length; ) {
      const end = pieceEnd(data, at, this.#limits.pieceMax);
      this.#lastSequence += 1;
      pieces.push({ sequence: this.#lastSequence, data: data.slice(at, end) });
      at = end;
    }
    this.#waiting.push(...pieces);
    this.#waitingCharacters += data.length;
    return pieces;
  }

  /**
   * Before anything was sent: goes on with the numbers where this page left off, for the server may know the page from
   * an earlier life of this queue (the box was started anew under the same terminal).
   */
  startAfter(sequence: number): void {
    this.#waiting = this.#waiting.map((piece, index) => ({ ...piece, sequence: sequence + 1 + index }));
    this.#lastSequence = sequence + this.#waiting.length;
  }

  /** Everything up to and with `sequence` has been typed into the terminal. */
  acknowledge(sequence: number): void {
    let taken = 0;
    for (const piece of this.#waiting) {
      if (piece.sequence > sequence) break;
      this.#waitingCharacters -= piece.data.length;
      taken += 1;
    }
    if (taken > 0) this.#waiting = this.#waiting.slice(taken);
  }

  /** After a reconnect: what to send again, given the last sequence the server took. */
  resendAfter(sequence: number): readonly InputPiece[] {
    this.acknowledge(sequence);
    return this.#waiting;
  }
}

/** Never between the two halves of a surrogate pair. */
function pieceEnd(data: string, start: number, max: number): number {
  const end = start + max;
  if (end >= data.length) return data.length;
  const last = data.charCodeAt(end - 1);
  return last >= 0xd800 && last <= 0xdbff && end - 1 > start ? end - 1 : end;
}
