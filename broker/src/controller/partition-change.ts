/**
 * How a partition changes: election, ISR, eligible leader replicas (KIP-966), the end of a reassignment (KIP-455).
 * From what is wanted to the one PartitionChangeRecord that says it, or none.
 */
import type { PartitionChangeRecord } from '../messages/metadata/partition-change-record.ts';
import { METADATA_RECORDS } from '../messages/metadata/records.ts';
import type { LeaderRecoveryState, PartitionRegistration } from './image.ts';
import { NO_LEADER, NO_LEADER_CHANGE, NO_RECOVERY_CHANGE, recoveryCode } from './partition.ts';

/**
 * online: keep the leader if it may lead, else the first replica in assignment order that may.
 * preferred: the first replica if it may lead, else as online.
 * unclean: as online, but rather any living replica than none.
 */
export type Election = 'online' | 'preferred' | 'unclean';

export interface PartitionChange {
  readonly topicId: string;
  readonly partitionId: number;
  readonly partition: PartitionRegistration;
  /** Alive, not shutting down: may lead if it has the data. */
  readonly mayLead: (brokerId: number) => boolean;
  /** The topic's min.insync.replicas, not above its replication factor. */
  readonly minIsr: number;
  readonly elrEnabled: boolean;
  readonly election?: Election;
  readonly isr?: readonly number[];
  readonly replicas?: readonly number[];
  readonly adding?: readonly number[];
  readonly removing?: readonly number[];
  readonly leaderRecoveryState?: LeaderRecoveryState;
  /** Came back without a clean shutdown: what they had may be lost, so they are not eligible. */
  readonly uncleanShutdown?: readonly number[];
  /** Log directory of a replica that is new here. */
  readonly directoryOf: (brokerId: number) => string;
}

/** What the partition should look like; made from the change, then refined step by step. */
interface Target {
  isr: readonly number[];
  elr: readonly number[];
  replicas: readonly number[];
  adding: readonly number[];
  removing: readonly number[];
}

interface Outcome {
  readonly leader: number;
  readonly unclean: boolean;
}

/** Null when nothing changes. */
export function buildPartitionChange(change: PartitionChange): PartitionChangeRecord | null {
  const { partition } = change;
  const target = completeReassignment({
    isr: change.isr ?? partition.isr,
    elr: partition.elr,
    replicas: change.replicas ?? partition.replicas,
    adding: change.adding ?? partition.addingReplicas,
    removing: change.removing ?? partition.removingReplicas,
  });
  target.elr = eligibleReplicas(change, target);
  const record: PartitionChangeRecord = {
    ...METADATA_RECORDS.PartitionChangeRecord.message.empty(),
    topicId: change.topicId,
    partitionId: change.partitionId,
  };
  elect(change, target, record);
  bumpOnReassignment(change, target, record);
  if (record.isr !== null || !change.elrEnabled) target.elr = [];
  if (!sameList(target.elr, partition.elr)) record.eligibleLeaderReplicas = [...target.elr];
  const isrMayChange = record.isr === null && (target.isr.length > 0 || change.elrEnabled);
  if (isrMayChange && !sameList(target.isr, partition.isr)) record.isr = [...target.isr];
  rememberLastLeader(change, record);
  setAssignment(change, target, record);
  const recovery = change.leaderRecoveryState ?? partition.leaderRecoveryState;
  if (recovery !== partition.leaderRecoveryState) record.leaderRecoveryState = recoveryCode(recovery);
  return isNothing(record) ? null : record;
}

/** Done when all added replicas are in sync, and, if the partition shrinks, all that remain are. */
function completeReassignment(target: Target): Target {
  const { adding, removing } = target;
  if (adding.length === 0 && removing.length === 0) return target;
  const isr = target.isr.filter((id) => !removing.includes(id));
  const replicas = target.replicas.filter((id) => !removing.includes(id));
  if (removing.length > 0 && (isr.length === 0 || replicas.length === 0)) return target;
  if (!adding.every((id) => isr.includes(id))) return target;
  if (adding.length < removing.length && !replicas.every((id) => isr.includes(id))) return target;
  return { ...target, isr, replicas, adding: [], removing: [] };
}

