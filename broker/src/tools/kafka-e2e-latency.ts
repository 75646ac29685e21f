/**
 * kafka-e2e-latency.sh: sends one record at a time and waits until it is read again. Follows
 * org.apache.kafka.tools.EndToEndLatency.
 */
import type { Consumer, Producer } from '../client/main.ts';
import { createAdmin, loadProperties } from './framework/admin.ts';
import { openConsumer, openProducer } from './framework/open-client.ts';
import { OptionError, type OptionSet, type OptionTable, parseOptions } from './framework/options.ts';
import { ToolExit, type ToolPorts } from './framework/ports.ts';
import { helpOptions, Usage } from './framework/usage.ts';
import { JavaError } from './java/java-error.ts';
import { javaDouble } from './java/printf.ts';

const timeoutMs = 60_000;
const linesEvery = 1000;

const optionTable = {
  ...helpOptions,
  'bootstrap-server': {
    argument: 'bootstrap-server',
    help: {
      en: 'REQUIRED: the broker(s), HOST1:PORT1,HOST2:PORT2.',
      ko: '필수: 브로커, HOST1:PORT1,HOST2:PORT2.',
    },
  },
  'command-config': {
    argument: 'config-file',
    optional: true,
    help: {
      en: 'File with settings for producer, consumer and admin.',
      ko: '프로듀서, 컨슈머, 관리 클라이언트 설정 파일.',
    },
  },
  'num-headers': {
    argument: 'count',
    optional: true,
    type: 'Integer',
    default: '0',
    help: { en: 'Headers of each record.', ko: '레코드마다 넣을 헤더 수.' },
  },
  'num-records': {
    argument: 'count',
    type: 'Integer',
    help: { en: 'REQUIRED: number of records to send.', ko: '필수: 보낼 레코드 수.' },
  },
  'producer-acks': {
    argument: 'producer-acks',
    help: { en: "REQUIRED: '1' or 'all'.", ko: "필수: '1' 또는 'all'." },
  },
  'record-header-key-size': {
    argument: 'bytes',
    optional: true,
    type: 'Integer',
    default: '0',
    help: { en: 'Bytes of a header’s key.', ko: '헤더 키의 바이트.' },
  },
  'record-header-size': {
    argument: 'bytes',
    optional: true,
    type: 'Integer',
    default: '0',
    help: { en: 'Bytes of a header’s value; -1: null.', ko: '헤더 값의 바이트. -1이면 null.' },
  },
  'record-key-size': {
    argument: 'bytes',
    optional: true,
    type: 'Integer',
    default: '0',
    help: { en: 'Bytes of the key; 0: no key.', ko: '키의 바이트. 0이면 키 없음.' },
  },
  'record-size': {
    argument: 'bytes',
    type: 'Integer',
    help: { en: 'REQUIRED: bytes of the value.', ko: '필수: 값의 바이트.' },
  },
  topic: { argument: 'topic-name', help: { en: 'REQUIRED: the topic.', ko: '필수: 토픽.' } },
} as const satisfies OptionTable;

type Options = OptionSet<typeof optionTable>;

const about = {
  en: 'Measures how long a record takes from the producer to the consumer.',
  ko: '레코드가 프로듀서에서 컨슈머까지 가는 시간을 잽니다.',
};

export async function run(ports: ToolPorts): Promise<number> {
  try {
    await measure(ports, readOptions(ports));
    return 0;
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    ports.err(`${error.text}\n${error.trace}\n`);
    return 1;
  }
}

const positions = [
  'bootstrap-server',
  'topic',
  'num-records',
  'producer-acks',
  'record-size',
  'command-config',
];

/** What stood in these places before there were names for it is taken with a warning. */
function named({ args, out }: ToolPorts): readonly string[] {
  const isOld = (args.length === 5 || args.length === 6) && !args.some((arg) => arg.startsWith('--'));
  if (!isOld) return args;
  const names = positions.map((name) => `--${name}`);
  out(
    `WARNING: Positional argument usage is deprecated and will be removed in Apache Kafka 5.0. Please use named arguments instead: ${names.join(', ')}\n`,
  );
  return args.flatMap((arg, index) => [names[index]!, arg]);
}

function readOptions(ports: ToolPorts): Options {
  const usage = new Usage(ports, optionTable);
  let options: Options;
  try {
    options = parseOptions(optionTable, named(ports));
  } catch (error) {
    if (error instanceof OptionError) usage.fail(error.text);
    throw error;
  }
  usage.helpOrVersion(options, about);
  usage.required(options, 'bootstrap-server', 'topic', 'num-records', 'producer-acks', 'record-size');
  const acks = options.value('producer-acks')!;
  if (acks !== '1' && acks !== 'all') {
    usage.fail(
      "Invalid value for --producer-acks. Latency testing requires synchronous acknowledgement. Please use '1' or 'all'.",
    );
  }
  if (options.number('num-records')! <= 0) usage.fail('Value for --num-records must be a positive integer.');
  if (options.number('record-size')! < 0)
    usage.fail('Value for --record-size must be a non-negative integer.');
  return options;
}

