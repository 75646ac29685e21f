/** Consumer groups, each told by the broker that coordinates it; one that does not answer keeps what it told before. */
import type { GroupAtBroker } from '@brokerlab/broker/client';
import { MAP_MEMBERS_MAX, type MapGroup, type MapMember } from '../../contract/main.ts';
import type { Change, MapBrokers } from './brokers.ts';

const GROUPS_MAX = 20;

/** `coordinators`: group → the broker that told of it last; kept up to date here. */
export async function readGroups(brokers: MapBrokers, coordinators: Map<string, number>): Promise<Change> {
  const told = await brokers.ask('groups', brokers.ids, (broker) => broker.groups(GROUPS_MAX));
  return (now) => {
    const groups = new Map<string, MapGroup>();
    for (const [id, group] of Object.entries(now.groups)) {
      const coordinator = coordinators.get(id);
      if (coordinator !== undefined && !told.has(coordinator)) groups.set(id, group);
      else coordinators.delete(id);
    }
    let leftOut = 0;
    for (const [broker, { groups: found, left }] of told) {
      leftOut += left;
      for (const group of found) {
        if (group.groupId === '__proto__') continue;
        groups.set(group.groupId, viewGroup(group));
        coordinators.set(group.groupId, broker);
      }
    }
    const shown = [...groups].sort(([one], [other]) => one.localeCompare(other)).slice(0, GROUPS_MAX);
    return {
      ...now,
      groups: Object.fromEntries(shown),
      groupsLeftOut: leftOut + groups.size - shown.length,
    };
  };
}

function viewGroup(group: GroupAtBroker): MapGroup {
  const members = [...group.members]
    .sort((one, other) => one.memberId.localeCompare(other.memberId))
    .slice(0, MAP_MEMBERS_MAX);
  return {
    protocol: group.protocol,
    state: group.state,
    memberCount: group.members.length,
    members: Object.fromEntries(
      members.map((member): [string, MapMember] => [
        member.memberId,
        {
          clientId: member.clientId,
          host: member.host.replace(/^\//, ''),
          instanceId: member.instanceId ?? '',
          partitions: byTopic(member.assignment),
        },
      ]),
    ),
    committed: committedByTopic(group.committed),
  };
}

function byTopic(assignment: readonly { topic: string; partition: number }[]): Record<string, number[]> {
  const partitions: Record<string, number[]> = {};
  for (const { topic, partition } of assignment) {
    const known = partitions[topic] ?? [];
    known.push(partition);
    partitions[topic] = known;
  }
  for (const list of Object.values(partitions)) list.sort((one, other) => one - other);
  return partitions;
}

function committedByTopic(committed: GroupAtBroker['committed']): MapGroup['committed'] {
  const topics: Record<string, Record<string, number>> = {};
  for (const { topic, partition, offset } of committed) {
    topics[topic] = { ...topics[topic], [partition]: offset };
  }
  return topics;
}
