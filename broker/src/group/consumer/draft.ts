/**
 * A group as it will be when the records decided so far are written. The group itself stays as it is until then; what
 * comes later in the same decision sees the draft.
 */
import type { ConsumerGroupRecord, GroupRecord } from '../effects.ts';
import { ConsumerGroup } from './consumer-group.ts';
import { assignmentOf, type ConsumerMember, metadataOf } from './member.ts';
import { type Partitions, partitionsToValue } from './partitions.ts';

export class Draft {
  readonly records: GroupRecord[] = [];
  readonly #original: ConsumerGroup;
  #group: ConsumerGroup;
  #isCopy = false;

  constructor(group: ConsumerGroup) {
    this.#original = group;
    this.#group = group;
  }

  get group(): ConsumerGroup {
    return this.#group;
  }

  get groupId(): string {
    return this.#group.groupId;
  }

  /** The topics were looked at and nothing has come of it: true whether the records are written or not. */
  seenTopics(version: number): void {
    this.#original.topicsVersion = version;
    this.#group.topicsVersion = version;
  }

  putMetadata(member: ConsumerMember): void {
    const { memberId } = member;
    this.#write({ kind: 'consumerMember', groupId: this.groupId, memberId, value: metadataOf(member) });
  }

  putCurrent(member: ConsumerMember): void {
    const { memberId } = member;
    this.#write({ kind: 'current', groupId: this.groupId, memberId, value: assignmentOf(member) });
  }

  putTarget(memberId: string, partitions: Partitions): void {
    const value = { topicPartitions: partitionsToValue(partitions) };
    this.#write({ kind: 'target', groupId: this.groupId, memberId, value });
  }

  putTargetEpoch(assignmentEpoch: number, timestampMs: number): void {
    const value = { assignmentEpoch, assignmentTimestamp: BigInt(timestampMs) };
    this.#write({ kind: 'targetEpoch', groupId: this.groupId, value });
  }

  bumpEpoch(metadataHash: bigint, epoch = this.#group.groupEpoch + 1): void {
    this.#write({ kind: 'consumerGroup', groupId: this.groupId, value: { epoch, metadataHash } });
  }

  putRegex(
    regularExpression: string,
    resolved: { topics: readonly string[]; version: number; timestampMs: number },
  ): void {
    const value = {
      topics: [...resolved.topics],
      version: BigInt(resolved.version),
      timestamp: BigInt(resolved.timestampMs),
    };
    this.#write({ kind: 'regularExpression', groupId: this.groupId, regularExpression, value });
  }

  removeRegex(regularExpression: string): void {
    this.#write({ kind: 'regularExpression', groupId: this.groupId, regularExpression, value: null });
  }

  removeMember(memberId: string): void {
    const { groupId } = this;
    this.#write({ kind: 'current', groupId, memberId, value: null });
    this.#write({ kind: 'target', groupId, memberId, value: null });
    this.#write({ kind: 'consumerMember', groupId, memberId, value: null });
  }

  #write(record: ConsumerGroupRecord): void {
    if (!this.#isCopy) this.#group = new ConsumerGroup(this.groupId, this.#group);
    this.#isCopy = true;
    this.records.push(record);
    this.#group.apply(record);
  }
}

/** Tombstones for everything a group has but its offsets. */
export function groupTombstones(group: ConsumerGroup): GroupRecord[] {
  const { groupId } = group;
  const records: GroupRecord[] = [];
  const memberIds = [...group.members.keys()];
  for (const memberId of memberIds) records.push({ kind: 'current', groupId, memberId, value: null });
  for (const memberId of group.targets.keys()) {
    records.push({ kind: 'target', groupId, memberId, value: null });
  }
  records.push({ kind: 'targetEpoch', groupId, value: null });
  for (const memberId of memberIds) records.push({ kind: 'consumerMember', groupId, memberId, value: null });
  for (const regularExpression of group.regexes.keys()) {
    records.push({ kind: 'regularExpression', groupId, regularExpression, value: null });
  }
  records.push({ kind: 'consumerGroup', groupId, value: null });
  return records;
}
