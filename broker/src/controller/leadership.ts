/**
 * What happens to partitions when brokers come and go: leaders and ISRs after a broker is fenced, unfenced, leaves,
 * or returns without a clean shutdown; elections on request, preferred leaders, unclean elections.
 */

import type { ElectLeadersRequest, ElectLeadersResponse } from '../messages/43-elect-leaders.ts';
import {
  type ApiFailure,
  type DecideContext,
  type Decision,
  defaultDirectory,
  effectiveMinIsr,
  elrEnabled,
  fail,
  isActive,
  NO_ERROR,
  uncleanElectionEnabled,
} from './context.ts';
import { isInOnlineDirectory } from './directory-ids.ts';
import type { PartitionRegistration, TopicImage } from './image.ts';
import { buildPartitionChange, type PartitionChange } from './partition-change.ts';
import { type MetadataRecord, record } from './records.ts';

/** At most this many elections in one periodic run. */
const ELECTIONS_MAX = 1000;

/** One partition's change as a record, or none; what the partition's topic says is filled in. */
export function changeRecords(
  context: DecideContext,
  topic: TopicImage,
  change: Omit<PartitionChange, 'topicId' | 'mayLead' | 'minIsr' | 'elrEnabled' | 'directoryOf'> & {
    readonly mayLead?: (id: number) => boolean;
  },
): MetadataRecord[] {
  const { image } = context;
  const { mayLead = (id: number) => isActive(image.brokers.get(id)) } = change;
  const built = buildPartitionChange({
    ...change,
    mayLead: (id) => mayLead(id) && isInOnlineDirectory(image, change.partition, id),
    topicId: topic.id,
    minIsr: effectiveMinIsr(context, topic.name),
    elrEnabled: elrEnabled(image),
    directoryOf: (id) => defaultDirectory(image, id),
  });
  return built === null ? [] : [record('PartitionChangeRecord', built)];
}

interface BrokerMove {
  readonly leaving?: number;
  readonly arriving?: number;
  readonly uncleanShutdown?: number;
}

/** The changes of all partitions that `affects` picks, when these brokers leave or arrive. */
function moveBrokers(
  context: DecideContext,
  move: BrokerMove,
  affects: (partition: PartitionRegistration) => boolean,
): MetadataRecord[] {
  const { leaving, arriving, uncleanShutdown } = move;
  const mayLead = (id: number): boolean =>
    id !== leaving && id !== uncleanShutdown && (id === arriving || isActive(context.image.brokers.get(id)));
  const records: MetadataRecord[] = [];
  for (const topic of context.image.topics.values()) {
    const election = uncleanElectionEnabled(context, topic.name) ? 'unclean' : 'online';
    for (const [partitionId, partition] of topic.partitions.entries()) {
      if (!affects(partition)) continue;
      const isr = partition.isr.filter((id) => id !== leaving && id !== uncleanShutdown);
      const change = { partitionId, partition, mayLead, election, isr } as const;
      records.push(
        ...changeRecords(
          context,
          topic,
          uncleanShutdown === undefined ? change : { ...change, uncleanShutdown: [uncleanShutdown] },
        ),
      );
    }
  }
  return records;
}

/** These directories of a broker failed: what it has in them is as good as gone. */
export function directoriesOffline(
  context: DecideContext,
  brokerId: number,
  offline: readonly string[],
): MetadataRecord[] {
  return moveBrokers(context, { leaving: brokerId }, ({ isr, replicas, directories }) => {
    const directory = directories[replicas.indexOf(brokerId)];
    return isr.includes(brokerId) && directory !== undefined && offline.includes(directory);
  });
}

export function brokerFenced(context: DecideContext, brokerId: number): MetadataRecord[] {
  const broker = context.image.brokers.get(brokerId)!;
  return [
    ...moveBrokers(context, { leaving: brokerId }, (partition) => partition.isr.includes(brokerId)),
    record('BrokerRegistrationChangeRecord', { brokerId, brokerEpoch: BigInt(broker.epoch), fenced: 1 }, 0),
  ];
}

export function brokerUnfenced(context: DecideContext, brokerId: number): MetadataRecord[] {
  const broker = context.image.brokers.get(brokerId)!;
  return [
    record('BrokerRegistrationChangeRecord', { brokerId, brokerEpoch: BigInt(broker.epoch), fenced: -1 }, 0),
    ...moveBrokers(context, { arriving: brokerId }, (partition) => partition.leader === -1),
  ];
}

export function brokerShuttingDown(context: DecideContext, brokerId: number): MetadataRecord[] {
  const broker = context.image.brokers.get(brokerId)!;
  const brokerEpoch = BigInt(broker.epoch);
  const entering = broker.inControlledShutdown
    ? []
    : [record('BrokerRegistrationChangeRecord', { brokerId, brokerEpoch, inControlledShutdown: 1 }, 1)];
  return [
    ...entering,
    ...moveBrokers(context, { leaving: brokerId }, (partition) => partition.isr.includes(brokerId)),
  ];
}

