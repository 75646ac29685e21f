/** kafka-console-consumer.sh: records to standard output. Follows org.apache.kafka.tools.consumer.ConsoleConsumer. */
import { type Consumer, WakeupError } from '../client/consumer/consumer.ts';
import { ClientError, type FetchedRecord, type TopicPartition } from '../client/main.ts';
import { createFormatter, type Formatter } from './console-consumer/formatter.ts';
import {
  type ConsumerOptionSet,
  type ConsumerUsage,
  deprecated,
  readConsumerOptions,
  readOffset,
} from './console-consumer/options.ts';
import { failureOf, loadProperties } from './framework/admin.ts';
import { logWithTrace } from './framework/log.ts';
import { openConsumer } from './framework/open-client.ts';
import { OptionError } from './framework/options.ts';
import { ToolExit, type ToolPorts } from './framework/ports.ts';
import { JavaError, kafkaError } from './java/java-error.ts';
import { parseKeyValues } from './java/properties.ts';
import { syntaxError, wholeMatch } from './java/regex.ts';

const logger = 'org.apache.kafka.tools.consumer.ConsoleConsumer';
const formatterLogger = 'org.apache.kafka.tools.consumer.DefaultMessageFormatter';
const groupIdsMax = 100_000;
const protocolHint =
  'The consumer rebalance protocol (KIP-848) is production-ready! Set group.protocol=consumer to try it out. See https://kafka.apache.org/documentation/#consumer_rebalance_protocol\n';

interface Plan {
  readonly set: ConsumerOptionSet;
  readonly properties: ReadonlyMap<string, string>;
  readonly offset: number | 'earliest' | 'latest';
  readonly formatter: Formatter;
  /** Without a limit: infinite. */
  readonly timeoutMs: number;
}

export async function run(ports: ToolPorts): Promise<number> {
  const plan = readPlan(ports);
  try {
    return await consume(ports, plan);
  } catch (error) {
    if (error instanceof ToolExit) throw error;
    const failure = failureOf(error, 'poll');
    logWithTrace(ports, 'ERROR', {
      message: 'Unknown error when running consumer: ',
      logger,
      trace: failure.trace,
    });
    return 1;
  }
}

/** Errors here end with the option table, or, as Java's uncaught exceptions, with their trace. */
function readPlan(ports: ToolPorts): Plan {
  try {
    const { set, usage } = readConsumerOptions(ports);
    const properties = readProperties(ports, set, usage);
    const offset = readOffset(set, usage);
    const timeoutMs = set.number('timeout-ms') ?? -1;
    const formatter = readFormatter(ports, set, usage);
    return {
      set,
      properties,
      offset,
      formatter,
      timeoutMs: timeoutMs >= 0 ? timeoutMs : Number.POSITIVE_INFINITY,
    };
  } catch (error) {
    if (!(error instanceof OptionError) && !(error instanceof JavaError)) throw error;
    ports.err(`Exception in thread "main" ${error.trace}`);
    throw new ToolExit(1);
  }
}

async function consume(ports: ToolPorts, plan: Plan): Promise<number> {
  const { set, properties } = plan;
  const consumer = await openConsumer(ports, properties, set.value('bootstrap-server')!);
  const classic = (properties.get('group.protocol') ?? 'classic').toLowerCase() === 'classic';
  if (!set.has('partition') && classic) ports.err(protocolHint);
  subscribe(consumer, plan);
  let exitCode = 0;
  const stopListening = ports.onInterrupt((code) => {
    exitCode = code;
    consumer.wakeup();
  });
  const printer = new Printer(ports, plan);
  try {
    await printer.run(consumer);
  } finally {
    await consumer.close();
    ports.err(`Processed a total of ${printer.count} messages\n`);
    if (set.has('enable-systest-events')) ports.out('shutdown_complete\n');
    stopListening();
  }
  return exitCode;
}

function subscribe(consumer: Consumer, { set, offset }: Plan): void {
  const topic = set.value('topic');
  const partition = set.number('partition');
  if (topic !== null && partition !== null) {
    const target: TopicPartition = { topic, partition };
    consumer.assign([target]);
    consumer.seek(target, offset);
  } else if (topic !== null) {
    consumer.subscribe([topic]);
  } else {
    const include = set.value('include')!;
    const pattern = wholeMatch(include);
    if (pattern === null) throw new JavaError('java.util.regex.PatternSyntaxException', syntaxError(include));
    consumer.subscribe(pattern);
  }
}

/** Writes what comes until enough came, nothing comes any more, nobody reads, or somebody interrupts. */
class Printer {
  readonly #ports: ToolPorts;
  readonly #plan: Plan;
  #messagesMax = -1;
  count = 0;

  constructor(ports: ToolPorts, plan: Plan) {
    this.#ports = ports;
    this.#plan = plan;
  }

