/**
 * The management console: what Kafdrop and CMAK show and do, on any cluster one may see, all of it through the Kafka
 * protocol. Paths begin with `/api/labs/:labId/console/:clusterId`; instructors add `?trainee=ACCOUNT` for a trainee
 * of theirs. Percentages are 0 to 100; sizes are bytes.
 */
import { z } from 'zod';
import { ConsoleMirror } from './console-mirror.ts';
import { route } from './route.ts';

const Name = z.string().min(1).max(249);
const Id = z.number().int();
const Count = z.number().int().nonnegative();
export const Place = z.object({ topic: Name, partition: Count });
export type Place = z.infer<typeof Place>;

export const ConsoleBroker = z.object({
  id: Id,
  host: z.string(),
  port: z.number().int(),
  rack: z.string().nullable(),
  /** False: fenced, or known only from partitions' replicas. */
  up: z.boolean(),
  controller: z.boolean(),
  leaders: Count,
  /** Of all partitions that have a leader. */
  leadersPercent: z.number(),
  replicas: Count,
  /** Null: its log directories could not be read. */
  sizeBytes: z.number().nullable(),
});
export type ConsoleBroker = z.infer<typeof ConsoleBroker>;

export const ConsoleOverview = z.object({
  clusters: z.array(z.string()),
  clusterId: z.string().nullable(),
  bootstrap: z.string(),
  controller: Id.nullable(),
  brokers: z.array(ConsoleBroker),
  missingBrokers: z.array(Id),
  topics: Count,
  partitions: Count,
  preferredPercent: z.number(),
  underReplicated: Count,
  offline: Count,
  quorum: z
    .object({
      leader: Id.nullable(),
      epoch: Count,
      voters: z.array(z.object({ id: Id, lag: Count })),
    })
    .nullable(),
});
export type ConsoleOverview = z.infer<typeof ConsoleOverview>;

export const ConsoleTopic = z.object({
  name: z.string(),
  internal: z.boolean(),
  partitions: Count,
  replicationFactor: Count,
  /** Brokers that hold at least one replica. */
  brokers: Count,
  spreadPercent: z.number(),
  skewPercent: z.number(),
  leaderSkewPercent: z.number(),
  preferredPercent: z.number(),
  underReplicated: Count,
  underReplicatedPercent: z.number(),
  leaderSizeBytes: z.number().nullable(),
  /** Sum of the partitions' end offsets. */
  summedOffsets: z.number(),
  availableMessages: z.number(),
  customConfigs: Count,
  reassigning: z.boolean(),
});
export type ConsoleTopic = z.infer<typeof ConsoleTopic>;
export const ConsoleTopics = z.object({ topics: z.array(ConsoleTopic) });

export const ConsolePartition = z.object({
  partition: Count,
  first: z.number().nullable(),
  last: z.number().nullable(),
  sizeBytes: z.number().nullable(),
  leader: Id.nullable(),
  preferredLeader: z.boolean(),
  replicas: z.array(Id),
  isr: z.array(Id),
  offline: z.array(Id),
  underReplicated: z.boolean(),
});
export type ConsolePartition = z.infer<typeof ConsolePartition>;

export const ConsoleConfig = z.object({
  name: z.string(),
  value: z.string().nullable(),
  /** What it would be without being set here; null: a secret, or unknown. */
  defaultValue: z.string().nullable(),
  source: z.string(),
  readOnly: z.boolean(),
  sensitive: z.boolean(),
  /** What it does, in the broker's words. */
  documentation: z.string().nullable(),
});
export type ConsoleConfig = z.infer<typeof ConsoleConfig>;
export const ConsoleConfigs = z.object({ configs: z.array(ConsoleConfig) });

export const TopicOnBroker = z.object({
  broker: Id,
  partitions: z.array(Count),
  leads: z.array(Count),
  skewed: z.boolean(),
  leaderSkewed: z.boolean(),
});
export type TopicOnBroker = z.infer<typeof TopicOnBroker>;

