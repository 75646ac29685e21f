/** The settings known, with what their values may be and what they are when nobody sets them (Apache Kafka 4.3). */

export type Rule =
  | { readonly kind: 'flag'; readonly byDefault: boolean }
  | { readonly kind: 'number'; readonly byDefault: number; readonly least: number; readonly most: number }
  | { readonly kind: 'text'; readonly byDefault: string; readonly choices?: readonly string[] }
  | { readonly kind: 'patterns'; readonly byDefault: readonly string[] };

const flag = (byDefault: boolean) => ({ kind: 'flag', byDefault }) as const;
const number = (byDefault: number, least = 0, most = Number.MAX_SAFE_INTEGER) =>
  ({ kind: 'number', byDefault, least, most }) as const;
const text = (byDefault: string, choices?: readonly string[]) =>
  ({ kind: 'text', byDefault, ...(choices === undefined ? {} : { choices }) }) as const;
const patterns = (...byDefault: string[]) => ({ kind: 'patterns', byDefault }) as const;

const mirrorPackage = 'org.apache.kafka.connect.mirror';
const replicationFactor = (byDefault: number) => number(byDefault, -1, 32_767);
const classes = (name: string) => [name, `${mirrorPackage}.${name}`];

/** Of a flow: at the top level for all flows, or behind `source->target.` for one. */
export const FLOW_RULES = {
  enabled: flag(false),
  topics: patterns('.*'),
  'topics.exclude': patterns('mm2.*\\.internal', '.*\\.replica', '__.*'),
  'topics.blacklist': patterns(),
  groups: patterns('.*'),
  'groups.exclude': patterns('console-consumer-.*', 'connect-.*', '__.*'),
  'groups.blacklist': patterns(),
  'config.properties.exclude': patterns(
    'follower\\.replication\\.throttled\\.replicas',
    'leader\\.replication\\.throttled\\.replicas',
    'message\\.timestamp\\.difference\\.max\\.ms',
    'log\\.message\\.timestamp\\.before\\.max\\.ms',
    'log\\.message\\.timestamp\\.after\\.max\\.ms',
    'message\\.timestamp\\.type',
    'unclean\\.leader\\.election\\.enable',
    'min\\.insync\\.replicas',
  ),
  'config.properties.blacklist': patterns(),
  'use.defaults.from': text('target', ['source', 'target']),
  'tasks.max': number(1, 1, 2_147_483_647),
  'replication.factor': replicationFactor(2),
  'offset-syncs.topic.replication.factor': replicationFactor(3),
  'checkpoints.topic.replication.factor': replicationFactor(3),
  'heartbeats.topic.replication.factor': replicationFactor(3),
  'offset-syncs.topic.location': text('source', ['source', 'target']),
  'offset.lag.max': number(100),
  'refresh.topics.enabled': flag(true),
  'refresh.topics.interval.seconds': number(600, 1),
  'refresh.groups.enabled': flag(true),
  'refresh.groups.interval.seconds': number(600, 1),
  'sync.topic.configs.enabled': flag(true),
  'sync.topic.configs.interval.seconds': number(600, 1),
  'sync.topic.acls.enabled': flag(true),
  'sync.topic.acls.interval.seconds': number(600, 1),
  'sync.group.offsets.enabled': flag(false),
  'sync.group.offsets.interval.seconds': number(60, 1),
  'emit.checkpoints.enabled': flag(true),
  'emit.checkpoints.interval.seconds': number(60, 1),
  'emit.heartbeats.enabled': flag(true),
  'emit.heartbeats.interval.seconds': number(1, 1),
  'emit.offset-syncs.enabled': flag(true),
  'heartbeats.replication.enabled': flag(true),
  'replication.policy.class': text('DefaultReplicationPolicy', [
    ...classes('DefaultReplicationPolicy'),
    ...classes('IdentityReplicationPolicy'),
  ]),
  'replication.policy.separator': text('.'),
  'replication.policy.internal.topic.separator.enabled': flag(true),
  'topic.filter.class': text('DefaultTopicFilter', classes('DefaultTopicFilter')),
  'group.filter.class': text('DefaultGroupFilter', classes('DefaultGroupFilter')),
  'config.property.filter.class': text('DefaultConfigPropertyFilter', classes('DefaultConfigPropertyFilter')),
  'consumer.poll.timeout.ms': number(1_000),
  'admin.timeout.ms': number(60_000, 1),
  'metric.names.formats': text('legacy'),
} as const satisfies Readonly<Record<string, Rule>>;

