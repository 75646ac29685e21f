/** Prints and verifies the files beside a segment: offset index, time index, aborted transactions, producers' states. */
import { resolve } from 'node:path';
import { iterateRecords } from '../../messages/records.ts';
import { ProducerSnapshot } from '../../messages/storage/producer-snapshot.ts';
import { crc32c } from '../../wire/crc32c.ts';
import { JavaError } from '../java/java-error.ts';
import { DumpFile } from './files.ts';
import type { IndexErrors } from './index-errors.ts';
import { nameOf, parseLong } from './log-dump.ts';

export interface IndexDumpOptions {
  readonly sanityOnly: boolean;
  readonly verifyOnly: boolean;
  /** Read, and refused, only where it counts. */
  readonly messageBytesMax: () => number;
  readonly errors: IndexErrors;
  readonly out: (text: string) => void;
}

interface Entry {
  readonly offset: number;
  /** Position in the segment, or timestamp. */
  readonly value: number;
}

const offsetEntryBytes = 8;
const timeEntryBytes = 12;
const intMax = 0x7fff_ffff;
const snapshotVersion = 1;

export function dumpIndex(path: string, options: IndexDumpOptions): void {
  const baseOffset = baseOffsetOf(path);
  const log = DumpFile.open(sibling(path, '.log'));
  const index = DumpFile.open(path);
  try {
    const entries = offsetEntries(index, baseOffset);
    if (entries.length === 0) {
      options.out(`${path} is empty.\n`);
    } else if (options.sanityOnly) {
      checkOffsetIndex(index, baseOffset, entries.at(-1)!);
      options.out(`${path} passed sanity check.\n`);
    } else dumpEntries({ log, index, baseOffset }, entries, options);
  } finally {
    log.close();
    index.close();
  }
}

function dumpEntries(
  at: { log: DumpFile; index: DumpFile; baseOffset: number },
  entries: readonly Entry[],
  options: IndexDumpOptions,
): void {
  for (const [number, { offset, value: position }] of entries.entries()) {
    // The rest of a preallocated index is zeros.
    if (offset === at.baseOffset && number > 0) return;
    const [first] = at.log.batches(position, options.messageBytesMax());
    if (first === undefined) throw new JavaError('java.util.NoSuchElementException');
    const { lastOffset } = first.header;
    if (lastOffset !== offset) options.errors.mismatch(at.index.absolutePath, { offset, lastOffset });
    if (!options.verifyOnly) options.out(`offset: ${offset} position: ${position}\n`);
  }
}

export function dumpTimeIndex(path: string, options: IndexDumpOptions): void {
  const baseOffset = baseOffsetOf(path);
  const log = DumpFile.open(sibling(path, '.log'));
  const index = DumpFile.open(sibling(path, '.index'));
  const times = DumpFile.open(path);
  try {
    const entries = timeEntries(times, baseOffset);
    if (options.sanityOnly) {
      checkTimeIndex(times, baseOffset, entries);
      options.out(`${path} passed sanity check.\n`);
      return;
    }
    const positions = offsetEntries(index, baseOffset);
    let previous = -1;
    for (const [number, entry] of entries.entries()) {
      if (entry.offset === baseOffset && number > 0) return;
      const from = positions.findLast(({ offset }) => offset <= entry.offset)?.value ?? 0;
      verifyTime(entry, { log, from, previous, absolutePath: times.absolutePath }, options.errors);
      if (!options.verifyOnly) options.out(`timestamp: ${entry.value} offset: ${entry.offset}\n`);
      previous = entry.value;
    }
  } finally {
    for (const file of [log, index, times]) file.close();
  }
}

function verifyTime(
  { offset, value: timestamp }: Entry,
  at: { log: DumpFile; from: number; previous: number; absolutePath: string },
  errors: IndexErrors,
): void {
  for (const { buffer, header } of at.log.batches(at.from, intMax)) {
    if (header.lastOffset < offset) continue;
    if (header.lastOffset !== offset) {
      errors.offsetNotFound(at.absolutePath, { offset, found: header.lastOffset });
      return;
    }
    let most = -1;
    for (const record of iterateRecords(buffer, header)) most = Math.max(most, record.timestamp);
    if (most !== timestamp) errors.timestampMismatch(at.absolutePath, { timestamp, found: most });
    if (at.previous >= timestamp) errors.outOfOrder(at.absolutePath, { timestamp, previous: at.previous });
    return;
  }
  errors.offsetNotFound(at.absolutePath, { offset, found: -1 });
}

export function dumpTransactionIndex(path: string, out: (text: string) => void): void {
  baseOffsetOf(path);
  const file = DumpFile.open(path);
  const entryBytes = 34;
  const bytes = file.read(0, file.sizeBytes);
  file.close();
  for (let start = 0; start + entryBytes <= bytes.length; start += entryBytes) {
    const [producerId, firstOffset, lastOffset, lastStableOffset] = [2, 10, 18, 26].map((field) =>
      bytes.readBigInt64BE(start + field),
    );
    out(
      `version: ${bytes.readInt16BE(start)} producerId: ${producerId} firstOffset: ${firstOffset} ` +
        `lastOffset: ${lastOffset} lastStableOffset: ${lastStableOffset}\n`,
    );
  }
}

