/** kafka-get-offsets.sh: offsets of partitions by time. Follows org.apache.kafka.tools.GetOffsetShell. */
import type { Client, OffsetSpec, TopicPartition } from '../client/main.ts';
import { calling, createAdmin, exhausted, loadProperties } from './framework/admin.ts';
import { bootstrapError } from './framework/bootstrap.ts';
import { log } from './framework/log.ts';
import { OptionError, type OptionSet, parseOptions } from './framework/options.ts';
import type { ToolPorts } from './framework/ports.ts';
import { Usage } from './framework/usage.ts';
import { getOffsetsOptions } from './get-offsets/options.ts';
import { type PartitionFilter, partitionFilter, TerseError } from './get-offsets/partition-filter.ts';
import { execution, fromApiError, JavaError } from './java/java-error.ts';
import { isInternalTopic } from './java/regex.ts';

type Options = OptionSet<typeof getOffsetsOptions>;

const about = {
  en: 'Shows the offsets of partitions: the next one, the first one, or the one at a time.',
  ko: '파티션의 오프셋을 보여 줍니다: 다음 오프셋, 첫 오프셋, 또는 어떤 시각의 오프셋.',
};

export async function run(ports: ToolPorts): Promise<number> {
  try {
    const options = readOptions(ports);
    for (const line of await readOffsets(ports, options)) ports.out(`${line}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    ports.err(`Error occurred: ${error.text}\n`);
    if (!(error instanceof TerseError)) ports.err(`${error.trace}\n`);
    return 1;
  }
}

function readOptions(ports: ToolPorts): Options {
  const usage = new Usage(ports, getOffsetsOptions);
  if (ports.args.length === 0) usage.fail(about[ports.locale]);
  const options = parse(ports);
  usage.helpOrVersion(options, about);
  usage.required(options, 'bootstrap-server');
  const wrong = bootstrapError(options.value('bootstrap-server'));
  if (wrong !== null) usage.fail(wrong);
  return options;
}

function parse(ports: ToolPorts): Options {
  try {
    return parseOptions(getOffsetsOptions, ports.args);
  } catch (error) {
    throw error instanceof OptionError ? new TerseError(error.text!) : error;
  }
}

async function readOffsets(ports: ToolPorts, options: Options): Promise<string[]> {
  if (options.has('topic-partitions') && (options.has('topic') || options.has('partitions'))) {
    throw new TerseError('--topic-partitions cannot be used with --topic or --partitions');
  }
  const at = readSpec(options.value('time')!);
  const filter = partitionFilter({
    rules: options.value('topic-partitions'),
    topic: options.value('topic'),
    partitions: options.value('partitions'),
  });
  const properties = new Map([
    ...loadProperties(ports, options.value('command-config')),
    ['client.id', 'GetOffsetShell'],
  ]);
  await using admin = await createAdmin(ports, { bootstrap: options.value('bootstrap-server')!, properties });
  const partitions = await findPartitions(admin, filter, options.has('exclude-internal-topics'));
  if (partitions.length === 0) {
    throw new TerseError('Could not match any topic-partitions with the specified filters');
  }
  const answers = await calling(
    'listOffsets',
    admin.listOffsets(partitions.map((partition) => ({ ...partition, at }))),
  );
  const found: [name: string, line: string][] = [];
  for (const { topic, partition, error, offset } of answers) {
    const name = `${topic}-${partition}`;
    if (error?.retriable) {
      const reason = exhausted(ports, 'listOffsets').line;
      ports.err(`Skip getting offsets for topic-partition ${name} due to error: ${reason}\n`);
    } else if (error !== null) {
      const about = `[AdminClient clientId=GetOffsetShell] ListOffsets request for topic partition ${name} failed due to an unexpected error ${error.name}`;
      log(ports, 'ERROR', about, 'org.apache.kafka.clients.admin.internals.ListOffsetsHandler');
      const reason = execution(fromApiError(error)).text;
      ports.err(`Skip getting offsets for topic-partition ${name} due to error: ${reason}\n`);
    } else if (offset !== -1) {
      found.push([name, `${topic}:${partition}:${offset}`]);
    }
  }
  return found.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}

async function findPartitions(
  admin: Client,
  filter: PartitionFilter,
  withoutInternal: boolean,
): Promise<TopicPartition[]> {
  const { topics } = await calling('listTopics', admin.metadata());
  return topics
    .filter(({ name }) => filter.hasTopic(name) && !(withoutInternal && isInternalTopic(name)))
    .flatMap(({ name, partitions }) => partitions.map(({ partition }) => ({ topic: name, partition })))
    .filter((partition) => filter.hasPartition(partition));
}

const named = [
  'latest',
  'earliest',
  'max-timestamp',
  'earliest-local',
  'latest-tiered',
  'earliest-pending-upload',
] as const;

function readSpec(text: string): OffsetSpec {
  const byName = named.find((name) => name === text);
  if (byName !== undefined) return byName;
  if (!/^[+-]?\d{1,19}$/.test(text)) {
    throw new TerseError(
      `Malformed time argument ${text}. Please use -1 or latest / -2 or earliest / -3 or max-timestamp / -4 or earliest-local / -5 or latest-tiered / -6 or earliest-pending-upload, or a specified long format timestamp`,
    );
  }
  return named[-1 - Number(text)] ?? Number(text);
}
