/** kafka-consumer-perf-test.sh: reads records and measures. Follows org.apache.kafka.tools.ConsumerPerformance. */
import type { Consumer } from '../client/main.ts';
import { loadProperties } from './framework/admin.ts';
import { openConsumer } from './framework/open-client.ts';
import { OptionError, type OptionSet, parseOptions } from './framework/options.ts';
import type { ToolPorts } from './framework/ports.ts';
import { Usage } from './framework/usage.ts';
import { JavaError } from './java/java-error.ts';
import { parseKeyValues } from './java/properties.ts';
import { wholeMatch } from './java/regex.ts';
import { consumerPerfOptions } from './perf/consumer-options.ts';

type Options = OptionSet<typeof consumerPerfOptions>;

const about = {
  en: 'Measures how many records a consumer reads.',
  ko: '컨슈머가 레코드를 얼마나 읽는지 잽니다.',
};
const bytesPerMegabyte = 1024 * 1024;
const pollMs = 100;

interface Progress {
  records: number;
  bytes: number;
  joinMs: number;
}

export async function run(ports: ToolPorts): Promise<number> {
  let options: Options;
  try {
    options = readOptions(ports);
    const properties = readProperties(ports, options);
    const consumer = await openConsumer(ports, properties, options.value('bootstrap-server')!);
    await measure(ports, consumer, options);
    return 0;
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    ports.err(`${error.text}\n${error.trace}\n`);
    return 1;
  }
}

function readOptions(ports: ToolPorts): Options {
  const usage = new Usage(ports, consumerPerfOptions);
  if (ports.args.length === 0) usage.fail(about[ports.locale]);
  let options: Options;
  try {
    options = parseOptions(consumerPerfOptions, ports.args);
  } catch (error) {
    if (error instanceof OptionError) usage.fail(error.text);
    throw error;
  }
  usage.helpOrVersion(options, about);
  usage.exactlyOne(options, 'topic', 'include');
  usage.exactlyOne(options, 'messages', 'num-records');
  usage.invalid(options, 'consumer.config', ['command-config']);
  usage.required(options, 'bootstrap-server');
  for (const [old, now] of [
    ['messages', 'num-records'],
    ['consumer.config', 'command-config'],
  ] as const) {
    if (options.has(old)) ports.out(`Warning: --${old} is deprecated. Use --${now} instead.\n`);
  }
  return options;
}

function readProperties(ports: ToolPorts, options: Options): Map<string, string> {
  const file = options.value('command-config') ?? options.value('consumer.config');
  const properties = new Map([
    ...loadProperties(ports, file),
    ...parseKeyValues(options.values('command-property')),
  ]);
  properties.set('group.id', options.value('group') ?? `perf-consumer-${ports.random(100_000)}`);
  properties.set('receive.buffer.bytes', options.value('socket-buffer-size')!);
  properties.set('max.partition.fetch.bytes', options.value('fetch-size')!);
  properties.set('auto.offset.reset', options.has('from-latest') ? 'latest' : 'earliest');
  if (!properties.has('client.id')) properties.set('client.id', 'perf-consumer-client');
  return properties;
}

async function measure(ports: ToolPorts, consumer: Consumer, options: Options): Promise<void> {
  const timeoutMs = options.number('timeout')!;
  const detailed = options.has('show-detailed-stats');
  const date = (ms: number) => formatDate(new Date(ms), options.value('date-format')!);
  if (!options.has('hide-header')) ports.out(header(detailed));
  const wanted = options.number('num-records') ?? options.number('messages')!;
  const startMs = ports.now();
  const done: Progress = { records: 0, bytes: 0, joinMs: 0 };
  const include = options.value('include');
  consumer.subscribe(include === null ? [options.value('topic')!] : wholeMatch(include)!);
  let last = { atMs: startMs, ...done };
  let lastRecordMs = startMs;
  while (done.records < wanted && ports.now() - lastRecordMs <= timeoutMs) {
    const joining = consumer.assignment.length === 0;
    const askedMs = ports.now();
    const records = await consumer.poll(Math.min(pollMs, timeoutMs));
    const nowMs = ports.now();
    if (joining) done.joinMs += nowMs - askedMs;
    if (records.length > 0) lastRecordMs = nowMs;
    for (const { key, value } of records) done.bytes += (key?.length ?? 0) + (value?.length ?? 0);
    done.records += records.length;
    if (nowMs - last.atMs >= options.number('reporting-interval')! && detailed) {
      ports.out(`${date(nowMs)}, 0, ${figures(done, last, nowMs - last.atMs)}\n`);
      ports.flush();
      last = { atMs: nowMs, ...done };
    }
  }
  if (done.records < wanted) {
    ports.out(
      `WARNING: Exiting before consuming the expected number of records: timeout (${timeoutMs} ms) exceeded. You can use the --timeout option to increase the timeout.\n`,
    );
  }
  await consumer.close();
  const endMs = ports.now();
  if (!detailed) {
    const none = { records: 0, bytes: 0, joinMs: 0 };
    ports.out(`${date(startMs)}, ${date(endMs)}, ${figures(done, none, endMs - startMs)}\n`);
  }
  if (options.has('print-metrics')) {
    const name = 'consumer-fetch-manager-metrics:records-consumed-total:{client-id=perf-consumer-client}';
    ports.out(`\n${'Metric Name'.padEnd(name.length)}   Value\n${name} : ${done.records.toFixed(3)}\n`);
  }
}

function header(detailed: boolean): string {
  const start = detailed ? 'time, threadId' : 'start.time, end.time';
  return `${start}, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec\n`;
}

/** Sums as they are now, rates since `from`. */
function figures(now: Progress, from: Progress, elapsedMs: number): string {
  const megabytes = now.bytes / bytesPerMegabyte;
  const newMegabytes = (now.bytes - from.bytes) / bytesPerMegabyte;
  const newRecords = now.records - from.records;
  const joinMs = now.joinMs - from.joinMs;
  const fetchMs = elapsedMs - joinMs;
  const rate = (amount: number, ms: number) => (ms <= 0 ? 0 : (amount * 1000) / ms).toFixed(4);
  return [
    megabytes.toFixed(4),
    rate(newMegabytes, elapsedMs),
    now.records,
    rate(newRecords, elapsedMs),
    joinMs,
    fetchMs,
    rate(newMegabytes, fetchMs),
    rate(newRecords, fetchMs),
  ].join(', ');
}

/** The letters of Java's SimpleDateFormat that a time needs. */
function formatDate(date: Date, pattern: string): string {
  const fields: Record<string, number> = {
    y: date.getFullYear(),
    M: date.getMonth() + 1,
    d: date.getDate(),
    H: date.getHours(),
    m: date.getMinutes(),
    s: date.getSeconds(),
    S: date.getMilliseconds(),
  };
  return pattern.replace(/([yMdHmsS])\1*/g, (run, letter: string) =>
    String(fields[letter]).padStart(run.length, '0'),
  );
}
