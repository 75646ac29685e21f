/**
 * MirrorMaker's flows as they can be seen from outside: a topic `A.orders` on B, where A is another cluster of the lab, is
 * A's `orders` copied. How far it is behind follows from the numbers of records on both sides, and is therefore "about".
 */
import type { MapState, MapTopic } from '@brokerlab/server/contract';

export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly topics: readonly {
    readonly topic: string;
    readonly remote: string;
    /** Null: not known. */
    readonly behind: number | null;
  }[];
  readonly behind: number | null;
}

const ofMirrorMaker = /^(heartbeats|checkpoints\.internal|mm2-.*)$/;

export function flowsOf({ clusters }: MapState): Flow[] {
  const names = Object.keys(clusters);
  return names.flatMap((from) =>
    names.flatMap((to): Flow[] => {
      const source = clusters[from];
      const target = clusters[to];
      if (from === to || !source || !target) return [];
      const prefix = `${from}.`;
      const remotes = Object.keys(target.topics).filter((name) => name.startsWith(prefix));
      if (remotes.length === 0) return [];
      const topics = remotes
        .map((remote) => ({ remote, topic: remote.slice(prefix.length) }))
        .filter(({ topic }) => !ofMirrorMaker.test(topic))
        .map(({ remote, topic }) => {
          return { topic, remote, behind: behindOf(source.topics[topic], target.topics[remote]) };
        });
      const known = topics.flatMap(({ behind }) => (behind === null ? [] : [behind]));
      const behind = known.length > 0 ? known.reduce((sum, count) => sum + count, 0) : null;
      return [{ from, to, topics, behind }];
    }),
  );
}

function behindOf(source: MapTopic | undefined, remote: MapTopic | undefined): number | null {
  if (!source || !remote) return null;
  let behind = 0;
  for (const partition of Object.keys(source.partitions)) {
    const there = lengthOf(source, partition);
    const here = lengthOf(remote, partition);
    if (there === null) return null;
    behind += Math.max(0, there - (here ?? 0));
  }
  return behind;
}

function lengthOf(topic: MapTopic, partition: string): number | null {
  const end = topic.ends[partition];
  return end === undefined ? null : end - (topic.starts[partition] ?? 0);
}
