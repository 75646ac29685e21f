/** Labs say localhost and their own ports; where they are proven, the clusters may be elsewhere. */
import type { LabCluster } from '../lab/schema.ts';

/** Brokers that a trainee may add. */
const ADDED_MAX = 2;

export function addressed(
  text: string,
  clusters: readonly LabCluster[],
  bootstraps: Readonly<Record<string, string>>,
): string {
  return clusters.reduce((whole, cluster) => {
    const addresses = (bootstraps[cluster.id] ?? '').split(',').filter(Boolean);
    const first = addresses[0];
    if (first === undefined) return whole;
    return Array.from({ length: cluster.brokers + ADDED_MAX }, (_, index) => index).reduceRight(
      (part, index) =>
        part.replaceAll(
          new RegExp(`\\blocalhost:${cluster.firstPort + index}\\b`, 'g'),
          addresses[index] ?? nextTo(first, index),
        ),
      whole,
    );
  }, text);
}

/** Ports of one cluster follow one another. */
function nextTo(address: string, index: number): string {
  const colon = address.lastIndexOf(':');
  return `${address.slice(0, colon)}:${Number(address.slice(colon + 1)) + index}`;
}
