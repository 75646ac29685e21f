/**
 * What differs between two images, found by reference: for the node's shell, which starts and stops partitions, and
 * for whoever watches.
 */
import type { MetadataImage, TopicImage } from './image.ts';

export interface TopicChange {
  readonly name: string;
  readonly id: string;
  /** Null: the topic is new. A topic deleted and made again under its name is two changes. */
  readonly before: TopicImage | null;
  /** Null: it was deleted. */
  readonly after: TopicImage | null;
  /** Indexes of partitions that are new, gone or different. */
  readonly partitions: readonly number[];
}

export interface ImageChanges {
  readonly topics: readonly TopicChange[];
  readonly brokersChanged: boolean;
  readonly featuresChanged: boolean;
  /** `configKey`s of resources whose dynamic configs differ. */
  readonly configs: readonly string[];
}

export function changesBetween(before: MetadataImage, after: MetadataImage): ImageChanges {
  return {
    topics: before.topics === after.topics ? [] : topicChanges(before, after),
    brokersChanged: before.brokers !== after.brokers,
    featuresChanged: before.features !== after.features,
    configs: before.configs === after.configs ? [] : configChanges(before, after),
  };
}

function topicChanges(before: MetadataImage, after: MetadataImage): TopicChange[] {
  const changes: TopicChange[] = [];
  for (const old of before.topics.values()) {
    if (after.topics.get(old.name)?.id === old.id) continue;
    const partitions = old.partitions.map((_partition, index) => index);
    changes.push({ name: old.name, id: old.id, before: old, after: null, partitions });
  }
  for (const topic of after.topics.values()) {
    const old = before.topics.get(topic.name);
    if (old === topic) continue;
    const same = old?.id === topic.id ? old : null;
    const partitions = topic.partitions
      .map((partition, index) => (partition === same?.partitions[index] ? -1 : index))
      .filter((index) => index >= 0);
    changes.push({ name: topic.name, id: topic.id, before: same, after: topic, partitions });
  }
  return changes;
}

function configChanges(before: MetadataImage, after: MetadataImage): string[] {
  const keys = new Set([...before.configs.keys(), ...after.configs.keys()]);
  return [...keys].filter((key) => before.configs.get(key) !== after.configs.get(key));
}
