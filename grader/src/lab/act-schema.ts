/**
 * What happens when a lab or a step opens, as data: topics made, records sent, load run, brokers taken down, files given.
 * `act/perform.ts` carries it out through the Kafka protocol and the ports of whoever hosts the lab.
 */
import { z } from 'zod';
import { count, id, name, scalar, text } from './values.ts';

const where = { cluster: id.optional().describe("Which of the lab's clusters; the first when left out.") };
const partitionRecord = z.record(z.string(), z.union([scalar, z.null()]));
const brokerList = z.array(count).min(1).max(9);
const record = z.strictObject({
  key: z.union([scalar, z.null()]).default(null),
  value: z.union([scalar, z.null()]).default(''),
  partition: count.optional(),
  headers: z.record(z.string(), scalar).optional(),
  ageSeconds: count.optional().describe('The timestamp lies so far back.'),
});

const createTopic = z.strictObject({
  ...where,
  topic: name,
  partitions: count.min(1).max(100).optional(),
  replicationFactor: count.min(1).max(9).optional(),
  assignment: z
    .array(brokerList)
    .min(1)
    .max(100)
    .optional()
    .describe('Replicas of partition 0, 1, 2 …; the first of each is its leader. Instead of the two above.'),
  configs: partitionRecord.optional(),
});

const produce = z.strictObject({
  ...where,
  topic: name,
  records: z.array(record).min(1).max(500).optional(),
  count: z.number().int().min(1).max(20_000).optional().describe('Instead of records: so many made ones.'),
  keys: z
    .union([z.array(scalar).min(1).max(100), z.number().int().min(1).max(1000)])
    .optional()
    .describe('With count: keys used in turn, or how many different ones (key-1, key-2 …).'),
  value: text.default('record-{n}').describe('With count: {n} number from 1, {key} key.'),
  valueBytes: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe('With count: values are padded to this.'),
  partition: count.optional().describe('With count.'),
  ageSeconds: count.optional().describe('With count: timestamps lie so far back.'),
  compression: z.enum(['none', 'gzip', 'snappy', 'lz4', 'zstd']).default('none'),
  batchRecords: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('With count: sent in batches of so many.'),
});

const produceLoad = z.strictObject({
  topic: name,
  producers: z.number().int().min(1).max(20).default(1),
  perSecond: z.number().min(0.1).max(500).describe('Records a second of each producer.'),
  keys: z.number().int().min(0).max(1000).default(0).describe('Different keys; 0: none.'),
  value: text
    .default('{load}-{n}')
    .describe('{load}: id of the load, {n}: number over all its producers, {key}.'),
  acks: z.enum(['0', '1', 'all']).default('all'),
  idempotence: z.boolean().default(true),
  retries: z.number().int().min(0).max(1_000_000).optional(),
  deliveryTimeoutMs: z.number().int().min(500).max(120_000).default(30_000),
});
const consumeLoad = z
  .strictObject({
    topic: name,
    group: name,
    consumers: z
      .number()
      .int()
      .min(0)
      .max(20)
      .default(1)
      .describe('0: none until the trainee asks for some (adjustable).'),
    perSecond: z
      .number()
      .min(0.1)
      .max(1000)
      .optional()
      .describe('Records a second that each consumer can handle. Or processingMs.'),
    processingMs: z
      .number()
      .int()
      .min(0)
      .max(60_000)
      .optional()
      .describe('How long each record takes, instead of perSecond.'),
    assignor: z.enum(['range', 'roundrobin', 'sticky', 'cooperative-sticky']).default('range'),
    offsetReset: z.enum(['earliest', 'latest']).default('earliest'),
    instanceIds: z.literal(true).optional().describe('Static members: load-1, load-2 …'),
    sessionTimeoutMs: z.number().int().min(1000).max(300_000).default(10_000),
    heartbeatMs: z
      .number()
      .int()
      .min(50)
      .max(60_000)
      .optional()
      .describe('A third of the session timeout, at most 3 seconds, when left out.'),
    maxPollIntervalMs: z
      .number()
      .int()
      .min(1000)
      .max(3_600_000)
      .default(300_000)
      .describe('A consumer that has not polled for so long leaves its group, until it polls again.'),
    maxPollRecords: z
      .number()
      .int()
      .min(1)
      .max(500)
      .default(1)
      .describe('Records taken with one poll: all are handled before the next one.'),
    commitMs: z.number().int().min(100).max(60_000).default(500),
  })
  .refine(({ perSecond, processingMs }) => (perSecond === undefined) !== (processingMs === undefined), {
    error: 'needs perSecond or processingMs: one of the two',
  });
