/**
 * From one image to the next: applies the records of one batch. The same function replays a log, follows a leader and
 * serves the controller's own uncommitted image; recovery and live work share this path.
 */
import type { MetadataRecord } from '../messages/metadata/records.ts';
import { ownBytes } from '../wire/reader.ts';
import {
  type BrokerRegistration,
  configKey,
  type MetadataImage,
  type PartitionRegistration,
  scramKey,
  type TopicImage,
} from './image.ts';
import { fromPartitionRecord, mergePartition } from './partition.ts';
import { quotaEntity, quotaKey } from './quotas.ts';

export interface AppliedAt {
  /** Offset after the batch. */
  readonly endOffset: number;
  readonly epoch: number;
  readonly timestampMs: number;
}

/** The image after these records; throws when they do not fit it (a corrupt log). */
export function applyRecords(
  image: MetadataImage,
  records: readonly MetadataRecord[],
  at: AppliedAt,
): MetadataImage {
  const draft = new Draft(image);
  for (const record of records) applyRecord(draft, record);
  return { ...draft.finish(), endOffset: at.endOffset, epoch: at.epoch, timestampMs: at.timestampMs };
}

/** A control batch (a new leader) moves the offset and changes nothing else. */
export function applyControlBatch(image: MetadataImage, at: AppliedAt): MetadataImage {
  return { ...image, endOffset: at.endOffset, epoch: at.epoch, timestampMs: at.timestampMs };
}

type Mutable = { -readonly [K in keyof MetadataImage]: MetadataImage[K] };

type MapField =
  | 'features'
  | 'brokers'
  | 'controllers'
  | 'topics'
  | 'topicNames'
  | 'configs'
  | 'quotas'
  | 'scram';

/** Copies each map, and each topic's partitions, at most once, when first changed. */
class Draft {
  readonly image: Mutable;
  readonly #copied = new Set<MapField>();
  readonly #topics = new Map<string, PartitionRegistration[]>();

  constructor(image: MetadataImage) {
    this.image = { ...image };
  }

  map<K extends MapField>(field: K): Map<KeyOf<K>, ValueOf<K>> {
    if (!this.#copied.has(field)) {
      this.image[field] = new Map(this.image[field] as ReadonlyMap<unknown, unknown>) as Mutable[K];
      this.#copied.add(field);
    }
    return this.image[field] as unknown as Map<KeyOf<K>, ValueOf<K>>;
  }

  partitions(topicId: string): PartitionRegistration[] {
    const topic = this.topic(topicId);
    let partitions = this.#topics.get(topic.name);
    if (partitions === undefined) {
      partitions = [...topic.partitions];
      this.#topics.set(topic.name, partitions);
      this.map('topics').set(topic.name, { ...topic, partitions });
    }
    return partitions;
  }

  topic(topicId: string): TopicImage {
    const name = this.image.topicNames.get(topicId);
    const topic = name === undefined ? undefined : this.image.topics.get(name);
    if (topic === undefined) throw new Error(`metadata names topic id ${topicId}, which does not exist`);
    return topic;
  }

  broker(id: number, epoch: bigint): BrokerRegistration {
    const broker = this.image.brokers.get(id);
    if (broker === undefined || broker.epoch !== Number(epoch)) {
      throw new Error(`metadata names broker ${id} of epoch ${epoch}, which is not registered`);
    }
    return broker;
  }

  forget(topic: TopicImage): void {
    this.#topics.delete(topic.name);
    this.map('topics').delete(topic.name);
    this.map('topicNames').delete(topic.id);
    this.map('configs').delete(configKey(2, topic.name));
  }

  finish(): MetadataImage {
    return this.image;
  }
}

type KeyOf<K extends MapField> = MetadataImage[K] extends ReadonlyMap<infer Key, unknown> ? Key : never;
type ValueOf<K extends MapField> =
  MetadataImage[K] extends ReadonlyMap<infer _Key, infer Value> ? Value : never;

