/**
 * kafka-producer-perf-test.sh: writes records and measures. Follows org.apache.kafka.tools.ProducerPerformance. A latency is the
 * time from handing a record to the producer until its acknowledgement is heard.
 */
import type { Producer } from '../client/producer/producer.ts';
import { loadProperties, readText } from './framework/admin.ts';
import { ArgumentError, type Arguments } from './framework/argparse/parse.ts';
import { readArguments } from './framework/argparse/read.ts';
import { openProducer } from './framework/open-client.ts';
import { ToolExit, type ToolPorts } from './framework/ports.ts';
import { JavaError, kafkaError } from './java/java-error.ts';
import { parseKeyValues } from './java/properties.ts';
import { Latencies } from './perf/latencies.ts';
import { producerPerfParser } from './perf/producer-options.ts';

/** The loop lets input and output have their turn after this many records. */
const recordsPerTurn = 64;
const poolBytes = 1024 * 1024;

interface Plan {
  readonly topic: string;
  readonly records: number;
  /** A second; 0 or less: no limit. */
  readonly throughput: number;
  readonly warmup: number;
  readonly intervalMs: number;
  readonly payload: (index: number) => Buffer;
}

export async function run(ports: ToolPorts): Promise<number> {
  const args = ports.args.length === 0 ? ['--help'] : ports.args;
  const { values } = readArguments({ ...ports, args }, producerPerfParser);
  try {
    const properties = readProperties(ports, values);
    const plan = readPlan(ports, values);
    const producer = await openProducer(ports, properties, properties.get('bootstrap.servers') ?? '');
    const sent = await measure(ports, producer, plan);
    if (values.get('printMetrics') === true) printMetrics(ports, properties.get('client.id')!, sent);
    return 0;
  } catch (error) {
    if (error instanceof ArgumentError) ports.err(error.screen);
    else if (error instanceof JavaError) ports.err(`Exception in thread "main" ${error.trace}`);
    else throw error;
    return 1;
  }
}

function refuse(message: string): ArgumentError {
  return new ArgumentError(message, [producerPerfParser]);
}

function readProperties(ports: ToolPorts, values: Arguments['values']): Map<string, string> {
  const text = (name: string) => (values.get(name) as string | undefined) ?? null;
  const list = (name: string) => values.get(name) as readonly string[] | undefined;
  for (const [old, now] of [
    ['producerConfigs', ['--producer-props', '--command-property']],
    ['producerConfigFile', ['--producer.config', '--command-config']],
  ] as const) {
    if (!values.has(old)) continue;
    ports.out(
      `Option ${now[0]} has been deprecated and will be removed in a future version. Use ${now[1]} instead.\n`,
    );
  }
  const given = list('commandProperties') ?? list('producerConfigs');
  const file = text('commandConfigFile') ?? text('producerConfigFile');
  const bootstrap = text('bootstrapServers');
  if (bootstrap === null && given === undefined && file === null) {
    throw refuse(
      'At least one of --bootstrap-server, --command-property, --producer-props, --producer.config or --command-config must be specified.',
    );
  }
  const properties = new Map([['client.id', 'perf-producer-client']]);
  for (const [key, value] of [...loadProperties(ports, file), ...parseKeyValues(given ?? [])]) {
    properties.set(key, value);
  }
  if (bootstrap !== null) properties.set('bootstrap.servers', bootstrap);
  const transactional = ['transactionalId', 'transactionDurationMs'].some((name) => values.has(name));
  if (transactional || properties.has('transactional.id')) {
    ports.err(
      'This build does not write in transactions yet: leave --transactional-id and --transaction-duration-ms out.\n',
    );
    throw new ToolExit(1);
  }
  return properties;
}

