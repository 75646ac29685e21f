/** The records of __consumer_offsets and __transaction_state by the type in front of their keys. */
import { ConsumerGroupCurrentMemberAssignmentKey } from '../../messages/group/consumer-group-current-member-assignment-key.ts';
import { ConsumerGroupCurrentMemberAssignmentValue } from '../../messages/group/consumer-group-current-member-assignment-value.ts';
import { ConsumerGroupMemberMetadataKey } from '../../messages/group/consumer-group-member-metadata-key.ts';
import { ConsumerGroupMemberMetadataValue } from '../../messages/group/consumer-group-member-metadata-value.ts';
import { ConsumerGroupMetadataKey } from '../../messages/group/consumer-group-metadata-key.ts';
import { ConsumerGroupMetadataValue } from '../../messages/group/consumer-group-metadata-value.ts';
import { ConsumerGroupPartitionMetadataKey } from '../../messages/group/consumer-group-partition-metadata-key.ts';
import { ConsumerGroupPartitionMetadataValue } from '../../messages/group/consumer-group-partition-metadata-value.ts';
import { ConsumerGroupRegularExpressionKey } from '../../messages/group/consumer-group-regular-expression-key.ts';
import { ConsumerGroupRegularExpressionValue } from '../../messages/group/consumer-group-regular-expression-value.ts';
import { ConsumerGroupTargetAssignmentMemberKey } from '../../messages/group/consumer-group-target-assignment-member-key.ts';
import { ConsumerGroupTargetAssignmentMemberValue } from '../../messages/group/consumer-group-target-assignment-member-value.ts';
import { ConsumerGroupTargetAssignmentMetadataKey } from '../../messages/group/consumer-group-target-assignment-metadata-key.ts';
import { ConsumerGroupTargetAssignmentMetadataValue } from '../../messages/group/consumer-group-target-assignment-metadata-value.ts';
import { GroupMetadataKey } from '../../messages/group/group-metadata-key.ts';
import { GroupMetadataValue } from '../../messages/group/group-metadata-value.ts';
import { LegacyOffsetCommitKey } from '../../messages/group/legacy-offset-commit-key.ts';
import { LegacyOffsetCommitValue } from '../../messages/group/legacy-offset-commit-value.ts';
import { OffsetCommitKey } from '../../messages/group/offset-commit-key.ts';
import { OffsetCommitValue } from '../../messages/group/offset-commit-value.ts';
import { TransactionLogKey } from '../../messages/transaction/transaction-log-key.ts';
import { TransactionLogValue } from '../../messages/transaction/transaction-log-value.ts';
import type { AnyMessage } from './json.ts';

export type CoordinatorMessages = ReadonlyMap<
  number,
  { readonly key: AnyMessage; readonly value: AnyMessage }
>;

export const groupRecords: CoordinatorMessages = new Map([
  [0, { key: LegacyOffsetCommitKey, value: LegacyOffsetCommitValue }],
  [1, { key: OffsetCommitKey, value: OffsetCommitValue }],
  [2, { key: GroupMetadataKey, value: GroupMetadataValue }],
  [3, { key: ConsumerGroupMetadataKey, value: ConsumerGroupMetadataValue }],
  [4, { key: ConsumerGroupPartitionMetadataKey, value: ConsumerGroupPartitionMetadataValue }],
  [5, { key: ConsumerGroupMemberMetadataKey, value: ConsumerGroupMemberMetadataValue }],
  [6, { key: ConsumerGroupTargetAssignmentMetadataKey, value: ConsumerGroupTargetAssignmentMetadataValue }],
  [7, { key: ConsumerGroupTargetAssignmentMemberKey, value: ConsumerGroupTargetAssignmentMemberValue }],
  [8, { key: ConsumerGroupCurrentMemberAssignmentKey, value: ConsumerGroupCurrentMemberAssignmentValue }],
  [16, { key: ConsumerGroupRegularExpressionKey, value: ConsumerGroupRegularExpressionValue }],
] as [number, { key: AnyMessage; value: AnyMessage }][]);

export const transactionRecords: CoordinatorMessages = new Map([
  [0, { key: TransactionLogKey, value: TransactionLogValue }],
] as [number, { key: AnyMessage; value: AnyMessage }][]);
