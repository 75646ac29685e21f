/**
 * AlterPartition v2–3: a leader changes its partition's ISR, guarded by the epochs it knows (KIP-497, KIP-841, KIP-903).
 */
import type { AlterPartitionRequest, AlterPartitionResponse } from '../messages/56-alter-partition.ts';
import { ErrorCode } from '../messages/errors.ts';
import { brokerEpochFailure, type DecideContext, type Decision, uncleanElectionEnabled } from './context.ts';
import type { PartitionRegistration, TopicImage } from './image.ts';
import { changeRecords } from './leadership.ts';
import { mergePartition, NO_LEADER_CHANGE, recoveryCode, recoveryState } from './partition.ts';
import type { MetadataRecord } from './records.ts';

type PartitionData = AlterPartitionRequest['topics'][number]['partitions'][number];
type TopicResult = NonNullable<(typeof AlterPartitionResponse.input)['topics']>[number];
type PartitionResult = NonNullable<TopicResult['partitions']>[number];

interface IsrMember {
  readonly brokerId: number;
  /** -1: not checked. */
  readonly brokerEpoch: number;
}

export function decideAlterPartition(
  context: DecideContext,
  request: AlterPartitionRequest,
): Decision<typeof AlterPartitionResponse.input> {
  const { image } = context;
  const stale = brokerEpochFailure(image, request.brokerId, request.brokerEpoch);
  if (stale !== null) return { records: [], response: { errorCode: stale.errorCode } };
  const records: MetadataRecord[] = [];
  const topics: TopicResult[] = request.topics.map(({ topicId, partitions }) => {
    const name = image.topicNames.get(topicId);
    const topic = name === undefined ? undefined : image.topics.get(name);
    const results = partitions.map((data): PartitionResult => {
      const { partitionIndex } = data;
      if (topic === undefined) return { partitionIndex, errorCode: ErrorCode.UNKNOWN_TOPIC_ID };
      return alterPartition(context, { topic, data, brokerId: request.brokerId, records });
    });
    return { topicId, partitions: results };
  });
  return { records, response: { errorCode: 0, topics } };
}

function alterPartition(
  context: DecideContext,
  ask: { topic: TopicImage; data: PartitionData; brokerId: number; records: MetadataRecord[] },
): PartitionResult {
  const { topic, data, brokerId, records } = ask;
  const { partitionIndex } = data;
  const partition = topic.partitions[partitionIndex];
  if (partition === undefined) return { partitionIndex, errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION };
  const isr = isrOf(data);
  const errorCode = validate(context, { partition, data, isr, brokerId });
  if (errorCode !== 0) return { partitionIndex, errorCode };
  const [change] = changeRecords(context, topic, {
    partitionId: partitionIndex,
    partition,
    election: uncleanElectionEnabled(context, topic.name) ? 'unclean' : 'online',
    isr: isr.map((member) => member.brokerId),
    leaderRecoveryState: recoveryState(data.leaderRecoveryState),
  });
  let after = partition;
  if (change?.name === 'PartitionChangeRecord') {
    records.push(change);
    after = mergePartition(partition, change.value);
    const { leader } = change.value;
    // The end of a reassignment may take leadership from the one that asks: it must read the metadata first.
    if (leader !== NO_LEADER_CHANGE && leader !== brokerId) {
      return { partitionIndex, errorCode: ErrorCode.NEW_LEADER_ELECTED };
    }
  }
  return {
    partitionIndex,
    errorCode: 0,
    leaderId: after.leader,
    leaderEpoch: after.leaderEpoch,
    isr: [...after.isr],
    leaderRecoveryState: recoveryCode(after.leaderRecoveryState),
    partitionEpoch: after.partitionEpoch,
  };
}

function isrOf(data: PartitionData): IsrMember[] {
  if (data.newIsrWithEpochs.length === 0) {
    return data.newIsr.map((brokerId) => ({ brokerId, brokerEpoch: -1 }));
  }
  return data.newIsrWithEpochs.map(({ brokerId, brokerEpoch }) => ({
    brokerId,
    brokerEpoch: Number(brokerEpoch),
  }));
}

function validate(
  context: DecideContext,
  ask: { partition: PartitionRegistration; data: PartitionData; isr: IsrMember[]; brokerId: number },
): number {
  const { partition, data, isr, brokerId } = ask;
  // A leader that knows more than this controller talks to one that no longer leads.
  if (data.leaderEpoch > partition.leaderEpoch || data.partitionEpoch > partition.partitionEpoch) {
    return ErrorCode.NOT_CONTROLLER;
  }
  if (data.leaderEpoch < partition.leaderEpoch) return ErrorCode.FENCED_LEADER_EPOCH;
  if (brokerId !== partition.leader) return ErrorCode.INVALID_REQUEST;
  if (data.partitionEpoch < partition.partitionEpoch) return ErrorCode.INVALID_UPDATE_VERSION;
  const ids = isr.map((member) => member.brokerId);
  const wellFormed =
    ids.length > 0 &&
    new Set(ids).size === ids.length &&
    ids.every((id) => partition.replicas.includes(id)) &&
    ids.includes(partition.leader);
  if (!wellFormed) return ErrorCode.INVALID_REQUEST;
  const recovery = recoveryState(data.leaderRecoveryState);
  if (recovery === 'RECOVERING' && ids.length > 1) return ErrorCode.INVALID_REQUEST;
  if (recovery === 'RECOVERING' && partition.leaderRecoveryState === 'RECOVERED') {
    return ErrorCode.INVALID_REQUEST;
  }
  return isr.every((member) => isEligible(context, member)) ? 0 : ErrorCode.INELIGIBLE_REPLICA;
}

function isEligible(context: DecideContext, member: IsrMember): boolean {
  const broker = context.image.brokers.get(member.brokerId);
  if (broker === undefined || broker.fenced || broker.inControlledShutdown) return false;
  return member.brokerEpoch === -1 || member.brokerEpoch === broker.epoch;
}
