/**
 * kafka-producer-perf-test.sh: writes records and measures. Follows org.apache.kafka.tools.ProducerPerformance. A latency is the
 * time from handing a record to the producer until its acknowledgement is heard.
 */
import { resolve } from 'node:path';
import { ClientError, type Producer } from '../client/main.ts';
import { failureOf, loadProperties, readText } from './framework/admin.ts';
import { ArgumentError, type Arguments } from './framework/argparse/parse.ts';
import { readArguments } from './framework/argparse/read.ts';
import { openProducer } from './framework/open-client.ts';
import type { ToolPorts } from './framework/ports.ts';
import { illegalArgument, JavaError, kafkaError } from './java/java-error.ts';
import { randomUuid } from './java/uuid.ts';
import { Latencies } from './perf/latencies.ts';
import { producerPerfParser } from './perf/producer-options.ts';

/** The loop lets input and output have their turn after this many records. */
const recordsPerTurn = 64;
const poolBytes = 1024 * 1024;
const transactionMsByDefault = 3_000;

interface Plan {
  readonly topic: string;
  readonly records: number;
  /** A second; 0 or less: no limit. */
  readonly throughput: number;
  readonly warmup: number;
  readonly intervalMs: number;
  readonly payload: (index: number) => Buffer;
  /** How long a transaction goes on before it is committed; `null`: no transactions. */
  readonly transactionMs: number | null;
}

export async function run(ports: ToolPorts): Promise<number> {
  const args = ports.args.length === 0 ? ['--help'] : ports.args;
  const { values } = readArguments({ ...ports, args }, producerPerfParser);
  try {
    const properties = readProperties(ports, values);
    const plan = readPlan(ports, values, properties);
    const producer = await openProducer(ports, properties, properties.get('bootstrap.servers') ?? '');
    const sent = await measure(ports, producer, plan).catch((error: unknown) => {
      throw failure(error);
    });
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
  for (const [key, value] of [...loadProperties(ports, file), ...pairs(given ?? [])]) {
    properties.set(key, value);
  }
  if (bootstrap !== null) properties.set('bootstrap.servers', bootstrap);
  return properties;
}

function readPlan(ports: ToolPorts, values: Arguments['values'], properties: Map<string, string>): Plan {
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
    transactionMs: readTransaction(ports, values, properties),
  };
}

/** Either option turns transactions on, and so does a transactional.id among the settings. */
function readTransaction(
  ports: ToolPorts,
  values: Arguments['values'],
  properties: Map<string, string>,
): number | null {
  const durationMs = values.get('transactionDurationMs') as number | undefined;
  const id = (values.get('transactionalId') as string | undefined) ?? properties.get('transactional.id');
  if (durationMs !== undefined && durationMs <= 0) {
    throw refuse('--transaction-duration-ms should be greater than zero.');
  }
  if (durationMs === undefined && id === undefined) return null;
  properties.set('transactional.id', id ?? `performance-producer-${randomUuid(ports)}`);
  return durationMs ?? transactionMsByDefault;
}

function payloadText(ports: ToolPorts, file: string): string {
  let text = '';
  try {
    text = readText(ports, file);
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
  }
  if (text !== '') return text;
  throw new JavaError('java.lang.IllegalArgumentException', 'File does not exist or empty file provided.');
}

/** Unlike other tools, this one refuses what has no value, and values with `=`. */
function pairs(given: readonly string[]): Map<string, string> {
  return new Map(
    given.map((text) => {
      const [key = '', value = '', ...rest] = text.replace(/=+$/, '').split('=');
      if (value === '' || rest.length > 0) throw illegalArgument(`Invalid property: ${text}`);
      return [key, value];
    }),
  );
}

