/** Group records as they lie in `__consumer_offsets`. Types of share and streams groups are read past. */
import { GroupMetadataKey } from '../messages/group/group-metadata-key.ts';
import { GroupMetadataValue } from '../messages/group/group-metadata-value.ts';
import { OffsetCommitKey } from '../messages/group/offset-commit-key.ts';
import { OffsetCommitValue } from '../messages/group/offset-commit-value.ts';
import {
  decodeRecordKey,
  decodeVersioned,
  encodeRecordKey,
  encodeVersioned,
  readRecordType,
} from '../messages/versioned.ts';
import { ZERO_UUID } from '../wire/schema.ts';
import { decodeConsumerRecord, encodeConsumerRecord } from './consumer/records.ts';
import type { CommittedOffset, GroupRecord } from './effects.ts';

const OFFSET_TYPE = 1;
const GROUP_TYPE = 2;
const GROUP_VALUE_VERSION = 3;
const OFFSET_VALUE_VERSION = 3;
/** Versions that hold a retention of the offset's own, and the topic's id. */
const OFFSET_VALUE_VERSION_WITH_EXPIRY = 1;
const OFFSET_VALUE_VERSION_WITH_TOPIC_ID = 4;

export interface LogEntry {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

export function encodeGroupRecord(record: GroupRecord): LogEntry {
  if (record.kind === 'group') {
    return {
      key: encodeRecordKey(GROUP_TYPE, GroupMetadataKey, { group: record.groupId }),
      value:
        record.value === null ? null : encodeVersioned(GroupMetadataValue, GROUP_VALUE_VERSION, record.value),
    };
  }
  if (record.kind !== 'offset') return encodeConsumerRecord(record);
  const { groupId: group, topic, partition, value } = record;
  return {
    key: encodeRecordKey(OFFSET_TYPE, OffsetCommitKey, { group, topic, partition }),
    value: value === null ? null : encodeOffset(value),
  };
}

function encodeOffset(value: CommittedOffset): Buffer {
  const version =
    value.expireTimestampMs !== null
      ? OFFSET_VALUE_VERSION_WITH_EXPIRY
      : value.topicId === ZERO_UUID
        ? OFFSET_VALUE_VERSION
        : OFFSET_VALUE_VERSION_WITH_TOPIC_ID;
  return encodeVersioned(OffsetCommitValue, version, {
    offset: BigInt(value.offset),
    leaderEpoch: value.leaderEpoch,
    metadata: value.metadata,
    commitTimestamp: BigInt(value.commitTimestampMs),
    expireTimestamp: BigInt(value.expireTimestampMs ?? -1),
    topicId: value.topicId,
  });
}

/** Decodes one record; undefined for a type this coordinator does not keep. Throws WireError when it is damaged. */
export function decodeGroupRecord(entry: LogEntry): GroupRecord | undefined {
  if (entry.key === null) return undefined;
  const type = readRecordType(entry.key);
  switch (type) {
    case 0:
    case OFFSET_TYPE: {
      const { group, topic, partition } = decodeRecordKey(OffsetCommitKey, entry.key);
      const value = entry.value === null ? null : decodeOffset(entry.value);
      return { kind: 'offset', groupId: group, topic, partition, value };
    }
    case GROUP_TYPE: {
      const { group } = decodeRecordKey(GroupMetadataKey, entry.key);
      const value = entry.value === null ? null : decodeVersioned(GroupMetadataValue, entry.value);
      return { kind: 'group', groupId: group, value };
    }
    default:
      return decodeConsumerRecord(type, entry.key, entry.value);
  }
}

function decodeOffset(buffer: Buffer): CommittedOffset {
  const value = decodeVersioned(OffsetCommitValue, buffer);
  return {
    offset: Number(value.offset),
    leaderEpoch: value.leaderEpoch,
    metadata: value.metadata,
    commitTimestampMs: Number(value.commitTimestamp),
    expireTimestampMs: value.expireTimestamp < 0n ? null : Number(value.expireTimestamp),
    topicId: value.topicId,
  };
}
