/**
 * Fetch, versions 4 to 18, for consumers and for followers: incremental sessions (KIP-227), topic ids (KIP-516), long
 * polling, divergence (KIP-595). The first batch found is sent even when it is larger than every limit (KIP-74).
 * A follower that is catching up is held to the leader's throttle (KIP-73). Consumers may read from followers, and are sent
 * to one in their own rack where `replica.selector.class` says so (KIP-392).
 */
import type { FetchRequest, FetchResponse } from '../messages/01-fetch.ts';
import { ErrorCode } from '../messages/errors.ts';
import { type Input, ZERO_UUID } from '../wire/main.ts';
import { aliveEndpoints } from './brokers.ts';
import type { Reply, RequestContext, Wait } from './context.ts';
import type { SessionPartition } from './fetch-sessions.ts';
import { isInSync, readReplicaFor } from './read-replica.ts';
import type { LeaderReplica, ReadRequest } from './replicas.ts';

type Response = Input<typeof FetchResponse>;
type TopicEntry = NonNullable<Response['responses']>[number];
type PartitionEntry = NonNullable<TopicEntry['partitions']>[number];

interface Read {
  readonly partition: SessionPartition;
  readonly entry: PartitionEntry;
  readonly bytes: number;
  readonly replica: LeaderReplica | null;
  /** An answer that must not wait: an error, or a log that has to be cut. */
  readonly urgent: boolean;
}

interface Fetch {
  readonly request: FetchRequest;
  readonly context: RequestContext;
  readonly partitions: readonly SessionPartition[];
  /** -1: a consumer. */
  readonly replicaId: number;
  readonly reader: 'follower' | 'consumer';
  readonly isolation: ReadRequest['isolation'];
}

const consumerId = -1;

export function fetch(request: FetchRequest, context: RequestContext): Reply<Response> {
  const { replicaState } = request;
  const replicaId = context.apiVersion >= 15 ? replicaState.replicaId : request.replicaId;
  const fromReplica = replicaId > consumerId;
  const sessions = context.node.fetchSessions;
  const session = sessions.begin(request, { version: context.apiVersion, fromReplica });
  if (session.kind === 'error') return { errorCode: session.errorCode };
  const of: Fetch = {
    request,
    context,
    partitions: [...session.partitions],
    replicaId,
    reader: fromReplica ? 'follower' : 'consumer',
    isolation: fromReplica ? 'follower' : request.isolationLevel === 1 ? 'readCommitted' : 'readUncommitted',
  };
  const answer = (reads: readonly Read[]): Response => {
    const said = session.kind === 'full' ? reads : reads.filter(isNews);
    for (const read of said) remember(read);
    const full = said.filter(({ bytes }) => bytes > 0).map(({ partition }) => partition);
    if (session.kind === 'incremental') sessions.rotate(session.sessionId, full);
    return { sessionId: session.sessionId, responses: byTopic(said), ...endpointsOfLeaders(said, context) };
  };
  const refused = noteFollower(of);
  const reads = readAll(of, refused);
  if (isEnough(reads, of)) return answer(reads);
  const wait = waitForMore(reads, of);
  if (session.sessionId !== 0) sessions.hold(session.sessionId, () => wait.settle(readAll(of)));
  return wait.promise.then(answer);
}

/** A follower's fetch says how far it is; once per request, however often the logs are read for it. */
function noteFollower(of: Fetch): ReadonlyMap<SessionPartition, number> {
  const refused = new Map<SessionPartition, number>();
  if (of.reader === 'consumer') return refused;
  for (const partition of of.partitions) {
    const { topic, fetchOffset, currentLeaderEpoch } = partition;
    const replica = of.context.node.replicas.leader(topic, partition.partition, currentLeaderEpoch);
    if (typeof replica === 'number') continue;
    const errorCode = replica.followerFetched({
      replicaId: of.replicaId,
      replicaEpoch: Number(of.request.replicaState.replicaEpoch),
      fetchOffset,
      logStartOffset: partition.logStartOffset,
      lastFetchedEpoch: partition.lastFetchedEpoch,
    });
    if (errorCode !== ErrorCode.NONE) refused.set(partition, errorCode);
  }
  return refused;
}

