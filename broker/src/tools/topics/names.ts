/** Which topics a command means: none given, a name, or a regular expression. */
import type { Client } from '../../client/main.ts';
import { calling } from '../framework/admin.ts';
import { illegalArgument } from '../java/java-error.ts';
import { includeList, isInternalTopic } from '../java/regex.ts';
import type { TopicsOptions } from './options.ts';

/** Sorted as Java sorts strings. */
export async function getTopics(admin: Client, options: TopicsOptions): Promise<string[]> {
  const wanted = options.value('topic');
  const matches = wanted === null ? () => true : includeList(wanted);
  const withoutInternal = options.has('exclude-internal');
  const { topics } = await calling('listTopics', admin.metadata());
  return topics
    .map(({ name }) => name)
    .filter((name) => matches(name) && !(withoutInternal && isInternalTopic(name)))
    .sort();
}

export function ensureTopicExists(found: readonly string[], options: TopicsOptions): void {
  const wanted = options.value('topic');
  if (found.length === 0 && wanted !== null && wanted !== '' && !options.has('if-exists')) {
    throw illegalArgument(`Topic '${wanted}' does not exist as expected`);
  }
}
