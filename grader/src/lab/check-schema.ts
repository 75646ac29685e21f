/**
 * The kinds of checks, as zod schemas and the types they give. `docs/labs.md` shows each with an example; the JSON
 * Schema that editors use is generated from here.
 */
import { z } from 'zod';
import { bound, count, id, name, scalar, text } from './values.ts';

const common = {
  id,
  cluster: id.optional().describe("Which of the lab's clusters; the first when left out."),
  expect: z
    .enum(['now', 'once', 'never'])
    .default('now')
    .describe(
      'now: true at this moment. once: has been true since the step began. never: must not become true.',
    ),
  points: count.max(100).optional(),
};

const topicCheck = z.strictObject({
  ...common,
  kind: z.literal('topic'),
  topic: name,
  deleted: z.literal(true).optional().describe('The topic was there and is there no more. Stands alone.'),
  partitions: bound.optional(),
  replicationFactor: bound.optional(),
  inSync: z.literal(true).optional().describe('Every replica of every partition is in sync.'),
  isr: bound.optional().describe('Size of the ISR, in every partition looked at.'),
  onlyPartition: count.optional().describe('The conditions below and isr look at this partition alone.'),
  startOffset: bound.optional().describe('First offset still held; the sum over the partitions looked at.'),
  records: bound.optional().describe('End offset minus start offset; the sum over the partitions looked at.'),
  sizeBytes: bound.optional().describe("On the leaders' disks; the sum over the partitions looked at."),
  configs: z
    .record(z.string(), z.union([scalar, z.null()]))
    .optional()
    .describe('Values set on the topic itself; null: nothing is set there.'),
});

const recordFilter = z.strictObject({
  key: z.union([scalar, z.null()]).optional().describe('null: records without a key.'),
  keyed: z.boolean().optional().describe('Any key at all, or none.'),
  value: z.union([scalar, z.null()]).optional().describe('null: tombstones.'),
  valueIncludes: scalar.optional(),
  partition: count.optional(),
  headers: z.record(z.string(), scalar).optional().describe('Each of these headers, with this value.'),
});
export type RecordFilter = z.infer<typeof recordFilter>;

const recordsCheck = z.strictObject({
  ...common,
  kind: z.literal('records'),
  topic: name,
  where: recordFilter.default({}),
  count: bound.default({ atLeast: 1 }),
  samePartition: z.literal(true).optional().describe('All matching records share one partition.'),
  spread: bound.optional().describe('So many different partitions hold matching records.'),
  everyPartition: z
    .literal(true)
    .optional()
    .describe('Every partition of the topic holds at least one matching record.'),
  keysStay: z.literal(true).optional().describe('Each key is found in one partition only.'),
  ascending: z
    .enum(['perKey', 'perPartition'])
    .optional()
    .describe('The last number in the values never falls, within each key or partition.'),
  unique: z.enum(['value', 'key']).optional().describe('No two matching records share it.'),
  distinct: bound.optional().describe('So many different values among the matching records.'),
  compression: z
    .enum(['none', 'gzip', 'snappy', 'lz4', 'zstd'])
    .optional()
    .describe('Every matching record came in a batch of this codec.'),
  idempotent: z
    .literal(true)
    .optional()
    .describe('Every matching record was sent by an idempotent producer.'),
  transactional: z.literal(true).optional().describe('Every matching record belongs to a transaction.'),
  perBatch: bound.optional().describe('Records in the fullest batch.'),
  committed: z.literal(true).optional().describe('Reads as read_committed: aborted records do not count.'),
  acknowledged: id
    .optional()
    .describe('Every record of this load that was acknowledged is there: nothing was lost.'),
});

const groupCheck = z.strictObject({
  ...common,
  kind: z.literal('group'),
  group: name,
  topic: name.optional(),
  deleted: z.literal(true).optional().describe('There is no such group (any more). Stands alone.'),
  state: z
    .enum([
      'Empty',
      'Stable',
      'PreparingRebalance',
      'CompletingRebalance',
      'Assigning',
      'Reconciling',
      'Dead',
    ])
    .optional(),
  protocol: z.enum(['classic', 'consumer']).optional().describe('consumer: the protocol of KIP-848.'),
  members: bound.optional(),
  idle: bound.optional().describe('Members without a single partition.'),
  perMember: bound.optional().describe('Partitions of the topic (or of all) that every member has.'),
  strategy: name.optional().describe('The assignor: range, roundrobin, sticky, cooperative-sticky, uniform.'),
  instanceIds: z.array(name).max(20).optional().describe('Static members with these group.instance.id.'),
  clientIds: z.array(name).max(20).optional().describe('A member with each of these client.id.'),
  sessionTimeoutMs: bound.optional().describe('session.timeout.ms of every member (classic protocol).'),
  rebalances: bound
    .optional()
    .describe('Rebalances since the step began: how far the generation (or epoch) rose.'),
  read: bound
    .optional()
    .describe("Records the group has committed past, summed over the topic's partitions."),
  lag: bound.optional().describe("Records the group has still to read, summed over the topic's partitions."),
  lagTrend: z
    .enum(['growing', 'steady', 'falling'])
    .optional()
    .describe('How the lag moved over the last seconds. steady: it has stopped growing, or is gone.'),
  trendSeconds: z.number().min(1).max(60).default(5).describe('How long lagTrend looks back.'),
  offsets: z
    .record(z.string().regex(/^\d+$/, 'a partition'), bound)
    .optional()
    .describe('Committed offset by partition of the topic.'),
});