const noneRefused: ReadonlyMap<SessionPartition, number> = new Map();

function readAll(of: Fetch, refused = noneRefused): Read[] {
  let bytesLeft = Math.min(of.request.maxBytes, of.context.node.brokerConfig.number('fetch.max.bytes'));
  let mayExceed = true;
  return of.partitions.map((partition) => {
    const errorCode = refused.get(partition);
    if (errorCode !== undefined) return failed(partition, errorCode, of.context);
    const read = readOne(of, partition, { maxBytes: Math.max(bytesLeft, 0), minOneBatch: mayExceed });
    bytesLeft -= read.bytes;
    if (read.bytes > 0) mayExceed = false;
    return read;
  });
}

function readOne(
  of: Fetch,
  partition: SessionPartition,
  limits: { maxBytes: number; minOneBatch: boolean },
): Read {
  const { node, apiVersion } = of.context;
  if (partition.topic === '') return failed(partition, unknownTopic(partition, apiVersion));
  const { replicas } = node;
  const mayFollow = of.reader === 'consumer' && apiVersion >= 11;
  const replica = mayFollow
    ? replicas.any(partition.topic, partition.partition, partition.currentLeaderEpoch)
    : replicas.leader(partition.topic, partition.partition, partition.currentLeaderEpoch);
  if (typeof replica === 'number') return failed(partition, replica, of.context);
  const preferredReadReplica = mayFollow ? readReplicaFor(of.request.rackId, partition, node) : consumerId;
  const isThrottled =
    of.reader === 'follower' && replicas.leaderQuota.isThrottled(partition.topic, partition.partition);
  const isHeld =
    preferredReadReplica !== consumerId ||
    (isThrottled && replicas.leaderQuota.isExceeded && !isInSync(of.replicaId, partition, node));
  const result = replica.read({
    fetchOffset: partition.fetchOffset,
    maxBytes: isHeld ? 0 : Math.min(limits.maxBytes, partition.maxBytes),
    minOneBatch: limits.minOneBatch && !isHeld,
    isolation: of.isolation,
    lastFetchedEpoch: partition.lastFetchedEpoch,
  });
  const entry = {
    partitionIndex: partition.partition,
    highWatermark: BigInt(replica.highWatermark),
    lastStableOffset: BigInt(replica.lastStableOffset),
    logStartOffset: BigInt(replica.logStartOffset),
    abortedTransactions: null,
    records: emptyRecords,
  };
  switch (result.kind) {
    case 'error':
      return { ...failed(partition, result.errorCode), replica: null };
    case 'diverging': {
      const divergingEpoch = { epoch: result.epoch, endOffset: BigInt(result.endOffset) };
      return { partition, replica, bytes: 0, urgent: true, entry: { ...entry, divergingEpoch } };
    }
    case 'records': {
      const { records } = result;
      if (isThrottled) replicas.leaderQuota.record(records.length);
      const abortedTransactions =
        of.isolation === 'readCommitted'
          ? result.aborted.map(({ producerId, firstOffset }) => ({
              producerId: BigInt(producerId),
              firstOffset: BigInt(firstOffset),
            }))
          : null;
      const whole = { ...entry, abortedTransactions, records };
      const urgent = preferredReadReplica !== consumerId;
      const entryToSend = urgent ? { ...whole, preferredReadReplica } : whole;
      return { partition, replica, bytes: records.length, urgent, entry: entryToSend };
    }
  }
}

const emptyRecords = Buffer.alloc(0);

function unknownTopic(partition: SessionPartition, apiVersion: number): number {
  return apiVersion >= 13 && partition.topicId !== ZERO_UUID
    ? ErrorCode.UNKNOWN_TOPIC_ID
    : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
}