/** A new process registers under the id: what the last one left behind. */
export function brokerReplaced(context: DecideContext, brokerId: number, clean: boolean): MetadataRecord[] {
  const inIsr = (partition: PartitionRegistration) => partition.isr.includes(brokerId);
  if (clean || !elrEnabled(context.image)) return moveBrokers(context, { leaving: brokerId }, inIsr);
  return moveBrokers(
    context,
    { uncleanShutdown: brokerId },
    (partition) => inIsr(partition) || partition.elr.includes(brokerId),
  );
}

export function brokerUnregistered(context: DecideContext, brokerId: number): MetadataRecord[] {
  const broker = context.image.brokers.get(brokerId)!;
  const concerned = (partition: PartitionRegistration) =>
    partition.isr.includes(brokerId) || partition.elr.includes(brokerId);
  return [
    ...moveBrokers(context, { leaving: brokerId }, concerned),
    record('UnregisterBrokerRecord', { brokerId, brokerEpoch: BigInt(broker.epoch) }),
  ];
}

export function hasLeaderships(context: DecideContext, brokerId: number): boolean {
  for (const topic of context.image.topics.values()) {
    if (topic.partitions.some((partition) => partition.leader === brokerId)) return true;
  }
  return false;
}

type ElectionType = 'preferred' | 'unclean';

export function decideElectLeaders(
  context: DecideContext,
  request: ElectLeadersRequest,
): Decision<typeof ElectLeadersResponse.input> {
  const { electionType } = request;
  if (electionType !== 0 && electionType !== 1) {
    const failure = fail('INVALID_REQUEST', `Unknown election type ${electionType}`);
    const replicaElectionResults = (request.topicPartitions ?? []).map(({ topic, partitions }) => ({
      topic,
      partitionResult: partitions.map((partitionId) => ({ partitionId, ...failure })),
    }));
    return { records: [], response: { errorCode: failure.errorCode, replicaElectionResults } };
  }
  const type: ElectionType = electionType === 0 ? 'preferred' : 'unclean';
  const records: MetadataRecord[] = [];
  const attempt = (topic: string, partitionId: number) => {
    const result = electLeader(context, { topic, partitionId, type });
    if (!Array.isArray(result)) return { partitionId, ...(result as ApiFailure) };
    records.push(...result);
    return { partitionId, ...NO_ERROR };
  };
  const notNeeded = fail('ELECTION_NOT_NEEDED').errorCode;
  const replicaElectionResults =
    request.topicPartitions === null
      ? [...context.image.topics.values()].map((topic) => ({
          topic: topic.name,
          partitionResult: topic.partitions
            .map((_partition, index) => attempt(topic.name, index))
            .filter((result) => result.errorCode !== notNeeded),
        }))
      : request.topicPartitions.map(({ topic, partitions }) => ({
          topic,
          partitionResult: partitions.map((partitionId) => attempt(topic, partitionId)),
        }));
  return { records, response: { errorCode: 0, replicaElectionResults } };
}

function electLeader(
  context: DecideContext,
  ask: { topic: string; partitionId: number; type: ElectionType },
): MetadataRecord[] | ApiFailure {
  const { topic: name, partitionId, type } = ask;
  const topic = context.image.topics.get(name);
  if (topic === undefined) return fail('UNKNOWN_TOPIC_OR_PARTITION', `No such topic as ${name}`);
  const partition = topic.partitions[partitionId];
  if (partition === undefined) {
    return fail('UNKNOWN_TOPIC_OR_PARTITION', `No such partition as ${name}-${partitionId}`);
  }
  const notNeeded =
    type === 'preferred' ? partition.leader === partition.replicas[0] : partition.leader !== -1;
  if (notNeeded) return fail('ELECTION_NOT_NEEDED');
  const records = changeRecords(context, topic, { partitionId, partition, election: type });
  if (records.length > 0) return records;
  return fail(type === 'preferred' ? 'PREFERRED_LEADER_NOT_AVAILABLE' : 'ELIGIBLE_LEADERS_NOT_AVAILABLE');
}

/** Gives leadership back to first replicas that can lead again. */
export function balanceLeaders(context: DecideContext): MetadataRecord[] {
  const records: MetadataRecord[] = [];
  for (const topic of context.image.topics.values()) {
    for (const [partitionId, partition] of topic.partitions.entries()) {
      if (records.length >= ELECTIONS_MAX) return records;
      if (partition.leader === partition.replicas[0]) continue;
      records.push(...changeRecords(context, topic, { partitionId, partition, election: 'preferred' }));
    }
  }
  return records;
}

/** For topics that allow it, any living replica rather than none. */
export function electUncleanLeaders(context: DecideContext): MetadataRecord[] {
  const records: MetadataRecord[] = [];
  for (const topic of context.image.topics.values()) {
    if (!topic.partitions.some((partition) => partition.leader === -1)) continue;
    if (!uncleanElectionEnabled(context, topic.name)) continue;
    for (const [partitionId, partition] of topic.partitions.entries()) {
      if (records.length >= ELECTIONS_MAX) return records;
      if (partition.leader !== -1) continue;
      records.push(...changeRecords(context, topic, { partitionId, partition, election: 'unclean' }));
    }
  }
  return records;
}
