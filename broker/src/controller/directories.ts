/** AssignReplicasToDirs v0 (KIP-858): a broker says in which of its log directories its replicas lie. */
import type {
  AssignReplicasToDirsRequest,
  AssignReplicasToDirsResponse,
} from '../messages/73-assign-replicas-to-dirs.ts';
import { ErrorCode } from '../messages/errors.ts';
import { METADATA_RECORDS } from '../messages/metadata/records.ts';
import { brokerEpochFailure, type DecideContext, type Decision, isActive } from './context.ts';
import { isInOnlineDirectory } from './directory-ids.ts';
import type { PartitionRegistration, TopicImage } from './image.ts';
import { changeRecords } from './leadership.ts';
import type { MetadataRecord } from './records.ts';
import { record } from './records.ts';

export function decideAssignReplicasToDirs(
  context: DecideContext,
  request: AssignReplicasToDirsRequest,
): Decision<typeof AssignReplicasToDirsResponse.input> {
  const { brokerId, brokerEpoch } = request;
  const stale = brokerEpochFailure(context.image, brokerId, brokerEpoch);
  if (stale !== null) return { records: [], response: { errorCode: stale.errorCode } };
  const records: MetadataRecord[] = [];
  const directories = request.directories.map(({ id, topics }) => ({
    id,
    topics: topics.map(({ topicId, partitions }) => ({
      topicId,
      partitions: partitions.map(({ partitionIndex }) => {
        const change = assign(context, { brokerId, directory: id, topicId, partitionIndex });
        if (typeof change === 'number') return { partitionIndex, errorCode: change };
        records.push(...change);
        return { partitionIndex, errorCode: ErrorCode.NONE };
      }),
    })),
  }));
  return { records, response: { errorCode: ErrorCode.NONE, directories } };
}

function assign(
  context: DecideContext,
  at: { brokerId: number; directory: string; topicId: string; partitionIndex: number },
): MetadataRecord[] | number {
  const { image } = context;
  const { brokerId, directory, topicId, partitionIndex: partitionId } = at;
  const topic = image.topics.get(image.topicNames.get(topicId) ?? '');
  if (topic === undefined) return ErrorCode.UNKNOWN_TOPIC_ID;
  const partition = topic.partitions[partitionId];
  if (partition === undefined) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  const index = partition.replicas.indexOf(brokerId);
  if (index < 0) return ErrorCode.NOT_LEADER_OR_FOLLOWER;
  if (partition.directories[index] === directory) return [];
  const directories = partition.directories.map((known, place) => (place === index ? directory : known));
  const empty = METADATA_RECORDS.PartitionChangeRecord.message.empty();
  const moved = { ...partition, directories };
  return [
    record('PartitionChangeRecord', { ...empty, topicId, partitionId, directories }),
    ...leadersAfter(context, topic, { partitionId, partition: moved, brokerId }),
  ];
}

/** Who has lost what it had leads no more and is in sync no more; who has it again may lead where nobody does. */
function leadersAfter(
  context: DecideContext,
  topic: TopicImage,
  at: { partitionId: number; partition: PartitionRegistration; brokerId: number },
): MetadataRecord[] {
  const { partitionId, partition, brokerId } = at;
  const { image } = context;
  if (isInOnlineDirectory(image, partition, brokerId)) {
    if (partition.leader >= 0 || !isActive(image.brokers.get(brokerId))) return [];
    return changeRecords(context, topic, { partitionId, partition });
  }
  const isr = partition.isr.filter((id) => id !== brokerId);
  return changeRecords(context, topic, { partitionId, partition, isr, uncleanShutdown: [brokerId] });
}