export const ConsoleTopicDetail = z.object({
  summary: ConsoleTopic,
  configs: z.array(ConsoleConfig),
  partitions: z.array(ConsolePartition),
  byBroker: z.array(TopicOnBroker),
  groups: z.array(z.object({ id: z.string(), lag: z.number() })),
});
export type ConsoleTopicDetail = z.infer<typeof ConsoleTopicDetail>;

export const ConsoleBrokerDetail = z.object({
  topics: z.array(
    z.object({ name: z.string(), partitionsTotal: Count, partitions: z.array(Count), leads: z.array(Count) }),
  ),
  configs: z.array(ConsoleConfig),
});
export type ConsoleBrokerDetail = z.infer<typeof ConsoleBrokerDetail>;

export const ConsoleGroup = z.object({
  id: z.string(),
  state: z.string(),
  /** `Classic` or `Consumer` (KIP-848). */
  type: z.string(),
  assignor: z.string(),
  coordinator: Id.nullable(),
  members: Count,
  topics: z.array(z.string()),
  lag: z.number(),
  /** Of the partitions with offsets, those a member owns. */
  coveredPercent: z.number(),
});
export type ConsoleGroup = z.infer<typeof ConsoleGroup>;
/** `left`: groups past the limit that were not described. */
export const ConsoleGroups = z.object({ groups: z.array(ConsoleGroup), left: Count });

export const ConsoleGroupDetail = z.object({
  summary: ConsoleGroup,
  members: z.array(
    z.object({
      id: z.string(),
      instanceId: z.string().nullable(),
      clientId: z.string(),
      host: z.string(),
      partitions: z.array(Place),
    }),
  ),
  offsets: z.array(
    Place.extend({
      first: z.number().nullable(),
      last: z.number().nullable(),
      committed: z.number().nullable(),
      lag: z.number().nullable(),
      owner: z.string().nullable(),
    }),
  ),
});
export type ConsoleGroupDetail = z.infer<typeof ConsoleGroupDetail>;

/** Where reading begins. */
export const ReadFrom = z.discriminatedUnion('at', [
  z.object({ at: z.literal('newest') }),
  z.object({ at: z.literal('oldest') }),
  z.object({ at: z.literal('offset'), offset: z.number().int().nonnegative() }),
  z.object({ at: z.literal('time'), timeMs: z.number().int().nonnegative() }),
  /** Goes on where an earlier answer ended: `next`. */
  z.object({ at: z.literal('next'), offsets: z.record(z.string(), z.number().int().nonnegative()) }),
]);
export type ReadFrom = z.infer<typeof ReadFrom>;

export const ReadMessages = z.object({
  /** Null: all. */
  partition: Count.nullable(),
  from: ReadFrom,
  limit: z.number().int().min(1).max(1000),
  /** Only messages whose key, value or a header holds it, as UTF-8 text. */
  text: z.string().max(500).default(''),
  /** JavaScript over key, value, headers, json, partition, offset, timestamp; only messages for which it is true. */
  expression: z.string().max(2000).default(''),
  isolation: z.enum(['read_uncommitted', 'read_committed']).default('read_uncommitted'),
});
export type ReadMessages = z.input<typeof ReadMessages>;

/** At most the first 64 KiB. */
export const MessageBytes = z.object({ base64: z.string(), size: Count }).nullable();
export type MessageBytes = z.infer<typeof MessageBytes>;

export const ConsoleMessage = z.object({
  partition: Count,
  offset: z.number(),
  timestampMs: z.number(),
  timestampType: z.string(),
  codec: z.string(),
  key: MessageBytes,
  value: MessageBytes,
  headers: z.array(z.object({ key: z.string(), value: MessageBytes })),
});
export type ConsoleMessage = z.infer<typeof ConsoleMessage>;