function readPayload(ports: ToolPorts, values: Arguments['values']): (index: number) => Buffer {
  if (values.get('payloadMonotonic') === true) return (index) => Buffer.from(String(index));
  const file = values.get('payloadFile') as string | undefined;
  if (file !== undefined) {
    ports.out(`Reading payloads from: ${resolve(file)}\n`);
    const delimiter = (values.get('payloadDelimiter') as string).replaceAll('\\n', '\n');
    const payloads = payloadText(ports, file).split(delimiter);
    if (payloads.at(-1) === '') payloads.pop();
    ports.out(`Number of records read: ${payloads.length}\n`);
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

/** What the producer threw, as Java's main thread ends with it. */
function failure(error: unknown): unknown {
  if (!(error instanceof ClientError)) return error;
  if (error.code === 'timeout') return kafkaError('TimeoutException', error.message);
  if (error.api?.name === 'INVALID_TRANSACTION_TIMEOUT') {
    const text = `Unexpected error in InitProducerIdResponse; ${error.message}`;
    return new JavaError('org.apache.kafka.common.KafkaException', text);
  }
  return failureOf(error, 'send');
}

async function measure(ports: ToolPorts, producer: Producer, plan: Plan): Promise<number> {
  const { records, warmup, throughput, transactionMs } = plan;
  if (transactionMs !== null) await producer.initTransactions();
  if (warmup > 0) {
    ports.out(
      `Warmup first ${warmup} records. Steady state results will print after the complete test summary.\n`,
    );
  }
  const startMs = ports.now();
  const run = new Run(ports, producer, { plan, startMs });
  let interrupted = false;
  const stopListening = ports.onInterrupt(() => {
    interrupted = true;
  });
  const transactions = new TransactionPace(ports, producer, transactionMs);
  for (let index = 0; index < records && !interrupted; index++) {
    await transactions.beforeRecord();
    await run.send(index);
    await transactions.afterRecord();
    if (index % recordsPerTurn === recordsPerTurn - 1) await turn();
    if (throughput > 0) await untilDue(ports, startMs + ((index + 1) * 1000) / throughput);
  }
  await transactions.end();
  await producer.close();
  stopListening();
  return run.sumUp();
}

/** Begins a transaction with the first record and commits it with the first one that is late enough. */
class TransactionPace {
  readonly #ports: ToolPorts;
  readonly #producer: Producer;
  readonly #durationMs: number | null;
  /** `null`: none is open. */
  #begunMs: number | null = null;
  #recordMs = 0;

  constructor(ports: ToolPorts, producer: Producer, durationMs: number | null) {
    this.#ports = ports;
    this.#producer = producer;
    this.#durationMs = durationMs;
  }

  async beforeRecord(): Promise<void> {
    if (this.#durationMs === null) return;
    if (this.#begunMs === null) {
      await this.#producer.beginTransaction();
      this.#begunMs = this.#ports.now();
    }
    this.#recordMs = this.#ports.now();
  }

  async afterRecord(): Promise<void> {
    if (this.#begunMs === null || this.#recordMs - this.#begunMs < this.#durationMs!) return;
    await this.end();
  }

  async end(): Promise<void> {
    if (this.#begunMs === null) return;
    this.#begunMs = null;
    await this.#producer.commitTransaction();
  }
}

class Run {
  readonly #ports: ToolPorts;
  readonly #producer: Producer;
  readonly #plan: Plan;
  readonly #all: Latencies;
  #steady: Latencies | null = null;
  /** Said with the first line of its own. */
  #steadyTold = false;
  #failed = 0;

  constructor(ports: ToolPorts, producer: Producer, { plan, startMs }: { plan: Plan; startMs: number }) {
    this.#ports = ports;
    this.#producer = producer;
    this.#plan = plan;
    this.#all = new Latencies({ startMs, expected: plan.records, label: '' });
  }

  async send(index: number): Promise<void> {
    const { warmup, records, topic, payload, intervalMs } = this.#plan;
    const ports = this.#ports;
    const all = this.#all;
    if (warmup > 0 && index === warmup) {
      const expected = records - warmup;
      this.#steady = new Latencies({ startMs: ports.now(), expected, label: ' steady state' });
    }
    const value = payload(index);
    const sentMs = ports.now();
    const into = this.#steady;
    await this.#producer.send({ topic, key: null, value }, (outcome) => {
      const nowMs = ports.now();
      if (outcome.ok) {
        all.record(nowMs - sentMs, value.length);
        into?.record(nowMs - sentMs, value.length);
        const line = (into ?? all).windowOver(nowMs, intervalMs);
        if (line === null) return;
        if (into !== null && !this.#steadyTold) {
          this.#steadyTold = true;
          ports.out('In steady state.\n');
        }
        ports.out(line);
        ports.flush();
      } else {
        this.#failed++;
        ports.err(kafkaError(outcome.failure.exception, outcome.failure.message).trace);
      }
    });
  }

  /** Records that arrived. */
  sumUp(): number {
    this.#ports.out(this.#all.total(this.#ports.now()));
    if (this.#steady !== null) this.#ports.out(this.#steady.total(this.#ports.now()));
    return this.#plan.records - this.#failed;
  }
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