function readPlan(ports: ToolPorts, values: Arguments['values']): Plan {
  const records = values.get('numRecords') as number;
  const warmup = values.get('warmupRecords') as number;
  if (records <= 0) throw refuse('--num-records should be greater than zero.');
  if (warmup >= records) {
    throw refuse(
      'The value for --warmup-records must be strictly fewer than the number of records in the test, --num-records.',
    );
  }
  return {
    topic: values.get('topic') as string,
    records,
    warmup: Math.max(warmup, 0),
    throughput: values.get('throughput') as number,
    intervalMs: values.get('reportingInterval') as number,
    payload: readPayload(ports, values),
  };
}

function readPayload(ports: ToolPorts, values: Arguments['values']): (index: number) => Buffer {
  if (values.get('payloadMonotonic') === true) return (index) => Buffer.from(String(index));
  const file = values.get('payloadFile') as string | undefined;
  if (file !== undefined) {
    ports.out(`Reading payloads from: ${file}\n`);
    const delimiter = (values.get('payloadDelimiter') as string).replaceAll('\\n', '\n');
    const payloads = readText(ports, file).split(delimiter);
    if (payloads.at(-1) === '') payloads.pop();
    ports.out(`Number of records read: ${payloads.length}\n`);
    if (payloads.length === 0) {
      throw new JavaError('java.io.IOException', `File does not exist or empty file provided.`);
    }
    const bytes = payloads.map((payload) => Buffer.from(payload));
    return () => bytes[ports.random(bytes.length)]!;
  }
  const size = values.get('recordSize') as number;
  if (size <= 0) throw refuse('--record-size should be greater than zero.');
  // Every record is another piece of one pool of random letters: unlike its neighbours, and free to make.
  const pool = Buffer.alloc(poolBytes + size);
  for (let at = 0; at < pool.length; at++) pool[at] = 65 + ports.random(26);
  return () => {
    const from = ports.random(poolBytes);
    return pool.subarray(from, from + size);
  };
}

async function measure(ports: ToolPorts, producer: Producer, plan: Plan): Promise<number> {
  const { records, warmup, intervalMs, throughput, topic, payload } = plan;
  if (warmup > 0) {
    ports.out(
      `Warmup first ${warmup} records. Steady state results will print after the complete test summary.\n`,
    );
  }
  const startMs = ports.now();
  const all = new Latencies({ startMs, expected: records, label: '' });
  let steady: Latencies | null = null;
  let interrupted = false;
  let failed = 0;
  const stopListening = ports.onInterrupt(() => {
    interrupted = true;
  });
  for (let index = 0; index < records && !interrupted; index++) {
    if (warmup > 0 && index === warmup) {
      ports.out('In steady state.\n');
      steady = new Latencies({ startMs: ports.now(), expected: records - warmup, label: ' steady state' });
    }
    const value = payload(index);
    const sentMs = ports.now();
    const into = steady;
    await producer.send({ topic, key: null, value }, (outcome) => {
      const nowMs = ports.now();
      if (outcome.ok) {
        all.record(nowMs - sentMs, value.length);
        into?.record(nowMs - sentMs, value.length);
        const line = (into ?? all).windowOver(nowMs, intervalMs);
        if (line === null) return;
        ports.out(line);
        ports.flush();
      } else {
        failed++;
        ports.err(kafkaError(outcome.failure.exception, outcome.failure.message).trace);
      }
    });
    if (index % recordsPerTurn === recordsPerTurn - 1) await turn();
    if (throughput > 0) await untilDue(ports, startMs + ((index + 1) * 1000) / throughput);
  }
  await producer.close();
  stopListening();
  ports.out(all.total(ports.now()));
  if (steady !== null) ports.out(steady.total(ports.now()));
  return records - failed;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function untilDue(ports: ToolPorts, dueMs: number): Promise<void> {
  const waitMs = dueMs - ports.now();
  if (waitMs >= 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
}

function printMetrics(ports: ToolPorts, clientId: string, sent: number): void {
  const name = `producer-metrics:record-send-total:{client-id=${clientId}}`;
  ports.out(`\n${'Metric Name'.padEnd(name.length)}   Value\n${name} : ${sent.toFixed(3)}\n`);
}
