/** Our files under Apache Kafka's kafka-dump-log, and under ours: read without a complaint, printed the same. */
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster, VirtualClock } from '@brokerlab/broker';
import { connectCluster, Producer } from '@brokerlab/broker/client';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run as dumpLog } from '../../broker/src/tools/kafka-dump-log.ts';
import { missing, resolveApacheKafka, runTool as runApache } from '../support/apache-kafka.ts';
import { runTool } from '../tools/run-tool.ts';

const reason = missing();
if (reason !== undefined) console.log(`skipped: our files under Apache Kafka's dump-log, ${reason}`);

let dataDir: string;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'storage-oracle-'));
  if (reason !== undefined) return;
  resolveApacheKafka();
  await fill();
}, 300_000);
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** A stopped cluster's files: every codec, transactions, a compacted topic, groups, rolled segments. */
async function fill(): Promise<void> {
  const clock = new VirtualClock();
  const config = { 'group.initial.rebalance.delay.ms': '0', 'internal.segment.bytes': '20000' };
  const cluster = await startCluster({ clock, dataDir, flush: 'never', config });
  const client = connectCluster({ bootstrap: cluster.bootstrap });
  await client.createTopics([
    { name: 'plain', partitions: 1, replicationFactor: 1, configs: { 'index.interval.bytes': '500' } },
    { name: 'state', partitions: 1, replicationFactor: 1, configs: { 'cleanup.policy': 'compact' } },
  ]);
  for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const) {
    await produce(cluster.bootstrap, compression);
  }
  await client.offsetCommit('readers', [{ topic: 'plain', partition: 0, offset: 7 }]);
  await transact(cluster.bootstrap);
  await clock.advance('1m');
  await client.close();
  await cluster.stop();
}

async function produce(bootstrap: string, compression: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd') {
  const kafkaProducer = new Producer({ bootstrap, compression, lingerMs: 5 });
  for (let number = 0; number < 60; number++) {
    for (const topic of ['plain', 'state']) {
      const key = Buffer.from(`k${number % 7}`);
      const value = Buffer.from(`${compression}-${'x'.repeat(300)}`);
      await kafkaProducer.send({ topic, key, value }, ({ ok }) => expect(ok).toBe(true));
    }
  }
  await kafkaProducer.close();
}

async function transact(bootstrap: string): Promise<void> {
  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ transactionalId: 'tx-1', idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  for (const end of ['commit', 'abort', 'commit'] as const) {
    const transaction = await producer.transaction();
    const headers = { one: '1', two: '2' };
    await transaction.send({ topic: 'plain', messages: [{ key: 'a"\u0001\n한', value: end, headers }] });
    const topics = [{ topic: 'plain', partitions: [{ partition: 0, offset: '3' }] }];
    await transaction.sendOffsets({ consumerGroupId: 'movers', topics });
    await transaction[end]();
  }
  await producer.disconnect();
}

function filesOf(folder: RegExp, name = /\.(log|index|timeindex|txnindex|snapshot)$/): string {
  const root = join(dataDir, '1');
  return readdirSync(root)
    .filter((entry) => folder.test(entry))
    .flatMap((entry) => readdirSync(join(root, entry)).map((file) => join(root, entry, file)))
    .filter((path) => name.test(path) && statSync(path).size > 0)
    .join(',');
}

/** Both tools' answers; theirs without Java's stack frames. */
async function dumpBoth(args: readonly string[]) {
  const theirs = await runApache('kafka-dump-log', args);
  const ours = await runTool(dumpLog, args);
  const err = theirs.stderr.replace(/^\t(at|\.\.\.) .*\n/gm, '');
  expect({ out: ours.out, err: ours.err, code: ours.code }).toEqual({
    out: theirs.stdout,
    err,
    code: theirs.exitCode,
  });
  return ours;
}

describe.skipIf(reason !== undefined)('our files, by Apache Kafka’s dump-log and ours', () => {
  it('records of every codec, control records, indexes, snapshots and aborted transactions', async () => {
    const { out, err } = await dumpBoth(['--files', filesOf(/^(plain|state)-0$/), '--print-data-log']);
    for (const expected of [
      'compresscodec: zstd',
      'endTxnMarker: ABORT',
      'producerEpoch',
      'position: ',
      'lastStableOffset',
    ]) {
      expect(out).toContain(expected);
    }
    expect(out).not.toMatch(/isvalid: false|invalid bytes/);
    expect(err).not.toMatch(/Mismatches|mismatch|out of order|not found/);
  }, 120_000);

  it('the metadata log, offsets and transactions through their decoders', async () => {
    const metadata = filesOf(/^__cluster_metadata-0$/, /\.(log|checkpoint)$/);
    const read = await dumpBoth(['--files', metadata, '--cluster-metadata-decoder']);
    expect(read.out).toContain('"type":"TOPIC_RECORD"');
    const offsets = await dumpBoth([
      '--files',
      filesOf(/^__consumer_offsets-/, /\.log$/),
      '--offsets-decoder',
    ]);
    expect(offsets.out).toContain('"group":"movers"');
    const transactions = filesOf(/^__transaction_state-/, /\.log$/);
    await dumpBoth(['--files', transactions, '--transaction-log-decoder']);
    for (const { out } of [read, offsets]) expect(out).not.toMatch(/skipping/);
  }, 240_000);

  it('damaged files: the same complaint', async () => {
    const [log] = filesOf(/^plain-0$/, /0\.log$/).split(',') as [string];
    const damaged = join(dataDir, '00000000000000000000');
    for (const suffix of ['.log', '.index', '.timeindex'])
      copyFileSync(log.replace(/\.log$/, suffix), damaged + suffix);
    truncateSync(`${damaged}.log`, statSync(`${damaged}.log`).size - 10);
    truncateSync(`${damaged}.timeindex`, 13);
    expect(existsSync(`${damaged}.index`)).toBe(true);
    await dumpBoth(['--files', `${damaged}.log,${damaged}.index`]);
    await dumpBoth(['--files', `${damaged}.timeindex`, '--index-sanity-check']);
  }, 120_000);
});
