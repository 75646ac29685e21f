/**
 * Values that carry their version in two bytes in front: coordinator records (keys: the record type stands there)
 * and the classic consumer protocol's subscription and assignment.
 */
import type { Message } from '../wire/message.ts';
import { Reader } from '../wire/reader.ts';
import { Writer } from '../wire/writer.ts';

/** Encodes `value` behind its version. */
export function encodeVersioned<T, I>(message: Message<T, I>, version: number, value: I): Buffer {
  return encodeBehind(version, message, { version, value });
}

/** Decodes a value behind its version; a newer version than known is read as the newest known one. */
export function decodeVersioned<T, I>(message: Message<T, I>, buffer: Buffer): T {
  const reader = new Reader(buffer);
  const version = reader.int16();
  return message.read(reader, Math.min(version, message.versions[1]));
}

/** Encodes a coordinator record's key: the record type, then the key at version 0. */
export function encodeRecordKey<T, I>(recordType: number, message: Message<T, I>, value: I): Buffer {
  return encodeBehind(recordType, message, { version: 0, value });
}

/** The record type in front of a coordinator record's key. */
export function readRecordType(key: Buffer): number {
  return new Reader(key).int16();
}

/** Decodes a coordinator record's key behind its record type. */
export function decodeRecordKey<T, I>(message: Message<T, I>, key: Buffer): T {
  const reader = new Reader(key);
  reader.int16();
  return message.read(reader, 0);
}

function encodeBehind<T, I>(
  prefix: number,
  message: Message<T, I>,
  options: { version: number; value: I },
): Buffer {
  const writer = new Writer(128);
  writer.int16(prefix);
  message.write(writer, options.version, options.value);
  return writer.finish();
}
