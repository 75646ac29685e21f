/** Runs one measurement on our cluster and, where it can be had, on Apache Kafka's, and holds one against the other. */
import { missing, resolveApacheKafka } from '../support/apache-kafka.ts';
import { type BenchCluster, type Packing, startApacheKafka, startOurs } from './clusters.ts';
import type { Result } from './measure.ts';

/** By its name: how many are measured, and in what. */
export type Measured = Readonly<Record<string, number>>;

export interface Comparison {
  readonly unit: (name: string) => string;
  /** How a value of ours stands to the peer's; `target` is held against it. */
  readonly better: 'more' | 'less';
  /** Ratio: ours by the peer's where more is better, and for `atMost`; else the peer's by ours. */
  readonly goal: { readonly atLeast: number } | { readonly atMost: number };
  readonly packing?: Packing;
  readonly measure: (cluster: BenchCluster) => Promise<Measured>;
}

/** One after the other, never at the same time: both would share the same processors. */
export async function compare(comparison: Comparison, report: (sentence: string) => void): Promise<Result[]> {
  const ours = await measured(() => startOurs(comparison.packing), comparison.measure);
  const reason = missing();
  if (reason !== undefined) {
    report(`Apache Kafka is not measured beside it: ${reason}.`);
    return Object.entries(ours).map(([name, value]) => ({ name, value, unit: comparison.unit(name) }));
  }
  resolveApacheKafka();
  const peers = await measured(startApacheKafka, comparison.measure);
  return Object.entries(ours).map(([name, value]) => {
    const result = { name, value, unit: comparison.unit(name) };
    const peer = peers[name];
    return peer === undefined ? result : against(result, peer, comparison);
  });
}

function against(
  result: { name: string; value: number; unit: string },
  peer: number,
  { better, goal }: Comparison,
): Result {
  const isPlain = better === 'more' || 'atMost' in goal;
  const ratio = isPlain ? result.value / peer : peer / result.value;
  const target = 'atMost' in goal ? goal.atMost : goal.atLeast;
  return { ...result, peer, ratio, target, met: 'atMost' in goal ? ratio <= target : ratio >= target };
}

async function measured(
  start: () => Promise<BenchCluster>,
  measure: Comparison['measure'],
): Promise<Measured> {
  await using cluster = await start();
  return await measure(cluster);
}
