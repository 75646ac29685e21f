/** `--describe` and `--describe --offsets`: where a group is in each partition, and how far behind. */
import type { CommittedOffset, GroupDescription, GroupMember, TopicPartition } from '../../client/main.ts';
import { left } from '../java/printf.ts';
import {
  byGroupId,
  chosenGroups,
  committedOffsets,
  describeAll,
  keyOf,
  leaderless,
  offsetsAt,
  type Service,
  shouldShow,
} from './service.ts';

interface Row {
  readonly topic: string;
  readonly partition: string;
  readonly leaderEpoch: string;
  readonly offset: string;
  readonly end: string;
  readonly lag: string;
  readonly consumer: string;
  readonly host: string;
  readonly client: string;
}

const missing = '-';

export async function describeOffsets(service: Service): Promise<void> {
  const described = byGroupId(await describeAll(service, await chosenGroups(service)));
  const views: { group: GroupDescription; rows: Row[] }[] = [];
  for (const group of described) views.push({ group, rows: await rowsOf(service, group) });
  for (const { group, rows } of views) {
    if (shouldShow(service.ports, group, rows.length)) print(service, group.groupId, rows);
  }
}

async function rowsOf(service: Service, group: GroupDescription): Promise<Row[]> {
  const committed = await committedOffsets(service, group.groupId);
  const members = group.members
    .filter((member) => member.assignment.length > 0)
    .sort((a, b) => b.assignment.length - a.assignment.length);
  const assigned = new Set(members.flatMap((member) => member.assignment.map(keyOf)));
  const rest = committed.filter((offset) => !assigned.has(keyOf(offset)));
  const rows: Row[] = [];
  for (const member of members)
    rows.push(...(await partitionRows(service, member.assignment, { committed, member })));
  if (rest.length > 0) rows.push(...(await partitionRows(service, rest, { committed, member: null })));
  return rows;
}

async function partitionRows(
  service: Service,
  partitions: readonly TopicPartition[],
  owner: { readonly committed: readonly CommittedOffset[]; readonly member: GroupMember | null },
): Promise<Row[]> {
  const lost = await leaderless(service, partitions);
  const led = partitions.filter((partition) => !lost.has(keyOf(partition)));
  const ends = await offsetsAt(service, led, 'latest');
  const byPartition = new Map(owner.committed.map((offset) => [keyOf(offset), offset]));
  return [...partitions]
    .sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition))
    .map(({ topic, partition }) => {
      const committed = byPartition.get(keyOf({ topic, partition }));
      const end = ends.get(keyOf({ topic, partition })) ?? null;
      const offset = committed?.offset ?? null;
      return {
        topic,
        partition: String(partition),
        leaderEpoch: shown(committed?.leaderEpoch ?? null),
        offset: shown(offset),
        end: shown(end),
        lag: shown(offset === null || end === null ? null : end - offset),
        consumer: owner.member?.memberId ?? missing,
        host: owner.member?.host ?? missing,
        client: owner.member?.clientId ?? missing,
      };
    });
}

function shown(value: number | null): string {
  return value === null ? missing : String(value);
}

const header: Row = {
  topic: 'TOPIC',
  partition: 'PARTITION',
  leaderEpoch: 'LEADER-EPOCH',
  offset: 'CURRENT-OFFSET',
  end: 'LOG-END-OFFSET',
  lag: 'LAG',
  consumer: 'CONSUMER-ID',
  host: 'HOST',
  client: 'CLIENT-ID',
};

function print({ ports, set }: Service, groupId: string, rows: readonly Row[]): void {
  const widest = (cell: (row: Row) => string) => Math.max(15, ...rows.map((row) => cell(row).length));
  const groupWidth = Math.max(15, groupId.length);
  const topicWidth = widest((row) => row.topic);
  const consumerWidth = widest((row) => row.consumer);
  const hostWidth = widest((row) => row.host);
  const line = (group: string, row: Row) =>
    [
      left(group, groupWidth),
      left(row.topic, topicWidth),
      left(row.partition, 10),
      ...(set.has('verbose') ? [left(row.leaderEpoch, 15)] : []),
      left(row.offset, 15),
      left(row.end, 15),
      left(row.lag, 15),
      left(row.consumer, consumerWidth),
      left(row.host, hostWidth),
      row.client,
    ].join(' ');
  ports.out(`\n${line('GROUP', header)}`);
  for (const row of rows) ports.out(`\n${line(groupId, row)}`);
  ports.out('\n');
}
