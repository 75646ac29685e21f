/** What configurations do, in a sentence or two; for those that belong to a part left out, what that part is. */
import { brokerConfigs, clientMetricsConfigs, groupConfigs, topicConfigs } from './config-table.ts';

export function documentationOf(name: string): string {
  const own = sentences[name];
  if (own !== undefined) return own;
  const broker = topicConfigs.get(name)?.synonyms[0];
  const inherited = broker === undefined ? undefined : sentences[broker];
  if (inherited !== undefined) return inherited;
  const family = families.find(([prefix]) => name.startsWith(prefix));
  if (family !== undefined) return family[1];
  const isKnown = [brokerConfigs, topicConfigs, groupConfigs, clientMetricsConfigs].some((table) =>
    table.has(name),
  );
  return isKnown ? `Sets ${name.replaceAll('.', ' ')} of this broker.` : '';
}

const sentences: Readonly<Record<string, string>> = {
  'advertised.listeners':
    'The addresses that clients and other brokers are told to connect to, when they are not those listened on.',
  'auto.create.topics.enable':
    'Whether a topic that a client asks for and that does not exist is created with the defaults.',
  'auto.leader.rebalance.enable': 'Whether leaderships go back to preferred replicas from time to time.',
  'broker.heartbeat.interval.ms': 'How often a broker tells the active controller that it is alive.',
  'broker.rack': 'Where this broker stands; replicas of a partition are spread over racks.',
  'broker.session.timeout.ms':
    'After how long without a heartbeat a broker is fenced: it loses leaderships and its place in ISRs.',
  'cleanup.policy':
    'What becomes of old segments: delete drops them by age and size, compact keeps the last record of each key.',
  'compression.type': 'How batches are stored: producer keeps the codec they came with.',
  'connections.max.idle.ms': 'A connection without traffic for this long is closed.',
  'controlled.shutdown.enable': 'Whether a broker that stops hands its leaderships over first.',
  'controller.listener.names': 'Which listeners the controllers use among themselves and with brokers.',
  'controller.quorum.election.timeout.ms': 'How long a candidate waits for votes before it asks anew.',
  'controller.quorum.fetch.timeout.ms':
    'After how long without an answer from the leader a voter stands for election.',
  'controller.quorum.voters': 'The controllers that vote: id@host:port of each.',
  'default.replication.factor':
    'Replicas of each partition of a topic that is created without saying how many.',
  'delete.retention.ms':
    'How long a deletion marker stays in a compacted log, so that readers get to see it.',
  'delete.topic.enable': 'Whether topics may be deleted.',
  'file.delete.delay.ms': 'How long a deleted segment stays on the disk under the ending .deleted.',
  'flush.messages': 'After how many messages a log is flushed to the medium.',
  'flush.ms': 'After how long a log is flushed to the medium.',
  'group.consumer.assignors':
    'What assigns partitions in groups of the consumer protocol; the first is the default.',
  'group.consumer.heartbeat.interval.ms': 'How often members of the consumer protocol send heartbeats.',
  'group.consumer.session.timeout.ms':
    'After how long without a heartbeat a member of the consumer protocol is removed.',
  'group.initial.rebalance.delay.ms':
    'How long a new classic group waits for more members before the first assignment.',
  'group.max.session.timeout.ms': 'The longest session a classic member may ask for.',
  'group.max.size': 'The most members a classic group may have.',
  'group.min.session.timeout.ms': 'The shortest session a classic member may ask for.',
  'index.interval.bytes': 'After how many bytes of records the offset index gets an entry.',
  'inter.broker.listener.name': 'Which listener brokers use to reach each other.',
  'leader.imbalance.check.interval.seconds':
    'How often the controller looks for partitions that their preferred replica does not lead.',
  'follower.replication.throttled.replicas':
    'Replicas whose catching up is throttled where it arrives: * or partition:broker, separated by commas.',
  'leader.replication.throttled.replicas':
    'Replicas whose catching up is throttled where it comes from: * or partition:broker, separated by commas.',
  listeners: 'The addresses this node listens on, each with the name of its listener.',
  'listener.security.protocol.map': 'Which security protocol each listener speaks.',
  'log.cleaner.backoff.ms': 'How long the cleaner rests when nothing is dirty.',
  'log.cleaner.enable': 'Whether compacted logs are cleaned.',
  'log.cleaner.threads': 'How many threads clean compacted logs.',
  'log.cleanup.policy':
    'What becomes of old segments: delete drops them by age and size, compact keeps the last record of each key.',
  'log.dir': 'The folder of the logs, when log.dirs is not set.',
  'log.dirs': 'The folders of the logs.',
  'log.retention.bytes':
    'How large a partition may grow before its oldest segments are deleted; -1: no limit.',
  'log.retention.check.interval.ms': 'How often old segments are looked for.',
  'log.retention.hours':
    'For how many hours records are kept, when neither minutes nor milliseconds are set.',
  'log.retention.minutes': 'For how many minutes records are kept, when no milliseconds are set.',
  'log.retention.ms': 'For how long records are kept; -1: for ever.',
  'log.roll.hours': 'After how many hours a new segment begins, when no milliseconds are set.',
  'log.roll.ms': 'After how long a new segment begins.',
  'log.segment.bytes': 'How large a segment grows before a new one begins.',
  'log.message.timestamp.type':
    'Whose clock dates a record: the producer’s (CreateTime) or the broker’s (LogAppendTime).',
  'message.timestamp.type':
    'Whose clock dates a record: the producer’s (CreateTime) or the broker’s (LogAppendTime).',
  'max.compaction.lag.ms': 'After how long at most a record becomes eligible for compaction.',
  'max.message.bytes': 'The largest batch that is taken.',
  'message.max.bytes': 'The largest batch that is taken.',
  'metadata.max.idle.interval.ms':
    'After how long without a change the metadata log gets a record that changes nothing.',
  'min.cleanable.dirty.ratio': 'Which part of a compacted log must be uncleaned before it is cleaned.',
  'min.compaction.lag.ms': 'For how long a record is safe from compaction.',
  'min.insync.replicas': 'How many replicas must be in sync for a write with acks=all to be taken.',
  'node.id': 'The id of this node in the cluster.',
  'num.io.threads': 'How many threads carry out requests.',
  'num.network.threads': 'How many threads read requests and write responses.',
  'num.partitions': 'Partitions of a topic that is created without saying how many.',
  'num.replica.fetchers': 'How many fetchers follow each other broker.',
  'offsets.retention.minutes': 'For how long the offsets of a group without members are kept.',
  'offsets.topic.num.partitions': 'Partitions of __consumer_offsets; must not change once it exists.',
  'offsets.topic.replication.factor': 'Replicas of each partition of __consumer_offsets.',
  'process.roles': 'What this node is: broker, controller or both.',
  'producer.id.expiration.ms': 'How long a partition remembers a producer that no longer writes.',
  'replica.fetch.max.bytes': 'How much a follower asks for of one partition at once.',
  'replica.fetch.wait.max.ms': 'How long a leader may hold a follower’s fetch when there is nothing new.',
  'replica.lag.time.max.ms': 'How long a follower may be behind before it leaves the ISR.',
  'replica.selector.class': 'What chooses the replica a consumer reads from; none: the leader.',
  'replication.quota.window.num': 'Over how many samples the rate of throttled replication is measured.',
  'replication.quota.window.size.seconds': 'How long each sample of throttled replication is.',
  'segment.index.bytes': 'How large the indexes of a segment may grow.',
  'segment.jitter.ms': 'By how much the age of segments varies, so that not all roll at once.',
  'transaction.max.timeout.ms': 'The longest timeout a transactional producer may ask for.',
  'transaction.state.log.min.isr': 'min.insync.replicas of __transaction_state.',
  'transaction.state.log.num.partitions':
    'Partitions of __transaction_state; must not change once it exists.',
  'transaction.state.log.replication.factor': 'Replicas of each partition of __transaction_state.',
  'transactional.id.expiration.ms': 'How long the coordinator remembers a transactional id that is not used.',
  'unclean.leader.election.enable':
    'Whether a replica that is not in sync may lead when no other can; records may be lost then.',
};

