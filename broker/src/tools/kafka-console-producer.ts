/** kafka-console-producer.sh: lines of standard input become records. Follows org.apache.kafka.tools.ConsoleProducer. */
import type { ProducerRecord, SendFailure } from '../client/main.ts';
import type { Producer } from '../client/producer/producer.ts';
import { LineReader, readLines } from './console-producer/line-reader.ts';
import { type ProducerOptionSet, readProducerOptions } from './console-producer/options.ts';
import { loadProperties } from './framework/admin.ts';
import { logWithTrace } from './framework/log.ts';
import { openProducer } from './framework/open-client.ts';
import { OptionError, type OptionTable } from './framework/options.ts';
import type { ToolPorts } from './framework/ports.ts';
import { execution, JavaError, kafkaError } from './java/java-error.ts';
import { parseKeyValues } from './java/properties.ts';

const lineReaderClass = 'org.apache.kafka.tools.LineMessageReader';
const callbackLogger = 'org.apache.kafka.clients.producer.internals.ErrorLoggingCallback';

export async function run(ports: ToolPorts): Promise<number> {
  try {
    const set = readProducerOptions(ports);
    const reader = createReader(ports, set);
    const producer = await createProducer(ports, set);
    return await produce(ports, producer, { reader, sync: set.has('sync') });
  } catch (error) {
    if (error instanceof OptionError) ports.err(`${error.text}\n`);
    else if (error instanceof JavaError) ports.err(error.trace);
    else throw error;
    return 1;
  }
}

async function produce(
  ports: ToolPorts,
  producer: Producer,
  { reader, sync }: { readonly reader: LineReader; readonly sync: boolean },
): Promise<number> {
  let stopListening = () => {};
  const interrupted = new Promise<number>((resolve) => {
    stopListening = ports.onInterrupt(resolve);
  });
  const sent = sendLines(ports, producer, { reader, sync });
  try {
    return await Promise.race([sent, interrupted]);
  } finally {
    stopListening();
    await producer.close();
  }
}

async function sendLines(
  ports: ToolPorts,
  producer: Producer,
  { reader, sync }: { readonly reader: LineReader; readonly sync: boolean },
): Promise<number> {
  const prompt = () => {
    if (!ports.interactive) return;
    ports.out('>');
    ports.flush();
  };
  try {
    prompt();
    for await (const line of readLines(ports.input())) {
      const record = reader.read(line);
      await (sync ? sendAndWait(producer, record) : sendAndGoOn(ports, producer, record));
      prompt();
    }
    return 0;
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    ports.err(error.trace);
    return 1;
  }
}

async function sendAndGoOn(ports: ToolPorts, producer: Producer, record: ProducerRecord): Promise<void> {
  await producer.send(record, (outcome) => {
    if (outcome.ok) return;
    const key = record.key === null ? 'null' : `${record.key.length} bytes`;
    const value = record.value === null ? 'null' : `${record.value.length} bytes`;
    logWithTrace(ports, 'ERROR', {
      message: `Error when sending message to topic ${record.topic} with key: ${key}, value: ${value} with error:`,
      logger: callbackLogger,
      trace: failureError(outcome.failure).trace,
    });
  });
}

async function sendAndWait(producer: Producer, record: ProducerRecord): Promise<void> {
  const outcome = await new Promise<SendFailure | null>((resolve, reject) => {
    producer.send(record, (done) => resolve(done.ok ? null : done.failure)).catch(reject);
  });
  if (outcome !== null) throw execution(failureError(outcome));
}

function failureError({ exception, message }: SendFailure): JavaError {
  return kafkaError(exception, message);
}

function createReader(ports: ToolPorts, set: ProducerOptionSet): LineReader {
  const reader = set.value('line-reader')!;
  if (reader !== lineReaderClass) throw new JavaError('java.lang.ClassNotFoundException', reader);
  const given = set.has('property') ? set.values('property') : set.values('reader-property');
  const properties = new Map([
    ...loadProperties(ports, set.value('reader-config')),
    ...parseKeyValues(given),
  ]);
  return new LineReader(set.value('topic')!, properties);
}

function createProducer(ports: ToolPorts, set: ProducerOptionSet): Promise<Producer> {
  return openProducer(ports, producerProperties(ports, set), set.value('bootstrap-server')!);
}

function producerProperties(ports: ToolPorts, set: ProducerOptionSet): Map<string, string> {
  const file = set.has('producer.config') ? set.value('producer.config') : set.value('command-config');
  const given = set.has('producer-property')
    ? set.values('producer-property')
    : set.values('command-property');
  const properties = new Map([...loadProperties(ports, file), ...parseKeyValues(given)]);
  properties.set('compression.type', compression(set));
  if (!properties.has('client.id')) properties.set('client.id', 'console-producer');
  for (const [option, name] of merged) {
    const explicit = set.has(option);
    if ((set.table as OptionTable)[option]?.type !== undefined) set.number(option);
    if (explicit || !properties.has(name)) properties.set(name, set.value(option)!);
  }
  return properties;
}

/** Options that stand for a setting: given they win, else the properties do, else the option's default. */
const merged = [
  ['timeout', 'linger.ms'],
  ['request-required-acks', 'acks'],
  ['request-timeout-ms', 'request.timeout.ms'],
  ['message-send-max-retries', 'retries'],
  ['retry-backoff-ms', 'retry.backoff.ms'],
  ['socket-buffer-size', 'send.buffer.bytes'],
  ['max-memory-bytes', 'buffer.memory'],
  ['batch-size', 'batch.size'],
  ['max-partition-memory-bytes', 'batch.size'],
  ['metadata-expiry-ms', 'metadata.max.age.ms'],
  ['max-block-ms', 'max.block.ms'],
] as const;

function compression(set: ProducerOptionSet): string {
  if (!set.has('compression-codec')) return 'none';
  return set.value('compression-codec') || 'gzip';
}
