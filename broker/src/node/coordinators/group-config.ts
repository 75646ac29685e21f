/** The group coordinator's settings: the broker's, and those of a group of its own (config resource GROUP). */
import { configsOf, type MetadataImage, ResourceType } from '../../controller/image.ts';
import type { ConsumerProtocolConfig, GroupConfig } from '../../group/effects.ts';
import type { ConfigReader } from '../../handlers/services.ts';

export function groupConfig(config: ConfigReader, image: MetadataImage): GroupConfig {
  return {
    minSessionTimeoutMs: config.number('group.min.session.timeout.ms'),
    maxSessionTimeoutMs: config.number('group.max.session.timeout.ms'),
    initialRebalanceDelayMs: config.number('group.initial.rebalance.delay.ms'),
    maxSize: config.number('group.max.size'),
    offsetsRetentionMs: config.number('offsets.retention.minutes') * 60_000,
    offsetMetadataBytesMax: config.number('offset.metadata.max.bytes'),
    consumer: consumerConfig(config, image),
  };
}

function consumerConfig(config: ConfigReader, image: MetadataImage): ConsumerProtocolConfig {
  /** A group's own value, kept within what the broker allows now. */
  const ofGroup = (name: string) => (groupId: string) => {
    const own = configsOf(image, ResourceType.GROUP, groupId).get(`consumer.${name}`);
    if (own === undefined) return config.number(`group.consumer.${name}`);
    const least = config.number(`group.consumer.min.${name}`);
    return Math.max(least, Math.min(Number(own), config.number(`group.consumer.max.${name}`)));
  };
  return {
    sessionTimeoutMs: ofGroup('session.timeout.ms'),
    heartbeatIntervalMs: ofGroup('heartbeat.interval.ms'),
    assignmentIntervalMs: ofGroup('assignment.interval.ms'),
    maxSize: config.number('group.consumer.max.size'),
    assignors: config.list('group.consumer.assignors').map(assignorName),
    migrationPolicy: migrationPolicy(config.string('group.consumer.migration.policy')),
    regexRefreshIntervalMs: config.number('group.consumer.regex.refresh.interval.ms'),
  };
}

/** Kafka's own assignors may be named by their classes. */
function assignorName(name: string): string {
  const assignor = /^org\.apache\.kafka\.coordinator\.group\.assignor\.(Uniform|Range)Assignor$/.exec(name);
  return assignor === null ? name : assignor[1]!.toLowerCase();
}

function migrationPolicy(text: string): ConsumerProtocolConfig['migrationPolicy'] {
  const policy = text.toLowerCase();
  return policy === 'upgrade' || policy === 'downgrade' || policy === 'disabled' ? policy : 'bidirectional';
}
