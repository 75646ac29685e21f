/**
 * Offset translation: source offset → target offset, from the offset syncs of one partition (KIP-545 and its successors).
 *
 * 64 slots hold syncs that lie ever farther apart the older they are, so translation is most precise near the end.
 * Invariants, with `u(i)` the source offset in slot i and i < j:
 *   A  slot 0 holds the newest sync
 *   B  u(i) ≤ u(j) + 2^j − 2^i, or the slots hold the same sync: no slot is older than its precision allows
 *   C  u(i) ≥ u(j) + 2^max(i−2, 0), or the same sync: neighbours are far enough apart to be worth keeping both
 * The algorithm is Kafka's, step by step, so that both translate alike from the same topic.
 */

export interface OffsetSync {
  readonly upstream: number;
  readonly downstream: number;
}

const slotCount = 64;

export class SyncHistory {
  #slots: OffsetSync[] = [];

  /** `onlyLast`: while old syncs are read at start and nothing vouches for them, each one replaces all before it. */
  add(sync: OffsetSync, options: { readonly onlyLast: boolean }): void {
    const newest = this.#slots[0];
    const rewound = newest !== undefined && sync.upstream < newest.upstream;
    if (newest === undefined || rewound || options.onlyLast) {
      this.#slots = new Array<OffsetSync>(slotCount).fill(sync);
      return;
    }
    this.#slots = shifted(this.#slots, sync);
  }

  /** At or before the true place; -1: older than all that is known; `null`: nothing is known. */
  translate(upstream: number): number | null {
    const oldest = this.#slots.at(-1);
    if (oldest === undefined) return null;
    const sync = this.#slots.find((candidate) => candidate.upstream <= upstream) ?? oldest;
    if (sync.upstream > upstream) return -1;
    // Past a sync nobody knows which records were carried over, only that the next one lies behind it.
    return sync.downstream + (sync.upstream === upstream ? 0 : 1);
  }
}

function shifted(old: readonly OffsetSync[], sync: OffsetSync): OffsetSync[] {
  const slots = [...old];
  let replacement = sync;
  let candidateIndex = 0;
  slots[0] = sync;
  for (let current = 1; current < slotCount; current++) {
    const previous = current - 1;
    let skips: boolean;
    do {
      const candidate = old[candidateIndex]!;
      const recent = holdsB(slots[previous]!, candidate, { i: previous, j: current });
      const apart = holdsC(slots[previous]!, candidate, previous);
      const next = current + 1;
      const apartFromNext = next >= slotCount || holdsC(candidate, slots[next]!, current);
      const repeated = candidateIndex + 1 < slotCount && candidate === old[candidateIndex + 1];
      const kept = recent && apart && apartFromNext;
      if (kept) replacement = candidate;
      skips = repeated || !apart;
      if (kept || skips) candidateIndex++;
    } while (candidateIndex < current && skips);
    if (holdsB(slots[previous]!, slots[current]!, { i: previous, j: current })) break;
    slots[current] = replacement;
  }
  return slots;
}

function holdsB(newer: OffsetSync, older: OffsetSync, { i, j }: { i: number; j: number }): boolean {
  return newer === older || newer.upstream <= older.upstream + 2 ** j - 2 ** i;
}

function holdsC(newer: OffsetSync, older: OffsetSync, i: number): boolean {
  return newer === older || newer.upstream >= older.upstream + 2 ** Math.max(i - 2, 0);
}
