/** Where partitions begin and end now. */
import type { Client, TopicPartition } from '@brokerlab/broker/client';

export interface Bounds {
  /** Null: the partition did not tell. */
  readonly first: number | null;
  readonly last: number | null;
}

/** By `placeKey`. */
export async function readBounds(
  client: Client,
  places: readonly TopicPartition[],
): Promise<ReadonlyMap<string, Bounds>> {
  const unique = [...new Map(places.map((place) => [placeKey(place), place])).values()];
  if (unique.length === 0) return new Map();
  const offsets = async (at: 'earliest' | 'latest') => {
    const answers = await client.listOffsets(
      unique.map(({ topic, partition }) => ({ topic, partition, at })),
    );
    return new Map(answers.map((answer) => [placeKey(answer), answer.error === null ? answer.offset : null]));
  };
  const [first, last] = await Promise.all([offsets('earliest'), offsets('latest')]);
  return new Map(
    unique.map((place) => {
      const key = placeKey(place);
      return [key, { first: first.get(key) ?? null, last: last.get(key) ?? null }];
    }),
  );
}

export const placeKey = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
