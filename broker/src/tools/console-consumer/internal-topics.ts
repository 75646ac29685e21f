/** Records of Kafka's internal topics as JSON: one type of record each, one after the other, without line ends. */
import type { FetchedRecord } from '../../client/main.ts';
import { GroupMetadataKey } from '../../messages/group/group-metadata-key.ts';
import { GroupMetadataValue } from '../../messages/group/group-metadata-value.ts';
import { OffsetCommitKey } from '../../messages/group/offset-commit-key.ts';
import { OffsetCommitValue } from '../../messages/group/offset-commit-value.ts';
import { TransactionLogKey } from '../../messages/transaction/transaction-log-key.ts';
import { TransactionLogValue } from '../../messages/transaction/transaction-log-value.ts';
import { decodeRecordKey, decodeVersioned, readRecordType } from '../../messages/versioned.ts';
import { ZERO_UUID } from '../../wire/schema.ts';

interface RecordKind {
  readonly types: readonly number[];
  key(bytes: Buffer): object;
  value(bytes: Buffer): object;
  /** Left out of the JSON: absent in that version, or a tagged field at its default. */
  isAbsent(field: string, version: number, value: unknown): boolean;
}

const since = (fields: Readonly<Record<string, number>>) => (field: string, version: number) =>
  version < (fields[field] ?? 0);

const isOldOffsetField = since({ leaderEpoch: 3, expireTimestamp: 1, topicId: 4 });
const isOldGroupField = since({ currentStateTimestamp: 2, groupInstanceId: 3, rebalanceTimeout: 1 });

const kinds: Readonly<Record<string, RecordKind>> = {
  OffsetsMessageFormatter: {
    types: [0, 1],
    key: (bytes) => decodeRecordKey(OffsetCommitKey, bytes),
    value: (bytes) => decodeVersioned(OffsetCommitValue, bytes),
    isAbsent: (field, version, value) =>
      isOldOffsetField(field, version) ||
      (field === 'expireTimestamp' && version !== 1) ||
      (field === 'topicId' && value === ZERO_UUID),
  },
  GroupMetadataMessageFormatter: {
    types: [2],
    key: (bytes) => decodeRecordKey(GroupMetadataKey, bytes),
    value: (bytes) => decodeVersioned(GroupMetadataValue, bytes),
    isAbsent: isOldGroupField,
  },
  TransactionLogMessageFormatter: {
    types: [0],
    key: (bytes) => decodeRecordKey(TransactionLogKey, bytes),
    value: (bytes) => decodeVersioned(TransactionLogValue, bytes),
    isAbsent: (field, _version, value) =>
      (/^(previous|next)Producer/.test(field) && Number(value) === -1) ||
      (field === 'clientTransactionVersion' && value === 0),
  },
};
const classPrefix = 'org.apache.kafka.tools.consumer.';
const nothing = Buffer.alloc(0);

/** `null`: not the class of such a formatter. */
export function internalFormatter(className: string): ((record: FetchedRecord) => Buffer) | null {
  const name = className.startsWith(classPrefix) ? className.slice(classPrefix.length) : '';
  const kind = Object.hasOwn(kinds, name) ? kinds[name]! : null;
  return kind === null ? null : (record) => write(kind, record);
}

function write(kind: RecordKind, { key, value }: FetchedRecord): Buffer {
  if (key === null || key.length < 2) return nothing;
  const type = readRecordType(key);
  if (!kind.types.includes(type)) return nothing;
  const version = value === null ? 0 : value.readInt16BE(0);
  const whole = {
    key: { type, data: kind.key(key) },
    value: value === null ? null : { version, data: kind.value(value) },
  };
  return Buffer.from(JSON.stringify(whole, (field, item) => plain(kind, { field, version }, item)));
}

/** Buffers as base64, int64 as numbers. `toJSON` has already made an object of a Buffer. */
function plain(
  kind: RecordKind,
  { field, version }: { field: string; version: number },
  item: unknown,
): unknown {
  if (kind.isAbsent(field, version, item)) return undefined;
  if (typeof item === 'bigint') return Number(item);
  if (
    typeof item === 'object' &&
    item !== null &&
    'type' in item &&
    item.type === 'Buffer' &&
    'data' in item
  ) {
    return Buffer.from(item.data as number[]).toString('base64');
  }
  return item;
}
