/** Kafka's kinds of numbers: totals, rates and spreads over a window of two samples of 30 seconds (pure). */

const sampleMs = 30_000;

interface Sample {
  startMs: number;
  sum: number;
  count: number;
  least: number;
  most: number;
}

/** Sums, averages and extremes of the last window. */
class Window {
  #samples: Sample[] = [];

  add(value: number, weight: { readonly count: number; readonly nowMs: number }): void {
    const sample = this.#current(weight.nowMs);
    sample.sum += value * weight.count;
    sample.count += weight.count;
    sample.least = Math.min(sample.least, value);
    sample.most = Math.max(sample.most, value);
  }

  look(nowMs: number): { sum: number; count: number; least: number; most: number; spanMs: number } {
    const kept = this.#samples.filter((sample) => nowMs - sample.startMs < 2 * sampleMs);
    const first = kept[0]?.startMs ?? nowMs;
    return {
      sum: kept.reduce((sum, sample) => sum + sample.sum, 0),
      count: kept.reduce((sum, sample) => sum + sample.count, 0),
      least: kept.reduce((least, sample) => Math.min(least, sample.least), Number.POSITIVE_INFINITY),
      most: kept.reduce((most, sample) => Math.max(most, sample.most), Number.NEGATIVE_INFINITY),
      // As Kafka's Rate: a window that has not lasted yet counts as if all but its last sample had.
      spanMs: Math.max(nowMs - first, sampleMs),
    };
  }

  #current(nowMs: number): Sample {
    const last = this.#samples.at(-1);
    if (last !== undefined && nowMs - last.startMs < sampleMs) return last;
    const fresh = {
      startMs: nowMs,
      sum: 0,
      count: 0,
      least: Number.POSITIVE_INFINITY,
      most: Number.NEGATIVE_INFINITY,
    };
    this.#samples = [...this.#samples.slice(-1), fresh];
    return fresh;
  }
}

/** A total and its rate a second. */
export class Meter {
  readonly #window = new Window();
  total = 0;

  add(value: number, nowMs: number): void {
    this.total += value;
    this.#window.add(value, { count: 1, nowMs });
  }

  rate(nowMs: number): number {
    const { sum, spanMs } = this.#window.look(nowMs);
    return (sum / spanMs) * 1_000;
  }
}

/** `null`: nothing was measured, or not within the window. */
export interface SpreadFigures {
  readonly last: number | null;
  readonly least: number | null;
  readonly most: number | null;
  readonly mean: number | null;
}

/** The last value, and least, most and mean of the window; `null`: nothing was measured. */
export class Spread {
  readonly #window = new Window();
  last: number | null = null;

  add(value: number, weight: { readonly count: number; readonly nowMs: number }): void {
    this.last = value;
    this.#window.add(value, weight);
  }

  figures(nowMs: number): SpreadFigures {
    const { last } = this;
    const { sum, count, least, most } = this.#window.look(nowMs);
    return count === 0
      ? { last, least: null, most: null, mean: null }
      : { last, least, most, mean: sum / count };
  }
}
