/**
 * A partition's registration: from a PartitionRecord, changed by PartitionChangeRecords, and back.
 */
import type { PartitionChangeRecord } from '../messages/metadata/partition-change-record.ts';
import type { PartitionRecord } from '../messages/metadata/partition-record.ts';
import type { LeaderRecoveryState, PartitionRegistration } from './image.ts';
import { type MetadataRecord, record } from './records.ts';

export const NO_LEADER = -1;
/** In a PartitionChangeRecord. */
export const NO_LEADER_CHANGE = -2;
export const NO_RECOVERY_CHANGE = -1;

const recoveryStates: readonly LeaderRecoveryState[] = ['RECOVERED', 'RECOVERING'];

export function recoveryState(code: number): LeaderRecoveryState {
  return recoveryStates[code] ?? 'RECOVERED';
}

export function recoveryCode(state: LeaderRecoveryState): number {
  return recoveryStates.indexOf(state);
}

/** A new partition: its leader is the first in-sync replica. */
export function newPartition(
  replicas: readonly number[],
  isr: readonly number[],
  directories: readonly string[],
): PartitionRegistration {
  return {
    replicas,
    directories,
    isr,
    elr: [],
    lastKnownElr: [],
    addingReplicas: [],
    removingReplicas: [],
    leader: isr[0] ?? NO_LEADER,
    leaderRecoveryState: 'RECOVERED',
    leaderEpoch: 0,
    partitionEpoch: 0,
  };
}

export function fromPartitionRecord(value: PartitionRecord): PartitionRegistration {
  return {
    replicas: value.replicas,
    directories: value.directories,
    isr: value.isr,
    elr: value.eligibleLeaderReplicas ?? [],
    lastKnownElr: value.lastKnownElr ?? [],
    addingReplicas: value.addingReplicas,
    removingReplicas: value.removingReplicas,
    leader: value.leader,
    leaderRecoveryState: recoveryState(value.leaderRecoveryState),
    leaderEpoch: value.leaderEpoch,
    partitionEpoch: value.partitionEpoch,
  };
}

export function toPartitionRecord(
  topicId: string,
  partitionId: number,
  partition: PartitionRegistration,
): MetadataRecord {
  return record('PartitionRecord', {
    topicId,
    partitionId,
    replicas: [...partition.replicas],
    directories: [...partition.directories],
    isr: [...partition.isr],
    eligibleLeaderReplicas: partition.elr.length > 0 ? [...partition.elr] : null,
    lastKnownElr: partition.lastKnownElr.length > 0 ? [...partition.lastKnownElr] : null,
    addingReplicas: [...partition.addingReplicas],
    removingReplicas: [...partition.removingReplicas],
    leader: partition.leader,
    leaderRecoveryState: recoveryCode(partition.leaderRecoveryState),
    leaderEpoch: partition.leaderEpoch,
    partitionEpoch: partition.partitionEpoch,
  });
}

/** Every change raises the partition epoch; one that names a leader, even the same, raises the leader epoch. */
export function mergePartition(
  partition: PartitionRegistration,
  change: PartitionChangeRecord,
): PartitionRegistration {
  const leaderNamed = change.leader !== NO_LEADER_CHANGE;
  const recovery = change.leaderRecoveryState;
  return {
    replicas: change.replicas ?? partition.replicas,
    directories: change.directories ?? partition.directories,
    isr: change.isr ?? partition.isr,
    elr: change.eligibleLeaderReplicas ?? partition.elr,
    lastKnownElr: change.lastKnownElr ?? partition.lastKnownElr,
    addingReplicas: change.addingReplicas ?? partition.addingReplicas,
    removingReplicas: change.removingReplicas ?? partition.removingReplicas,
    leader: leaderNamed ? change.leader : partition.leader,
    leaderRecoveryState:
      recovery === NO_RECOVERY_CHANGE ? partition.leaderRecoveryState : recoveryState(recovery),
    leaderEpoch: partition.leaderEpoch + (leaderNamed ? 1 : 0),
    partitionEpoch: partition.partitionEpoch + 1,
  };
}
