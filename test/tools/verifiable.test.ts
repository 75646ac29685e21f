/** The verifiable tools: events as JSON lines, byte for byte as Apache Kafka 4.3.1 says them (its own output, times aside). */
import { startCluster } from '@brokerlab/broker';
import { connectCluster } from '@brokerlab/broker/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run as consumer } from '../../broker/src/tools/kafka-verifiable-consumer.ts';
import { run as producer } from '../../broker/src/tools/kafka-verifiable-producer.ts';
import { type RunOptions, runTool } from './run-tool.ts';

let cluster: Awaited<ReturnType<typeof startCluster>>;
let server: string[] = [];
const filled = 'vt';

beforeAll(async () => {
  cluster = await startCluster({
    brokers: 1,
    config: {
      'group.initial.rebalance.delay.ms': '0',
      'group.consumer.heartbeat.interval.ms': '100',
      'group.consumer.min.heartbeat.interval.ms': '100',
    },
  });
  server = ['--bootstrap-server', cluster.bootstrap];
  await using client = connectCluster({ bootstrap: cluster.bootstrap });
  await client.createTopics([
    { name: filled, partitions: 3, replicationFactor: 1 },
    { name: 'numbers', partitions: 1, replicationFactor: 1 },
    { name: 'single', partitions: 1, replicationFactor: 1 },
  ]);
  const written = await runTool(producer, [
    ...[...server, '--topic', filled],
    ...['--max-messages', '40', '--repeating-keys', '5'],
  ]);
  expect(written.code).toBe(0);
});
afterAll(() => cluster.stop());

const masked = (text: string) => text.replaceAll(/"timestamp":\d{13}/g, '"timestamp":T');
const event = (name: string, rest = '') => `{"timestamp":T,"name":"${name}"${rest}}\n`;
const places = (...partitions: number[]) =>
  `,"partitions":[${partitions.map((partition) => `{"topic":"${filled}","partition":${partition}}`).join(',')}]`;
const all = places(0, 1, 2);
/** Partitions come in the order of Java's HashMap. */
const consumedAll = `,"count":40,"partitions":[{"topic":"vt","partition":2,"count":24,"minOffset":0,"maxOffset":23},{"topic":"vt","partition":1,"count":8,"minOffset":0,"maxOffset":7},{"topic":"vt","partition":0,"count":8,"minOffset":0,"maxOffset":7}]`;
const committedAll = `,"offsets":[{"topic":"vt","partition":2,"offset":24},{"topic":"vt","partition":1,"offset":8},{"topic":"vt","partition":0,"offset":8}],"success":true`;
const end = event('partitions_revoked', all) + event('shutdown_complete') + event('shutdown_requested');

async function consume(group: string, args: readonly string[] = [], options: RunOptions = {}) {
  const run = await runTool(consumer, [...server, '--topic', filled, '--group-id', group, ...args], options);
  return { ...run, out: masked(run.out) };
}

const terminateAfter = (word: string) => (out: string, terminate: () => void) => {
  if (out.includes(word)) terminate();
};