  get #enough(): boolean {
    return this.#messagesMax !== -1 && this.count >= this.#messagesMax;
  }

  async run(consumer: Consumer): Promise<void> {
    const { timeoutMs, set } = this.#plan;
    this.#messagesMax = set.number('max-messages') ?? -1;
    while (!this.#enough) {
      let records: FetchedRecord[];
      try {
        records = await consumer.poll(timeoutMs);
        if (records.length === 0) throw kafkaError('TimeoutException', null);
      } catch (error) {
        if (!(error instanceof WakeupError)) this.#report(error);
        return;
      }
      if (!(await this.#print(consumer, records))) return;
    }
  }

  #report(error: unknown): void {
    const failure =
      error instanceof ClientError && error.code === 'corrupt'
        ? clientFailure(error)
        : failureOf(error, 'poll');
    logWithTrace(this.#ports, 'ERROR', {
      message: 'Error processing message, terminating consumer process: ',
      logger,
      trace: failure.trace,
    });
  }

  /** False: nobody reads. Records that were not written count as not consumed. */
  async #print(consumer: Consumer, records: readonly FetchedRecord[]): Promise<boolean> {
    const { formatter, set } = this.#plan;
    const pieces: Buffer[] = [];
    let taken = 0;
    try {
      for (const record of records) {
        if (this.#enough) break;
        this.count++;
        taken++;
        try {
          pieces.push(formatter.format(record));
        } catch (error) {
          if (!(error instanceof JavaError) || !set.has('skip-message-on-error')) throw error;
          const message = 'Error processing message, skipping this message: ';
          logWithTrace(this.#ports, 'ERROR', { message, logger, trace: error.trace });
        }
      }
    } finally {
      rewind(consumer, records.slice(taken));
    }
    if (await this.#ports.write(Buffer.concat(pieces))) return true;
    this.#ports.err('Unable to write to standard out, closing consumer.\n');
    return false;
  }
}

function rewind(consumer: Consumer, unread: readonly FetchedRecord[]): void {
  const seen = new Set<string>();
  for (const { topic, partition, offset } of unread) {
    const key = `${topic}-${partition}`;
    if (!seen.has(key)) consumer.seek({ topic, partition }, offset);
    seen.add(key);
  }
}

function clientFailure(error: ClientError): JavaError {
  return new JavaError('org.apache.kafka.common.KafkaException', error.message);
}

function readProperties(ports: ToolPorts, set: ConsumerOptionSet, usage: ConsumerUsage): Map<string, string> {
  const file = loadProperties(
    ports,
    set.value(set.has('consumer.config') ? 'consumer.config' : 'command-config'),
  );
  const given = parseKeyValues(
    set.values(set.has('consumer-property') ? 'consumer-property' : 'command-property'),
  );
  const groupIds = readGroupIds(set, usage, [file, given]);
  const properties = new Map([...file, ...given]);
  checkReset(ports, set, properties);
  if (!properties.has('client.id')) properties.set('client.id', 'console-consumer');
  if (set.has('isolation-level') || !properties.has('isolation.level')) {
    properties.set('isolation.level', set.value('isolation-level')!);
  }
  const [groupId] = groupIds;
  properties.set('group.id', groupId ?? `console-consumer-${ports.random(groupIdsMax)}`);
  // A group made up for this run leaves no offsets behind.
  if (groupId === undefined && !properties.has('enable.auto.commit'))
    properties.set('enable.auto.commit', 'false');
  return properties;
}

function readGroupIds(
  set: ConsumerOptionSet,
  usage: ConsumerUsage,
  sources: readonly ReadonlyMap<string, string>[],
): string[] {
  const given = [set.value('group'), ...sources.map((source) => source.get('group.id') ?? null)];
  const groupIds = [...new Set(given.filter((groupId) => groupId !== null))];
  if (groupIds.length > 1) {
    const list = groupIds.map((groupId) => `'${groupId}'`).join(', ');
    usage.fail(
      `The group ids provided in different places (directly using '--group', via '--consumer-property', or via '--consumer.config') do not match. Detected group ids: ${list}`,
    );
  }
  if (groupIds.length > 0 && set.has('partition')) {
    usage.fail('Options group and partition cannot be specified together.');
  }
  return groupIds;
}

function checkReset(ports: ToolPorts, set: ConsumerOptionSet, properties: Map<string, string>): void {
  const reset = properties.get('auto.offset.reset');
  const fromBeginning = set.has('from-beginning');
  if (reset === undefined) {
    properties.set('auto.offset.reset', fromBeginning ? 'earliest' : 'latest');
  } else if (fromBeginning && reset !== 'earliest') {
    ports.err(
      `Can't simultaneously specify --from-beginning and 'auto.offset.reset=${reset}', please remove one option\n`,
    );
    throw new ToolExit(1);
  }
}

function readFormatter(ports: ToolPorts, set: ConsumerOptionSet, usage: ConsumerUsage): Formatter {
  const className = set.value('formatter')!;
  if (set.has('formatter-property') && set.has('property')) {
    usage.fail('Options --property and --formatter-property cannot be specified together.');
  }
  if (set.has('property')) ports.out(deprecated('property', 'formatter-property'));
  const properties = readFormatterConfig(ports, set.value('formatter-config'), usage);
  for (const part of ['key', 'value'] as const) {
    const deserializer = set.value(`${part}-deserializer`);
    if (deserializer) properties.set(`${part}.deserializer`, deserializer);
  }
  const given = parseKeyValues(set.values(set.has('property') ? 'property' : 'formatter-property'));
  for (const [key, value] of given) properties.set(key, value);
  const unknown = (name: string) =>
    logWithTrace(ports, 'ERROR', {
      message: `Unable to instantiate a deserializer from ${name}`,
      logger: formatterLogger,
      trace: new JavaError('java.lang.ClassNotFoundException', name).trace,
    });
  return createFormatter(className, properties, unknown) ?? usage.fail(className);
}

/** A file that cannot be read is a mistake of the command line here. */
function readFormatterConfig(
  ports: ToolPorts,
  path: string | null,
  usage: ConsumerUsage,
): Map<string, string> {
  try {
    return loadProperties(ports, path);
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    return usage.fail(error.text);
  }
}
