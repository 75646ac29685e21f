/**
 * Batches of the metadata log as bytes: what a leader appends, and the control batches around a snapshot (KIP-630).
 */
import { KRaftVersionRecord } from '../messages/control/k-raft-version-record.ts';
import { LeaderChangeMessage } from '../messages/control/leader-change-message.ts';
import { SnapshotFooterRecord } from '../messages/control/snapshot-footer-record.ts';
import { SnapshotHeaderRecord } from '../messages/control/snapshot-header-record.ts';
import { VotersRecord } from '../messages/control/voters-record.ts';
import { encodeBatch, iterateBatches, iterateRecords } from '../messages/records.ts';
import type { Append, OffsetAndEpoch, Voter } from './types.ts';

const CONTROL_TYPE = {
  leaderChange: 2,
  snapshotHeader: 3,
  snapshotFooter: 4,
  kraftVersion: 5,
  voters: 6,
} as const;
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
      return controlBatch([[CONTROL_TYPE.leaderChange, value]], append);
    }
  }
}

/**
 * A whole `<offset>-<epoch>.checkpoint` file: header, the image as record values, footer. With `voters`, which stand in
 * the log from kraft.version 1 on, they follow the header (KIP-853).
 */
export function encodeSnapshot(
  values: readonly Buffer[],
  at: {
    readonly lastContainedLogTimestampMs: number;
    readonly id: OffsetAndEpoch;
    readonly voters?: readonly Voter[] | undefined;
  },
): Buffer {
  const timestampMs = at.lastContainedLogTimestampMs;
  const { epoch } = at.id;
  const chunks: Buffer[] = [];
  let baseOffset = 0;
  const header = SnapshotHeaderRecord.encode(0, {
    version: 0,
    lastContainedLogTimestamp: BigInt(timestampMs),
  });
  const opening: [type: number, value: Buffer][] = [[CONTROL_TYPE.snapshotHeader, header]];
  if (at.voters !== undefined) opening.push(...voterRecords(at.voters));
  chunks.push(controlBatch(opening, { baseOffset, epoch, timestampMs }));
  baseOffset += opening.length;
  for (let index = 0; index < values.length; index += SNAPSHOT_BATCH_RECORDS_MAX) {
    const part = values.slice(index, index + SNAPSHOT_BATCH_RECORDS_MAX);
    chunks.push(encodeAppend({ kind: 'records', baseOffset, epoch, timestampMs, values: part }));
    baseOffset += part.length;
  }
  const footer = SnapshotFooterRecord.encode(0, { version: 0 });
  chunks.push(controlBatch([[CONTROL_TYPE.snapshotFooter, footer]], { baseOffset, epoch, timestampMs }));
  return Buffer.concat(chunks);
}

function voterRecords(voters: readonly Voter[]): [type: number, value: Buffer][] {
  const list = voters.map(({ id, directoryId, endpoints }) => ({
    voterId: id,
    voterDirectoryId: directoryId,
    endpoints: endpoints.map(({ listener, host, port }) => ({ name: listener, host, port })),
    kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
  }));
  return [
    [CONTROL_TYPE.kraftVersion, KRaftVersionRecord.encode(0, { version: 0, kRaftVersion: 1 })],
    [CONTROL_TYPE.voters, VotersRecord.encode(0, { version: 0, voters: list })],
  ];
}

/** The voters that the control records among these batches name last; null when none do. */
export function readVoters(batches: Buffer): Voter[] | null {
  let found: Voter[] | null = null;
  for (const header of iterateBatches(batches)) {
    if (!header.isControl) continue;
    for (const { key, value } of iterateRecords(batches, header)) {
      if (key?.readInt16BE(2) !== CONTROL_TYPE.voters || value === null) continue;
      found = VotersRecord.decode(0, value).voters.map(({ voterId, voterDirectoryId, endpoints }) => ({
        id: voterId,
        directoryId: voterDirectoryId,
        endpoints: endpoints.map(({ name, host, port }) => ({ listener: name, host, port })),
      }));
    }
  }
  return found;
}

function controlBatch(
  records: readonly [type: number, value: Buffer][],
  at: { readonly baseOffset: number; readonly epoch: number; readonly timestampMs: number },
): Buffer {
  return encodeBatch({
    records: records.map(([type, value]) => {
      const key = Buffer.alloc(4);
      key.writeInt16BE(type, 2);
      return { key, value };
    }),
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