const load = z.strictObject({
  ...where,
  id,
  produce: produceLoad.optional(),
  consume: consumeLoad.optional(),
  clientId: name.optional().describe('server → server-1, server-2 …; the id when left out.'),
  adjustable: z
    .strictObject({ atLeast: count.default(0), atMost: z.number().int().min(1).max(20) })
    .optional()
    .describe('The trainee may change the number of producers or consumers: lab load ID N.'),
});
export type LoadSpec = z.output<typeof load>;

const brokers = z.union([count, brokerList]);
const broker = z.strictObject({
  ...where,
  stop: brokers.optional(),
  kill: brokers.optional(),
  pause: brokers.optional(),
  resume: brokers.optional(),
  isolate: brokers.optional(),
  start: brokers.optional(),
  heal: z.literal(true).optional(),
  add: z.literal(true).optional(),
  restore: z.literal(true).optional().describe('Every broker runs again, nothing paused, nothing cut off.'),
});

export const actSchema = z.union([
  z.strictObject({ createTopic }),
  z.strictObject({ deleteTopic: z.strictObject({ ...where, topic: name }) }),
  z.strictObject({
    addPartitions: z.strictObject({ ...where, topic: name, partitions: count.min(1).max(100) }),
  }),
  z.strictObject({ topicConfigs: z.strictObject({ ...where, topic: name, set: partitionRecord }) }),
  z.strictObject({
    brokerConfigs: z.strictObject({
      ...where,
      broker: count.optional().describe('Left out: the default of all brokers.'),
      set: partitionRecord,
    }),
  }),
  z.strictObject({ produce }),
  z.strictObject({
    commitOffsets: z.strictObject({
      ...where,
      group: name,
      topic: name,
      to: z.union([z.enum(['earliest', 'latest']), count]).default('earliest'),
    }),
  }),
  z.strictObject({ deleteGroup: z.strictObject({ ...where, group: name }) }),
  z.strictObject({
    deleteRecords: z.strictObject({ ...where, topic: name, partition: count, before: count }),
  }),
  z.strictObject({
    reassign: z.strictObject({
      ...where,
      topic: name,
      replicas: z.array(brokerList).min(1).max(100),
    }),
  }),
  z.strictObject({
    electLeaders: z.strictObject({ ...where, topic: name }),
  }),
  z.strictObject({ load }),
  z.strictObject({ stopLoad: id }),
  z.strictObject({ broker }),
  z.strictObject({
    file: z.strictObject({
      path: text.max(400),
      content: z.string().max(200_000).optional(),
      from: text
        .max(200)
        .optional()
        .describe("A file in the lab's folder files/; templates in it are filled in."),
      executable: z.literal(true).optional(),
      keep: z.literal(true).optional().describe('A file that is there already is left as it is.'),
      raw: z.literal(true).optional().describe('Its {{…}} are no templates.'),
    }),
  }),
  z.strictObject({
    script: z
      .strictObject({ from: text.max(200).describe("A file in the lab's folder files/.") })
      .describe(
        "Started by bash in the trainee's home and left running; what it prints goes to ~/.scenario.",
      ),
  }),
]);
export type Act = z.output<typeof actSchema>;
export type CreateTopicAct = z.output<typeof createTopic>;
export type ProduceAct = z.output<typeof produce>;
export type BrokerAct = z.output<typeof broker>;