/** Of the worker that serves a target: behind `target.`; those of WORKER_TOP_LEVEL at the top level as well. */
export const WORKER_RULES = {
  // Apache Kafka waits 60 seconds: the sooner it is written, the less is mirrored twice after a crash.
  'offset.flush.interval.ms': number(5_000, 1),
  'offset.storage.replication.factor': replicationFactor(3),
  'offset.storage.partitions': number(25, -1, 2_147_483_647),
  'offset.storage.topic': text(''),
  'config.storage.replication.factor': replicationFactor(3),
  'config.storage.topic': text(''),
  'status.storage.replication.factor': replicationFactor(3),
  'status.storage.partitions': number(5, -1, 2_147_483_647),
  'status.storage.topic': text(''),
  'group.id': text(''),
  'exactly.once.source.support': text('disabled', ['disabled', 'preparing', 'enabled']),
} as const satisfies Readonly<Record<string, Rule>>;

export const WORKER_TOP_LEVEL = /^(offset|config|status)\.storage\./;

/** Of no flow and no cluster. The last one is ours: where the metrics are served. */
export const TOP_RULES = {
  'dedicated.mode.enable.internal.rest': flag(false),
  'metrics.port': number(-1, -1, 65_535),
  'metrics.host': text('127.0.0.1'),
} as const satisfies Readonly<Record<string, Rule>>;

/** Of clients: behind `cluster.`, or behind `cluster.consumer.`, `.producer.`, `.admin.`. */
export const CLIENT_RULES = {
  'bootstrap.servers': text(''),
  'client.id': text(''),
  'security.protocol': text('PLAINTEXT', ['PLAINTEXT']),
  'request.timeout.ms': number(30_000, 1),
  'default.api.timeout.ms': number(60_000, 1),
  'retry.backoff.ms': number(100),
  'retry.backoff.max.ms': number(1_000),
  'socket.connection.setup.timeout.ms': number(10_000, 1),
} as const satisfies Readonly<Record<string, Rule>>;

export const CONSUMER_RULES = {
  ...CLIENT_RULES,
  'auto.offset.reset': text('earliest', ['earliest', 'latest', 'none']),
  'isolation.level': text('read_uncommitted', ['read_uncommitted', 'read_committed']),
  'fetch.min.bytes': number(1),
  'fetch.max.bytes': number(4_194_304, 1),
  'fetch.max.wait.ms': number(500),
  'max.partition.fetch.bytes': number(1_048_576, 1),
} as const satisfies Readonly<Record<string, Rule>>;

export const PRODUCER_RULES = {
  ...CLIENT_RULES,
  acks: text('all', ['all', '-1', '1', '0']),
  'batch.size': number(262_144),
  'compression.type': text('', ['none', 'gzip', 'snappy', 'lz4', 'zstd']),
  'enable.idempotence': flag(true),
  'max.request.size': number(1_048_576, 1),
  'transaction.timeout.ms': number(60_000, 1),
} as const satisfies Readonly<Record<string, Rule>>;

/** Known to Apache Kafka and without effect here: tuning of Java's clients and workers. Accepted in silence. */
export const IGNORED =
  /^(name|connector\.class|source\.cluster\.alias|target\.cluster\.alias|tasks\.max\.enforce|errors\..+|transforms|predicates|config\.action\.reload|forwarding\.admin\.class|metric\.reporters|config\.providers|add\.source\.alias\.to\.metrics|use\.incremental\.alter\.configs|(key|value|header)\.converter(\..+)?|task\..+|worker\..+|plugin\..+|metrics\..+|topic\.(creation|tracking)\..+|listeners|admin\.listeners|rest\..+|access\.control\..+|response\.http\..+|connect\.protocol|scheduled\.rebalance\..+|inter\.worker\..+|rebalance\.timeout\.ms|session\.timeout\.ms|heartbeat\.interval\.ms|offset\.flush\.timeout\.ms|connector\.client\.config\.override\.policy|(offsets|transaction\.boundary|exactly\.once)\..*|linger\.ms|buffer\.memory|max\.block\.ms|retries|delivery\.timeout\.ms|max\.in\.flight\.requests\.per\.connection|partitioner\..+|interceptor\.classes|max\.poll\..+|enable\.auto\.commit|auto\.commit\..+|allow\.auto\.create\.topics|check\.crcs|group\.id|group\.instance\.id|exclude\.internal\.topics|client\.(rack|dns\.lookup)|metadata\..+|(send|receive)\.buffer\.bytes|reconnect\.backoff\..+|connections\.max\.idle\.ms|socket\.connection\.setup\.timeout\.max\.ms|(key|value)\.(de)?serializer|enable\.metrics\.push|transactional\.id)$/;

/** What protects a connection: refused by name, because to go on without it would be worse than to stop. */
export const SECURITY = /^(ssl|sasl)\./;
