/** kafka-topics.sh: create, list, describe, alter and delete topics. Follows org.apache.kafka.tools.TopicCommand. */
import type { Client, NewTopic, Outcome } from '../client/main.ts';
import { configError, topicConfigs } from '../messages/configs/config-table.ts';
import { calling, createAdmin, loadProperties } from './framework/admin.ts';
import { log } from './framework/log.ts';
import { ToolExit, type ToolPorts } from './framework/ports.ts';
import { fromApiError, illegalArgument, JavaError, kafkaError } from './java/java-error.ts';
import { describeTopics } from './topics/describe.ts';
import { ensureTopicExists, getTopics } from './topics/names.ts';
import { readTopicsOptions, type TopicsOptions } from './topics/options.ts';

const logger = 'org.apache.kafka.tools.TopicCommand';
const topicExists = 36;
const replicationFactorMax = 32767;

export async function run(ports: ToolPorts): Promise<number> {
  try {
    return await execute(ports);
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    ports.err(`${error.text}\n${error.trace}\n`);
    return 1;
  }
}

async function execute(ports: ToolPorts): Promise<number> {
  const options = readTopicsOptions(ports);
  const properties = loadProperties(ports, options.value('command-config'));
  const bootstrap = options.value('bootstrap-server')!;
  await using admin = await createAdmin(ports, { bootstrap, properties });
  try {
    await act(ports, admin, options);
    return 0;
  } catch (error) {
    if (!(error instanceof JavaError) || error instanceof ToolExit) throw error;
    ports.out(`Error while executing topic command : ${error.text}\n`);
    log(ports, 'ERROR', error.trace, logger);
    return 1;
  }
}

async function act(ports: ToolPorts, admin: Client, options: TopicsOptions): Promise<void> {
  if (options.has('create')) return createTopic(ports, admin, options);
  if (options.has('alter')) return alterTopic(admin, options);
  if (options.has('describe')) return describeTopics(ports, admin, options);
  if (options.has('delete')) return deleteTopics(admin, options);
  const names = await getTopics(admin, options);
  ports.out(`${names.join('\n')}\n`);
}

async function createTopic(ports: ToolPorts, admin: Client, options: TopicsOptions): Promise<void> {
  const topic = newTopic(options);
  if (/[._]/.test(topic.name)) {
    ports.out(
      "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide. To avoid issues it is best to use either, but not both.\n",
    );
  }
  const { replicationFactor, partitions } = topic;
  if (
    replicationFactor !== undefined &&
    (replicationFactor > replicationFactorMax || replicationFactor < 1)
  ) {
    throw illegalArgument(`The replication factor must be between 1 and ${replicationFactorMax} inclusive`);
  }
  if (partitions !== undefined && partitions < 1) {
    throw illegalArgument('The partitions must be greater than 0');
  }
  if (topic.name === '') {
    const unsendable = "The given topic name '' cannot be represented in a request.";
    throw kafkaError('InvalidTopicException', unsendable);
  }
  const [outcome] = await calling('createTopics', admin.createTopics([topic]));
  if (outcome?.error) {
    if (outcome.error.code === topicExists && options.has('if-not-exists')) return;
    throw fromApiError(outcome.error);
  }
  ports.out(`Created topic ${topic.name}.\n`);
}

function newTopic(options: TopicsOptions): NewTopic {
  const name = options.value('topic')!;
  const partitions = options.number('partitions');
  const replicationFactor = options.number('replication-factor');
  const assignments = readAssignments(options);
  return {
    name,
    ...(partitions === null ? {} : { partitions }),
    ...(replicationFactor === null ? {} : { replicationFactor }),
    assignments,
    configs: readConfigs(options),
  };
}

function readConfigs(options: TopicsOptions): Record<string, string> {
  const pairs = options.values('config').map((text) => splitLikeJava(text));
  if (pairs.some((pair) => pair.length !== 2)) {
    throw illegalArgument(
      'requirement failed: Invalid topic config: all configs to be added must be in the format "key=val".',
    );
  }
  const configs = Object.fromEntries(pairs.map(([key, value]) => [key!.trim(), value!.trim()]));
  for (const [key, value] of Object.entries(configs)) {
    const definition = topicConfigs.get(key);
    if (definition === undefined) {
      throw kafkaError('InvalidConfigurationException', `Unknown topic config name: ${key}`);
    }
    const wrong = configError(definition, value);
    if (wrong !== null) throw new JavaError('org.apache.kafka.common.config.ConfigException', wrong);
  }
  return configs;
}

/** `String.split("\\s*=\\s*")`, which drops empty pieces at the end. */
function splitLikeJava(text: string): string[] {
  const pieces = text.split(/\s*=\s*/);
  while (pieces.length > 1 && pieces.at(-1) === '') pieces.pop();
  return pieces;
}

function readAssignments(options: TopicsOptions): number[][] {
  const text = options.value('replica-assignment');
  if (text === null || text === '') return [];
  const assignments: number[][] = [];
  for (const [partition, list] of text.split(',').entries()) {
    const brokers = list.split(':').map(parseBroker);
    const twice = [...new Set(brokers.filter((id, index) => brokers.indexOf(id) !== index))];
    if (twice.length > 0) {
      throw new JavaError(
        'org.apache.kafka.tools.AdminCommandFailedException',
        `Partition replica lists may not contain duplicate entries: ${twice.join(',')}`,
      );
    }
    assignments.push(brokers);
    if (brokers.length !== assignments[0]!.length) {
      throw new JavaError(
        'org.apache.kafka.tools.AdminOperationException',
        `Partition ${partition} has different replication factor: [${brokers.join(', ')}]`,
      );
    }
  }
  return assignments;
}

function parseBroker(text: string): number {
  const trimmed = text.trim();
  if (!/^[+-]?\d{1,10}$/.test(trimmed)) {
    throw new JavaError('java.lang.NumberFormatException', `For input string: "${trimmed}"`);
  }
  return Number(trimmed);
}

async function alterTopic(admin: Client, options: TopicsOptions): Promise<void> {
  const { assignments = [] } = newTopic(options);
  const totalCount = options.number('partitions')!;
  const names = await getTopics(admin, options);
  ensureTopicExists(names, options);
  if (names.length === 0) return;
  const described = await calling('describeTopicPartitions', admin.describeTopicPartitions(names));
  const outcomes = await calling(
    'createPartitions',
    admin.createPartitions(
      described.map(({ name, partitions }) => {
        const added = assignments.slice(partitions.length);
        return { topic: name, totalCount, ...(assignments.length > 0 ? { assignments: added } : {}) };
      }),
    ),
  );
  throwFirst(outcomes);
}

async function deleteTopics(admin: Client, options: TopicsOptions): Promise<void> {
  const names = await getTopics(admin, options);
  ensureTopicExists(names, options);
  if (names.length === 0) return;
  throwFirst(await calling('deleteTopics', admin.deleteTopics(names)));
}

function throwFirst(outcomes: readonly Outcome[]): void {
  const failed = outcomes.find((outcome) => outcome.error !== null);
  if (failed?.error) throw fromApiError(failed.error);
}
