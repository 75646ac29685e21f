/** ListPartitionReassignments, version 0 (KIP-455): which partitions are on their way to other brokers. */
import type {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from '../messages/46-list-partition-reassignments.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';

type Response = Input<typeof ListPartitionReassignmentsResponse>;

export function listPartitionReassignments(
  request: ListPartitionReassignmentsRequest,
  { node }: Pick<RequestContext, 'node'>,
): Response {
  const { topics: known } = node.metadata.image;
  const asked =
    request.topics?.map(({ name, partitionIndexes }) => ({ name, partitions: partitionIndexes })) ??
    Array.from(known.values(), ({ name, partitions }) => ({ name, partitions: [...partitions.keys()] }));
  const topics = asked.map(({ name, partitions }) => ({
    name,
    partitions: partitions.flatMap((partitionIndex) => {
      const found = known.get(name)?.partitions[partitionIndex];
      if (found === undefined) return [];
      const { replicas, addingReplicas, removingReplicas } = found;
      if (addingReplicas.length === 0 && removingReplicas.length === 0) return [];
      return [{ partitionIndex, replicas, addingReplicas, removingReplicas }];
    }),
  }));
  return { errorMessage: null, topics: topics.filter(({ partitions }) => partitions.length > 0) };
}
