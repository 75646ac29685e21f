/** What a group's members read: names, and names that match regular expressions resolved here (KIP-848). */
import type { Now, TopicView } from '../effects.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import type { Draft } from './draft.ts';
import type { ConsumerMember } from './member.ts';
import { compileTopicRegex } from './topic-regex.ts';

/** Expressions of a group are looked at again at most this often when topics change. */
const REGEX_BATCH_REFRESH_MIN_INTERVAL_MS = 10_000;

export function topicsOf(group: ConsumerGroup, member: ConsumerMember): ReadonlySet<string> {
  const names = new Set(member.subscribedTopicNames);
  if (member.subscribedTopicRegex) {
    for (const name of group.regexes.get(member.subscribedTopicRegex)?.topics ?? []) names.add(name);
  }
  return names;
}

/** Every topic that some member reads. */
export function subscribedTopicNames(group: ConsumerGroup): Set<string> {
  const names = new Set<string>();
  for (const member of group.members.values()) for (const name of topicsOf(group, member)) names.add(name);
  return names;
}

/** Ids of the topics a member reads that are there. */
export function topicIdsOf(group: ConsumerGroup, member: ConsumerMember, topics: TopicView): Set<string> {
  const ids = new Set<string>();
  for (const name of topicsOf(group, member)) {
    const id = topics.idOf(name);
    if (id !== undefined) ids.add(id);
  }
  return ids;
}

const FNV_PRIME = 0x100000001b3n;
const FNV_OFFSET = 0xcbf29ce484222325n;

/** Another number whenever a subscribed topic comes, goes, or gets partitions; 0 without topics. */
export function metadataHash(names: ReadonlySet<string>, topics: TopicView): bigint {
  const parts = [...names].sort().flatMap((name) => {
    const id = topics.idOf(name);
    return id === undefined ? [] : [`${name}:${id}:${topics.partitionCount(id)}`];
  });
  if (parts.length === 0) return 0n;
  let hash = FNV_OFFSET;
  for (const byte of Buffer.from(parts.join('\n'))) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * FNV_PRIME);
  }
  return BigInt.asIntN(64, hash);
}

/** Forgets expressions nobody has any more, resolves new ones, and all of them again when topics have changed. */
export function maybeResolveRegexes(
  draft: Draft,
  options: { topics: TopicView; now: Now; refreshIntervalMs: number },
): void {
  const { topics, now, refreshIntervalMs } = options;
  const wanted = new Set<string>();
  for (const { subscribedTopicRegex: regex } of draft.group.members.values()) if (regex) wanted.add(regex);
  for (const regex of [...draft.group.regexes.keys()]) if (!wanted.has(regex)) draft.removeRegex(regex);
  for (const regex of wanted) {
    const known = draft.group.regexes.get(regex);
    if (known !== undefined) {
      const ageMs = now.wallMs - known.timestampMs;
      const isStale = known.version !== topics.version && ageMs >= REGEX_BATCH_REFRESH_MIN_INTERVAL_MS;
      if (!isStale && ageMs < refreshIntervalMs) continue;
    }
    draft.putRegex(regex, {
      topics: matching(regex, topics),
      version: topics.version,
      timestampMs: now.wallMs,
    });
  }
}

function matching(regex: string, topics: TopicView): string[] {
  const compiled = compileTopicRegex(regex);
  return [...topics.names].filter((name) => compiled.matches(name)).sort();
}
