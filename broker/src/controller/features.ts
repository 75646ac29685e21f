/**
 * Features of Apache Kafka 4.3 and their levels: what a node supports, and what a new cluster is formatted with
 * (as `kafka-storage format` does). kraft.version is Raft's own and stands in the log only above level 0.
 */
import type { SupportedFeature } from './image.ts';
import { type MetadataRecord, record } from './records.ts';

export const METADATA_VERSION = 'metadata.version';
export const ELR_VERSION = 'eligible.leader.replicas.version';

/** Levels are Kafka's: metadata.version 30 is 4.3-IV0, 7 is 3.3-IV3, the lowest a 4.x node reads. */
export const supportedFeatures: readonly SupportedFeature[] = [
  { name: 'metadata.version', minLevel: 7, maxLevel: 30 },
  { name: 'kraft.version', minLevel: 0, maxLevel: 1 },
  { name: 'transaction.version', minLevel: 0, maxLevel: 2 },
  { name: 'group.version', minLevel: 0, maxLevel: 1 },
  { name: 'eligible.leader.replicas.version', minLevel: 0, maxLevel: 1 },
  { name: 'share.version', minLevel: 0, maxLevel: 1 },
  { name: 'streams.version', minLevel: 0, maxLevel: 1 },
];

/** Metadata transactions: 3.6-IV2. */
const transactionsSince = 14;

const bootstrapLevels: readonly [name: string, level: number][] = [
  ['metadata.version', 30],
  ['eligible.leader.replicas.version', 1],
  ['group.version', 1],
  ['share.version', 1],
  ['streams.version', 1],
  ['transaction.version', 2],
];

/** The records of `bootstrap.checkpoint`: which features a new cluster starts with. */
export function bootstrapRecords(): MetadataRecord[] {
  return bootstrapLevels.map(([name, featureLevel]) => record('FeatureLevelRecord', { name, featureLevel }));
}

/**
 * What an active controller writes into an empty log, in one metadata transaction (KIP-868): what the node was formatted
 * with, or else the levels of this release.
 */
export function activationRecords(
  minInsyncReplicas: number,
  bootstrap: readonly MetadataRecord[] | null,
): MetadataRecord[] {
  const formatted = bootstrap ?? bootstrapRecords();
  const levelOf = (feature: string) =>
    formatted.flatMap((one) =>
      one.name === 'FeatureLevelRecord' && one.value.name === feature ? [one.value.featureLevel] : [],
    )[0] ?? 0;
  // With eligible leader replicas the cluster-wide minimum must be known to the controller (KIP-966).
  const minimum = record('ConfigRecord', {
    resourceType: 4,
    resourceName: '',
    name: 'min.insync.replicas',
    value: String(minInsyncReplicas),
  });
  const records = levelOf(ELR_VERSION) > 0 ? [...formatted, minimum] : formatted;
  if (levelOf(METADATA_VERSION) < transactionsSince) return [...records];
  return [
    record('BeginTransactionRecord', { name: 'Bootstrap records' }),
    ...records,
    record('EndTransactionRecord', {}),
  ];
}
