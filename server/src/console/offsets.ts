/** A group's committed offsets, set elsewhere or forgotten, as `kafka-consumer-groups.sh` does it. */
import type { Client, TopicPartition } from '@brokerlab/broker/client';
import type { Failures, OffsetsReset, OffsetTarget } from '../contract/main.ts';
import { ConsoleError } from './console-error.ts';
import { failuresOf } from './failures.ts';

export async function resetOffsets(
  client: Client,
  groupId: string,
  { topics, target, execute }: { topics: readonly string[]; target: OffsetTarget; execute: boolean },
): Promise<OffsetsReset> {
  const places = await placesIn(client, topics);
  const [committed, earliest, latest] = await Promise.all([
    client.offsetFetch(groupId, places),
    client.listOffsets(places.map((place) => ({ ...place, at: 'earliest' as const }))),
    client.listOffsets(places.map((place) => ({ ...place, at: 'latest' as const }))),
  ]);
  const wanted = await targetsOf(client, { places, target });
  const offsets = places.map((place) => {
    const offsetIn = (answers: readonly (TopicPartition & { readonly offset: number | null })[]) =>
      answers.find((one) => one.topic === place.topic && one.partition === place.partition)?.offset ?? null;
    const before = offsetIn(committed);
    const first = offsetIn(earliest) ?? 0;
    const last = offsetIn(latest) ?? 0;
    const after = {
      earliest: first,
      latest: last,
      shift: (before ?? first) + (target.to === 'shift' ? target.by : 0),
    };
    const chosen =
      target.to in after
        ? after[target.to as keyof typeof after]
        : (wanted.get(keyOf(place)) ?? before ?? first);
    // An offset outside what there is becomes the nearest one, as with the command.
    return {
      ...place,
      before,
      after: chosen < 0 && target.to === 'time' ? last : Math.min(last, Math.max(first, chosen)),
    };
  });
  if (execute) {
    await refuseActive(client, groupId);
    const outcomes = await client.offsetCommit(
      groupId,
      offsets.map(({ after, topic, partition }) => ({ topic, partition, offset: after })),
    );
    const [failed] = failuresOf(
      outcomes.map(({ topic, partition, error }) => ({ what: `${topic}-${partition}`, error })),
    ).failures;
    if (failed)
      throw new ConsoleError({
        ko: `${failed.what}: ${failed.message}`,
        en: `${failed.what}: ${failed.message}`,
      });
  }
  return { offsets };
}

export async function deleteGroup(client: Client, groupId: string): Promise<Failures> {
  const [outcome] = await client.deleteGroups([groupId]);
  return failuresOf([{ what: groupId, error: outcome?.error ?? null }]);
}

export async function deleteOffsets(client: Client, groupId: string, topic: string): Promise<Failures> {
  const outcomes = await client.offsetDelete(groupId, await placesIn(client, [topic]));
  return failuresOf(outcomes.map(({ partition, error }) => ({ what: `${topic}-${partition}`, error })));
}

async function placesIn(client: Client, topics: readonly string[]): Promise<TopicPartition[]> {
  const metadata = await client.metadata({ topics });
  return metadata.topics.flatMap(({ name, partitions, error }) => {
    if (error)
      throw new ConsoleError({ ko: `${name} 토픽은 없어요.`, en: `There is no topic ${name}.` }, 'missing');
    return partitions.map(({ partition }) => ({ topic: name, partition }));
  });
}

async function targetsOf(
  client: Client,
  { places, target }: { places: readonly TopicPartition[]; target: OffsetTarget },
): Promise<ReadonlyMap<string, number>> {
  if (target.to === 'offset') return new Map(places.map((place) => [keyOf(place), target.offset]));
  if (target.to === 'time') {
    const answers = await client.listOffsets(places.map((place) => ({ ...place, at: target.timeMs })));
    return new Map(answers.map((answer) => [keyOf(answer), answer.offset]));
  }
  if (target.to === 'group') {
    const others = await client.offsetFetch(target.groupId, places);
    return new Map(others.flatMap((one) => (one.offset === null ? [] : [[keyOf(one), one.offset] as const])));
  }
  return new Map();
}

async function refuseActive(client: Client, groupId: string): Promise<void> {
  const [group] = await client.describeGroups([groupId]);
  if (!group || group.members.length === 0) return;
  throw new ConsoleError({
    ko: `${groupId} 그룹에 컨슈머가 있어요. 오프셋은 컨슈머를 모두 멈춘 뒤에 바꿀 수 있어요.`,
    en: `The group ${groupId} has consumers. Stop all of them before its offsets can be reset.`,
  });
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
