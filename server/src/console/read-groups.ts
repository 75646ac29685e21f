/** Consumer groups as the console shows them. A group that only keeps offsets counts too. */
import type { Client, CommittedOffset, GroupDescription, TopicPartition } from '@brokerlab/broker/client';
import type { ConsoleGroup, ConsoleGroupDetail } from '../contract/main.ts';
import { type Bounds, placeKey, readBounds } from './bounds.ts';
import { ConsoleError } from './console-error.ts';
import { percent } from './figures.ts';

const GROUPS_MAX = 300;

export async function readGroups(client: Client): Promise<{ groups: ConsoleGroup[]; left: number }> {
  const listings = [...(await client.listGroups())].sort((a, b) => a.groupId.localeCompare(b.groupId));
  const ids = listings.slice(0, GROUPS_MAX).map(({ groupId }) => groupId);
  const details = await readDetails(client, ids);
  return { groups: details.map(({ summary }) => summary), left: listings.length - ids.length };
}

export async function readGroup(client: Client, groupId: string): Promise<ConsoleGroupDetail> {
  const listings = await client.listGroups();
  if (!listings.some((listing) => listing.groupId === groupId)) {
    throw new ConsoleError(
      { ko: `${groupId} 그룹은 없어요.`, en: `There is no group ${groupId}.` },
      'missing',
    );
  }
  const [detail] = await readDetails(client, [groupId]);
  return detail!;
}

/** Every group that reads, or has read, the topic. */
export async function lagsOnTopic(client: Client, topic: string): Promise<{ id: string; lag: number }[]> {
  const listings = await client.listGroups();
  const details = await readDetails(
    client,
    listings.slice(0, GROUPS_MAX).map(({ groupId }) => groupId),
  );
  return details.flatMap(({ summary, offsets }) => {
    const own = offsets.filter((offset) => offset.topic === topic);
    if (own.length === 0) return [];
    return [{ id: summary.id, lag: own.reduce((sum, { lag }) => sum + (lag ?? 0), 0) }];
  });
}

async function readDetails(client: Client, ids: readonly string[]): Promise<ConsoleGroupDetail[]> {
  if (ids.length === 0) return [];
  const [descriptions, committed] = await Promise.all([
    client.describeGroups(ids),
    Promise.all(ids.map((id) => client.offsetFetch(id).catch((): readonly CommittedOffset[] => []))),
  ]);
  const groups = ids.flatMap((id, index) => {
    const description = descriptions.find(({ groupId }) => groupId === id);
    return description ? [{ description, committed: committed[index] ?? [] }] : [];
  });
  const bounds = await readBounds(client, groups.flatMap(placesOf));
  return groups.map((group) => detailOf(group, bounds));
}

interface Read {
  readonly description: GroupDescription;
  readonly committed: readonly CommittedOffset[];
}

function placesOf({ description, committed }: Read): TopicPartition[] {
  return [...committed, ...description.members.flatMap(({ assignment }) => assignment)];
}

function detailOf(group: Read, bounds: ReadonlyMap<string, Bounds>): ConsoleGroupDetail {
  const { description, committed } = group;
  const places = [...new Map(placesOf(group).map((place) => [placeKey(place), place])).values()];
  const offsets = places
    .map(({ topic, partition }) => {
      const at = committed.find((one) => one.topic === topic && one.partition === partition)?.offset ?? null;
      const { first, last } = bounds.get(placeKey({ topic, partition })) ?? { first: null, last: null };
      const owner = description.members.find(({ assignment }) =>
        assignment.some((one) => one.topic === topic && one.partition === partition),
      );
      const lag = at === null || last === null ? null : Math.max(0, last - at);
      return { topic, partition, first, last, committed: at, lag, owner: owner?.memberId ?? null };
    })
    .sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition);
  return {
    summary: {
      id: description.groupId,
      state: description.state,
      type: description.type,
      assignor: description.assignor,
      coordinator: description.coordinator?.id ?? null,
      members: description.members.length,
      topics: [...new Set(offsets.map(({ topic }) => topic))],
      lag: offsets.reduce((sum, { lag }) => sum + (lag ?? 0), 0),
      coveredPercent:
        offsets.length === 0
          ? 0
          : percent(offsets.filter(({ owner }) => owner !== null).length, offsets.length),
    },
    members: description.members.map((member) => ({
      id: member.memberId,
      instanceId: member.instanceId,
      clientId: member.clientId,
      host: member.host,
      partitions: member.assignment.map(({ topic, partition }) => ({ topic, partition })),
    })),
    offsets,
  };
}
