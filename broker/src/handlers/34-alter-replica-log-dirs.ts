/** AlterReplicaLogDirs, versions 1 to 2 (KIP-113). A node has one log directory: a replica can only be moved to where it is. */
import type {
  AlterReplicaLogDirsRequest,
  AlterReplicaLogDirsResponse,
} from '../messages/34-alter-replica-log-dirs.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';

export function alterReplicaLogDirs(
  { dirs }: AlterReplicaLogDirsRequest,
  { node }: RequestContext,
): Input<typeof AlterReplicaLogDirsResponse> {
  const { image } = node.metadata;
  const hosted = new Set(
    Array.from(node.replicas.hosted(), ({ topic, partition }) => `${topic}-${partition}`),
  );
  const answer = (path: string, topic: string, partition: number): number => {
    if (path !== node.replicas.logDirectory) return ErrorCode.LOG_DIR_NOT_FOUND;
    if (hosted.has(`${topic}-${partition}`)) return ErrorCode.NONE;
    const known = image.topics.get(topic)?.partitions[partition] !== undefined;
    return known ? ErrorCode.NOT_LEADER_OR_FOLLOWER : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  };
  const results = dirs.flatMap(({ path, topics }) =>
    topics.map(({ name, partitions }) => ({
      topicName: name,
      partitions: partitions.map((partitionIndex) => ({
        partitionIndex,
        errorCode: answer(path, name, partitionIndex),
      })),
    })),
  );
  return { results };
}