export function dumpProducerSnapshot(
  path: string,
  { out, err }: { out: (text: string) => void; err: (text: string) => void },
): void {
  const file = DumpFile.open(path);
  const bytes = file.read(0, file.sizeBytes);
  file.close();
  const wrong = snapshotError(bytes);
  if (wrong !== undefined) {
    err(`${wrong}\n`);
    return;
  }
  for (const entry of ProducerSnapshot.decode(snapshotVersion, bytes.subarray(2)).producerEntries) {
    const { lastSequence, offsetDelta, currentTxnFirstOffset: first } = entry;
    const firstSequence =
      lastSequence < offsetDelta ? intMax - (offsetDelta - lastSequence) + 1 : lastSequence - offsetDelta;
    const batch =
      entry.lastOffset < 0n
        ? ''
        : ` firstSequence: ${firstSequence} lastSequence: ${lastSequence} lastOffset: ${entry.lastOffset}` +
          ` offsetDelta: ${offsetDelta} timestamp: ${entry.timestamp}`;
    out(
      `producerId: ${entry.producerId} producerEpoch: ${entry.epoch} coordinatorEpoch: ${entry.coordinatorEpoch}` +
        ` currentTxnFirstOffset: ${first < 0n ? 'OptionalLong.empty' : `OptionalLong[${first}]`}` +
        ` lastTimestamp: ${entry.timestamp}${batch}\n`,
    );
  }
}

function snapshotError(bytes: Buffer): string | undefined {
  const version = bytes.readInt16BE(0);
  if (version !== snapshotVersion) return `Snapshot contained an unknown file version ${version}`;
  const [stored, computed] = [bytes.readUInt32BE(2), crc32c(bytes.subarray(6))];
  if (stored === computed) return undefined;
  return `Snapshot is corrupt (CRC is no longer valid). Stored crc: ${stored}. Computed crc: ${computed}`;
}

function baseOffsetOf(path: string): number {
  return parseLong(nameOf(path).split('.')[0] ?? '');
}

function sibling(path: string, suffix: string): string {
  return resolve(path, '..', `${nameOf(path).split('.')[0]}${suffix}`);
}

function offsetEntries(file: DumpFile, baseOffset: number): Entry[] {
  const bytes = file.read(0, file.sizeBytes);
  return Array.from({ length: Math.floor(bytes.length / offsetEntryBytes) }, (_, number) => ({
    offset: baseOffset + bytes.readInt32BE(number * offsetEntryBytes),
    value: bytes.readInt32BE(number * offsetEntryBytes + 4),
  }));
}

function timeEntries(file: DumpFile, baseOffset: number): Entry[] {
  const bytes = file.read(0, file.sizeBytes);
  return Array.from({ length: Math.floor(bytes.length / timeEntryBytes) }, (_, number) => ({
    offset: baseOffset + bytes.readInt32BE(number * timeEntryBytes + 8),
    value: Number(bytes.readBigInt64BE(number * timeEntryBytes)),
  }));
}

function checkOffsetIndex(file: DumpFile, baseOffset: number, last: Entry): void {
  if (last.offset < baseOffset) {
    throw corrupt(
      `Corrupt index found, index file (${file.absolutePath}) has non-zero size but the last offset is ` +
        `${last.offset} which is less than the base offset ${baseOffset}`,
    );
  }
  checkSize(file, 'Index', offsetEntryBytes);
}

function checkTimeIndex(file: DumpFile, baseOffset: number, entries: readonly Entry[]): void {
  const last = entries.at(-1);
  const first = entries[0];
  if (last !== undefined && first !== undefined) {
    if (last.value < first.value) {
      throw corrupt(
        `Corrupt time index found, time index file (${file.absolutePath}) has non-zero size but the last timestamp is ` +
          `${last.value} which is less than the first timestamp ${first.value}`,
      );
    }
    if (last.offset < baseOffset) {
      throw corrupt(
        `Corrupt time index found, time index file (${file.absolutePath}) has non-zero size but the last offset is ` +
          `${last.offset} which is less than the first offset ${baseOffset}`,
      );
    }
  }
  checkSize(file, 'Time index', timeEntryBytes);
}

function checkSize(file: DumpFile, kind: string, entryBytes: number): void {
  if (file.sizeBytes % entryBytes === 0) return;
  throw corrupt(
    `${kind} file ${file.absolutePath} is corrupt, found ${file.sizeBytes} bytes which is neither positive nor a multiple of ${entryBytes}`,
  );
}

function corrupt(text: string): JavaError {
  return new JavaError('org.apache.kafka.storage.internals.log.CorruptIndexException', text);
}
