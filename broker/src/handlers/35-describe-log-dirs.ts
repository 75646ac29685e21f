/** DescribeLogDirs, versions 1 to 5: what lies in each of this node's log directories. */
import type { DescribeLogDirsRequest, DescribeLogDirsResponse } from '../messages/35-describe-log-dirs.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';
import type { PlacedReplica } from './replicas.ts';

export function describeLogDirs(
  { topics: asked }: DescribeLogDirsRequest,
  context: RequestContext,
): Input<typeof DescribeLogDirsResponse> {
  const wanted =
    asked === null ? null : new Map(asked.map(({ topic, partitions }) => [topic, new Set(partitions)]));
  const isWanted = ({ topic, partition }: PlacedReplica) =>
    wanted === null || wanted.get(topic)?.has(partition) === true;
  const results = context.node.replicas
    .logDirectories()
    .map(({ path, isOnline, totalBytes, usableBytes, replicas }) => ({
      errorCode: isOnline ? ErrorCode.NONE : ErrorCode.KAFKA_STORAGE_ERROR,
      logDir: path,
      topics: byTopic(replicas.filter(isWanted)),
      totalBytes: BigInt(totalBytes),
      usableBytes: BigInt(usableBytes),
    }));
  return { results };
}

function byTopic(replicas: readonly PlacedReplica[]) {
  const found = new Map<string, PlacedReplica[]>();
  for (const replica of replicas) {
    const known = found.get(replica.topic);
    if (known === undefined) found.set(replica.topic, [replica]);
    else known.push(replica);
  }
  return [...found].map(([name, placed]) => ({
    name,
    partitions: placed.map(({ partition, sizeBytes, offsetLag, isFuture }) => ({
      partitionIndex: partition,
      partitionSize: BigInt(sizeBytes),
      offsetLag: BigInt(offsetLag),
      isFutureKey: isFuture,
    })),
  }));
}
