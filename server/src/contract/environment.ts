/** A trainee's box and cluster for one lab: how it stands, what it uses, and the picture the map draws. */
import { z } from 'zod';
import { Localized, TimestampMs } from './text.ts';

export const StartStage = z.enum(['queued', 'box', 'brokers', 'terminals']);
export type StartStage = z.infer<typeof StartStage>;

export const BrokerState = z.object({
  id: z.number().int(),
  /** As the trainee addresses it: `localhost:9092`. */
  address: z.string(),
  state: z.enum(['starting', 'up', 'paused', 'isolated', 'stopped']),
});
export type BrokerState = z.infer<typeof BrokerState>;

export const EnvironmentState = z.discriminatedUnion('state', [
  /** Nothing runs; home and cluster data are kept. Opening the lab starts it. */
  z.object({ state: z.literal('asleep') }),
  z.object({
    state: z.literal('starting'),
    stage: StartStage,
    /** 0 to 1, never going back. */
    progress: z.number(),
    /** Others ahead in the queue while `queued`. */
    ahead: z.number().int(),
    why: z.enum(['open', 'restart', 'reset']),
  }),
  z.object({ state: z.literal('ready'), since: TimestampMs, brokers: z.array(BrokerState) }),
  z.object({ state: z.literal('stopping') }),
  /** What went wrong and what to do about it; offer "try again" (`POST …/environment/restart`). */
  z.object({ state: z.literal('failed'), message: Localized, advice: Localized }),
]);
export type EnvironmentState = z.infer<typeof EnvironmentState>;

export const Usage = z.object({
  memoryBytes: z.number(),
  memoryLimitBytes: z.number(),
  diskBytes: z.number(),
  diskLimitBytes: z.number(),
  processes: z.number().int(),
  processesMax: z.number().int(),
  at: TimestampMs,
});
export type Usage = z.infer<typeof Usage>;

export const LimitKind = z.enum(['processes', 'memory', 'disk', 'files', 'output']);
export type LimitKind = z.infer<typeof LimitKind>;

export const PartitionView = z.object({
  partition: z.number().int(),
  /** Null: no leader. */
  leader: z.number().int().nullable(),
  /** The first is the preferred leader. */
  replicas: z.array(z.number().int()),
  isr: z.array(z.number().int()),
  firstOffset: z.number().nullable(),
  lastOffset: z.number().nullable(),
});
export type PartitionView = z.infer<typeof PartitionView>;

export const TopicView = z.object({
  name: z.string(),
  internal: z.boolean(),
  partitions: z.array(PartitionView),
  /** Of the configs only those that differ from the default. */
  configs: z.array(z.object({ key: z.string(), value: z.string() })),
});
export type TopicView = z.infer<typeof TopicView>;

export const GroupView = z.object({
  id: z.string(),
  state: z.string(),
  members: z.array(
    z.object({
      id: z.string(),
      clientId: z.string(),
      host: z.string(),
      partitions: z.array(z.object({ topic: z.string(), partition: z.number().int() })),
    }),
  ),
  offsets: z.array(
    z.object({
      topic: z.string(),
      partition: z.number().int(),
      committed: z.number().nullable(),
      end: z.number().nullable(),
      lag: z.number().nullable(),
    }),
  ),
  lag: z.number().nullable(),
});
export type GroupView = z.infer<typeof GroupView>;

/** `GET /api/labs/:labId/cluster`: the first cluster, now. What the map is pushed stands in `map.ts`. */
export const ClusterView = z.object({
  labId: z.string(),
  revision: z.number().int(),
  at: TimestampMs,
  controller: z.number().int().nullable(),
  brokers: z.array(
    z.object({
      id: z.number().int(),
      address: z.string(),
      rack: z.string().nullable(),
      up: z.boolean(),
    }),
  ),
  topics: z.array(TopicView),
  groups: z.array(GroupView),
  /** Topics or groups over the map's limit were left out. */
  truncated: z.boolean(),
});
export type ClusterView = z.infer<typeof ClusterView>;
