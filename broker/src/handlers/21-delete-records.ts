/** DeleteRecords, versions 0 to 2. The leader's log is cut at once; followers learn its new start as they fetch. */
import type { DeleteRecordsRequest, DeleteRecordsResponse } from '../messages/21-delete-records.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';

export function deleteRecords(
  request: DeleteRecordsRequest,
  context: RequestContext,
): Input<typeof DeleteRecordsResponse> {
  const { node } = context;
  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, offset }) => {
      const replica = node.replicas.leader(name, partitionIndex, -1);
      if (typeof replica === 'number') return { partitionIndex, lowWatermark: -1n, errorCode: replica };
      const { errorCode, lowWatermark } = replica.deleteRecordsBefore(Number(offset));
      return { partitionIndex, lowWatermark: BigInt(lowWatermark), errorCode };
    }),
  }));
  node.changed('records');
  return { topics };
}
