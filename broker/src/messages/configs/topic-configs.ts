/**
 * Topic and group configuration of Apache Kafka 4.3.1: name, type, default (null: none), and what a value must be.
 * In the order in which Kafka lists them. A table; read through `config-table.ts`.
 */
import type { ConfigRow } from './config-table.ts';

export const topicConfigRows: readonly ConfigRow[] = [
  [
    'compression.type',
    'STRING',
    'producer',
    { valid: '[uncompressed, zstd, lz4, snappy, gzip, producer]', synonyms: ['compression.type'] },
  ],
  ['remote.log.delete.on.disable', 'BOOLEAN', 'false'],
  [
    'leader.replication.throttled.replicas',
    'LIST',
    '',
    { valid: '[partitionId]:[brokerId],[partitionId]:[brokerId],...' },
  ],
  ['remote.storage.enable', 'BOOLEAN', 'false'],
  ['min.insync.replicas', 'INT', '1', { valid: '[1,...]', synonyms: ['min.insync.replicas'] }],
  [
    'segment.jitter.ms',
    'LONG',
    '0',
    { valid: '[0,...]', synonyms: ['log.roll.jitter.ms', 'log.roll.jitter.hours'] },
  ],
  ['remote.log.copy.disable', 'BOOLEAN', 'false'],
  ['local.retention.ms', 'LONG', '-2', { valid: '[-2,...]', synonyms: ['log.local.retention.ms'] }],
  ['cleanup.policy', 'LIST', 'delete', { valid: '[compact, delete]', synonyms: ['log.cleanup.policy'] }],
  [
    'flush.ms',
    'LONG',
    '9223372036854775807',
    { valid: '[0,...]', synonyms: ['log.flush.interval.ms', 'log.flush.scheduler.interval.ms'] },
  ],
  [
    'follower.replication.throttled.replicas',
    'LIST',
    '',
    { valid: '[partitionId]:[brokerId],[partitionId]:[brokerId],...' },
  ],
  ['compression.lz4.level', 'INT', '9', { valid: '[1,...,17]', synonyms: ['compression.lz4.level'] }],
  ['segment.bytes', 'INT', '1073741824', { valid: '[1048576,...]', synonyms: ['log.segment.bytes'] }],
  [
    'retention.ms',
    'LONG',
    '604800000',
    { valid: '[-1,...]', synonyms: ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours'] },
  ],
  ['compression.gzip.level', 'INT', '-1', { valid: '[1,...,9] or -1', synonyms: ['compression.gzip.level'] }],
  [
    'flush.messages',
    'LONG',
    '9223372036854775807',
    { valid: '[1,...]', synonyms: ['log.flush.interval.messages'] },
  ],
  ['compression.zstd.level', 'INT', '3', { valid: '[-131072,...,22]', synonyms: ['compression.zstd.level'] }],
  [
    'max.compaction.lag.ms',
    'LONG',
    '9223372036854775807',
    { valid: '[1,...]', synonyms: ['log.cleaner.max.compaction.lag.ms'] },
  ],
  ['file.delete.delay.ms', 'LONG', '60000', { valid: '[0,...]', synonyms: ['log.segment.delete.delay.ms'] }],
  ['max.message.bytes', 'INT', '1048588', { valid: '[0,...]', synonyms: ['message.max.bytes'] }],
  [
    'min.compaction.lag.ms',
    'LONG',
    '0',
    { valid: '[0,...]', synonyms: ['log.cleaner.min.compaction.lag.ms'] },
  ],
  [
    'message.timestamp.type',
    'STRING',
    'CreateTime',
    { valid: '[CreateTime, LogAppendTime]', synonyms: ['log.message.timestamp.type'] },
  ],
  ['local.retention.bytes', 'LONG', '-2', { valid: '[-2,...]', synonyms: ['log.local.retention.bytes'] }],
  ['preallocate', 'BOOLEAN', 'false', { synonyms: ['log.preallocate'] }],
  ['index.interval.bytes', 'INT', '4096', { valid: '[0,...]', synonyms: ['log.index.interval.bytes'] }],
  [
    'min.cleanable.dirty.ratio',
    'DOUBLE',
    '0.5',
    { valid: '[0,...,1]', synonyms: ['log.cleaner.min.cleanable.ratio'] },
  ],
  ['unclean.leader.election.enable', 'BOOLEAN', 'false', { synonyms: ['unclean.leader.election.enable'] }],
  ['retention.bytes', 'LONG', '-1', { synonyms: ['log.retention.bytes'] }],
  [
    'delete.retention.ms',
    'LONG',
    '86400000',
    { valid: '[0,...]', synonyms: ['log.cleaner.delete.retention.ms'] },
  ],
  [
    'message.timestamp.after.max.ms',
    'LONG',
    '3600000',
    { valid: '[0,...]', synonyms: ['log.message.timestamp.after.max.ms'] },
  ],
  [
    'message.timestamp.before.max.ms',
    'LONG',
    '9223372036854775807',
    { valid: '[0,...]', synonyms: ['log.message.timestamp.before.max.ms'] },
  ],
  ['segment.ms', 'LONG', '604800000', { valid: '[1,...]', synonyms: ['log.roll.ms', 'log.roll.hours'] }],
  ['segment.index.bytes', 'INT', '10485760', { valid: '[4,...]', synonyms: ['log.index.size.max.bytes'] }],
  ['internal.segment.bytes', 'INT', null, { internal: true }],
];

export const groupConfigRows: readonly ConfigRow[] = [
  [
    'consumer.session.timeout.ms',
    'INT',
    '45000',
    { valid: '[1,...]', synonyms: ['group.consumer.session.timeout.ms'] },
  ],
  [
    'consumer.assignment.interval.ms',
    'INT',
    '1000',
    { valid: '[0,...]', synonyms: ['group.consumer.assignment.interval.ms'] },
  ],
  [
    'share.auto.offset.reset',
    'STRING',
    'latest',
    { valid: '[latest, earliest, by_duration:PnDTnHnMn.nS]', synonyms: ['share.auto.offset.reset'] },
  ],
  ['share.renew.acknowledge.enable', 'BOOLEAN', 'true', { synonyms: ['share.renew.acknowledge.enable'] }],
  [
    'streams.initial.rebalance.delay.ms',
    'INT',
    '3000',
    { valid: '[0,...]', synonyms: ['group.streams.initial.rebalance.delay.ms'] },
  ],
  [
    'share.session.timeout.ms',
    'INT',
    '45000',
    { valid: '[1,...]', synonyms: ['group.share.session.timeout.ms'] },
  ],
  [
    'streams.assignment.interval.ms',
    'INT',
    '1000',
    { valid: '[0,...]', synonyms: ['group.streams.assignment.interval.ms'] },
  ],
  [
    'share.heartbeat.interval.ms',
    'INT',
    '5000',
    { valid: '[1,...]', synonyms: ['group.share.heartbeat.interval.ms'] },
  ],
  [
    'streams.heartbeat.interval.ms',
    'INT',
    '5000',
    { valid: '[1,...]', synonyms: ['group.streams.heartbeat.interval.ms'] },
  ],
  [
    'share.delivery.count.limit',
    'INT',
    '5',
    { valid: '[2,...]', synonyms: ['group.share.delivery.count.limit'] },
  ],
  [
    'consumer.heartbeat.interval.ms',
    'INT',
    '5000',
    { valid: '[1,...]', synonyms: ['group.consumer.heartbeat.interval.ms'] },
  ],
  [
    'share.record.lock.duration.ms',
    'INT',
    '30000',
    { valid: '[1000,...]', synonyms: ['group.share.record.lock.duration.ms'] },
  ],
  [
    'share.assignment.interval.ms',
    'INT',
    '1000',
    { valid: '[0,...]', synonyms: ['group.share.assignment.interval.ms'] },
  ],
  [
    'share.isolation.level',
    'STRING',
    'read_uncommitted',
    { valid: '[read_committed, read_uncommitted]', synonyms: ['share.isolation.level'] },
  ],
  [
    'streams.session.timeout.ms',
    'INT',
    '45000',
    { valid: '[1,...]', synonyms: ['group.streams.session.timeout.ms'] },
  ],
  [
    'share.partition.max.record.locks',
    'INT',
    '2000',
    { valid: '[100,...]', synonyms: ['group.share.partition.max.record.locks'] },
  ],
  [
    'streams.num.standby.replicas',
    'INT',
    '0',
    { valid: '[0,...]', synonyms: ['group.streams.num.standby.replicas'] },
  ],
];

/** Client metrics subscriptions (KIP-714): they can be kept, though no client is asked to push. */
export const clientMetricsConfigRows: readonly ConfigRow[] = [
  ['interval.ms', 'INT', '300000'],
  ['match', 'LIST', ''],
  ['metrics', 'LIST', ''],
];

/** Broker configs that exist only as dynamic ones: what replication may take of the network (KIP-73). */
export const throttleConfigRows: readonly ConfigRow[] = [
  ['leader.replication.throttled.rate', 'LONG', null, { valid: '[0,...]', update: 'cluster-wide' }],
  ['follower.replication.throttled.rate', 'LONG', null, { valid: '[0,...]', update: 'cluster-wide' }],
  [
    'replica.alter.log.dirs.io.max.bytes.per.second',
    'LONG',
    null,
    { valid: '[0,...]', update: 'cluster-wide' },
  ],
];