describe('kafka-verifiable-consumer.sh', () => {
  for (const [what, args] of [
    ['a classic group', []],
    ['a static member', ['--group-instance-id', 'i1']],
    ['the consumer protocol', ['--group-protocol', 'consumer']],
    ['an assignor of the broker', ['--group-protocol', 'CONSUMER', '--group-remote-assignor', 'range']],
  ] as const) {
    it(`tells of assignment, records and commit, by ${what}`, async () => {
      const run = await consume(`all-${what.replaceAll(' ', '-')}`, [...args, '--max-messages', '40']);
      expect(run).toEqual({
        code: 0,
        err: '',
        out:
          event('startup_complete') +
          event('partitions_assigned', all) +
          event('records_consumed', consumedAll) +
          event('offsets_committed', committedAll) +
          end,
      });
    });
  }

  it('commits nothing itself where it commits automatically, and goes on from there', async () => {
    const args = ['--enable-autocommit', '--max-messages', '40'];
    const first = await consume('auto', args);
    expect(first.out).toBe(
      event('startup_complete') +
        event('partitions_assigned', all) +
        event('records_consumed', consumedAll) +
        end,
    );
    await using client = connectCluster({ bootstrap: cluster.bootstrap });
    const committed = await client.offsetFetch('auto');
    expect(committed.map(({ partition, offset }) => [partition, offset]).sort()).toEqual([
      [0, 8],
      [1, 8],
      [2, 24],
    ]);
  });

  it('stops within a poll at --max-messages, counts all that came and tells of each record taken', async () => {
    const run = await consume('some', ['--max-messages', '2', '--verbose']);
    expect(run.out).toBe(
      event('startup_complete') +
        event('partitions_assigned', all) +
        event('record_data', ',"key":"0","value":"0","topic":"vt","partition":2,"offset":0') +
        event('record_data', ',"key":"2","value":"2","topic":"vt","partition":2,"offset":1') +
        event(
          'records_consumed',
          ',"count":40,"partitions":[{"topic":"vt","partition":2,"count":2,"minOffset":0,"maxOffset":1}]',
        ) +
        event('offsets_committed', ',"offsets":[{"topic":"vt","partition":2,"offset":2}],"success":true') +
        end,
    );
    const rest = await consume('some', ['--max-messages', '38']);
    expect(rest.out).toContain('{"topic":"vt","partition":2,"count":22,"minOffset":2,"maxOffset":23}');
  });

  it('says what it was asked to do before it does it, and ends with the code of the signal', async () => {
    const run = await consume('stopped', [], { onOut: terminateAfter('offsets_committed') });
    expect(run.code).toBe(143);
    expect(run.out.slice(run.out.indexOf('"success":true}\n') + 16)).toBe(
      event('shutdown_requested') + event('partitions_revoked', all) + event('shutdown_complete'),
    );
  });

  it('asks for nothing with --max-messages 0', async () => {
    expect((await consume('zero', ['--max-messages', '0'])).out).toBe(
      event('startup_complete') + event('shutdown_complete') + event('shutdown_requested'),
    );
  });

  for (const [name, args, rebalances] of [
    ['eager', [], /^A1R1(A0R0|A1R1)A1Q$/],
    [
      'cooperative',
      ['--assignment-strategy', 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor'],
      /^A1A0A0Q$/,
    ],
    ['consumer protocol', ['--group-protocol', 'consumer'], /^A1Q$/],
  ] as const) {
    it(`tells of the rebalances that a second member brings and leaves (${name})`, async () => {
      const line = [...server, '--topic', 'single', '--group-id', `pair-${name}`, ...args];
      const awaited = name === 'consumer protocol' ? 1 : 3;
      let second: ReturnType<typeof runTool> | null = null;
      const first = await runTool(consumer, line, {
        onOut: (out, terminate) => {
          const assigned = out.split('"partitions_assigned"').length - 1;
          if (assigned === 0) return;
          second ??= runTool(consumer, line, { onOut: terminateAfter('partitions_assigned') });
          if (awaited === 1) void second.then(terminate);
          else if (assigned === awaited) terminate();
        },
      });
      expect(await second).toMatchObject({ code: 143, err: '' });
      expect(first).toMatchObject({ code: 143, err: '' });
      const told = first.out
        .slice(0, first.out.indexOf('"shutdown_requested"'))
        .matchAll(/"partitions_(assigned|revoked)","partitions":\[(.*?)\]/g);
      const short = [...told].map(([, what, which]) => what![0]!.toUpperCase() + (which === '' ? 0 : 1));
      expect(`${short.join('')}Q`).toMatch(rebalances);
    });
  }

  it('ends with an error where nothing is committed and --reset-policy is none', async () => {
    const run = await consume('unset', ['--reset-policy', 'none', '--max-messages', '1']);
    expect(run.code).toBe(0);
    expect(run.out).toBe(event('startup_complete') + event('partitions_assigned', all) + end);
    expect(run.err.replace(/^\[.*?\] /, '')).toBe(
      'ERROR Error during processing, terminating consumer process:  (org.apache.kafka.tools.VerifiableConsumer)\n' +
        'org.apache.kafka.clients.consumer.NoOffsetForPartitionException: Undefined offset with no reset policy for partitions: [vt-2, vt-1, vt-0]\n',
    );
  });

  for (const [args, text] of [
    [
      ['--group-protocol', 'foo'],
      'java.lang.IllegalArgumentException: No enum constant org.apache.kafka.clients.consumer.GroupProtocol.FOO\n',
    ],
    [
      ['--group-protocol', 'consumer', '--session-timeout', '10000'],
      'org.apache.kafka.common.config.ConfigException: session.timeout.ms cannot be set when group.protocol=CONSUMER\n',
    ],
    [
      ['--session-timeout', '1'],
      'org.apache.kafka.common.KafkaException: Failed to construct kafka consumer\nCaused by: java.lang.IllegalArgumentException: Heartbeat must be set lower than the session timeout\n',
    ],
    [
      ['--bootstrap-server', 'foo'],
      'org.apache.kafka.common.KafkaException: Failed to construct kafka consumer\nCaused by: org.apache.kafka.common.config.ConfigException: Invalid url in bootstrap.servers: foo\n',
    ],
    [
      ['--group-id', ' '],
      'org.apache.kafka.common.KafkaException: Failed to construct kafka consumer\nCaused by: org.apache.kafka.common.errors.InvalidGroupIdException: The configured group.id should not be an empty string or whitespace.\n',
    ],
  ] as const) {
    it(`refuses ${args.join(' ')}`, async () => {
      expect(await consume('refused', args)).toEqual({
        code: 1,
        out: '',
        err: `Exception in thread "main" ${text}`,
      });
    });
  }

  it('takes one properties file, under its old name with a warning', async () => {
    const files = { c: 'max.poll.records=1\n' };
    const old = await consume('old', ['--consumer.config', 'c', '--max-messages', '1'], { files });
    expect(old.out).toMatch(
      /^Option --consumer.config has been deprecated and will be removed in a future version. Use --command-config instead.\n/,
    );
    expect(old.out).toContain('"records_consumed","count":1,');
    const both = await consume('both', ['--consumer.config', 'c', '--command-config', 'c'], { files });
    expect(both.code).toBe(1);
    expect(both.err.replaceAll(/\s+/g, ' ')).toContain(
      'verifiable-consumer: error: Options --consumer.config and --command-config are mutually exclusive.',
    );
    const missing = await consume('missing', ['--command-config', 'nowhere']);
    expect(missing.err).toMatch(/verifiable-consumer: error: nowhere\n$/);
  });

  it('helps for nothing, and as an error when asked', async () => {
    expect(await runTool(consumer, [])).toMatchObject({ code: 0, err: '' });
    expect(await runTool(consumer, ['--help'])).toMatchObject({ code: 1, err: '' });
  });
});

describe('kafka-verifiable-producer.sh', () => {
  it('tells of every record', async () => {
    const args = ['--max-messages', '3', '--value-prefix', '7', '--repeating-keys', '2'];
    const run = await runTool(producer, [...server, '--topic', 'numbers', ...args]);
    const sent = (key: number, value: string, offset: number) =>
      event(
        'producer_send_success',
        `,"key":"${key}","value":"${value}","offset":${offset},"topic":"numbers","partition":0`,
      );
    expect(masked(run.out).replace(/"avg_throughput":[\d.]+/, '"avg_throughput":N')).toBe(
      event('startup_complete') +
        sent(0, '7.0', 0) +
        sent(1, '7.1', 1) +
        sent(0, '7.2', 2) +
        event('shutdown_complete') +
        event('tool_data', ',"sent":3,"acked":3,"target_throughput":-1,"avg_throughput":N'),
    );
  });

  it('does not go back to key 0 when --repeating-keys is none', async () => {
    const args = ['--max-messages', '2', '--repeating-keys', '0'];
    const run = await runTool(producer, [...server, '--topic', 'numbers', ...args]);
    expect([...run.out.matchAll(/"key":"(.*?)"/g)].map(([, key]) => key)).toEqual(['0', '1']);
  });

  it('fails as the constructor of the client does', async () => {
    const run = await runTool(producer, ['--bootstrap-server', 'foo', '--topic', 'numbers']);
    expect(run).toEqual({
      code: 1,
      out: '',
      err: 'Exception in thread "main" org.apache.kafka.common.KafkaException: Failed to construct kafka producer\nCaused by: org.apache.kafka.common.config.ConfigException: Invalid url in bootstrap.servers: foo\n',
    });
  });
});