function failed(partition: SessionPartition, errorCode: number, context?: RequestContext): Read {
  const entry = {
    partitionIndex: partition.partition,
    errorCode,
    highWatermark: -1n,
    lastStableOffset: -1n,
    logStartOffset: -1n,
    abortedTransactions: null,
    records: emptyRecords,
    ...(context === undefined ? {} : newLeader(partition, errorCode, context)),
  };
  return { partition, entry, bytes: 0, replica: null, urgent: true };
}

/** KIP-951: tells a reader that came to the wrong broker where to go. */
function newLeader(
  partition: SessionPartition,
  errorCode: number,
  context: RequestContext,
): Pick<PartitionEntry, 'currentLeader'> {
  const moved = errorCode === ErrorCode.NOT_LEADER_OR_FOLLOWER || errorCode === ErrorCode.FENCED_LEADER_EPOCH;
  if (!moved || context.apiVersion < 12) return {};
  const known = context.node.metadata.image.topics.get(partition.topic)?.partitions[partition.partition];
  if (known === undefined) return {};
  return { currentLeader: { leaderId: known.leader, leaderEpoch: known.leaderEpoch } };
}

function isEnough(reads: readonly Read[], { request, partitions }: Fetch): boolean {
  if (request.maxWaitMs <= 0 || partitions.length === 0) return true;
  const bytes = reads.reduce((sum, read) => sum + read.bytes, 0);
  return bytes >= request.minBytes || reads.some((read) => read.urgent);
}

/** Waits until one of the partitions has more to read, then reads them all again; the deadline ends it. */
function waitForMore(first: readonly Read[], of: Fetch): Wait<readonly Read[]> {
  const stops: (() => void)[] = [];
  let scheduled = false;
  const wait = of.context.wait<readonly Read[]>({
    timeoutMs: of.request.maxWaitMs,
    onTimeout: () => readAll(of),
    onEnd: () => {
      for (const stop of stops) stop();
    },
  });
  const look = () => {
    scheduled = false;
    if (wait.ended) return;
    const reads = readAll(of);
    if (isEnough(reads, of)) wait.settle(reads);
  };
  // Several partitions that change in one turn are read once.
  const onReadable = () => {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(look);
  };
  for (const { replica } of first) {
    if (replica !== null) stops.push(replica.onReadable(of.reader, onReadable));
  }
  return wait;
}

/** Incremental responses leave out partitions of which nothing is new. */
function isNews({ partition, entry, bytes, urgent }: Read): boolean {
  return (
    bytes > 0 ||
    urgent ||
    !partition.told ||
    Number(entry.highWatermark) !== partition.toldHighWatermark ||
    Number(entry.logStartOffset) !== partition.toldLogStartOffset
  );
}

function remember({ partition, entry, urgent }: Read): void {
  // After an error the partition is repeated once it is well again.
  partition.told = !urgent;
  partition.toldHighWatermark = Number(entry.highWatermark);
  partition.toldLogStartOffset = Number(entry.logStartOffset);
}

function byTopic(reads: readonly Read[]): TopicEntry[] {
  const topics = new Map<string, { topic: string; topicId: string; partitions: PartitionEntry[] }>();
  for (const { partition, entry } of reads) {
    const { topic, topicId } = partition;
    const key = topicId === ZERO_UUID ? topic : topicId;
    let found = topics.get(key);
    if (found === undefined) {
      found = { topic, topicId, partitions: [] };
      topics.set(key, found);
    }
    found.partitions.push(entry);
  }
  return [...topics.values()];
}

function endpointsOfLeaders(
  reads: readonly Read[],
  context: RequestContext,
): Pick<Response, 'nodeEndpoints'> {
  const leaders = new Set(reads.flatMap(({ entry }) => entry.currentLeader?.leaderId ?? []));
  if (leaders.size === 0) return {};
  const nodeEndpoints = aliveEndpoints(context.node.metadata.image, context.listenerName)
    .filter(({ id }) => leaders.has(id))
    .map(({ id, host, port, rack }) => ({ nodeId: id, host, port, rack }));
  return { nodeEndpoints };
}