const brokerCheck = z.strictObject({
  ...common,
  kind: z.literal('broker'),
  running: bound.optional().describe('Brokers that run (registered and not fenced).'),
  registered: bound.optional().describe('Brokers the controller knows, running or not.'),
  fenced: bound.optional().describe('Brokers that are registered but fenced.'),
  broker: count.optional().describe('The conditions below are about this broker.'),
  state: z
    .enum(['running', 'down'])
    .optional()
    .describe('down: fenced, or not there at all. With broker, or with brokers.'),
  configs: z
    .record(z.string(), z.union([scalar, z.null()]))
    .optional()
    .describe(
      "The broker's values set at run time; null: nothing is set. Without broker: the default of all.",
    ),
  underReplicated: bound.optional().describe('Partitions of all topics with a replica out of sync.'),
  underMinIsr: bound.optional().describe('Partitions with fewer in-sync replicas than min.insync.replicas.'),
  offline: bound.optional().describe('Partitions of all topics without a leader.'),
});

const quorumCheck = z.strictObject({
  ...common,
  kind: z.literal('quorum'),
  leader: count.optional().describe('The active controller is this node.'),
  leaderNot: count.optional(),
  leaderChanged: z.literal(true).optional().describe('Another node leads than when the step began.'),
  epochRose: bound.optional().describe('How far the leader epoch rose since the step began.'),
  voters: bound.optional(),
  observers: bound.optional(),
  lagging: bound.optional().describe('Voters that have not fetched for ten seconds: those that are down.'),
});

const leadersCheck = z.strictObject({
  ...common,
  kind: z.literal('leaders'),
  topic: name.optional().describe('Left out: every topic that is not internal.'),
  preferred: z.literal(true).optional().describe('Every partition is led by its preferred leader.'),
  preferredShare: bound.optional().describe('Percent of partitions led by their preferred leader.'),
  perBroker: bound.optional().describe('Partitions that every running broker leads.'),
  skew: bound.optional().describe('Leaders of the busiest broker minus those of the least busy running one.'),
  leads: z
    .record(z.string().regex(/^\d+$/, 'a broker'), bound)
    .optional()
    .describe('Broker → partitions it leads.'),
  partition: count.optional(),
  leader: count.optional().describe('The leader of partition (of every one, without it).'),
  leaderNot: count.optional(),
});

const reassignmentCheck = z.strictObject({
  ...common,
  kind: z.literal('reassignment'),
  topic: name.optional(),
  replicas: z
    .array(z.array(count).min(1).max(9))
    .min(1)
    .max(100)
    .optional()
    .describe('Replicas of partition 0, 1, 2 …, in order: the first is the preferred leader.'),
  anyOrder: z.literal(true).optional().describe('replicas names sets, whatever their order.'),
  firstReplicas: z
    .enum(['spread'])
    .optional()
    .describe('spread: the first replicas (preferred leaders) are spread evenly over the brokers.'),
  replicasPerBroker: bound.optional().describe('Replicas that every running broker holds.'),
  onBroker: z.strictObject({ broker: count, replicas: bound }).optional().describe('Replicas on one broker.'),
  ongoing: bound.optional().describe('Partitions that are moving right now.'),
  throttled: z.boolean().optional().describe('false: no replication throttle is left on brokers or topic.'),
});

const mirrorCheck = z.strictObject({
  ...common,
  kind: z.literal('mirror'),
  from: id.describe('The source cluster.'),
  to: id.describe('The target cluster.'),
  alias: name
    .optional()
    .describe("The source's alias in the properties file; its cluster id in the lab when left out."),
  topic: name.optional().describe('A topic of the source.'),
  policy: z
    .enum(['default', 'identity'])
    .default('default')
    .describe('default: alias.topic on the target. identity: the same name.'),
  partitions: z.literal(true).optional().describe('The remote topic has as many partitions.'),
  records: z
    .enum(['all', 'some'])
    .optional()
    .describe('How many of the records held by the source are on the target.'),
  configs: z.array(name).max(20).optional().describe('Configs of the topic that are the same on both sides.'),
  group: name.optional(),
  checkpoint: z.literal(true).optional().describe('A checkpoint of the group was written on the target.'),
  groupOffsets: z.literal(true).optional().describe('The group has translated offsets on the target.'),
  groupLag: bound.optional().describe('Lag of the group on the remote topic.'),
  noCycles: z
    .literal(true)
    .optional()
    .describe('No topic came home, and none was mirrored twice: no A.B.topic in either cluster.'),
  absent: name.optional().describe('A topic that must not be on the target.'),
});

