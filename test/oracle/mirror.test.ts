/** Our MirrorMaker between Apache Kafka and ours, in both directions at once; Java's MirrorMaker clients read what it wrote. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '@brokerlab/broker';
import { type Client, connectCluster, Producer } from '@brokerlab/broker/client';
import { expect, it } from 'vitest';
import { MirrorMaker, readSettings } from '../../broker/src/mirror/main.ts';
import { LIBS, missing, resolveApacheKafka, runTool, startTool } from '../support/apache-kafka.ts';
import { eventually } from '../support/eventually.ts';
import { runCommand } from '../support/run-command.ts';

const reason = missing();
if (reason !== undefined) console.log(`skipped: MirrorMaker beside Apache Kafka, ${reason}`);

const COUNT = 300;
const COMMITTED = 200;
const waiting = { timeoutMs: 30_000, everyMs: 100 };

it.skipIf(reason !== undefined)(
  'mirrors Apache Kafka to ours and ours to Apache Kafka; Java reads the checkpoints and heartbeats on both',
  async () => {
    resolveApacheKafka();
    const directory = mkdtempSync(join(tmpdir(), 'mirror-oracle-'));
    const ours = await startCluster();
    const apache = await startApache(directory);
    const clients = {
      apache: connectCluster({ bootstrap: apache.bootstrap, apiTimeoutMs: 60_000 }),
      ours: connectCluster({ bootstrap: ours.bootstrap }),
    };
    let maker: MirrorMaker | null = null;
    try {
      await eventually(() => createOnce(clients.apache, 'theirs'), waiting);
      await fill(clients.apache, apache.bootstrap, 'theirs');
      await createOnce(clients.ours, 'own');
      await fill(clients.ours, ours.bootstrap, 'own');
      maker = await mirror({ apache: apache.bootstrap, ours: ours.bootstrap });
      await arrived(clients.ours, { source: 'apache', topic: 'theirs' });
      await arrived(clients.apache, { source: 'ours', topic: 'own' });
      await expectJavaReads(ours.bootstrap, { source: 'apache', topic: 'theirs' });
      await expectJavaReads(apache.bootstrap, { source: 'ours', topic: 'own' });
    } finally {
      await maker?.stop();
      await Promise.all([clients.apache.close(), clients.ours.close()]);
      await Promise.all([ours.stop(), apache.stop()]);
      rmSync(directory, { recursive: true, force: true });
    }
  },
  180_000,
);

/** An attempt whose answer came too late may have made it: the next is told so. */
async function createOnce(client: Client, topic: string): Promise<void> {
  const [made] = await client.createTopics([{ name: topic, partitions: 1, replicationFactor: 1 }]);
  expect([undefined, 'TOPIC_ALREADY_EXISTS']).toContain(made?.error?.name);
}

async function fill(client: Client, bootstrap: string, topic: string): Promise<void> {
  const producer = new Producer({ bootstrap });
  const failures: string[] = [];
  for (let index = 0; index < COUNT; index++) {
    const text = Buffer.from(`${topic}-${index}`);
    const headers = [{ key: 'from', value: text }];
    const record = {
      topic,
      partition: 0,
      key: text,
      value: text,
      headers,
      timestamp: 1_700_000_000_000 + index,
    };
    await producer.send(record, (outcome) => {
      if (!outcome.ok) failures.push(outcome.failure.message);
    });
  }
  await producer.close();
  expect(failures).toEqual([]);
  await eventually(
    () => client.offsetCommit('readers', [{ topic, partition: 0, offset: COMMITTED }]),
    waiting,
  );
}

