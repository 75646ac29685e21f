/** The forerunner's number of tasks, found in Kafka Connect's config topic on the target. */
import type { Client } from '../../client/client.ts';
import { readTaskCountRecord } from '../formats/task-count.ts';
import { readTopic } from './read-topic.ts';

export async function readTaskCount(target: Client, configsTopic: string): Promise<number> {
  let count = 0;
  await readTopic(target, configsTopic, ({ key, value }) => {
    count = readTaskCountRecord(key, value) ?? count;
  });
  return count;
}
