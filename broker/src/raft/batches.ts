/**
 * Batches of the metadata log as bytes: what a leader appends, and the control batches around a snapshot (KIP-630).
 */
import { LeaderChangeMessage } from '../messages/control/leader-change-message.ts';
import { SnapshotFooterRecord } from '../messages/control/snapshot-footer-record.ts';
import { SnapshotHeaderRecord } from '../messages/control/snapshot-header-record.ts';
import { encodeBatch, iterateBatches, iterateRecords } from '../messages/records.ts';
import type { Append, OffsetAndEpoch } from './types.ts';

const CONTROL_TYPE = { leaderChange: 2, snapshotHeader: 3, snapshotFooter: 4 } as const;
const SNAPSHOT_BATCH_RECORDS_MAX = 1000;

/** The bytes to append for one entry of `Ready.append`. */
export function encodeAppend(append: Append): Buffer {
  switch (append.kind) {
    case 'batches':
      return append.batches.length === 1
        ? append.batches[0]!.bytes
        : Buffer.concat(append.batches.map((batch) => batch.bytes));
    case 'records':
      return encodeBatch({
        records: append.values.map((value) => ({ value })),
        timestamp: append.timestampMs,
        baseOffset: append.baseOffset,
        partitionLeaderEpoch: append.epoch,
      });
    case 'leaderChange': {
      const voters = append.voters.map((voter) => ({ voterId: voter.id }));
      const grantingVoters = append.grantingVoters.map((voter) => ({ voterId: voter.id }));
      const value = LeaderChangeMessage.encode(0, {
        version: 0,
        leaderId: append.leaderId,
        voters,
        grantingVoters,
      });
      return controlBatch(CONTROL_TYPE.leaderChange, value, append);
    }
  }
}

/** A whole `<offset>-<epoch>.checkpoint` file: header, the image as record values, footer. */
export function encodeSnapshot(
  values: readonly Buffer[],
  at: { readonly lastContainedLogTimestampMs: number; readonly id: OffsetAndEpoch },
): Buffer {
  const timestampMs = at.lastContainedLogTimestampMs;
  const { epoch } = at.id;
  const chunks: Buffer[] = [];
  let baseOffset = 0;
  const header = SnapshotHeaderRecord.encode(0, {
    version: 0,
    lastContainedLogTimestamp: BigInt(timestampMs),
  });
  chunks.push(controlBatch(CONTROL_TYPE.snapshotHeader, header, { baseOffset, epoch, timestampMs }));
  baseOffset += 1;
  for (let index = 0; index < values.length; index += SNAPSHOT_BATCH_RECORDS_MAX) {
    const part = values.slice(index, index + SNAPSHOT_BATCH_RECORDS_MAX);
    chunks.push(encodeAppend({ kind: 'records', baseOffset, epoch, timestampMs, values: part }));
    baseOffset += part.length;
  }
  const footer = SnapshotFooterRecord.encode(0, { version: 0 });
  chunks.push(controlBatch(CONTROL_TYPE.snapshotFooter, footer, { baseOffset, epoch, timestampMs }));
  return Buffer.concat(chunks);
}

function controlBatch(
  type: number,
  value: Buffer,
  at: { readonly baseOffset: number; readonly epoch: number; readonly timestampMs: number },
): Buffer {
  const key = Buffer.alloc(4);
  key.writeInt16BE(0, 0);
  key.writeInt16BE(type, 2);
  return encodeBatch({
    records: [{ key, value }],
    timestamp: at.timestampMs,
    baseOffset: at.baseOffset,
    partitionLeaderEpoch: at.epoch,
    isControl: true,
  });
}

/** The record values of a whole snapshot file, without its header and footer. */
export function* readSnapshot(file: Buffer): Generator<Buffer> {
  for (const header of iterateBatches(file)) {
    if (header.isControl) continue;
    for (const { value } of iterateRecords(file, header)) if (value !== null) yield value;
  }
}
