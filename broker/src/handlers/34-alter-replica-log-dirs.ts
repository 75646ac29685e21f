/** AlterReplicaLogDirs, versions 1 to 2 (KIP-113): replicas of this node move to other log directories of it. */
import type {
  AlterReplicaLogDirsRequest,
  AlterReplicaLogDirsResponse,
} from '../messages/34-alter-replica-log-dirs.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';

export function alterReplicaLogDirs(
  { dirs }: AlterReplicaLogDirsRequest,
  { node }: RequestContext,
): Input<typeof AlterReplicaLogDirsResponse> {
  const results = dirs.flatMap(({ path, topics }) =>
    topics.map(({ name, partitions }) => ({
      topicName: name,
      partitions: partitions.map((partitionIndex) => ({
        partitionIndex,
        errorCode: node.replicas.moveToDirectory(name, partitionIndex, path),
      })),
    })),
  );
  return { results };
}
