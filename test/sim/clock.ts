/** Time and everything that happens in it: a heap of events, in order of time, then of scheduling. */

interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly happen: () => void;
}

export class Clock {
  nowMs = 1_000_000;
  #heap: Event[] = [];
  #order = 0;

  at(atMs: number, happen: () => void): void {
    this.#push({ atMs: Math.max(atMs, this.nowMs), order: this.#order++, happen });
  }

  after(delayMs: number, happen: () => void): void {
    this.at(this.nowMs + delayMs, happen);
  }

  /** Takes the next event up to this time and moves the clock to it; false when there is none. */
  step(untilMs: number): boolean {
    const [next] = this.#heap;
    if (next === undefined || next.atMs > untilMs) {
      this.nowMs = untilMs;
      return false;
    }
    this.#pop();
    this.nowMs = next.atMs;
    next.happen();
    return true;
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let index = heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (isBefore(heap[parent]!, event)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (isBefore(last, heap[child]!)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
