/** How a number has moved since the page began to look: rates and a short history. Pure. */
export interface Sample {
  readonly at: number;
  readonly value: number;
}

export const KEPT_MS = 15 * 60_000;
const MINUTE_MS = 60_000;

/** The same list with one more, without those that are too old. */
export function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = samples.at(-1);
  if (last !== undefined && sample.at <= last.at) return samples;
  return [...samples.filter(({ at }) => at > sample.at - KEPT_MS), sample];
}

export interface Rates {
  /** Since the first sample. */
  readonly mean: number;
  readonly oneMinute: number;
  readonly fiveMinutes: number;
  readonly fifteenMinutes: number;
}

/** A second; null until there are two samples. What went down (data deleted, a topic made anew) counts as none. */
export function ratesOf(samples: readonly Sample[]): Rates | null {
  if (samples.length < 2) return null;
  const over = (windowMs: number) => rateSince(samples, samples.at(-1)!.at - windowMs);
  return {
    mean: over(Number.POSITIVE_INFINITY),
    oneMinute: over(MINUTE_MS),
    fiveMinutes: over(5 * MINUTE_MS),
    fifteenMinutes: over(15 * MINUTE_MS),
  };
}

function rateSince(samples: readonly Sample[], from: number): number {
  const within = samples.filter(({ at }) => at >= from);
  const first = within[0];
  const last = within.at(-1);
  if (!first || !last || last.at === first.at) return 0;
  let grown = 0;
  for (let index = 1; index < within.length; index++) {
    grown += Math.max(0, within[index]!.value - within[index - 1]!.value);
  }
  return (grown * 1000) / (last.at - first.at);
}