const terminalCheck = z.strictObject({
  ...common,
  kind: z.literal('terminal'),
  tool: name,
  has: z
    .array(text)
    .max(20)
    .default([])
    .describe('Words that stand in the command, each a word or several in a row: --topic orders.'),
  exit: z.enum(['success', 'failure', 'any']).default('any'),
  printed: z.array(text).max(20).default([]).describe('Texts that the command printed.'),
});

const fileCheck = z.strictObject({
  ...common,
  kind: z.literal('file'),
  path: text.max(400).describe("Relative to the trainee's home."),
  absent: z.literal(true).optional().describe('There is no such file. Stands alone.'),
  contains: z.array(text).max(20).default([]),
  lacks: z.array(text).max(20).default([]),
  matches: text.max(500).optional().describe('A regular expression (unicode, multiline).'),
  json: z
    .record(z.string(), z.union([scalar, z.boolean(), z.null()]))
    .optional()
    .describe('Path in the JSON (a.b.0) → value.'),
  properties: z.record(z.string(), scalar).optional().describe('Key of a .properties file → value.'),
});

const programCheck = z.strictObject({
  ...common,
  kind: z.literal('program'),
  command: z.string().max(500).default('').describe("Run by bash in the trainee's home."),
  script: text
    .max(200)
    .optional()
    .describe(
      "A file in the lab's folder files/, run by bash in the trainee's home instead of a program of theirs; its exit code is believed, so it is worth no points.",
    ),
  environment: z.record(z.string(), scalar).default({}),
  files: z.array(text).max(10).default([]).describe('Must be there before it is run.'),
  input: z
    .strictObject({
      records: z.number().int().min(1).max(1000).default(60),
      keys: z.number().int().min(0).max(100).default(6).describe('Different keys; 0: none.'),
      partitions: z.number().int().min(1).max(20).default(3),
      value: text
        .default('{id}')
        .describe(
          'Must hold {id}, the secret word by which a record is found again; {n}: number, {key}: key.',
        ),
      poison: z
        .strictObject({
          every: z.number().int().min(2).max(100),
          value: text.describe('Must hold {id}, too.'),
        })
        .optional()
        .describe('Every so many-th record has this value instead.'),
      split: z
        .number()
        .min(0)
        .max(1)
        .default(1)
        .describe('Share that is there before the program starts; the rest follows while it runs.'),
      batchRecords: z.number().int().min(1).max(1000).optional().describe('Sent in batches of so many.'),
    })
    .optional()
    .describe('Hidden records in a fresh topic, whose name the program gets as INPUT_TOPIC.'),
  output: z
    .strictObject({
      partitions: z.number().int().min(1).max(20).default(3),
      replicationFactor: z.number().int().min(1).max(9).default(1),
    })
    .optional()
    .describe('An empty fresh topic, whose name the program gets as OUTPUT_TOPIC.'),
  deadLetter: z
    .literal(true)
    .optional()
    .describe('A further empty topic, given as DEAD_LETTER_TOPIC, for the poison records.'),
  committedBefore: z
    .literal(true)
    .optional()
    .describe(
      'The group (GROUP_ID) has committed the middle of the input already: the program must go on there.',
    ),
  crash: z
    .strictObject({
      after: z.union([
        z.strictObject({ output: z.number().int().min(1) }),
        z.strictObject({ committed: z.number().int().min(1) }),
        z.strictObject({ seconds: z.number().min(0.1).max(30) }),
      ]),
      times: z.number().int().min(1).max(3).default(1),
    })
    .optional()
    .describe(
      'kill -9 once so many records came out, were committed, or time went by; then it is run again.',
    ),
  until: z
    .enum(['exit', 'output', 'committed'])
    .default('exit')
    .describe('exit: the program ends by itself. Otherwise it is ended once its work is done.'),
  seconds: z.number().min(1).max(60).default(20).describe('Limit of one run.'),
  result: z
    .strictObject({
      output: bound.optional().describe('Records in the output topic (read_committed).'),
      delivered: z
        .enum(['atLeastOnce', 'exactlyOnce', 'atMostOnce'])
        .optional()
        .describe('How often each good input record must be in the output.'),
      sameKey: z.literal(true).optional().describe('Each record kept its key.'),
      inOrder: z.literal(true).optional().describe('Records of one key stand in the order of the input.'),
      value: text
        .optional()
        .describe(
          'What the output value of an input must contain: {value}, {n}, {id}, {key}, {VALUE} upper case.',
        ),
      deadLetters: bound.optional().describe('Poison records in the dead-letter topic; 0 lets none through.'),
      committed: z
        .enum(['all', 'none'])
        .optional()
        .describe('The group has committed everything it was given, or nothing.'),
      skipped: z
        .literal(true)
        .optional()
        .describe('With committedBefore: nothing before the middle came out.'),
      compression: z.enum(['none', 'gzip', 'snappy', 'lz4', 'zstd']).optional(),
      idempotent: z.literal(true).optional(),
      transactional: z.literal(true).optional(),
      perBatch: bound.optional().describe('Records in the fullest batch of the output.'),
      exit: z.enum(['success', 'failure']).optional(),
      withinSeconds: z.number().min(0.5).max(60).optional(),
    })
    .describe('What the cluster must hold afterwards.'),
});

