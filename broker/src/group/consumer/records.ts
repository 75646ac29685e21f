/** Records of the consumer protocol's groups as they lie in `__consumer_offsets`: types 3 to 8 and 16. */
import { ConsumerGroupCurrentMemberAssignmentKey } from '../../messages/group/consumer-group-current-member-assignment-key.ts';
import { ConsumerGroupCurrentMemberAssignmentValue } from '../../messages/group/consumer-group-current-member-assignment-value.ts';
import { ConsumerGroupMemberMetadataKey } from '../../messages/group/consumer-group-member-metadata-key.ts';
import { ConsumerGroupMemberMetadataValue } from '../../messages/group/consumer-group-member-metadata-value.ts';
import { ConsumerGroupMetadataKey } from '../../messages/group/consumer-group-metadata-key.ts';
import { ConsumerGroupMetadataValue } from '../../messages/group/consumer-group-metadata-value.ts';
import { ConsumerGroupRegularExpressionKey } from '../../messages/group/consumer-group-regular-expression-key.ts';
import { ConsumerGroupRegularExpressionValue } from '../../messages/group/consumer-group-regular-expression-value.ts';
import { ConsumerGroupTargetAssignmentMemberKey } from '../../messages/group/consumer-group-target-assignment-member-key.ts';
import { ConsumerGroupTargetAssignmentMemberValue } from '../../messages/group/consumer-group-target-assignment-member-value.ts';
import { ConsumerGroupTargetAssignmentMetadataKey } from '../../messages/group/consumer-group-target-assignment-metadata-key.ts';
import { ConsumerGroupTargetAssignmentMetadataValue } from '../../messages/group/consumer-group-target-assignment-metadata-value.ts';
import {
  decodeRecordKey,
  decodeVersioned,
  encodeRecordKey,
  encodeVersioned,
} from '../../messages/versioned.ts';
import type { Message } from '../../wire/message.ts';
import type { ConsumerGroupRecord } from '../effects.ts';

const TYPE = {
  consumerGroup: 3,
  consumerMember: 5,
  targetEpoch: 6,
  target: 7,
  current: 8,
  regularExpression: 16,
} as const;

interface Entry {
  readonly key: Buffer;
  readonly value: Buffer | null;
}

export function encodeConsumerRecord(record: ConsumerGroupRecord): Entry {
  const { groupId } = record;
  const type = TYPE[record.kind];
  switch (record.kind) {
    case 'consumerGroup':
      return {
        key: encodeRecordKey(type, ConsumerGroupMetadataKey, { groupId }),
        value: encoded(ConsumerGroupMetadataValue, record.value),
      };
    case 'consumerMember':
      return {
        key: encodeRecordKey(type, ConsumerGroupMemberMetadataKey, { groupId, memberId: record.memberId }),
        value: encoded(ConsumerGroupMemberMetadataValue, record.value),
      };
    case 'targetEpoch':
      return {
        key: encodeRecordKey(type, ConsumerGroupTargetAssignmentMetadataKey, { groupId }),
        value: encoded(ConsumerGroupTargetAssignmentMetadataValue, record.value),
      };
    case 'target':
      return {
        key: encodeRecordKey(type, ConsumerGroupTargetAssignmentMemberKey, {
          groupId,
          memberId: record.memberId,
        }),
        value: encoded(ConsumerGroupTargetAssignmentMemberValue, record.value),
      };
    case 'current':
      return {
        key: encodeRecordKey(type, ConsumerGroupCurrentMemberAssignmentKey, {
          groupId,
          memberId: record.memberId,
        }),
        value: encoded(ConsumerGroupCurrentMemberAssignmentValue, record.value),
      };
    case 'regularExpression': {
      const { regularExpression } = record;
      return {
        key: encodeRecordKey(type, ConsumerGroupRegularExpressionKey, { groupId, regularExpression }),
        value: encoded(ConsumerGroupRegularExpressionValue, record.value),
      };
    }
  }
}

/** Undefined for a type that is not one of the consumer protocol's, and for type 4, which nobody reads any more. */
export function decodeConsumerRecord(
  type: number,
  key: Buffer,
  value: Buffer | null,
): ConsumerGroupRecord | undefined {
  switch (type) {
    case TYPE.consumerGroup: {
      const { groupId } = decodeRecordKey(ConsumerGroupMetadataKey, key);
      return { kind: 'consumerGroup', groupId, value: decoded(ConsumerGroupMetadataValue, value) };
    }
    case TYPE.consumerMember: {
      const ids = decodeRecordKey(ConsumerGroupMemberMetadataKey, key);
      return { kind: 'consumerMember', ...ids, value: decoded(ConsumerGroupMemberMetadataValue, value) };
    }
    case TYPE.targetEpoch: {
      const { groupId } = decodeRecordKey(ConsumerGroupTargetAssignmentMetadataKey, key);
      return {
        kind: 'targetEpoch',
        groupId,
        value: decoded(ConsumerGroupTargetAssignmentMetadataValue, value),
      };
    }
    case TYPE.target: {
      const ids = decodeRecordKey(ConsumerGroupTargetAssignmentMemberKey, key);
      return { kind: 'target', ...ids, value: decoded(ConsumerGroupTargetAssignmentMemberValue, value) };
    }
    case TYPE.current: {
      const ids = decodeRecordKey(ConsumerGroupCurrentMemberAssignmentKey, key);
      return { kind: 'current', ...ids, value: decoded(ConsumerGroupCurrentMemberAssignmentValue, value) };
    }
    case TYPE.regularExpression: {
      const ids = decodeRecordKey(ConsumerGroupRegularExpressionKey, key);
      return {
        kind: 'regularExpression',
        ...ids,
        value: decoded(ConsumerGroupRegularExpressionValue, value),
      };
    }
    default:
      return undefined;
  }
}

function encoded<T, I>(message: Message<T, I>, value: I | null): Buffer | null {
  return value === null ? null : encodeVersioned(message, 0, value);
}

function decoded<T, I>(message: Message<T, I>, value: Buffer | null): T | null {
  return value === null ? null : decodeVersioned(message, value);
}
