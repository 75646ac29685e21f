/** The metadata versions of the release, their levels, and the features that come with them. */
import { Terse } from '../framework/finish.ts';

const versions = [
  '3.3-IV3',
  '3.4-IV0',
  '3.5-IV0',
  '3.5-IV1',
  '3.5-IV2',
  '3.6-IV0',
  '3.6-IV1',
  '3.6-IV2',
  '3.7-IV0',
  '3.7-IV1',
  '3.7-IV2',
  '3.7-IV3',
  '3.7-IV4',
  '3.8-IV0',
  '3.9-IV0',
  '4.0-IV0',
  '4.0-IV1',
  '4.0-IV2',
  '4.0-IV3',
  '4.1-IV0',
  '4.1-IV1',
  '4.2-IV0',
  '4.2-IV1',
  '4.3-IV0',
  '4.4-IV0',
] as const;
const firstLevel = 7;
export const latestProduction = '4.3-IV0';
export const metadataFeature = 'metadata.version';

interface Feature {
  readonly name: string;
  readonly levelMost: number;
  /** From this metadata version on, it is on by default. */
  readonly since: (typeof versions)[number];
}

export const features: readonly Feature[] = [
  { name: 'kraft.version', levelMost: 1, since: '3.9-IV0' },
  { name: 'transaction.version', levelMost: 2, since: '4.0-IV2' },
  { name: 'group.version', levelMost: 1, since: '4.0-IV0' },
  { name: 'eligible.leader.replicas.version', levelMost: 1, since: '4.1-IV0' },
  { name: 'share.version', levelMost: 1, since: '4.2-IV0' },
  { name: 'streams.version', levelMost: 1, since: '4.2-IV1' },
];

/** The level of `4.3-IV0`, `4.3` (its last) or `4.3.1`. */
export function levelOf(text: string): number {
  const wanted = text.split('.').slice(0, 2).join('.');
  const exact = (versions as readonly string[]).indexOf(wanted);
  const last = versions.findLastIndex((version) => version.split('-')[0] === wanted);
  const index = exact === -1 ? last : exact;
  if (index === -1) {
    const list = versions.join(', ');
    throw new Terse(`Unknown metadata.version '${text}'. Supported metadata.version are: ${list}`);
  }
  return firstLevel + index;
}

/** `null`: no such level. */
export function versionOf(level: number): string | null {
  return versions[level - firstLevel] ?? null;
}

export function defaultLevel(feature: Feature, metadataLevel: number): number {
  return metadataLevel >= firstLevel + versions.indexOf(feature.since) ? feature.levelMost : 0;
}