const place = z.strictObject({ topic: name, partition: count });
const observedAnswer = z.union([
  z.strictObject({ leaderOf: place }),
  z.strictObject({ partitionOfKey: z.strictObject({ topic: name, key: scalar }) }),
  z.strictObject({ partitionOfValue: z.strictObject({ topic: name, value: scalar }) }),
  z.strictObject({ valueAt: z.strictObject({ topic: name, partition: count, offset: count }) }),
  z.strictObject({ valueAt: z.strictObject({ topic: name, partitionOfKey: scalar, offset: count }) }),
  z.strictObject({ endOffsetOf: place }),
  z.strictObject({ startOffsetOf: place }),
  z
    .strictObject({
      partitionForKey: z.strictObject({ topic: name, key: scalar, partitions: count.optional() }),
    })
    .describe('Where the default partitioner sends the key, with the partitions there are or with so many.'),
  z.strictObject({ controller: z.literal(true) }).describe('The active controller.'),
  z.strictObject({ quorumEpoch: z.literal(true) }),
  z.strictObject({ preferredLeaderOf: place }),
  z.strictObject({ isrSizeOf: place }),
  z.strictObject({ lagOf: z.strictObject({ group: name, topic: name.optional() }) }),
  z.strictObject({ membersOf: z.strictObject({ group: name }) }),
  z.strictObject({ idleMembersOf: z.strictObject({ group: name }) }),
  z.strictObject({ coordinatorOf: z.strictObject({ group: name }) }),
  z
    .strictObject({ ownerOf: z.strictObject({ group: name, topic: name, partition: count }) })
    .describe('The client.id of the member that has the partition.'),
  z.strictObject({ leadersOn: z.strictObject({ broker: count, topic: name.optional() }) }),
  z.strictObject({ recordsIn: z.strictObject({ topic: name }) }),
]);
export type ObservedAnswer = z.infer<typeof observedAnswer>;

const quizCheck = z.strictObject({
  ...common,
  kind: z.literal('quiz'),
  form: z
    .enum(['predict', 'answer'])
    .describe('predict: any answer passes, locked in before the fact. answer: only the right one passes.'),
  choices: z
    .array(id)
    .min(2)
    .max(6)
    .optional()
    .describe('Ids of the choices; without them the trainee types the answer.'),
  answer: z
    .union([scalar, observedAnswer])
    .describe('The right choice or text, or where in the cluster it stands.'),
  atStart: z
    .literal(true)
    .optional()
    .describe('The answer is what the cluster showed when the step began, however it is now.'),
  before: id
    .optional()
    .describe('predict: the check that is the fact; an answer given after it passed earns no points.'),
});

export const checkSchema = z.discriminatedUnion('kind', [
  topicCheck,
  recordsCheck,
  groupCheck,
  brokerCheck,
  quorumCheck,
  leadersCheck,
  reassignmentCheck,
  mirrorCheck,
  terminalCheck,
  fileCheck,
  programCheck,
  quizCheck,
]);
export type Check = z.infer<typeof checkSchema>;
export type CheckKind = Check['kind'];
export type TopicCheck = z.infer<typeof topicCheck>;
export type RecordsCheck = z.infer<typeof recordsCheck>;
export type GroupCheck = z.infer<typeof groupCheck>;
export type BrokerCheck = z.infer<typeof brokerCheck>;
export type QuorumCheck = z.infer<typeof quorumCheck>;
export type LeadersCheck = z.infer<typeof leadersCheck>;
export type ReassignmentCheck = z.infer<typeof reassignmentCheck>;
export type MirrorCheck = z.infer<typeof mirrorCheck>;
export type TerminalCheck = z.infer<typeof terminalCheck>;
export type FileCheck = z.infer<typeof fileCheck>;
export type ProgramCheck = z.infer<typeof programCheck>;
export type QuizCheck = z.infer<typeof quizCheck>;
