/**
 * A request's or response's frame (without its length) field by field: header, body by its declaration, and in the body the
 * record batches (KIP-98), their records too where they are not compressed.
 */
import {
  type InspectedField,
  inspectGroup,
  inspectLeaf,
  inspectStruct,
  inspectTags,
  untilEnd,
} from '../wire/inspect.ts';
import { NEVER } from '../wire/message.ts';
import { Reader } from '../wire/reader.ts';
import { CODECS } from './compression.ts';
import { type Api, apis } from './registry.ts';

const API_VERSIONS_KEY = 18;
const CODEC_MASK = 0x07;
const RECORDS_MAX = 200;

export function inspectRequest(frame: Buffer): InspectedField[] {
  const reader = new Reader(frame);
  const fields: InspectedField[] = [];
  untilEnd(() => {
    const key = Number(leaf('apiKey', 'int16', reader, fields, () => reader.int16()));
    const version = Number(leaf('apiVersion', 'int16', reader, fields, () => reader.int16()));
    leaf('correlationId', 'int32', reader, fields, () => reader.int32());
    leaf('clientId', 'string', reader, fields, () => nullableText(reader));
    const api = apis.get(key);
    if (api !== undefined) inspectBody(api, 'request', { reader, version, fields });
  });
  return fields;
}

export function inspectResponse(
  frame: Buffer,
  asked: { apiKey: number; apiVersion: number },
): InspectedField[] {
  const reader = new Reader(frame);
  const fields: InspectedField[] = [];
  untilEnd(() => {
    leaf('correlationId', 'int32', reader, fields, () => reader.int32());
    const api = apis.get(asked.apiKey);
    if (api !== undefined) inspectBody(api, 'response', { reader, version: versionOf(asked, frame), fields });
  });
  return fields;
}

/** A broker that lacks the client's ApiVersions version answers in version 0 (KIP-511). */
function versionOf({ apiKey, apiVersion }: { apiKey: number; apiVersion: number }, frame: Buffer): number {
  const refused = apiKey === API_VERSIONS_KEY && frame.length >= 6 && frame.readInt16BE(4) === 35;
  return refused ? 0 : apiVersion;
}

/** `Metadata`, `Fetch`, …; `''`: not of this release. */
export function apiNameOf(key: number): string {
  return apis.get(key)?.name ?? '';
}

function inspectBody(
  api: Api,
  which: 'request' | 'response',
  { reader, version, fields }: { reader: Reader; version: number; fields: InspectedField[] },
): void {
  const message = api[which];
  if (version < message.versions[0] || version > message.versions[1]) return;
  const flexible = message.isFlexible(version);
  const walk = { reader, version, flexible };
  const plainHeader =
    which === 'response' && (api.key === API_VERSIONS_KEY || message.flexibleFrom === NEVER);
  if (flexible && !plainHeader) inspectTags([], walk, fields);
  inspectStruct(message.type, walk, fields);
  for (const field of fields) openRecords(field, reader.buffer);
}

function openRecords(field: InspectedField, buffer: Buffer): void {
  if (field.kind !== 'records') {
    for (const child of field.children) openRecords(child, buffer);
    return;
  }
  const reader = new Reader(buffer, Math.min(field.dataStart ?? field.end, field.end), field.end);
  untilEnd(() => {
    while (reader.remaining > 0) {
      inspectGroup('batch', 'batch', {
        reader,
        into: field.children,
        read: (into) => inspectBatch(reader, into),
      });
    }
  });
}

function inspectBatch(reader: Reader, into: InspectedField[]): string {
  const long = (name: string) => leaf(name, 'int64', reader, into, () => reader.int64());
  const int = (name: string) => Number(leaf(name, 'int32', reader, into, () => reader.int32()));
  long('baseOffset');
  const end = int('batchLength') + reader.position;
  int('partitionLeaderEpoch');
  leaf('magic', 'int8', reader, into, () => reader.int8());
  leaf('crc', 'uint32', reader, into, () => reader.uint32());
  const attributes = Number(leaf('attributes', 'int16', reader, into, () => reader.int16()));
  int('lastOffsetDelta');
  for (const name of ['baseTimestamp', 'maxTimestamp', 'producerId']) long(name);
  leaf('producerEpoch', 'int16', reader, into, () => reader.int16());
  int('baseSequence');
  const count = int('recordCount');
  const codec = CODECS[attributes & CODEC_MASK] ?? 'unknown';
  if (codec !== 'none') {
    leaf(`records (${codec})`, 'bytes', reader, into, () => reader.bytes(Math.max(0, end - reader.position)));
    return codec;
  }
  for (let index = 0; index < count; index++) {
    const shown = index < RECORDS_MAX ? into : [];
    inspectGroup(`record ${index}`, 'record', {
      reader,
      into: shown,
      read: (fields) => inspectRecord(reader, fields),
    });
  }
  return '';
}

function inspectRecord(reader: Reader, into: InspectedField[]): string {
  const varint = (name: string) => Number(leaf(name, 'varint', reader, into, () => reader.varint()));
  const text = (name: string) => {
    const length = varint(`${name}Length`);
    if (length >= 0) leaf(name, 'text', reader, into, () => reader.utf8(length));
  };
  varint('length');
  leaf('attributes', 'int8', reader, into, () => reader.int8());
  leaf('timestampDelta', 'varlong', reader, into, () => reader.varlong());
  varint('offsetDelta');
  text('key');
  text('value');
  const headers = varint('headerCount');
  for (let index = 0; index < headers; index++) {
    text('headerKey');
    text('headerValue');
  }
  return '';
}

function leaf(
  name: string,
  kind: string,
  ...[reader, into, read]: [Reader, InspectedField[], () => unknown]
): unknown {
  return inspectLeaf(name, kind, { reader, into, read });
}

function nullableText(reader: Reader): string | null {
  const length = reader.int16();
  return length < 0 ? null : reader.utf8(length);
}
