/** Several log.dirs: Apache Kafka goes on with ours, and ours with what it leaves behind, directory by directory. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectCluster, Producer } from '@brokerlab/broker/client';
import { expect, it } from 'vitest';
import { run as startServer } from '../../broker/src/node/server/kafka-server-start.ts';
import { run as storage } from '../../broker/src/node/server/kafka-storage.ts';
import { missing, resolveApacheKafka, startTool } from '../support/apache-kafka.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts, launch, run } from '../support/launch-tool.ts';

const reason = missing();
if (reason !== undefined) console.log(`skipped: Apache Kafka on our log directories, ${reason}`);

it.skipIf(reason !== undefined)(
  'the same directories are served by ours, Apache Kafka and ours again, and each adds to them',
  async () => {
    resolveApacheKafka();
    const folder = mkdtempSync(join(tmpdir(), 'log-dirs-'));
    const directories = ['a', 'b'].map((name) => join(folder, name));
    const [port, controllerPort] = await freePorts(2);
    const bootstrap = `127.0.0.1:${port}`;
    const file = join(folder, 'server.properties');
    const lines = {
      'process.roles': 'broker,controller',
      'node.id': '1',
      'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
      listeners: `PLAINTEXT://${bootstrap},CONTROLLER://127.0.0.1:${controllerPort}`,
      'controller.listener.names': 'CONTROLLER',
      'log.dirs': directories.join(','),
      'offsets.topic.replication.factor': '1',
    };
    writeFileSync(
      file,
      Object.entries(lines)
        .map(([key, text]) => `${key}=${text}\n`)
        .join(''),
    );
    try {
      expect(await run(storage, 'format', '-t', '4XqHzYFsQdyAQkgTZ-hwLw', '-c', file)).toMatchObject({
        code: 0,
      });
      await onOurs(file, () => addAndRead(bootstrap, 'one', ['one']));
      const said = await onApache(file, () => addAndRead(bootstrap, 'two', ['one', 'two']));
      expect(said).not.toMatch(/ERROR|Exception/);
      await onOurs(file, () => addAndRead(bootstrap, 'three', ['one', 'two', 'three']));
      for (const topic of ['one', 'two', 'three']) {
        const held = directories.map(
          (path) => readdirSync(path).filter((name) => name.startsWith(`${topic}-`)).length,
        );
        expect(held).toEqual([2, 2]);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  180_000,
);

async function onOurs(file: string, work: () => Promise<void>): Promise<void> {
  const server = launch(startServer, file);
  try {
    await work();
  } finally {
    server.interrupt(143);
    await server.ended;
  }
}

/** What it logged. */
async function onApache(file: string, work: () => Promise<void>): Promise<string> {
  const server = startTool('kafka-server-start', [file]);
  const ended = new Promise((resolve) => server.once('close', resolve));
  let said = '';
  for (const stream of [server.stdout, server.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  try {
    await work();
    return said;
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
}

/** A topic of its own, which the next finds, and a record more to the topic of all. */
async function addAndRead(bootstrap: string, value: string, expected: readonly string[]): Promise<void> {
  await eventually(
    async () => {
      await using admin = connectCluster({ bootstrap });
      const created = await admin.createTopics([
        { name: value, partitions: 4, replicationFactor: 1 },
        { name: 'shared', partitions: 1, replicationFactor: 1 },
      ]);
      for (const { error } of created) expect([undefined, 'TOPIC_ALREADY_EXISTS']).toContain(error?.name);
    },
    { timeoutMs: 60_000, everyMs: 200 },
  );
  const producer = new Producer({ bootstrap });
  const failures: string[] = [];
  for (const topic of ['shared', ...expected]) {
    await producer.send({ topic, partition: 0, key: null, value: Buffer.from(value) }, (outcome) => {
      if (!outcome.ok) failures.push(outcome.failure.message);
    });
  }
  await producer.close();
  expect(failures).toEqual([]);
  await using client = connectCluster({ bootstrap });
  const { records } = await client.fetchRecords({ topic: 'shared', partition: 0, from: 0 });
  expect(records.map((record) => String(record.value))).toEqual(expected);
}
