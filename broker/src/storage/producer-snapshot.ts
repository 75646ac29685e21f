/** `<offset>.snapshot`: the producers known at that offset, in Kafka's format, so that a start need not read the whole log. */
import { ProducerSnapshot } from '../messages/storage/producer-snapshot.ts';
import { crc32c } from '../wire/crc32c.ts';
import type { Disk } from './disk.ts';
import type { ProducerEntry, ProducerStates } from './producer-state.ts';
import { segmentFileName } from './segment.ts';

const version = 1;
/** version int16, crc uint32; the crc covers what follows. */
const crcPosition = 2;
const bodyPosition = 6;

export const snapshotPath = (directory: string, offset: number): string =>
  `${directory}/${segmentFileName(offset, '.snapshot')}`;

export function writeSnapshot(disk: Disk, path: string, producers: ProducerStates): void {
  const body = ProducerSnapshot.encode(version, {
    crc: 0,
    producerEntries: [...producers.all].map(encodeEntry),
  });
  const bytes = Buffer.concat([Buffer.from([0, version]), body]);
  bytes.writeUInt32BE(crc32c(bytes.subarray(bodyPosition)), crcPosition);
  disk.replace(path, bytes, { flush: false });
}

/** Fills `producers` from a snapshot; false when it is absent, damaged or of another version. */
export function readSnapshot(disk: Disk, path: string, producers: ProducerStates): boolean {
  const size = disk.size(path);
  if (size === undefined || size < bodyPosition) return false;
  const bytes = disk.read(path, 0, size);
  if (bytes.readInt16BE(0) !== version) return false;
  if (bytes.readUInt32BE(crcPosition) !== crc32c(bytes.subarray(bodyPosition))) return false;
  const snapshot = ProducerSnapshot.decode(version, bytes.subarray(crcPosition));
  for (const entry of snapshot.producerEntries) producers.restore(decodeEntry(entry));
  return true;
}

function encodeEntry(entry: ProducerEntry) {
  const last = entry.batches.at(-1);
  return {
    producerId: BigInt(entry.producerId),
    epoch: entry.epoch,
    lastSequence: last?.lastSequence ?? -1,
    lastOffset: BigInt(last?.lastOffset ?? -1),
    offsetDelta: last?.offsetDelta ?? 0,
    timestamp: BigInt(entry.lastTimestamp),
    coordinatorEpoch: entry.coordinatorEpoch,
    currentTxnFirstOffset: BigInt(entry.transactionFirstOffset),
  };
}

function decodeEntry(entry: ProducerSnapshot['producerEntries'][number]): ProducerEntry {
  const batch = {
    lastSequence: entry.lastSequence,
    lastOffset: Number(entry.lastOffset),
    offsetDelta: entry.offsetDelta,
    timestamp: Number(entry.timestamp),
  };
  return {
    producerId: Number(entry.producerId),
    epoch: entry.epoch,
    batches: entry.lastSequence >= 0 ? [batch] : [],
    coordinatorEpoch: entry.coordinatorEpoch,
    lastTimestamp: Number(entry.timestamp),
    transactionFirstOffset: Number(entry.currentTxnFirstOffset),
  };
}
