/** The `kafka-*.sh` command that does what a screen or a button of the console does, ready to be copied. Pure. */
import type { OffsetTarget, Place, ReadFrom, Replicas } from '@brokerlab/server/contract';

/** For a shell: quoted only when it must be. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

const at = (tool: string, bootstrap: string) => `kafka-${tool}.sh --bootstrap-server ${bootstrap}`;

export const commands = {
  quorum: (b: string) => `${at('metadata-quorum', b)} describe --replication`,
  brokers: (b: string) => `${at('broker-api-versions', b)}\n${at('log-dirs', b)} --describe`,
  brokerConfigs: (b: string, broker: number) =>
    `${at('configs', b)} --describe --all --entity-type brokers --entity-name ${broker}`,
  topics: (b: string) => `${at('topics', b)} --describe`,
  topic: (b: string, topic: string) => `${at('topics', b)} --describe --topic ${quoted(topic)}`,
  offsets: (b: string, topic: string) =>
    `${at('get-offsets', b)} --topic ${quoted(topic)} --time earliest\n${at('get-offsets', b)} --topic ${quoted(topic)} --time latest`,
  topicConfigs: (b: string, topic: string) =>
    `${at('configs', b)} --describe --all --entity-type topics --entity-name ${quoted(topic)}`,
  createTopic: (
    b: string,
    topic: {
      readonly name: string;
      readonly partitions: number | null;
      readonly replicationFactor: number | null;
      readonly configs: Readonly<Record<string, string>>;
    },
  ) =>
    [
      `${at('topics', b)} --create --topic ${quoted(topic.name || 'TOPIC')}`,
      ...(topic.partitions === null ? [] : [`--partitions ${topic.partitions}`]),
      ...(topic.replicationFactor === null ? [] : [`--replication-factor ${topic.replicationFactor}`]),
      ...Object.entries(topic.configs).map(([key, value]) => `--config ${quoted(`${key}=${value}`)}`),
    ].join(' '),
  deleteTopic: (b: string, topic: string) => `${at('topics', b)} --delete --topic ${quoted(topic)}`,
  addPartitions: (b: string, topic: string, total: number) =>
    `${at('topics', b)} --alter --topic ${quoted(topic)} --partitions ${total}`,
  truncate: (b: string, topic: string, partitions: readonly number[]) => {
    const limits = partitions.map((partition) => ({ topic, partition, offset: -1 }));
    const json = JSON.stringify({ partitions: limits, version: 1 });
    return `echo ${quoted(json)} > delete-records.json\n${at('delete-records', b)} --offset-json-file delete-records.json`;
  },
  alterConfig: (
    b: string,
    entity: { readonly type: 'topics' | 'brokers'; readonly name: string },
    change: { readonly name: string; readonly value: string | null },
  ) => {
    const place = `--entity-type ${entity.type} --entity-name ${quoted(entity.name)}`;
    if (change.value === null) return `${at('configs', b)} --alter ${place} --delete-config ${change.name}`;
    const value = change.value.includes(',') ? `[${change.value}]` : change.value;
    return `${at('configs', b)} --alter ${place} --add-config ${quoted(`${change.name}=${value}`)}`;
  },
  read: (b: string, topic: string, reading: { partition: number | null; from: ReadFrom; limit: number }) => {
    const { partition, from, limit } = reading;
    const show = '--property print.key=true --property print.partition=true --property print.offset=true';
    const place =
      partition === null
        ? from.at === 'oldest'
          ? ['--from-beginning']
          : []
        : [`--partition ${partition}`, `--offset ${offsetWord(from)}`];
    const parts = [
      `${at('console-consumer', b)} --topic ${quoted(topic)}`,
      ...place,
      `--max-messages ${limit}`,
      show,
    ];
    return parts.join(' ');
  },
  produce: (
    b: string,
    topic: string,
    message: {
      readonly key: string | null;
      readonly value: string | null;
      readonly headers: readonly { key: string; value: string | null }[];
    },
  ) => {
    const headers = message.headers.map(({ key, value }) => `${key}:${value ?? ''}`).join(',');
    const properties = [
      ...(headers ? ['--property parse.headers=true'] : []),
      ...(message.key === null ? [] : ['--property parse.key=true', '--property key.separator=:']),
      ...(message.value === null ? ['--property null.marker=NULL'] : []),
    ];
    const line = [
      ...(headers ? [`${headers}\t`] : []),
      ...(message.key === null ? [] : [`${message.key}:`]),
      message.value ?? 'NULL',
    ].join('');
    const tool = [`${at('console-producer', b)} --topic ${quoted(topic)}`, ...properties].join(' ');
    return `printf '%b\\n' ${quoted(line.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n'))} | ${tool}`;
  },
  groups: (b: string) => `${at('consumer-groups', b)} --list --state`,
  group: (b: string, group: string) =>
    `${at('consumer-groups', b)} --describe --group ${quoted(group)}\n${at('consumer-groups', b)} --describe --group ${quoted(group)} --members --verbose`,
  deleteGroup: (b: string, group: string) => `${at('consumer-groups', b)} --delete --group ${quoted(group)}`,
  deleteOffsets: (b: string, group: string, topic: string) =>
    `${at('consumer-groups', b)} --delete-offsets --group ${quoted(group)} --topic ${quoted(topic)}`,
  resetOffsets: (
    b: string,
    group: string,
    { topics, target, execute }: { topics: readonly string[]; target: OffsetTarget; execute: boolean },
  ) => {
    const where = {
      earliest: () => '--to-earliest',
      latest: () => '--to-latest',
      shift: () => `--shift-by ${target.to === 'shift' ? target.by : 0}`,
      time: () =>
        `--to-datetime ${target.to === 'time' ? new Date(target.timeMs).toISOString().replace('Z', '') : ''}`,
      offset: () => `--to-offset ${target.to === 'offset' ? target.offset : 0}`,
      // The tool copies from another group by way of a file.
      group: () => `--from-file offsets.csv`,
    }[target.to]();
    const scope = topics.map((topic) => `--topic ${quoted(topic)}`).join(' ');
    const reset = `${at('consumer-groups', b)} --reset-offsets --group ${quoted(group)} ${scope} ${where} ${execute ? '--execute' : '--dry-run'}`;
    if (target.to !== 'group') return reset;
    const exported = `${at('consumer-groups', b)} --reset-offsets --group ${quoted(target.groupId || 'GROUP')} ${scope} --to-current --dry-run --export > offsets.csv`;
    return `${exported}\n${reset}`;
  },
  generate: (b: string, topics: readonly string[], brokers: readonly number[]) => {
    const json = JSON.stringify({ topics: topics.map((topic) => ({ topic })), version: 1 });
    return `echo ${quoted(json)} > topics.json\n${at('reassign-partitions', b)} --topics-to-move-json-file topics.json --broker-list ${brokers.join(',')} --generate`;
  },
  execute: (b: string, moves: readonly Replicas[], throttle: number | null) => {
    const json = JSON.stringify({
      version: 1,
      partitions: moves.map(({ topic, partition, replicas }) => ({ topic, partition, replicas })),
    });
    const limit = throttle === null ? '' : ` --throttle ${throttle}`;
    return `echo ${quoted(json)} > plan.json\n${at('reassign-partitions', b)} --reassignment-json-file plan.json --execute${limit}`;
  },
  moves: (b: string) => `${at('reassign-partitions', b)} --list`,
  verify: (b: string) => `${at('reassign-partitions', b)} --reassignment-json-file plan.json --verify`,
  cancel: (b: string) => `${at('reassign-partitions', b)} --reassignment-json-file plan.json --cancel`,
  elect: (b: string, partitions: readonly Place[]) => {
    const elect = `${at('leader-election', b)} --election-type PREFERRED`;
    if (partitions.length === 0) return `${elect} --all-topic-partitions`;
    if (partitions.length === 1)
      return `${elect} --topic ${quoted(partitions[0]!.topic)} --partition ${partitions[0]!.partition}`;
    const json = JSON.stringify({ partitions });
    return `echo ${quoted(json)} > elect.json\n${elect} --path-to-json-file elect.json`;
  },
  mirrors: () => 'connect-mirror-maker.sh mm2.properties --status',
  mirror: (flow: {
    readonly source: string;
    readonly target: string;
    readonly bootstrap: string;
    readonly groups: readonly string[];
  }) =>
    [
      `connect-mirror-maker.sh mm2.properties --clusters ${quoted(flow.target)} --status`,
      `${at('consumer-groups', flow.bootstrap)} --describe --group ${quoted(`${flow.source}-mm2`)} --members`,
      ...flow.groups
        .slice(0, 3)
        .map((group) => `${at('consumer-groups', flow.bootstrap)} --describe --group ${quoted(group)}`),
    ].join('\n'),
  acls: (b: string) => `${at('acls', b)} --list`,
} as const;

function offsetWord(from: ReadFrom): string {
  if (from.at === 'offset') return String(from.offset);
  return from.at === 'oldest' ? 'earliest' : 'latest';
}