/** Parts of Apache Kafka that are left out here, or that have no effect of their own. */
const families: readonly (readonly [prefix: string, text: string])[] = [
  ['sasl.', 'Belongs to SASL, which this broker does not offer; kept and shown only.'],
  ['ssl.', 'Belongs to TLS, which this broker does not offer; kept and shown only.'],
  ['remote.', 'Belongs to tiered storage, which this broker does not offer; kept and shown only.'],
  ['log.local.', 'Belongs to tiered storage, which this broker does not offer; kept and shown only.'],
  ['local.retention.', 'Belongs to tiered storage, which this broker does not offer; kept and shown only.'],
  ['group.share.', 'Belongs to share groups, which this broker does not offer; kept and shown only.'],
  ['share.', 'Belongs to share groups, which this broker does not offer; kept and shown only.'],
  ['group.streams.', 'Belongs to streams groups, which this broker does not offer; kept and shown only.'],
  ['streams.', 'Belongs to streams groups, which this broker does not offer; kept and shown only.'],
  ['delegation.', 'Belongs to delegation tokens, which this broker does not offer; kept and shown only.'],
  ['telemetry.', 'Belongs to client telemetry, which this broker does not offer; kept and shown only.'],
  ['metric', 'Belongs to the metrics of a Java process; kept and shown only.'],
  ['compression.', 'At which level batches are compressed with this codec when the broker has to.'],
  ['controller.quorum.', 'A setting of the controllers’ quorum.'],
  ['metadata.log.', 'A setting of the metadata log: its segments, snapshots and retention.'],
  ['log.cleaner.', 'A setting of the cleaner of compacted logs.'],
  ['message.timestamp.', 'How far the time of a record may be from the broker’s.'],
  ['log.message.timestamp.', 'How far the time of a record may be from the broker’s.'],
  ['max.connection', 'How many connections, or how many new ones in a second, are taken.'],
  ['quota.', 'How client quotas are measured.'],
  ['socket.', 'A setting of this broker’s sockets.'],
];
