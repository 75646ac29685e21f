/** kafka-log-dirs.sh: what lies in the brokers' log directories. Follows org.apache.kafka.tools.LogDirsCommand. */
import { toApiError } from '../client/client-error.ts';
import type { Client } from '../client/main.ts';
import { DescribeLogDirsRequest, DescribeLogDirsResponse } from '../messages/35-describe-log-dirs.ts';
import { createAdmin, getting } from './framework/admin.ts';
import { connectionOptions } from './framework/common-options.ts';
import { readConnected } from './framework/connected.ts';
import { finish, refuseExecution, Terse } from './framework/finish.ts';
import type { OptionTable } from './framework/options.ts';
import type { ToolPorts } from './framework/ports.ts';
import { hashOfString, hashOfTopicPartition, inHashOrder } from './java/hash-order.ts';
import { fromApiError, JavaError } from './java/java-error.ts';

const options = {
  ...connectionOptions,
  describe: { help: { en: 'Show the log directories.', ko: '로그 디렉터리를 보여 줍니다.' } },
  'topic-list': {
    argument: 'Topic list',
    default: '',
    help: { en: 'Only these topics: t1,t2. All without it.', ko: '이 토픽만: t1,t2. 없으면 전부.' },
  },
  'broker-list': {
    argument: 'Broker list',
    default: '',
    help: { en: 'Only these brokers: 1,2. All without it.', ko: '이 브로커만: 1,2. 없으면 전부.' },
  },
} as const satisfies OptionTable;

export async function run(ports: ToolPorts): Promise<number> {
  return finish(ports, () => execute(ports));
}

async function execute(ports: ToolPorts): Promise<void> {
  const { set, properties } = readConnected(ports, options, {
    about: {
      en: 'Shows which partitions lie in which log directory of which broker, and how big they are.',
      ko: '어느 브로커의 어느 로그 디렉터리에 어떤 파티션이 얼마나 큰지 보여 줍니다.',
    },
    required: ['bootstrap-server', 'describe'],
  });
  if (!properties.has('client.id')) properties.set('client.id', 'log-dirs-tool');
  await using admin = await createAdmin(ports, { bootstrap: set.value('bootstrap-server')!, properties });
  const topics = new Set(listOf(set.value('topic-list')!));
  const { brokers } = await getting('listNodes', admin.describeCluster());
  const known = brokers.map(({ id }) => id).sort((a, b) => a - b);
  const wanted = [...new Set(listOf(set.value('broker-list')!).map(parseId))].sort((a, b) => a - b);
  const missing = wanted.filter((id) => !known.includes(id));
  if (missing.length > 0) {
    throw new Terse(
      `ERROR: The given brokers do not exist from --broker-list: ${missing.join(',')}. Current existent brokers: ${known.join(',')}`,
    );
  }
  const asked = wanted.length === 0 ? known : wanted;
  await getting('listNodes', admin.metadata({ topics: [] }));
  ports.out('Querying brokers for log directories information\n');
  const found = await Promise.all(asked.map((id) => describeBroker(admin, id, topics)));
  ports.out(`Received log directory information from brokers ${asked.join(',')}\n`);
  ports.out(`${JSON.stringify({ brokers: found, version: 1 })}\n`);
}

function listOf(text: string): string[] {
  return text.split(',').filter((piece) => piece !== '');
}

function parseId(text: string): number {
  if (!/^[+-]?\d{1,10}$/.test(text)) {
    throw new JavaError('java.lang.NumberFormatException', `For input string: "${text}"`);
  }
  return Number(text);
}

/** Fields and lists in the order Java's maps give them. */
async function describeBroker(admin: Client, broker: number, topics: ReadonlySet<string>) {
  const answer = await getting(
    'describeLogDirs',
    admin.request(broker, {
      request: DescribeLogDirsRequest,
      response: DescribeLogDirsResponse,
      body: { topics: null },
    }),
  );
  refuseExecution(answer.errorCode);
  const directories = inHashOrder(answer.results, ({ logDir }) => hashOfString(logDir));
  return { broker, logDirs: directories.map((directory) => directoryView(directory, topics)) };
}

function directoryView(directory: DescribeLogDirsResponse['results'][number], topics: ReadonlySet<string>) {
  const error = toApiError(directory.errorCode);
  const replicas = directory.topics.flatMap(({ name, partitions }) =>
    partitions.map((entry) => ({ topic: name, partition: entry.partitionIndex, entry })),
  );
  const shown = inHashOrder(replicas, hashOfTopicPartition).filter(
    ({ topic }) => topics.size === 0 || topics.has(topic),
  );
  return {
    partitions: inHashOrder(shown, hashOfTopicPartition).map(({ topic, partition, entry }) => ({
      partition: `${topic}-${partition}`,
      size: Number(entry.partitionSize),
      offsetLag: Number(entry.offsetLag),
      isFuture: entry.isFutureKey,
    })),
    error: error === null ? null : fromApiError(error).className,
    logDir: directory.logDir,
  };
}
