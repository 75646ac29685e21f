/** The measuring tools: what they print of what they did, in Apache Kafka's formats. */
import { startCluster } from '@brokerlab/broker';
import { connectCluster } from '@brokerlab/broker/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run as consumerPerf } from '../../broker/src/tools/kafka-consumer-perf-test.ts';
import { run as latency } from '../../broker/src/tools/kafka-e2e-latency.ts';
import { run as producerPerf } from '../../broker/src/tools/kafka-producer-perf-test.ts';
import { runTool } from './run-tool.ts';

let cluster: Awaited<ReturnType<typeof startCluster>>;
let server: string[] = [];
beforeAll(async () => {
  cluster = await startCluster({ brokers: 1, config: { 'group.initial.rebalance.delay.ms': '0' } });
  server = ['--bootstrap-server', cluster.bootstrap];
  await using client = connectCluster({ bootstrap: cluster.bootstrap });
  await client.createTopics(
    ['perf', 'files', 'latency'].map((name) => ({ name, partitions: 2, replicationFactor: 1 })),
  );
});
afterAll(() => cluster.stop());

const summary = (count: string) =>
  `${count} records sent, \\d+\\.\\d{6} records/sec \\(\\d+\\.\\d\\d MB/sec\\), \\d+\\.\\d\\d ms avg latency, \\d+\\.\\d\\d ms max latency, \\d+ ms 50th, \\d+ ms 95th, \\d+ ms 99th, \\d+ ms 99\\.9th\\.\n`;

describe('kafka-producer-perf-test.sh', () => {
  it('writes as many records as asked for and sums up, warm-up aside', async () => {
    const args = ['--topic', 'perf', '--num-records', '300', '--throughput', '-1', '--record-size', '100'];
    const run = await runTool(producerPerf, [...server, ...args, '--warmup-records', '100']);
    expect(run).toMatchObject({ code: 0, err: '' });
    expect(run.out).toMatch(
      new RegExp(
        `^Warmup first 100 records. Steady state results will print after the complete test summary.\n${summary('300')}${summary('200 steady state')}$`,
      ),
    );
    const read = await runTool(consumerPerf, [...server, '--topic', 'perf', '--num-records', '300']);
    expect(read.code).toBe(0);
    expect(read.out).toMatch(
      /^start.time, end.time, data.consumed.in.MB, .*\n(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d:\d{3}, ){2}0\.0286, \d+\.\d{4}, 300, /,
    );
  });

  it('takes payloads from a file', async () => {
    const run = await runTool(
      producerPerf,
      ['--topic', 'files', '--num-records', '9', '--throughput', '-1', '--payload-file', 'f', ...server],
      { files: { f: 'one\ntwo\n' } },
    );
    expect(run.out).toMatch(
      new RegExp(`^Reading payloads from: /\\S*/f\nNumber of records read: 2\n${summary('9')}$`),
    );
  });

  for (const [args, message] of [
    [['--record-size', '1'], 'At least one of --bootstrap-server, '],
    [
      ['--bootstrap-server', 'x:1'],
      'one of the arguments --record-size --payload-file --payload-monotonic is required',
    ],
    [['--bootstrap-server', 'x:1', '--record-size', '0'], '--record-size should be greater than zero.'],
  ] as const) {
    it(`refuses ${args.join(' ')}`, async () => {
      const run = await runTool(producerPerf, [
        '--topic',
        't',
        '--num-records',
        '5',
        '--throughput',
        '1',
        ...args,
      ]);
      expect(run).toMatchObject({ code: 1, out: '' });
      const text = run.err.replace(/-\n/g, '-').replace(/\s+/g, ' ');
      expect(text).toContain(message);
    });
  }
});

describe('kafka-consumer-perf-test.sh', () => {
  it('says when it gave up', async () => {
    const run = await runTool(consumerPerf, [
      ...[...server, '--topic', 'latency', '--messages', '5', '--timeout', '1', '--hide-header'],
    ]);
    expect(run.code).toBe(0);
    expect(run.out).toMatch(
      /^Warning: --messages is deprecated. Use --num-records instead.\nWARNING: Exiting before consuming the expected number of records: timeout \(1 ms\) exceeded. You can use the --timeout option to increase the timeout.\n.*, 0\.0000, 0\.0000, 0, 0\.0000, /,
    );
  });

  it('wants a number of records', async () => {
    const run = await runTool(consumerPerf, [...server, '--topic', 'latency']);
    expect(run.code).toBe(1);
    expect(run.err).toMatch(
      /^Exactly one of the following arguments is required: \[messages\], \[num-records\]\n/,
    );
  });
});

describe('kafka-e2e-latency.sh', () => {
  it('reads each record it sent and sums up', async () => {
    const args = [
      '--topic',
      'latency',
      '--num-records',
      '20',
      '--producer-acks',
      'all',
      '--record-size',
      '8',
    ];
    const run = await runTool(latency, [
      ...server,
      ...args,
      '--num-headers',
      '1',
      '--record-header-size',
      '-1',
    ]);
    expect(run).toMatchObject({ code: 0, err: '' });
    expect(run.out).toMatch(
      /^0\t\d+\.\d+\nAvg latency: \d+\.\d{4} ms\nPercentiles: 50th = \d+, 99th = \d+, 99\.9th = \d+\n$/,
    );
  });

  it('refuses acks it could not wait for', async () => {
    const args = ['--topic', 'latency', '--num-records', '2', '--producer-acks', '0', '--record-size', '8'];
    expect((await runTool(latency, [...server, ...args])).err).toMatch(
      /^Invalid value for --producer-acks\./,
    );
  });
});
