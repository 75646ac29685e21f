/** What records hold, as text: by a decoder class, or as the records of Kafka's own topics. */
import { ConsumerProtocolAssignment } from '../../messages/consumer-protocol/consumer-protocol-assignment.ts';
import { ConsumerProtocolSubscription } from '../../messages/consumer-protocol/consumer-protocol-subscription.ts';
import { decodeMetadataRecord, METADATA_RECORDS } from '../../messages/metadata/records.ts';
import type { BatchRecord } from '../../messages/records.ts';
import { Reader } from '../../wire/reader.ts';
import { JavaError } from '../java/java-error.ts';
import { type CoordinatorMessages, groupRecords, transactionRecords } from './coordinator-records.ts';
import { type AnyMessage, messageJson, quote } from './json.ts';

/** undefined: nothing is printed of it. */
export interface Decoded {
  readonly key: string | undefined;
  readonly value: string | undefined;
}

export type RecordDecoder = (record: BatchRecord) => Decoded;

const api = 'org.apache.kafka.tools.api.';

export function classDecoder(keyClass: string, valueClass: string): RecordDecoder {
  const value = byClass(valueClass);
  const key = byClass(keyClass);
  return (record) => ({
    key: record.key === null ? undefined : key(record.key),
    value: record.value === null ? undefined : value(record.value),
  });
}

function byClass(name: string): (bytes: Buffer) => string {
  switch (name) {
    case `${api}StringDecoder`:
      return (bytes) => bytes.toString('utf8');
    case `${api}IntegerDecoder`:
      return (bytes) => String(checked(bytes, 4).readInt32BE(0));
    case `${api}LongDecoder`:
      return (bytes) => String(checked(bytes, 8).readBigInt64BE(0));
    case `${api}DefaultDecoder`:
      // Java prints an array's type and where it lies; only the type is the same twice.
      return () => '[B@0';
    default: {
      const cause = new JavaError('java.lang.ClassNotFoundException', name);
      throw new JavaError('java.lang.RuntimeException', 'Failed to load decoder class', cause);
    }
  }
}

function checked(bytes: Buffer, length: number): Buffer {
  if (bytes.length < length) throw new JavaError('java.nio.BufferUnderflowException');
  return bytes;
}

export const offsetsDecoder: RecordDecoder = (record) => coordinatorRecord(record, groupRecords);
export const transactionDecoder: RecordDecoder = (record) => coordinatorRecord(record, transactionRecords);

function coordinatorRecord(record: BatchRecord, known: CoordinatorMessages): Decoded {
  const { key, value, offset } = record;
  if (key === null) {
    const text = `Failed to decode message at offset ${offset} using the specified decoder (message had a missing key)`;
    throw new JavaError('java.lang.RuntimeException', text);
  }
  const skipped = (what: string, why?: string) => {
    const key = `${what} at offset ${offset}, skipping.${why === undefined ? '' : ` ${why}`}`;
    return { key, value: undefined };
  };
  if (key.length < 2) return skipped('Error', "Could not read version from key's buffer.");
  try {
    const reader = new Reader(key);
    const type = reader.int16();
    const messages = known.get(type);
    if (messages === undefined) return skipped(`Unknown record type ${type}`);
    const data = messageJson(messages.key, 0, { value: messages.key.read(reader, 0) });
    return {
      key: `{"type":"${type}","data":${data}}`,
      value: value === null ? '<DELETE>' : coordinatorValue(messages.value, value),
    };
  } catch (error) {
    return skipped('Error', (error as Error).message);
  }
}

function coordinatorValue(message: AnyMessage, bytes: Buffer): string {
  const reader = new Reader(bytes);
  const version = reader.int16();
  const value = message.read(reader, version) as { readonly protocolType?: string };
  const isConsumerGroup = message.name === 'GroupMetadataValue' && value.protocolType === 'consumer';
  const data = messageJson(message, version, {
    value,
    ...(isConsumerGroup ? { replace: memberProtocol } : {}),
  });
  return `{"version":"${version}","data":${data}}`;
}

/** Subscriptions and assignments of consumers are bytes to the coordinator; what cannot be read stays so. */
function memberProtocol(name: string, value: unknown): string | undefined {
  const message =
    name === 'subscription'
      ? ConsumerProtocolSubscription
      : name === 'assignment'
        ? ConsumerProtocolAssignment
        : undefined;
  if (message === undefined) return undefined;
  try {
    const reader = new Reader(value as Buffer);
    const version = reader.int16();
    return messageJson(message, version, { value: message.read(reader, version) });
  } catch {
    return undefined;
  }
}

export const metadataDecoder: RecordDecoder = (record) => {
  try {
    const { name, version, value } = decodeMetadataRecord(record.value ?? Buffer.alloc(0));
    const type = name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
    const data = messageJson(METADATA_RECORDS[name].message, version, { value });
    return { key: undefined, value: `{"type":${quote(type)},"version":${version},"data":${data}}` };
  } catch (error) {
    const text = `Error at ${record.offset}, skipping. ${(error as Error).message}`;
    return { key: undefined, value: text };
  }
};

/** Records of topics that only exist with features this cluster lacks (tiered storage, share groups). */
export const foreignDecoder: RecordDecoder = (record) => ({
  key: undefined,
  value: `Error at offset ${record.offset}, skipping. records of this kind are not known to this tool`,
});
