/** What a benchmark returns, and the statistics it is told in. */

export interface Result {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Where there is a ratio, held against it; else at most this, in the same unit. */
  readonly target?: number;
  /** The same measured on Apache Kafka in the same run. */
  readonly peer?: number;
  /** "20 × faster": the peer's value by ours; "≥ 1 ×" and "≤ 1 ×": ours by the peer's. */
  readonly ratio?: number;
  readonly met?: boolean;
}

export interface Bench {
  readonly name: string;
  readonly what: string;
  run(report: (sentence: string) => void): Promise<Result[]>;
}

export function percentile(values: readonly number[], percent: number): number {
  if (values.length === 0) throw new Error('no values were measured');
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? sorted[0]!;
}

/** Median and 95th percentile as two results; the target is held against the median. */
export function medianAndP95(
  name: string,
  values: readonly number[],
  goal: { unit: string; target: number },
): Result[] {
  const median = percentile(values, 50);
  return [
    { name, value: median, unit: goal.unit, target: goal.target, met: median <= goal.target },
    { name: `${name}-p95`, value: percentile(values, 95), unit: goal.unit },
  ];
}

export function atMost(name: string, value: number, goal: { unit: string; target: number }): Result {
  return { name, value, unit: goal.unit, target: goal.target, met: value <= goal.target };
}
