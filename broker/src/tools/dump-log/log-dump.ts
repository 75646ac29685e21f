/** Prints the batches, and with deep iteration the records, of a segment or a metadata snapshot. */
import { EndTxnMarker } from '../../messages/control/end-txn-marker.ts';
import { KRaftVersionRecord } from '../../messages/control/k-raft-version-record.ts';
import { LeaderChangeMessage } from '../../messages/control/leader-change-message.ts';
import { SnapshotFooterRecord } from '../../messages/control/snapshot-footer-record.ts';
import { SnapshotHeaderRecord } from '../../messages/control/snapshot-header-record.ts';
import { VotersRecord } from '../../messages/control/voters-record.ts';
import { deleteHorizonOf } from '../../messages/raw-records.ts';
import { type BatchHeader, type BatchRecord, isBatchIntact, iterateRecords } from '../../messages/records.ts';
import { Reader } from '../../wire/reader.ts';
import { JavaError } from '../java/java-error.ts';
import type { RecordDecoder } from './decoders.ts';
import { DumpFile } from './files.ts';
import { type AnyMessage, messageJson } from './json.ts';

export interface LogDumpOptions {
  readonly isDeep: boolean;
  readonly printsContents: boolean;
  readonly skipsMetadata: boolean;
  readonly bytesMax: number;
  readonly decoder: RecordDecoder;
  readonly out: (text: string) => void;
  /** Told of two offsets that do not follow on one another. */
  readonly onGap: (absolutePath: string, gap: { readonly after: number; readonly offset: number }) => void;
}

const intMax = 0x7fff_ffff;

export function dumpLog(path: string, options: LogDumpOptions): void {
  options.out(`${titleOf(path)}\n`);
  const file = DumpFile.open(path);
  try {
    const sizeBytes = Math.min(file.sizeBytes, options.bytesMax);
    let position = 0;
    let lastOffset = -1;
    for (const { buffer, header } of file.batches(0, options.bytesMax)) {
      options.out(`${batchLine(buffer, header, position)}\n`);
      position += header.sizeBytes;
      if (!options.isDeep) continue;
      for (const record of iterateRecords(buffer, header)) {
        if (record.offset !== lastOffset + 1) {
          options.onGap(file.absolutePath, { after: lastOffset, offset: record.offset });
        }
        lastOffset = record.offset;
        dumpRecord(record, header, options);
      }
    }
    const trailing = sizeBytes - position;
    if (trailing > 0 && options.bytesMax === intMax) {
      options.out(`Found ${trailing} invalid bytes at the end of ${nameOf(path)}\n`);
    }
  } finally {
    file.close();
  }
}

function titleOf(path: string): string {
  const name = nameOf(path);
  if (name.endsWith('.log')) return `Log starting offset: ${parseLong(name.split('.')[0] ?? '')}`;
  if (name === 'bootstrap.checkpoint') return 'KRaft bootstrap snapshot';
  const id = /^(\d{20})-(\d{10})/.exec(name);
  if (id === null) throw new JavaError('java.util.NoSuchElementException', 'No value present');
  return `Snapshot end offset: ${Number(id[1])}, epoch: ${Number(id[2])}`;
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `Long.parseLong`. */
export function parseLong(text: string): number {
  if (/^[+-]?0*\d{1,19}$/.test(text)) return Number(text);
  const quoted = `For input string: "${text}"`;
  throw new JavaError('java.lang.NumberFormatException', quoted);
}

function batchLine(buffer: Buffer, header: BatchHeader, position: number): string {
  const delta = header.lastOffset - header.baseOffset;
  const horizon = deleteHorizonOf(header);
  return (
    `baseOffset: ${header.baseOffset} lastOffset: ${header.lastOffset} count: ${header.recordCount}` +
    ` baseSequence: ${header.baseSequence} lastSequence: ${sequenceAfter(header, delta)}` +
    ` producerId: ${header.producerId} producerEpoch: ${header.producerEpoch}` +
    ` partitionLeaderEpoch: ${header.partitionLeaderEpoch} isTransactional: ${header.isTransactional}` +
    ` isControl: ${header.isControl}` +
    ` deleteHorizonMs: ${horizon === undefined ? 'OptionalLong.empty' : `OptionalLong[${horizon}]`}` +
    ` position: ${position} ${header.timestampType}: ${header.maxTimestamp} size: ${header.sizeBytes}` +
    ` magic: ${header.magic} compresscodec: ${header.codec} crc: ${header.crc}` +
    ` isvalid: ${isBatchIntact(buffer, header)}`
  );
}

/** Sequences are 31 bits and start again at 0. */
function sequenceAfter({ baseSequence }: BatchHeader, delta: number): number {
  if (baseSequence < 0) return -1;
  return baseSequence > intMax - delta ? delta - (intMax - baseSequence) - 1 : baseSequence + delta;
}

function dumpRecord(record: BatchRecord, header: BatchHeader, options: LogDumpOptions): void {
  const { out } = options;
  if (!options.skipsMetadata) {
    const { key, value, offset } = record;
    const keys = record.headers.map((one) => one.key).join(',');
    out(
      `| offset: ${offset} ${header.timestampType}: ${record.timestamp} keySize: ${key?.length ?? -1}` +
        ` valueSize: ${value?.length ?? -1} sequence: ${sequenceAfter(header, offset - header.baseOffset)}` +
        ` headerKeys: [${keys}]`,
    );
    if (header.isControl) out(controlText(record));
  }
  if (options.printsContents && !header.isControl) {
    const { key, value } = options.decoder(record);
    const first = options.skipsMetadata ? '| ' : ' ';
    if (key !== undefined) out(`${first}key: ${key}`);
    if (value !== undefined) out(`${key === undefined ? first : ' '}payload: ${value}`);
  }
  out('\n');
}

const labelled: ReadonlyMap<number, readonly [label: string, message: AnyMessage]> = new Map([
  [2, ['LeaderChange:', LeaderChangeMessage]],
  [3, ['SnapshotHeader', SnapshotHeaderRecord]],
  [4, ['SnapshotFooter', SnapshotFooterRecord]],
  [5, ['KRaftVersion', KRaftVersionRecord]],
  [6, ['KRaftVoters', VotersRecord]],
] as [number, [string, AnyMessage]][]);

function controlText({ key, value }: BatchRecord): string {
  const type = key === null || key.length < 4 ? -1 : key.readInt16BE(2);
  const body = value ?? Buffer.alloc(0);
  if (type === 0 || type === 1) {
    const { coordinatorEpoch } = EndTxnMarker.decode(0, body.subarray(2));
    return ` endTxnMarker: ${type === 0 ? 'ABORT' : 'COMMIT'} coordinatorEpoch: ${coordinatorEpoch}`;
  }
  const known = labelled.get(type);
  if (known === undefined) return ` controlType: UNKNOWN(${type})`;
  const [label, message] = known;
  // These records carry their version as their first field.
  const version = body.readInt16BE(0);
  return ` ${label} ${messageJson(message, version, { value: message.read(new Reader(body), version) })}`;
}