export const MessagesRead = z.object({
  messages: z.array(ConsoleMessage),
  /** Of each partition that was read: where to go on. */
  next: z.record(z.string(), z.number()),
  /** Every partition was read to its end. */
  ended: z.boolean(),
  scanned: Count,
});
export type MessagesRead = z.infer<typeof MessagesRead>;

export const ProduceMessage = z.object({
  /** Null: by the key, as Java's producer chooses. */
  partition: Count.nullable(),
  key: z.string().max(100_000).nullable(),
  value: z.string().max(1_000_000).nullable(),
  headers: z
    .array(z.object({ key: z.string().max(1000), value: z.string().max(100_000).nullable() }))
    .max(50),
  /** How key, value and headers' values are written: as text, or as base64 of their bytes. */
  encoding: z.enum(['utf8', 'base64']).default('utf8'),
});
export type ProduceMessage = z.input<typeof ProduceMessage>;
export const MessageProduced = z.object({ partition: Count, offset: z.number() });

export const CreateTopic = z.object({
  name: Name,
  partitions: z.number().int().min(1).max(10_000).nullable(),
  replicationFactor: z.number().int().min(1).max(100).nullable(),
  configs: z.record(z.string(), z.string()).default({}),
});
export const AddPartitions = z.object({ total: z.number().int().min(1).max(10_000) });
/** Null: back to what it is without being set here. */
export const AlterConfigs = z.object({
  changes: z
    .array(z.object({ name: z.string().min(1).max(200), value: z.string().max(10_000).nullable() }))
    .min(1),
});
export const TruncateTopic = z.object({
  /** Records below go; -1: all. */
  limits: z.array(z.object({ partition: Count, before: z.number().int().min(-1) })).min(1),
});

export const Replicas = Place.extend({ replicas: z.array(Id).min(1) });
export type Replicas = z.infer<typeof Replicas>;
export const PlanReassignment = z.object({
  topics: z.array(Name).min(1).max(1000),
  /** To be spread over these. */
  brokers: z.array(Id).min(1),
  /** Null: as each partition has now. */
  replicationFactor: z.number().int().min(1).max(100).nullable(),
});
export const ReassignmentPlan = z.object({
  moves: z.array(
    Place.extend({ before: z.array(Id), after: z.array(Id), bytesToMove: z.number(), changed: z.boolean() }),
  ),
  bytesToMove: z.number(),
});
export type ReassignmentPlan = z.infer<typeof ReassignmentPlan>;
export const ExecuteReassignment = z.object({
  moves: z.array(Replicas).min(1).max(10_000),
  /** MessageBytes a second between brokers; null: as it is. */
  throttle: z.number().int().positive().nullable(),
});
export const OngoingMove = Place.extend({
  replicas: z.array(Id),
  adding: z.array(Id),
  removing: z.array(Id),
  /** Of the replicas being added. */
  bytesDone: z.number(),
  bytesTotal: z.number(),
});
export type OngoingMove = z.infer<typeof OngoingMove>;
export const OngoingMoves = z.object({ moves: z.array(OngoingMove), throttle: z.number().nullable() });
export const CancelReassignment = z.object({ partitions: z.array(Place).min(1) });
/** Null: no limit any more. */
export const SetThrottle = z.object({ throttle: z.number().int().positive().nullable() });
export const ElectLeaders = z.object({ partitions: z.array(Place).max(10_000) });

export const OffsetTarget = z.discriminatedUnion('to', [
  z.object({ to: z.literal('earliest') }),
  z.object({ to: z.literal('latest') }),
  z.object({ to: z.literal('shift'), by: z.number().int() }),
  z.object({ to: z.literal('time'), timeMs: z.number().int().nonnegative() }),
  z.object({ to: z.literal('offset'), offset: z.number().int().nonnegative() }),
  /** As another group has committed. */
  z.object({ to: z.literal('group'), groupId: z.string().min(1) }),
]);
export type OffsetTarget = z.infer<typeof OffsetTarget>;
export const ResetOffsets = z.object({
  topics: z.array(Name).min(1),
  target: OffsetTarget,
  /** False: only tells what would be. */
  execute: z.boolean(),
});
export const OffsetsReset = z.object({
  offsets: z.array(Place.extend({ before: z.number().nullable(), after: z.number() })),
});
export type OffsetsReset = z.infer<typeof OffsetsReset>;
export const DeleteOffsets = z.object({ topic: Name });