function applyRecord(draft: Draft, record: MetadataRecord): void {
  switch (record.name) {
    case 'FeatureLevelRecord':
      setOrDelete(draft.map('features'), record.value.name, record.value.featureLevel || null);
      return;
    case 'RegisterBrokerRecord':
    case 'UnregisterBrokerRecord':
    case 'FenceBrokerRecord':
    case 'UnfenceBrokerRecord':
    case 'BrokerRegistrationChangeRecord':
    case 'RegisterControllerRecord':
      applyRegistration(draft, record);
      return;
    case 'TopicRecord':
    case 'PartitionRecord':
    case 'PartitionChangeRecord':
    case 'RemoveTopicRecord':
    case 'ClearElrRecord':
      applyTopic(draft, record);
      return;
    case 'ConfigRecord':
      applyConfig(draft, record.value);
      return;
    case 'ProducerIdsRecord':
      draft.image.nextProducerId = record.value.nextProducerId;
      return;
    case 'ClientQuotaRecord':
      applyQuota(draft, record.value);
      return;
    case 'UserScramCredentialRecord':
      draft.map('scram').set(scramKey(record.value.mechanism, record.value.name), {
        ...record.value,
        salt: ownBytes(record.value.salt),
        storedKey: ownBytes(record.value.storedKey),
        serverKey: ownBytes(record.value.serverKey),
      });
      return;
    case 'RemoveUserScramCredentialRecord':
      draft.map('scram').delete(scramKey(record.value.mechanism, record.value.name));
      return;
    // Kafka's records that this release's metadata does not keep: ACLs, tokens, ZooKeeper; and those that change nothing.
    case 'NoOpRecord':
    case 'BeginTransactionRecord':
    case 'EndTransactionRecord':
    case 'AbortTransactionRecord':
    case 'AccessControlEntryRecord':
    case 'RemoveAccessControlEntryRecord':
    case 'DelegationTokenRecord':
    case 'RemoveDelegationTokenRecord':
    case 'ZkMigrationStateRecord':
      return;
  }
}

type RecordOf<N extends MetadataRecord['name']> = Extract<MetadataRecord, { name: N }>;

function applyRegistration(
  draft: Draft,
  record: RecordOf<
    | 'RegisterBrokerRecord'
    | 'UnregisterBrokerRecord'
    | 'FenceBrokerRecord'
    | 'UnfenceBrokerRecord'
    | 'BrokerRegistrationChangeRecord'
    | 'RegisterControllerRecord'
  >,
): void {
  const { value } = record;
  switch (record.name) {
    case 'RegisterBrokerRecord':
      draft.map('brokers').set(record.value.brokerId, registeredBroker(record.value));
      return;
    case 'UnregisterBrokerRecord':
      draft.broker(record.value.brokerId, record.value.brokerEpoch);
      draft.map('brokers').delete(record.value.brokerId);
      return;
    case 'FenceBrokerRecord':
    case 'UnfenceBrokerRecord': {
      const broker = draft.broker(record.value.id, record.value.epoch);
      draft.map('brokers').set(broker.id, { ...broker, fenced: record.name === 'FenceBrokerRecord' });
      return;
    }
    case 'BrokerRegistrationChangeRecord':
      changeBroker(draft, record.value);
      return;
    case 'RegisterControllerRecord':
      draft.map('controllers').set(record.value.controllerId, {
        id: record.value.controllerId,
        incarnationId: record.value.incarnationId,
        listeners: record.value.endPoints,
        features: record.value.features.map(supportedFeature),
      });
      return;
    default:
      throw new Error(`not a registration: ${JSON.stringify(value)}`);
  }
}

function registeredBroker(value: RecordOf<'RegisterBrokerRecord'>['value']): BrokerRegistration {
  return {
    id: value.brokerId,
    epoch: Number(value.brokerEpoch),
    incarnationId: value.incarnationId,
    listeners: value.endPoints,
    features: value.features.map(supportedFeature),
    rack: value.rack,
    fenced: value.fenced,
    inControlledShutdown: value.inControlledShutdown,
    logDirs: value.logDirs,
    cordonedLogDirs: value.cordonedLogDirs ?? [],
  };
}

