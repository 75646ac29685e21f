/** Which feature levels a release of Apache Kafka formats a new cluster with (`kafka-storage.sh --release-version`). */

/** Names by level; level 7 is the lowest a 4.x server reads. */
const metadataVersions = [
  ...['3.3-IV3', '3.4-IV0', '3.5-IV0', '3.5-IV1', '3.5-IV2', '3.6-IV0', '3.6-IV1', '3.6-IV2'],
  ...['3.7-IV0', '3.7-IV1', '3.7-IV2', '3.7-IV3', '3.7-IV4', '3.8-IV0', '3.9-IV0'],
  ...['4.0-IV0', '4.0-IV1', '4.0-IV2', '4.0-IV3', '4.1-IV0', '4.1-IV1', '4.2-IV0', '4.2-IV1'],
  ...['4.3-IV0', '4.4-IV0'],
];
const lowest = 7;
/** 4.3-IV0, which this release formats with. */
export const latestStable = 30;

/** Since which metadata.version a feature is on, at which level; in the order of `version-mapping`. */
const features = [
  { name: 'kraft.version', max: 1, since: [[21, 1]] },
  { name: 'transaction.version', max: 2, since: [[24, 2]] },
  { name: 'group.version', max: 1, since: [[22, 1]] },
  { name: 'eligible.leader.replicas.version', max: 1, since: [[26, 1]] },
  { name: 'share.version', max: 1, since: [[28, 1]] },
  { name: 'streams.version', max: 1, since: [[29, 1]] },
] as const;

export const featureNames: readonly string[] = features.map(({ name }) => name);

export function highestLevel(feature: string): number | null {
  return features.find(({ name }) => name === feature)?.max ?? null;
}

export function metadataVersionName(level: number): string | null {
  return metadataVersions[level - lowest] ?? null;
}

/** `4.0` is the last of 4.0's; null: no such version. */
export function metadataVersionLevel(text: string): number | null {
  const exact = metadataVersions.indexOf(text);
  if (exact >= 0) return exact + lowest;
  const short = text.split('.').slice(0, 2).join('.');
  const last = metadataVersions.findLastIndex((name) => name.startsWith(`${short}-`));
  return /^\d+\.\d+(\.\d+)?$/.test(text) && last >= 0 ? last + lowest : null;
}

export function supportedVersions(upTo: 'stable' | 'any'): string {
  return metadataVersions.slice(0, upTo === 'any' ? undefined : latestStable - lowest + 1).join(', ');
}

export function defaultLevels(
  metadataVersion: number,
): readonly { readonly name: string; readonly level: number }[] {
  return features.map(({ name, since }) => {
    const level = since.findLast(([from]) => metadataVersion >= from)?.[1] ?? 0;
    return { name, level };
  });
}
