/** Features (KIP-584) this release knows, with the levels it can work at. */

export interface FeatureRange {
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

export const supportedFeatures: readonly FeatureRange[] = [
  { name: 'eligible.leader.replicas.version', min: 0, max: 1 },
  { name: 'group.version', min: 0, max: 1 },
  { name: 'kraft.version', min: 0, max: 1 },
  // 3.3-IV3 to 4.3-IV0
  { name: 'metadata.version', min: 7, max: 30 },
  { name: 'transaction.version', min: 0, max: 2 },
];