function supportedFeature(feature: {
  name: string;
  minSupportedVersion: number;
  maxSupportedVersion: number;
}) {
  return { name: feature.name, minLevel: feature.minSupportedVersion, maxLevel: feature.maxSupportedVersion };
}

/** `fenced`: 1 fences, -1 unfences, 0 leaves it. */
function changeBroker(draft: Draft, value: RecordOf<'BrokerRegistrationChangeRecord'>['value']): void {
  const broker = draft.broker(value.brokerId, value.brokerEpoch);
  draft.map('brokers').set(broker.id, {
    ...broker,
    fenced: value.fenced === 0 ? broker.fenced : value.fenced > 0,
    inControlledShutdown: value.inControlledShutdown > 0 || broker.inControlledShutdown,
    logDirs: value.logDirs.length > 0 ? value.logDirs : broker.logDirs,
    cordonedLogDirs: value.cordonedLogDirs ?? broker.cordonedLogDirs,
  });
}

function applyTopic(
  draft: Draft,
  record: RecordOf<
    'TopicRecord' | 'PartitionRecord' | 'PartitionChangeRecord' | 'RemoveTopicRecord' | 'ClearElrRecord'
  >,
): void {
  switch (record.name) {
    case 'TopicRecord': {
      const { name, topicId: id } = record.value;
      draft.map('topics').set(name, { name, id, partitions: [] });
      draft.map('topicNames').set(id, name);
      return;
    }
    case 'PartitionRecord': {
      const { topicId, partitionId } = record.value;
      draft.partitions(topicId)[partitionId] = fromPartitionRecord(record.value);
      return;
    }
    case 'PartitionChangeRecord': {
      const { topicId, partitionId } = record.value;
      const partitions = draft.partitions(topicId);
      const partition = partitions[partitionId];
      if (partition === undefined) {
        throw new Error(`metadata changes partition ${partitionId} of ${topicId}, which does not exist`);
      }
      partitions[partitionId] = mergePartition(partition, record.value);
      return;
    }
    case 'RemoveTopicRecord':
      draft.forget(draft.topic(record.value.topicId));
      return;
    case 'ClearElrRecord':
      clearElr(draft, record.value.topicName);
      return;
  }
}

/** Of one topic, or of all when the name is empty; raises the partition epoch of those it changes. */
function clearElr(draft: Draft, topicName: string): void {
  for (const topic of draft.image.topics.values()) {
    if (topicName !== '' && topic.name !== topicName) continue;
    for (const [index, partition] of topic.partitions.entries()) {
      if (partition.elr.length === 0 && partition.lastKnownElr.length === 0) continue;
      const { partitionEpoch } = partition;
      draft.partitions(topic.id)[index] = {
        ...partition,
        elr: [],
        lastKnownElr: [],
        partitionEpoch: partitionEpoch + 1,
      };
    }
  }
}

function applyConfig(draft: Draft, value: RecordOf<'ConfigRecord'>['value']): void {
  const key = configKey(value.resourceType, value.resourceName);
  const configs = draft.map('configs');
  const changed = new Map(configs.get(key));
  setOrDelete(changed, value.name, value.value);
  if (changed.size > 0) configs.set(key, changed);
  else configs.delete(key);
}

function applyQuota(draft: Draft, value: RecordOf<'ClientQuotaRecord'>['value']): void {
  const entity = quotaEntity(value.entity);
  const key = quotaKey(entity);
  const quotas = draft.map('quotas');
  const values = new Map(quotas.get(key)?.values);
  if (value.remove) values.delete(value.key);
  else values.set(value.key, value.value);
  if (values.size > 0) quotas.set(key, { entity, values });
  else quotas.delete(key);
}

function setOrDelete<V>(map: Map<string, V>, key: string, value: V | null): void {
  if (value === null) map.delete(key);
  else map.set(key, value);
}
