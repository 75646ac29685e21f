/** WriteTxnMarkers, versions 1 and 2: a transaction's coordinator ends it in the partitions this node leads. */
import type { WriteTxnMarkersRequest, WriteTxnMarkersResponse } from '../messages/27-write-txn-markers.ts';
import { EndTxnMarker } from '../messages/control/end-txn-marker.ts';
import { ErrorCode } from '../messages/errors.ts';
import { encodeBatch } from '../messages/records.ts';
import { encodeVersioned } from '../messages/versioned.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';
import { OFFSETS_TOPIC } from './groups.ts';

type Marker = WriteTxnMarkersRequest['markers'][number];

const KEY_VERSION = 0;
const ABORT = 0;
const COMMIT = 1;

export async function writeTxnMarkers(
  request: WriteTxnMarkersRequest,
  context: RequestContext,
): Promise<Input<typeof WriteTxnMarkersResponse>> {
  const markers = await Promise.all(request.markers.map((marker) => writeMarker(marker, context)));
  return { markers };
}

async function writeMarker(marker: Marker, context: RequestContext) {
  const topics = marker.topics.map(async ({ name, partitionIndexes }) => ({
    name,
    partitions: await Promise.all(
      partitionIndexes.map(async (partitionIndex) => ({
        partitionIndex,
        errorCode: await writeTo(name, partitionIndex, { marker, context }),
      })),
    ),
  }));
  return { producerId: marker.producerId, topics: await Promise.all(topics) };
}

async function writeTo(
  topic: string,
  partition: number,
  { marker, context }: { marker: Marker; context: RequestContext },
): Promise<number> {
  const { node } = context;
  const replica = node.replicas.leader(topic, partition, -1);
  if (typeof replica === 'number') return replica;
  const result = replica.append(encodeMarker(marker, node.clock.now()), {
    requiredAcks: -1,
    origin: 'coordinator',
    transactionVersion: marker.transactionVersion,
  });
  // Refused because it, or a later one, is there: true only once that is committed.
  const refusal = result.kind === 'rejected' ? result.errorCode : ErrorCode.NONE;
  if (refusal !== ErrorCode.NONE && !isEndedAlready(refusal)) return refusal;
  const lastOffset = result.kind === 'rejected' ? replica.logEndOffset - 1 : result.lastOffset;
  let stop: (() => void) | undefined; // not there yet when a lone replica commits at once
  const wait = context.wait<number>({
    timeoutMs: node.brokerConfig.number('request.timeout.ms'),
    onTimeout: () => ErrorCode.REQUEST_TIMED_OUT,
    onEnd: () => stop?.(),
  });
  stop = replica.whenCommitted({
    lastOffset,
    onEnd: (errorCode) => wait.settle(errorCode),
  });
  const errorCode = await wait.promise;
  if (errorCode === ErrorCode.NONE && refusal !== ErrorCode.NONE) return refusal;
  if (errorCode === ErrorCode.NONE && topic === OFFSETS_TOPIC) {
    node.groups.transactionEnded(partition, Number(marker.producerId), marker.transactionResult);
  }
  node.changed('records');
  return errorCode;
}

function isEndedAlready(errorCode: number): boolean {
  return (
    errorCode === ErrorCode.INVALID_PRODUCER_EPOCH || errorCode === ErrorCode.TRANSACTION_COORDINATOR_FENCED
  );
}

function encodeMarker(marker: Marker, nowMs: number): Buffer {
  const key = Buffer.alloc(4);
  key.writeInt16BE(KEY_VERSION, 0);
  key.writeInt16BE(marker.transactionResult ? COMMIT : ABORT, 2);
  const value = encodeVersioned(EndTxnMarker, EndTxnMarker.versions[0], {
    coordinatorEpoch: marker.coordinatorEpoch,
  });
  return encodeBatch({
    timestamp: nowMs,
    records: [{ key, value }],
    isTransactional: true,
    isControl: true,
    producerId: Number(marker.producerId),
    producerEpoch: marker.producerEpoch,
  });
}
