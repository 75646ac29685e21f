/**
 * Produce, versions 3 to 13. Each partition is appended to its local leader; with acks=all the answer waits until all
 * of them are committed. With acks=0 there is no answer, so an error closes the connection to make the client look.
 */
import type { ProduceRequest, ProduceResponse } from '../messages/00-produce.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { AppendResult } from '../storage/log-contract.ts';
import { partitionKey } from '../transaction/transaction.ts';
import { type Input, WireError } from '../wire/main.ts';
import { aliveEndpoints } from './brokers.ts';
import { type ConnectionScope, NO_RESPONSE, type Reply, type RequestContext } from './context.ts';
import { enlistProduce, type Refused } from './enlist-produce.ts';
import type { LeaderReplica } from './replicas.ts';
import { lookUpTopic } from './topic-lookup.ts';

type Response = Input<typeof ProduceResponse>;
type TopicEntry = NonNullable<Response['responses']>[number];
type PartitionEntry = { -readonly [K in keyof PartitionResponse]: PartitionResponse[K] };
type PartitionResponse = NonNullable<TopicEntry['partitionResponses']>[number];
type PartitionData = ProduceRequest['topicData'][number]['partitionData'][number];

interface Pending {
  readonly replica: LeaderReplica;
  readonly lastOffset: number;
  readonly entry: PartitionEntry;
}

const ackless = 0;
const acksAll = -1;

const NONE_REFUSED: Refused = new Map();

export function produce(request: ProduceRequest, context: RequestContext): Reply<Response> {
  if (request.transactionalId === null) return appendAll(request, context, NONE_REFUSED);
  // A client has several requests under way: while one asks the coordinator, those behind it must not overtake it.
  const before = turns.get(context.connection) ?? Promise.resolve();
  const enlisted = before.then(() => enlistProduce(request, context));
  const appended = enlisted.then((refused) => [appendAll(request, context, refused)] as const);
  turns.set(context.connection, appended.then(ignore, ignore)); // a failure is told to the one who asked
  return appended.then(
    ([reply]): Response | typeof NO_RESPONSE | Promise<Response | typeof NO_RESPONSE> => reply,
  );
}

/** Resolves when the last transactional request of a connection has been appended or refused. */
const turns = new WeakMap<ConnectionScope, Promise<void>>();
const ignore = (): void => {};

function appendAll(request: ProduceRequest, context: RequestContext, refused: Refused): Reply<Response> {
  const pending: Pending[] = [];
  const responses = request.topicData.map((topic) => {
    const found = lookUpTopic(context.node.metadata.image, topic);
    const partitionResponses = topic.partitionData.map((data): PartitionEntry => {
      if (!('name' in found)) return failed(data.index, found.errorCode);
      const refusal = refused.size > 0 ? refused.get(partitionKey(found.name, data.index)) : undefined;
      if (refusal !== undefined) return failed(data.index, refusal);
      return appendOne({ topic: found.name, data, acks: request.acks }, context, pending);
    });
    return { name: topic.name, topicId: topic.topicId, partitionResponses };
  });
  context.node.changed('records');
  const response = { responses, ...endpointsForNewLeaders(responses, context) };
  if (request.acks === ackless) return closeOnError(responses);
  if (request.acks !== acksAll || pending.length === 0) return response;
  return waitForCommit(pending, { context, timeoutMs: request.timeoutMs }).then(() => response);
}

function appendOne(
  { topic, data, acks }: { topic: string; data: PartitionData; acks: number },
  context: RequestContext,
  pending: Pending[],
): PartitionEntry {
  const { index, records } = data;
  if (acks < acksAll || acks > 1) return failed(index, ErrorCode.INVALID_REQUIRED_ACKS);
  const replica = context.node.replicas.leader(topic, index, -1);
  if (typeof replica === 'number') return withLeader(failed(index, replica), topic, context);
  if (records === null || records.length === 0) return failed(index, ErrorCode.INVALID_RECORD);
  const result = replica.append(records, { requiredAcks: acks, origin: 'client' });
  const entry = toEntry(index, result);
  if (result.kind !== 'rejected') pending.push({ replica, lastOffset: result.lastOffset, entry });
  return entry;
}

