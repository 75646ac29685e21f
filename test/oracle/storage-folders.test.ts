/** Apache Kafka goes on with our folders, and we with what it leaves behind: records, offsets, metadata. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '@brokerlab/broker';
import { connectCluster } from '@brokerlab/broker/client';
import { Kafka, logLevel } from 'kafkajs';
import { expect, it } from 'vitest';
import { missing, resolveApacheKafka, startTool } from '../support/apache-kafka.ts';

const reason = missing();
if (reason !== undefined) console.log(`skipped: Apache Kafka on our folders, ${reason}`);

it.skipIf(reason !== undefined)(
  'the same folders are served by ours, Apache Kafka and ours again, and each adds to them',
  async () => {
    resolveApacheKafka();
    const dataDir = mkdtempSync(join(tmpdir(), 'storage-folders-'));
    try {
      await onOurs(dataDir, 'one', ['one']);
      await onApache(dataDir, 'two', ['one', 'two']);
      await onOurs(dataDir, 'three', ['one', 'two', 'three']);
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
  180_000,
);

async function onOurs(dataDir: string, value: string, expected: readonly string[]): Promise<void> {
  const cluster = await startCluster({ dataDir });
  try {
    await addAndRead(cluster.bootstrap, value, expected);
  } finally {
    await cluster.stop();
  }
}

async function onApache(dataDir: string, value: string, expected: readonly string[]): Promise<void> {
  const [port, controllerPort] = [await freePort(), await freePort()];
  const file = join(dataDir, 'server.properties');
  const lines = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@localhost:${controllerPort}`,
    listeners: `PLAINTEXT://localhost:${port},CONTROLLER://localhost:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': join(dataDir, '1'),
    'offsets.topic.replication.factor': '1',
  };
  writeFileSync(
    file,
    Object.entries(lines)
      .map(([key, text]) => `${key}=${text}\n`)
      .join(''),
  );
  const server = startTool('kafka-server-start', [file]);
  const ended = new Promise((resolve) => server.once('close', resolve));
  server.stdout?.resume();
  server.stderr?.resume();
  try {
    await addAndRead(`localhost:${port}`, value, expected);
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
}

async function addAndRead(bootstrap: string, value: string, expected: readonly string[]): Promise<void> {
  const retry = { retries: 30, maxRetryTime: 1_000 };
  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING, retry });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'shared', numPartitions: 1 }], waitForLeaders: true });
  await admin.disconnect();
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: 'shared', acks: -1, messages: [{ key: value, value }] });
  await producer.disconnect();
  const client = connectCluster({ bootstrap });
  const { records } = await client.fetchRecords({ topic: 'shared', partition: 0, from: 0 });
  expect(records.map((record) => String(record.value))).toEqual(expected);
  await client.close();
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
