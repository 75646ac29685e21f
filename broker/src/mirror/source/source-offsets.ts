/** How far each source partition was mirrored, as Kafka Connect stores it on the target. */
import type { Client } from '../../client/client.ts';
import { partitionForKey } from '../../client/producer/murmur2.ts';
import { readTopic } from '../flow/read-topic.ts';
import {
  offsetValue,
  readOffsetValue,
  readSourceOffsetKey,
  sourceOffsetKey,
} from '../formats/connect-offsets.ts';
import type { Place } from '../target/lane.ts';

/** Offset of the last mirrored record by `topic-partition`, of one source cluster. */
export async function readSourceOffsets(
  client: Client,
  topic: string,
  cluster: string,
): Promise<Map<string, number>> {
  const offsets = new Map<string, number>();
  await readTopic(client, topic, ({ key, value }) => {
    const place = readSourceOffsetKey(key);
    if (place === null || place.cluster !== cluster) return;
    const offset = readOffsetValue(value);
    const name = `${place.topic}-${place.partition}`;
    if (offset === null) offsets.delete(name);
    else offsets.set(name, offset);
  });
  return offsets;
}

export interface StoredRecord {
  readonly partition: number;
  readonly key: Buffer;
  readonly value: Buffer;
}

/** A record of the offsets topic, in the partition where Java's producer would put it. */
export function sourceOffsetRecord(
  source: Place & { readonly cluster: string },
  offset: number,
  partitionCount: number,
): StoredRecord {
  return storedRecord(sourceOffsetKey(source), offset, partitionCount);
}

export function storedRecord(key: Buffer, offset: number, partitionCount: number): StoredRecord {
  return { partition: partitionForKey(key, partitionCount), key, value: offsetValue(offset) };
}