function toEntry(index: number, result: AppendResult): PartitionEntry {
  if (result.kind === 'rejected') {
    const { errorCode, message, logStartOffset, recordErrors } = result;
    return {
      ...failed(index, errorCode),
      // A sentence of its own only where single records are at fault; else clients have their own for the code.
      errorMessage: recordErrors.length > 0 ? message : null,
      logStartOffset: BigInt(logStartOffset),
      recordErrors: recordErrors.map(({ batchIndex, message }) => ({
        batchIndex,
        batchIndexErrorMessage: message,
      })),
    };
  }
  return {
    index,
    errorCode: ErrorCode.NONE,
    baseOffset: BigInt(result.firstOffset),
    logAppendTimeMs: BigInt(result.logAppendTimeMs),
    logStartOffset: BigInt(result.logStartOffset),
  };
}

function failed(index: number, errorCode: number): PartitionEntry {
  return { index, errorCode, baseOffset: -1n };
}

/** KIP-951: tells a producer that came to the wrong broker where to go. */
function withLeader(entry: PartitionEntry, topic: string, context: RequestContext): PartitionEntry {
  if (entry.errorCode !== ErrorCode.NOT_LEADER_OR_FOLLOWER || context.apiVersion < 10) return entry;
  const partition = context.node.metadata.image.topics.get(topic)?.partitions[entry.index ?? -1];
  if (partition === undefined) return entry;
  return { ...entry, currentLeader: { leaderId: partition.leader, leaderEpoch: partition.leaderEpoch } };
}

function endpointsForNewLeaders(
  responses: readonly { partitionResponses: readonly PartitionEntry[] }[],
  context: RequestContext,
): Pick<Response, 'nodeEndpoints'> {
  const leaders = new Set(
    responses.flatMap(({ partitionResponses }) =>
      partitionResponses.flatMap(({ currentLeader }) => currentLeader?.leaderId ?? []),
    ),
  );
  if (leaders.size === 0) return {};
  const nodeEndpoints = aliveEndpoints(context.node.metadata.image, context.listenerName)
    .filter(({ id }) => leaders.has(id))
    .map(({ id, host, port, rack }) => ({ nodeId: id, host, port, rack }));
  return { nodeEndpoints };
}

function closeOnError(
  responses: readonly { partitionResponses: readonly PartitionEntry[] }[],
): typeof NO_RESPONSE {
  const failure = responses
    .flatMap((topic) => topic.partitionResponses)
    .find((entry) => entry.errorCode !== 0);
  if (failure !== undefined) {
    throw new WireError('bad-value', `a produce request with acks=0 failed with error ${failure.errorCode}`);
  }
  return NO_RESPONSE;
}

function waitForCommit(
  pending: readonly Pending[],
  { context, timeoutMs }: { context: RequestContext; timeoutMs: number },
): Promise<void> {
  const stops: (() => void)[] = [];
  const open = new Set(pending);
  const wait = context.wait<void>({
    timeoutMs,
    onTimeout: () => {
      for (const { entry } of open) fail(entry, ErrorCode.REQUEST_TIMED_OUT);
    },
    onEnd: () => {
      for (const stop of stops) stop();
    },
  });
  for (const one of pending) {
    const onEnd = (errorCode: number) => {
      if (errorCode !== ErrorCode.NONE) fail(one.entry, errorCode);
      open.delete(one);
      if (open.size === 0) wait.settle();
    };
    stops.push(one.replica.whenCommitted({ lastOffset: one.lastOffset, onEnd }));
  }
  return wait.promise;
}

function fail(entry: PartitionEntry, errorCode: number): void {
  entry.errorCode = errorCode;
  entry.baseOffset = -1n;
}
