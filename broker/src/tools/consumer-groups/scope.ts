/** `topic` and `topic:0,1,2` arguments → partitions. */
import type { TopicPartition } from '../../client/main.ts';
import { illegalArgument } from '../java/java-error.ts';

export function parsePartitionsOf(argument: string): TopicPartition[] {
  const [topic, partitions, ...more] = argument.split(':');
  if (topic === undefined || partitions === undefined || partitions === '' || more.length > 0) {
    throw illegalArgument(`Invalid topic arg '${argument}', expected topic name and partitions`);
  }
  return partitions.split(',').map((text) => {
    if (!/^[+-]?\d{1,10}$/.test(text)) {
      throw illegalArgument(`Invalid partition '${text}' specified in topic arg '${argument}''`);
    }
    return { topic, partition: Number(text) };
  });
}
