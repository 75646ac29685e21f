/**
 * An image as records, in Kafka's order: what a snapshot holds. Applied to an empty image they give the same image.
 */
import type { MetadataImage } from './image.ts';
import { toPartitionRecord } from './partition.ts';
import { type MetadataRecord, record } from './records.ts';

export function imageToRecords(image: MetadataImage): MetadataRecord[] {
  return [
    ...featureRecords(image),
    ...brokerRecords(image),
    ...controllerRecords(image),
    ...topicRecords(image),
    ...configRecords(image),
    ...quotaRecords(image),
    ...producerIdRecords(image),
    ...scramRecords(image),
  ];
}

/** metadata.version first: it says how to read the rest. */
function featureRecords(image: MetadataImage): MetadataRecord[] {
  const entries = [...image.features].sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return entries.map(([name, featureLevel]) => record('FeatureLevelRecord', { name, featureLevel }));
}

function rank(feature: string): number {
  return feature === 'metadata.version' ? 0 : 1;
}

function brokerRecords(image: MetadataImage): MetadataRecord[] {
  return [...image.brokers.values()].map((broker) =>
    record('RegisterBrokerRecord', {
      brokerId: broker.id,
      incarnationId: broker.incarnationId,
      brokerEpoch: BigInt(broker.epoch),
      endPoints: [...broker.listeners],
      features: broker.features.map(featureRange),
      rack: broker.rack,
      fenced: broker.fenced,
      inControlledShutdown: broker.inControlledShutdown,
      logDirs: [...broker.logDirs],
      cordonedLogDirs: broker.cordonedLogDirs.length > 0 ? [...broker.cordonedLogDirs] : null,
    }),
  );
}

function controllerRecords(image: MetadataImage): MetadataRecord[] {
  return [...image.controllers.values()].map((controller) =>
    record('RegisterControllerRecord', {
      controllerId: controller.id,
      incarnationId: controller.incarnationId,
      endPoints: [...controller.listeners],
      features: controller.features.map(featureRange),
    }),
  );
}

function featureRange(feature: { name: string; minLevel: number; maxLevel: number }) {
  return {
    name: feature.name,
    minSupportedVersion: feature.minLevel,
    maxSupportedVersion: feature.maxLevel,
  };
}

function topicRecords(image: MetadataImage): MetadataRecord[] {
  return [...image.topics.values()].flatMap((topic) => [
    record('TopicRecord', { name: topic.name, topicId: topic.id }),
    ...topic.partitions.map((partition, index) => toPartitionRecord(topic.id, index, partition)),
  ]);
}

function configRecords(image: MetadataImage): MetadataRecord[] {
  return [...image.configs].flatMap(([key, configs]) => {
    const split = key.indexOf(':');
    const resourceType = Number(key.slice(0, split));
    const resourceName = key.slice(split + 1);
    return [...configs].map(([name, value]) =>
      record('ConfigRecord', { resourceType, resourceName, name, value }),
    );
  });
}

function quotaRecords(image: MetadataImage): MetadataRecord[] {
  return [...image.quotas.values()].flatMap(({ entity, values }) => {
    const named = entity.map(({ type, name }) => ({ entityType: type, entityName: name }));
    return [...values].map(([key, value]) =>
      record('ClientQuotaRecord', { entity: named, key, value, remove: false }),
    );
  });
}

function scramRecords(image: MetadataImage): MetadataRecord[] {
  return [...image.scram.values()].map((credential) =>
    record('UserScramCredentialRecord', { ...credential }),
  );
}

function producerIdRecords(image: MetadataImage): MetadataRecord[] {
  if (image.nextProducerId === 0n) return [];
  return [record('ProducerIdsRecord', { brokerId: -1, nextProducerId: image.nextProducerId })];
}
