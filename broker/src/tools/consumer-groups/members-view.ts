/** `--describe --members` and `--describe --state`. */

import { groupBy } from '../../client/grouping.ts';
import type { GroupDescription, GroupMember, TopicPartition } from '../../client/main.ts';
import { left } from '../java/printf.ts';
import { byGroupId, chosenGroups, describeAll, type Service, shouldShow } from './service.ts';

const missing = '-';

export async function describeMembers(service: Service): Promise<void> {
  for (const group of byGroupId(await describeAll(service, await chosenGroups(service)))) {
    shouldShow(service.ports, group, group.members.length);
    printMembers(service, group);
  }
}

/** The heading is there even for a group without members. */
function printMembers({ ports, set }: Service, group: GroupDescription): void {
  const { members, groupId } = group;
  const widest = (least: number, cell: (member: GroupMember) => string) =>
    Math.max(least, ...members.map((member) => cell(member).length));
  const widths = {
    group: members.length > 0 ? Math.max(15, groupId.length) : 15,
    consumer: widest(15, (member) => member.memberId),
    instance: widest(17, (member) => member.instanceId ?? ''),
    host: widest(15, (member) => member.host),
    client: widest(15, (member) => member.clientId),
    current: widest(20, (member) => assignmentText(member.assignment)),
    target: widest(20, (member) => assignmentText(member.target ?? [])),
  };
  const withInstance = members.some((member) => (member.instanceId ?? '') !== '');
  const mixed =
    members.some((member) => member.upgraded === false) && members.some((member) => member.upgraded === true);
  const line = (cells: MemberCells) => {
    const plain = [
      left(cells.group, widths.group),
      left(cells.consumer, widths.consumer),
      ...(withInstance ? [left(cells.instance, widths.instance)] : []),
      left(cells.host, widths.host),
      left(cells.client, widths.client),
      left(cells.count, 15),
    ];
    const more = [
      left(cells.epoch, 15),
      left(cells.current, widths.current),
      left(cells.targetEpoch, 15),
      left(cells.target, widths.target),
      ...(mixed ? [cells.upgraded] : []),
    ];
    return `${plain.join(' ')} ${set.has('verbose') ? more.join(' ') : ''}\n`;
  };
  ports.out(`\n${line(heading)}`);
  for (const member of members) ports.out(line(cellsOf(group, member)));
}

interface MemberCells {
  readonly group: string;
  readonly consumer: string;
  readonly instance: string;
  readonly host: string;
  readonly client: string;
  readonly count: string;
  readonly epoch: string;
  readonly current: string;
  readonly targetEpoch: string;
  readonly target: string;
  readonly upgraded: string;
}

const heading: MemberCells = {
  group: 'GROUP',
  consumer: 'CONSUMER-ID',
  instance: 'GROUP-INSTANCE-ID',
  host: 'HOST',
  client: 'CLIENT-ID',
  count: '#PARTITIONS',
  epoch: 'CURRENT-EPOCH',
  current: 'CURRENT-ASSIGNMENT',
  targetEpoch: 'TARGET-EPOCH',
  target: 'TARGET-ASSIGNMENT',
  upgraded: 'UPGRADED',
};

function cellsOf(group: GroupDescription, member: GroupMember): MemberCells {
  return {
    group: group.groupId,
    consumer: member.memberId,
    instance: member.instanceId ?? '',
    host: member.host,
    client: member.clientId,
    count: String(member.assignment.length),
    epoch: shown(member.epoch),
    current: assignmentText(member.assignment),
    targetEpoch: shown(group.targetEpoch),
    target: assignmentText(member.target ?? []),
    upgraded: member.upgraded === null ? missing : String(member.upgraded),
  };
}

/** `orders:0,1;payments:2` */
function assignmentText(partitions: readonly TopicPartition[]): string {
  if (partitions.length === 0) return missing;
  return [...groupBy(partitions, ({ topic }) => topic)]
    .map(([topic, list]) => {
      const numbers = list.map(({ partition }) => partition).sort((a, b) => a - b);
      return `${topic}:${numbers.join(',')}`;
    })
    .sort()
    .join(';');
}

export async function describeStates(service: Service): Promise<void> {
  for (const group of byGroupId(await describeAll(service, await chosenGroups(service)))) {
    if (shouldShow(service.ports, group, 1)) printState(service, group);
  }
}

function printState({ ports, set }: Service, group: GroupDescription): void {
  const { coordinator, groupId } = group;
  const place =
    coordinator === null ? missing : `${coordinator.host}:${coordinator.port}  (${coordinator.id})`;
  const line = (cells: readonly string[]) => {
    const [name, at, assignor, state, epoch, targetEpoch, count] = cells as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const more = set.has('verbose') ? [left(epoch, 15), left(targetEpoch, 25)] : [];
    const front = [left(name, Math.max(15, groupId.length)), left(at, Math.max(25, place.length))];
    return `\n${[...front, left(assignor, 20), left(state, 20), ...more, count].join(' ')}`;
  };
  const names = ['GROUP', 'COORDINATOR (ID)', 'ASSIGNMENT-STRATEGY', 'STATE'];
  ports.out(line([...names, 'GROUP-EPOCH', 'TARGET-ASSIGNMENT-EPOCH', '#MEMBERS']));
  const values = [groupId, place, group.assignor || missing, group.state];
  ports.out(line([...values, shown(group.epoch), shown(group.targetEpoch), String(group.members.length)]));
  ports.out('\n');
}

function shown(value: number | null): string {
  return value === null ? missing : String(value);
}
