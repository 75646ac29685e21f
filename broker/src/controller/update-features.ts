/**
 * UpdateFeatures v0–2 (KIP-584). kraft.version stays as the cluster was formatted: voters are static.
 */
import type { UpdateFeaturesRequest, UpdateFeaturesResponse } from '../messages/57-update-features.ts';
import { type ApiFailure, type DecideContext, type Decision, fail, NO_ERROR } from './context.ts';
import { ELR_VERSION, METADATA_VERSION, supportedFeatures } from './features.ts';
import { configsOf, ResourceType, type SupportedFeature } from './image.ts';
import { type MetadataRecord, record } from './records.ts';

const [UPGRADE, SAFE_DOWNGRADE, UNSAFE_DOWNGRADE] = [1, 2, 3];

type Update = UpdateFeaturesRequest['featureUpdates'][number];

export function decideUpdateFeatures(
  context: DecideContext,
  request: UpdateFeaturesRequest,
): Decision<typeof UpdateFeaturesResponse.input> {
  const records: MetadataRecord[] = [];
  const levels = new Map(context.image.features);
  for (const { feature, maxVersionLevel } of request.featureUpdates) levels.set(feature, maxVersionLevel);
  for (const update of request.featureUpdates) {
    const failure = updateFailure(context, update, levels);
    if (failure !== null) {
      const all = 'The update failed for all features since the following feature had an error';
      const errorMessage = `${all}: ${failure.errorMessage}`;
      return { records: [], response: { ...failure, errorMessage, results: [] } };
    }
    const { feature: name, maxVersionLevel: featureLevel } = update;
    if (featureLevel === currentLevel(context, name)) continue;
    records.push(record('FeatureLevelRecord', { name, featureLevel }));
    if (name === ELR_VERSION && featureLevel > 0) records.push(...elrSafetyRecords(context));
  }
  const results = request.featureUpdates.map(({ feature }) => ({ feature, errorMessage: 'NONE' }));
  return { records: request.validateOnly ? [] : records, response: { ...NO_ERROR, results } };
}

function currentLevel(context: DecideContext, name: string): number {
  return context.image.features.get(name) ?? 0;
}

function updateFailure(
  context: DecideContext,
  update: Update,
  levels: ReadonlyMap<string, number>,
): ApiFailure | null {
  const { feature, maxVersionLevel: level, upgradeType } = update;
  const invalid = (reason: string) =>
    fail('INVALID_UPDATE_VERSION', `Invalid update version ${level} for feature ${feature}. ${reason}`);
  if (upgradeType < UPGRADE || upgradeType > UNSAFE_DOWNGRADE) {
    return invalid('The controller does not support the given upgrade type.');
  }
  if (level < 0) return invalid('A feature version cannot be less than 0.');
  const unsupported = unsupportedReason(context, feature, level);
  if (unsupported !== null) return invalid(unsupported);
  const current = currentLevel(context, feature);
  if (level < current && upgradeType === UPGRADE) {
    return invalid(
      "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.",
    );
  }
  if (level > current && upgradeType !== UPGRADE) return invalid("Can't downgrade to a newer version.");
  if (feature === 'kraft.version' && level !== current) {
    return invalid('This cluster has static voters; its kraft.version cannot be changed.');
  }
  if (feature === METADATA_VERSION) return metadataFailure({ current, level, upgradeType });
  return dependencyFailure(feature, level, levels);
}

/** With eligible leader replicas the minimum is one for all brokers, and known to the controller (KIP-966). */
function elrSafetyRecords({ image, settings }: DecideContext): MetadataRecord[] {
  const name = 'min.insync.replicas';
  const resourceType = ResourceType.BROKER;
  const records: MetadataRecord[] = [];
  if (!configsOf(image, resourceType, '').has(name)) {
    const value = settings.staticConfigs.get(name) ?? '1';
    records.push(record('ConfigRecord', { resourceType, resourceName: '', name, value }));
  }
  for (const id of image.brokers.keys()) {
    const resourceName = String(id);
    if (!configsOf(image, resourceType, resourceName).has(name)) continue;
    records.push(record('ConfigRecord', { resourceType, resourceName, name, value: null }));
  }
  return records;
}

/** Levels of metadata.version that brought records or fields which an older one would lose. */
const changingLevels = [8, 11, 13, 14, 15, 17, 23, 30];

function metadataFailure(change: { current: number; level: number; upgradeType: number }): ApiFailure | null {
  const { current, level, upgradeType } = change;
  if (level >= current) return null;
  const loses = changingLevels.some((changing) => changing > level && changing <= current);
  if (!loses) return null;
  const why =
    upgradeType === SAFE_DOWNGRADE
      ? 'Refusing to perform the requested downgrade because it might delete metadata information.'
      : 'Unsafe metadata downgrade is not supported in this version.';
  return fail(
    'INVALID_UPDATE_VERSION',
    `Unsupported metadata.version downgrade from ${current} to ${level}. ${why}`,
  );
}

/** The metadata.version that a feature's records need. */
const elrNeeds = 23;

function dependencyFailure(
  feature: string,
  level: number,
  levels: ReadonlyMap<string, number>,
): ApiFailure | null {
  if (feature !== ELR_VERSION || level === 0 || (levels.get(METADATA_VERSION) ?? 0) >= elrNeeds) return null;
  return fail(
    'INVALID_UPDATE_VERSION',
    `Invalid update version ${level} for feature ${feature}. ${feature} could not be set to ${level} because it ` +
      `depends on ${METADATA_VERSION} level ${elrNeeds}`,
  );
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
  if (range === undefined && wanted.level === 0) return `Feature ${wanted.name} not found.`;
  if (range === undefined || range.maxLevel === 0) return `${who} does not support this feature.`;
  if (wanted.level >= range.minLevel && wanted.level <= range.maxLevel) return null;
  const versions = range.minLevel === range.maxLevel ? range.minLevel : `${range.minLevel}-${range.maxLevel}`;
  return `${who} only supports versions ${versions}`;
}
