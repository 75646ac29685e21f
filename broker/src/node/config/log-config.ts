/** Topic configuration as the settings of a partition's log; topics that say the same share one object. */

import type { BrokerConfigLayers } from '../../controller/effective-config.ts';
import { configsOf, type MetadataImage, ResourceType } from '../../controller/image.ts';
import { topicConfigReader } from '../../handlers/configs/config-readers.ts';
import type { ConfigReader } from '../../handlers/services.ts';
import type { LogConfig } from '../../storage/log-contract.ts';
import { compressionSetting } from '../../storage/recompression.ts';

export interface TopicSettings {
  readonly log: LogConfig;
  readonly minInsyncReplicas: number;
}

export class TopicSettingsCache {
  #layers: BrokerConfigLayers | null = null;
  readonly #byConfigs = new Map<string, TopicSettings>();

  of(
    image: MetadataImage,
    topic: string,
    broker: { layers: BrokerConfigLayers; reader: ConfigReader },
  ): TopicSettings {
    if (this.#layers !== broker.layers) {
      this.#byConfigs.clear();
      this.#layers = broker.layers;
    }
    const own = configsOf(image, ResourceType.TOPIC, topic);
    const key = own.size === 0 ? '' : JSON.stringify([...own]);
    let settings = this.#byConfigs.get(key);
    if (settings === undefined) {
      settings = read(topicConfigReader(image, topic, broker.layers), broker.reader);
      this.#byConfigs.set(key, settings);
    }
    return settings;
  }
}

function read(topic: ConfigReader, broker: ConfigReader): TopicSettings {
  const safe = (name: string) => Math.min(topic.number(name), Number.MAX_SAFE_INTEGER);
  const policy = topic.list('cleanup.policy');
  const internalSegmentBytes = topic.string('internal.segment.bytes');
  return {
    minInsyncReplicas: topic.number('min.insync.replicas'),
    log: {
      segmentBytes:
        internalSegmentBytes === '' ? topic.number('segment.bytes') : Number(internalSegmentBytes),
      segmentMs: safe('segment.ms'),
      segmentJitterMs: safe('segment.jitter.ms'),
      segmentIndexBytes: topic.number('segment.index.bytes'),
      indexIntervalBytes: topic.number('index.interval.bytes'),
      retentionMs: safe('retention.ms'),
      retentionBytes: safe('retention.bytes'),
      maxMessageBytes: topic.number('max.message.bytes'),
      flushMessages: safe('flush.messages'),
      flushMs: safe('flush.ms'),
      compression: compressionSetting(topic.string('compression.type'), (name) => topic.number(name)),
      preallocate: topic.boolean('preallocate'),
      fileDeleteDelayMs: safe('file.delete.delay.ms'),
      messageTimestampType:
        topic.string('message.timestamp.type') === 'LogAppendTime' ? 'LogAppendTime' : 'CreateTime',
      messageTimestampBeforeMaxMs: safe('message.timestamp.before.max.ms'),
      messageTimestampAfterMaxMs: safe('message.timestamp.after.max.ms'),
      minCleanableDirtyRatio: topic.number('min.cleanable.dirty.ratio'),
      minCompactionLagMs: safe('min.compaction.lag.ms'),
      maxCompactionLagMs: safe('max.compaction.lag.ms'),
      deleteRetentionMs: safe('delete.retention.ms'),
      cleanupPolicy: { compact: policy.includes('compact'), delete: policy.includes('delete') },
      producerIdExpirationMs: broker.number('producer.id.expiration.ms'),
    },
  };
}
