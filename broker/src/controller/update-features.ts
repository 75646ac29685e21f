/**
 * UpdateFeatures v0–2 (KIP-584). kraft.version and the level of metadata.version stay as the cluster was formatted.
 */
import type { UpdateFeaturesRequest, UpdateFeaturesResponse } from '../messages/57-update-features.ts';
import { type ApiFailure, type DecideContext, type Decision, fail, NO_ERROR } from './context.ts';
import { supportedFeatures } from './features.ts';
import type { SupportedFeature } from './image.ts';
import { type MetadataRecord, record } from './records.ts';

const UPGRADE = 1;

type Update = UpdateFeaturesRequest['featureUpdates'][number];

export function decideUpdateFeatures(
  context: DecideContext,
  request: UpdateFeaturesRequest,
): Decision<typeof UpdateFeaturesResponse.input> {
  const records: MetadataRecord[] = [];
  for (const update of request.featureUpdates) {
    const failure = updateFailure(context, update);
    if (failure !== null) return { records: [], response: { ...failure, results: [] } };
    const { feature: name, maxVersionLevel: featureLevel } = update;
    if (featureLevel === currentLevel(context, name)) continue;
    records.push(record('FeatureLevelRecord', { name, featureLevel }));
  }
  const results = request.featureUpdates.map(({ feature }) => ({ feature, ...NO_ERROR }));
  return { records: request.validateOnly ? [] : records, response: { ...NO_ERROR, results } };
}

function currentLevel(context: DecideContext, name: string): number {
  return context.image.features.get(name) ?? 0;
}

function updateFailure(context: DecideContext, update: Update): ApiFailure | null {
  const { feature, maxVersionLevel: level } = update;
  const invalid = (reason: string) =>
    fail('INVALID_UPDATE_VERSION', `Invalid update version ${level} for feature ${feature}. ${reason}`);
  if (level < 0) return invalid('A feature version cannot be less than 0.');
  const unsupported = unsupportedReason(context, feature, level);
  if (unsupported !== null) return invalid(unsupported);
  const current = currentLevel(context, feature);
  const isUpgrade = update.upgradeType === UPGRADE && !update.allowDowngrade;
  if (level < current && isUpgrade) {
    return invalid(
      "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.",
    );
  }
  if (level > current && !isUpgrade) return invalid("Can't downgrade to a newer version.");
  if (feature === 'kraft.version' && level !== current) {
    return invalid('This cluster has static voters; its kraft.version cannot be changed.');
  }
  if (feature === 'metadata.version' && level < current) {
    return fail(
      'INVALID_UPDATE_VERSION',
      `Unsupported metadata.version downgrade from ${current} to ${level}. Refusing to perform the requested ` +
        'downgrade because it might delete metadata information.',
    );
  }
  return null;
}

function unsupportedReason(context: DecideContext, name: string, level: number): string | null {
  const local = reasonOf(`Local controller ${context.settings.nodeId}`, supportedFeatures, { name, level });
  if (local !== null) return local;
  for (const broker of context.image.brokers.values()) {
    const reason = reasonOf(`Broker ${broker.id}`, broker.features, { name, level });
    if (reason !== null) return reason;
  }
  return null;
}

function reasonOf(
  who: string,
  features: readonly SupportedFeature[],
  wanted: { name: string; level: number },
): string | null {
  const range = features.find((feature) => feature.name === wanted.name);
  if (range === undefined || range.maxLevel === 0) return `${who} does not support this feature.`;
  if (wanted.level >= range.minLevel && wanted.level <= range.maxLevel) return null;
  const versions = range.minLevel === range.maxLevel ? range.minLevel : `${range.minLevel}-${range.maxLevel}`;
  return `${who} only supports versions ${versions}`;
}