async function measure(ports: ToolPorts, options: Options): Promise<void> {
  const bootstrap = options.value('bootstrap-server')!;
  const topic = options.value('topic')!;
  const given = loadProperties(ports, options.value('command-config'));
  const reading = new Map([...given, ['auto.offset.reset', 'latest'], ['fetch.max.wait.ms', '0']]);
  const consumer = await openConsumer(ports, reading, bootstrap);
  const writing = new Map([...given, ['linger.ms', '0'], ['acks', options.value('producer-acks')!]]);
  const producer = await openProducer(ports, writing, bootstrap);
  try {
    consumer.assign(await partitionsOf(ports, given, { bootstrap, topic }));
    for (const target of consumer.assignment) consumer.seek(target, 'latest');
    // Positions are found before the first record is sent, or it would be missed.
    await consumer.poll(100);
    await sendAndRead(ports, options, { producer, consumer });
  } finally {
    await producer.close();
    await consumer.close();
  }
}

async function partitionsOf(
  ports: ToolPorts,
  properties: ReadonlyMap<string, string>,
  { bootstrap, topic }: { readonly bootstrap: string; readonly topic: string },
) {
  await using admin = await createAdmin(ports, { bootstrap, properties });
  const { topics } = await admin.metadata();
  let found = topics.find(({ name }) => name === topic);
  if (found === undefined) {
    ports.out(
      `Topic "${topic}" does not exist. Will create topic with 1 partition(s) and replication factor = 1\n`,
    );
    await admin.createTopics([{ name: topic, partitions: 1, replicationFactor: 1 }]);
    found = (await admin.metadata({ topics: [topic] })).topics[0];
  }
  return (found?.partitions ?? []).map(({ partition }) => ({ topic, partition }));
}

async function sendAndRead(
  ports: ToolPorts,
  options: Options,
  { producer, consumer }: { readonly producer: Producer; readonly consumer: Consumer },
): Promise<void> {
  const count = options.number('num-records')!;
  const latencies = new Float64Array(count);
  let totalMs = 0;
  for (let index = 0; index < count; index++) {
    const record = makeRecord(ports, options);
    const startMs = performance.now();
    await acknowledged(ports, producer, { topic: options.value('topic')!, ...record });
    const [read, ...more] = await consumer.poll(timeoutMs);
    const elapsedMs = Math.round((performance.now() - startMs) * 1e6) / 1e6;
    if (read === undefined)
      throw runtime(`poll() timed out before finding a result (timeout:[${timeoutMs}ms])`);
    if (more.length > 0)
      throw runtime(`Only one result was expected during this test. We found [${more.length + 1}]`);
    if (!record.value.equals(read.value ?? Buffer.alloc(0))) {
      throw runtime(
        `The message value read [${read.value}] did not match the message value sent [${record.value}]`,
      );
    }
    if (index % linesEvery === 0) ports.out(`${index}\t${javaDouble(elapsedMs)}\n`);
    latencies[index] = Math.floor(elapsedMs);
    totalMs += elapsedMs;
  }
  latencies.sort();
  const percentile = (share: number) => latencies[Math.floor(count * share)];
  ports.out(`Avg latency: ${(totalMs / count).toFixed(4)} ms\n`);
  ports.out(
    `Percentiles: 50th = ${percentile(0.5)}, 99th = ${percentile(0.99)}, 99.9th = ${percentile(0.999)}\n`,
  );
}

function makeRecord(ports: ToolPorts, options: Options) {
  const letters = (size: number) => Buffer.from(Array.from({ length: size }, () => 65 + ports.random(26)));
  const keySize = options.number('record-key-size')!;
  const headerSize = options.number('record-header-size')!;
  return {
    key: keySize === 0 ? null : letters(keySize),
    value: letters(options.number('record-size')!),
    headers: Array.from({ length: options.number('num-headers')! }, () => ({
      key: letters(options.number('record-header-key-size')!).toString(),
      value: headerSize === -1 ? null : letters(headerSize),
    })),
  };
}

function acknowledged(
  ports: ToolPorts,
  producer: Producer,
  record: Parameters<Producer['send']>[0],
): Promise<void> {
  return new Promise((resolve, reject) => {
    producer
      .send(record, (outcome) => {
        if (outcome.ok) return resolve();
        ports.err(`${outcome.failure.message}\n`);
        reject(new ToolExit(1));
      })
      .catch(reject);
  });
}

function runtime(text: string): JavaError {
  return new JavaError('java.lang.RuntimeException', text);
}
