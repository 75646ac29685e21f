/** OffsetForLeaderEpoch, versions 2 to 4: where a leader epoch ends, for readers that suspect their log was cut. */
import type {
  OffsetForLeaderEpochRequest,
  OffsetForLeaderEpochResponse,
} from '../messages/23-offset-for-leader-epoch.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';

export function offsetForLeaderEpoch(
  request: OffsetForLeaderEpochRequest,
  context: RequestContext,
): Input<typeof OffsetForLeaderEpochResponse> {
  return {
    topics: request.topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition, currentLeaderEpoch, leaderEpoch }) => {
        const replica = context.node.replicas.leader(topic, partition, currentLeaderEpoch);
        if (typeof replica === 'number') {
          return { partition, errorCode: replica, leaderEpoch: -1, endOffset: -1n };
        }
        const { epoch, endOffset } = replica.endOffsetForEpoch(leaderEpoch);
        return { partition, leaderEpoch: epoch, endOffset: BigInt(endOffset) };
      }),
    })),
  };
}