/** Who left the ISR while it is below the minimum still has everything acknowledged: it may lead later. */
function eligibleReplicas(change: PartitionChange, target: Target): readonly number[] {
  if (!change.elrEnabled || target.isr.length >= change.minIsr) return [];
  const candidates = new Set([...target.elr, ...change.partition.isr]);
  return [...candidates]
    .filter((id) => !target.isr.includes(id) && !change.uncleanShutdown?.includes(id))
    .sort((a, b) => a - b);
}

function elect(change: PartitionChange, target: Target, record: PartitionChangeRecord): void {
  const { partition } = change;
  const { leader, unclean } = chooseLeader(change, target);
  if (leader === partition.leader) return;
  if (target.elr.includes(leader)) {
    target.isr = [leader];
    target.elr = target.elr.filter((id) => id !== leader);
  }
  record.leader = leader;
  if (!unclean) return;
  // Whatever the others have beyond the new leader's log is given up.
  record.isr = [leader];
  if (partition.leaderRecoveryState !== 'RECOVERING') record.leaderRecoveryState = recoveryCode('RECOVERING');
}

function chooseLeader(change: PartitionChange, target: Target): Outcome {
  const { partition, mayLead } = change;
  const hasData = (id: number): boolean =>
    target.isr.includes(id) || (target.isr.length === 0 && target.elr.includes(id));
  const isValid = (id: number): boolean => hasData(id) && mayLead(id);
  const preferred = target.replicas[0];
  if (change.election === 'preferred' && preferred !== undefined && isValid(preferred)) {
    return { leader: preferred, unclean: false };
  }
  if (isValid(partition.leader)) return { leader: partition.leader, unclean: false };
  const online = target.replicas.find(isValid);
  if (online !== undefined) return { leader: online, unclean: false };
  const last = lastKnownLeader(change, target);
  if (last !== null) return { leader: last, unclean: true };
  const living = change.election === 'unclean' ? target.replicas.find(mayLead) : undefined;
  return living === undefined ? { leader: NO_LEADER, unclean: false } : { leader: living, unclean: true };
}

/** With nobody eligible, the one that led last is the best there is (KIP-966, balanced recovery). */
function lastKnownLeader(change: PartitionChange, target: Target): number | null {
  if (!change.elrEnabled || target.elr.length > 0 || target.isr.length > 0) return null;
  const [last, ...others] = change.partition.lastKnownElr;
  return last !== undefined && others.length === 0 && change.mayLead(last) ? last : null;
}

/** A replica that leaves must stop following: the leader epoch rises even if the leader stays. */
function bumpOnReassignment(change: PartitionChange, target: Target, record: PartitionChangeRecord): void {
  if (record.leader !== NO_LEADER_CHANGE) return;
  const removed = change.partition.replicas.some((id) => !target.replicas.includes(id));
  if (removed) record.leader = change.partition.leader;
}

function rememberLastLeader(change: PartitionChange, record: PartitionChangeRecord): void {
  const { partition } = change;
  if (!change.elrEnabled) {
    if (partition.lastKnownElr.length > 0) record.lastKnownElr = [];
    return;
  }
  if (record.leader === NO_LEADER && partition.lastKnownElr.length === 0) {
    record.lastKnownElr = [partition.leader];
  } else if (record.leader >= 0 && partition.lastKnownElr.length > 0) {
    record.lastKnownElr = [];
  }
}

function setAssignment(change: PartitionChange, target: Target, record: PartitionChangeRecord): void {
  const { partition } = change;
  if (!sameList(target.replicas, partition.replicas)) {
    record.replicas = [...target.replicas];
    record.directories = target.replicas.map((id) => {
      const index = partition.replicas.indexOf(id);
      return (index >= 0 ? partition.directories[index] : undefined) ?? change.directoryOf(id);
    });
  }
  if (!sameList(target.removing, partition.removingReplicas)) record.removingReplicas = [...target.removing];
  if (!sameList(target.adding, partition.addingReplicas)) record.addingReplicas = [...target.adding];
}

function isNothing(record: PartitionChangeRecord): boolean {
  return (
    record.isr === null &&
    record.eligibleLeaderReplicas === null &&
    record.lastKnownElr === null &&
    record.leader === NO_LEADER_CHANGE &&
    record.replicas === null &&
    record.removingReplicas === null &&
    record.addingReplicas === null &&
    record.directories === null &&
    record.leaderRecoveryState === NO_RECOVERY_CHANGE
  );
}

export function sameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