export const ConsoleAcls = z.object({
  /** Null: the cluster has no authorizer, as `message` says. */
  acls: z
    .array(
      z.object({
        resourceType: z.string(),
        resourceName: z.string(),
        patternType: z.string(),
        principal: z.string(),
        host: z.string(),
        operation: z.string(),
        permission: z.string(),
      }),
    )
    .nullable(),
  message: z.string().nullable(),
});
export type ConsoleAcls = z.infer<typeof ConsoleAcls>;

/** What failed for which partition or topic; empty: everything was done. */
export const Failures = z.object({ failures: z.array(z.object({ what: z.string(), message: z.string() })) });
export type Failures = z.infer<typeof Failures>;

const at = (path: string) => `/api/labs/:labId/console/:clusterId${path}`;
const read = <A extends z.ZodType>(path: string, answer: A) =>
  route('GET', at(path), 'signedIn', { body: null, answer });
const change = <B extends z.ZodType>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body: B) =>
  route(method, at(path), 'signedIn', { body, answer: Failures });

export const consoleRoutes = {
  consoleOverview: read('', ConsoleOverview),
  consoleTopics: read('/topics', ConsoleTopics),
  consoleTopic: read('/topics/:topic', ConsoleTopicDetail),
  consoleBroker: read('/brokers/:broker', ConsoleBrokerDetail),
  consoleGroups: read('/groups', ConsoleGroups),
  consoleGroup: read('/groups/:group', ConsoleGroupDetail),
  consoleMoves: read('/reassignments', OngoingMoves),
  consoleAcls: read('/acls', ConsoleAcls),
  /** Of all clusters of the lab, whichever the path names. */
  consoleMirror: read('/mirror', ConsoleMirror),
  readMessages: route('POST', at('/topics/:topic/read'), 'signedIn', {
    body: ReadMessages,
    answer: MessagesRead,
  }),
  produceMessage: route('POST', at('/topics/:topic/messages'), 'signedIn', {
    body: ProduceMessage,
    answer: MessageProduced,
  }),
  createTopic: change('POST', '/topics', CreateTopic),
  deleteTopic: route('DELETE', at('/topics/:topic'), 'signedIn', { body: null, answer: Failures }),
  addPartitions: change('POST', '/topics/:topic/partitions', AddPartitions),
  truncateTopic: change('POST', '/topics/:topic/truncate', TruncateTopic),
  alterTopicConfigs: change('PATCH', '/topics/:topic/configs', AlterConfigs),
  alterBrokerConfigs: change('PATCH', '/brokers/:broker/configs', AlterConfigs),
  planReassignment: route('POST', at('/reassignments/plan'), 'signedIn', {
    body: PlanReassignment,
    answer: ReassignmentPlan,
  }),
  executeReassignment: change('POST', '/reassignments', ExecuteReassignment),
  cancelReassignment: change('POST', '/reassignments/cancel', CancelReassignment),
  setThrottle: change('POST', '/reassignments/throttle', SetThrottle),
  electLeaders: change('POST', '/elections', ElectLeaders),
  resetOffsets: route('POST', at('/groups/:group/reset'), 'signedIn', {
    body: ResetOffsets,
    answer: OffsetsReset,
  }),
  deleteGroup: route('DELETE', at('/groups/:group'), 'signedIn', { body: null, answer: Failures }),
  deleteOffsets: change('POST', '/groups/:group/offsets/delete', DeleteOffsets),
} as const;
