/** DescribeLogDirs, versions 1 to 5: what lies in this node's one log directory. */
import type { DescribeLogDirsRequest, DescribeLogDirsResponse } from '../messages/35-describe-log-dirs.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';
import type { HostedReplica } from './replicas.ts';

export function describeLogDirs(
  request: DescribeLogDirsRequest,
  context: RequestContext,
): Input<typeof DescribeLogDirsResponse> {
  const { replicas } = context.node;
  const { topics: asked } = request;
  const wanted =
    asked === null ? null : new Map(asked.map(({ topic, partitions }) => [topic, new Set(partitions)]));
  const byTopic = new Map<string, HostedReplica[]>();
  for (const replica of replicas.hosted()) {
    if (wanted !== null && wanted.get(replica.topic)?.has(replica.partition) !== true) continue;
    const found = byTopic.get(replica.topic);
    if (found === undefined) byTopic.set(replica.topic, [replica]);
    else found.push(replica);
  }
  const topics = [...byTopic].map(([name, hosted]) => ({
    name,
    partitions: hosted.map(({ partition, sizeBytes, offsetLag }) => ({
      partitionIndex: partition,
      partitionSize: BigInt(sizeBytes),
      offsetLag: BigInt(offsetLag),
    })),
  }));
  return { results: [{ logDir: replicas.logDirectory, topics }] };
}