async function mirror(clusters: Readonly<Record<'apache' | 'ours', string>>): Promise<MirrorMaker> {
  const factors = ['', 'checkpoints.topic.', 'heartbeats.topic.', 'offset-syncs.topic.'];
  const storage = ['offset.storage.', 'status.storage.', 'config.storage.'];
  const { settings, problems } = readSettings(
    [
      'clusters=apache,ours',
      `apache.bootstrap.servers=${clusters.apache}`,
      `ours.bootstrap.servers=${clusters.ours}`,
      'apache->ours.enabled=true',
      'ours->apache.enabled=true',
      'apache->ours.topics=theirs',
      'ours->apache.topics=own',
      'offset.lag.max=0',
      'emit.checkpoints.interval.seconds=1',
      'refresh.groups.interval.seconds=1',
      'refresh.topics.interval.seconds=1',
      ...[...factors, ...storage].map((name) => `${name}replication.factor=1`),
    ].join('\n'),
  );
  expect(problems).toEqual([]);
  const maker = new MirrorMaker({ settings, onLog: () => undefined, now: () => Date.now() });
  await maker.start();
  return maker;
}

interface Mirrored {
  readonly source: string;
  readonly topic: string;
}

async function arrived(target: Client, { source, topic }: Mirrored): Promise<void> {
  const place = { topic: `${source}.${topic}`, partition: 0, from: 0, bytesMax: 8 << 20 };
  const records = await eventually(async () => {
    const found = await target.fetchRecords(place);
    expect(found.records).toHaveLength(COUNT);
    return found.records;
  }, waiting);
  for (const [index, { offset, key, value, timestamp, headers }] of records.entries()) {
    expect(offset).toBe(index);
    expect(timestamp).toBe(1_700_000_000_000 + index);
    const text = `${topic}-${index}`;
    expect([key, value, headers[0]?.value].map(String)).toEqual([text, text, text]);
  }
}

async function expectJavaReads(bootstrap: string, { source, topic }: Mirrored): Promise<void> {
  const program = join(import.meta.dirname, 'ReadMirror.java');
  await eventually(async () => {
    const args = ['-Xmx256M', '-XX:+UseSerialGC', '-cp', `${LIBS}/*`, program, bootstrap, source, 'readers'];
    const { stdout, stderr } = await runCommand('java', args, { timeoutMs: 60_000 });
    const lines = stdout
      .split('\n')
      .filter((line) => /^(upstream|hops|heartbeats|checkpoints|offset) /.test(line));
    const [upstream, hops, heartbeats, checkpoints, offset] = lines;
    expect(upstream, stderr.slice(-500)).toBe(`upstream [${source}]`);
    expect(hops).toBe('hops 1');
    expect(heartbeats).toContain(`${source}.heartbeats`);
    expect(checkpoints).toBe(`checkpoints [${source}.checkpoints.internal]`);
    const translated = Number(offset?.split(' ').at(-1));
    expect(offset).toContain(`offset ${source}.${topic}-0 `);
    expect(translated).toBeGreaterThan(0);
    expect(translated).toBeLessThanOrEqual(COMMITTED);
  }, waiting);
}

async function startApache(directory: string): Promise<{ bootstrap: string; stop: () => Promise<void> }> {
  const [port, controllerPort] = [await freePort(), await freePort()];
  const file = join(directory, 'server.properties');
  const lines = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@localhost:${controllerPort}`,
    listeners: `PLAINTEXT://localhost:${port},CONTROLLER://localhost:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': join(directory, 'data'),
    'offsets.topic.replication.factor': '1',
  };
  const text = Object.entries(lines).map(([key, value]) => `${key}=${value}\n`);
  writeFileSync(file, text.join(''));
  const formatted = await runTool('kafka-storage', ['format', '-t', 'bWlycm9yLW9yYWNsZS0xMg', '-c', file]);
  expect(formatted.exitCode, formatted.stderr).toBe(0);
  const server = startTool('kafka-server-start', [file]);
  server.stdout!.resume();
  server.stderr!.resume();
  const ended = new Promise((resolve) => server.once('close', resolve));
  const stop = async () => {
    server.kill('SIGTERM');
    await ended;
  };
  return { bootstrap: `localhost:${port}`, stop };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}
