/** Several `log.dirs`: where replicas go, how they move, and what is left when a directory fails (KIP-112, KIP-113, KIP-858). */
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { connectCluster, Producer } from '@brokerlab/broker/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run as startServer } from '../../broker/src/node/server/kafka-server-start.ts';
import { run as storage } from '../../broker/src/node/server/kafka-storage.ts';
import { lockDirectory } from '../../broker/src/node/storage/directory-lock.ts';
import { run as dumpLog } from '../../broker/src/tools/kafka-dump-log.ts';
import { run as logDirs } from '../../broker/src/tools/kafka-log-dirs.ts';
import { run as reassign } from '../../broker/src/tools/kafka-reassign-partitions.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts, launch, type Running, run } from '../support/launch-tool.ts';
import { runTool } from '../tools/run-tool.ts';

const folder = mkdtempSync(join(tmpdir(), 'log-dirs-'));
const directories = ['a', 'b', 'c'].map((name) => join(folder, name));
const others = ['x', 'y'].map((name) => join(folder, name));
let bootstrap = '';
let first: Running;
let second: Running;
const files: string[] = [];

function properties(name: string, values: Readonly<Record<string, string>>): string {
  const path = join(folder, `${name}.properties`);
  const lines = Object.entries(values).map(([key, value]) => `${key}=${value}\n`);
  writeFileSync(path, lines.join(''));
  return path;
}

const client = () => connectCluster({ bootstrap });
const folders = (directory: string, topic: string) =>
  readdirSync(directory).filter((name) => new RegExp(`^${topic}-\\d+$`).test(name));
const idOf = (directory: string) =>
  /^directory.id=(.*)$/m.exec(readFileSync(join(directory, 'meta.properties'), 'utf8'))![1]!;

/** Throws when one of the records was refused. */
async function write(topic: string, partition: number, count: number, from = 0): Promise<void> {
  const producer = new Producer({ bootstrap, idempotence: false, retries: 50, deliveryTimeoutMs: 40_000 });
  const refused: string[] = [];
  for (let index = 0; index < count; index++) {
    const value = Buffer.from(`${from + index}`.padStart(100));
    await producer.send({ topic, partition, key: null, value }, (outcome) => {
      if (!outcome.ok) refused.push(outcome.failure.message);
    });
  }
  await producer.close();
  if (refused.length > 0) throw new Error(refused[0]);
}

async function read(topic: string, partition: number): Promise<number[]> {
  await using reader = client();
  const { records } = await reader.fetchRecords({ topic, partition, from: 0, max: 10_000 });
  return records.map(({ value }) => Number(value));
}

interface Described {
  readonly error: string | null;
  readonly logDir: string;
  readonly partitions: readonly { partition: string; size: number; offsetLag: number; isFuture: boolean }[];
}

async function described(broker: number, topic: string): Promise<Described[]> {
  const asked = ['--broker-list', String(broker), '--topic-list', topic];
  const told = await runTool(logDirs, ['--bootstrap-server', bootstrap, '--describe', ...asked]);
  const json = told.out.split('\n').find((line) => line.startsWith('{'))!;
  const [found] = (JSON.parse(json) as { brokers: { logDirs: Described[] }[] }).brokers;
  return found!.logDirs.toSorted((one, other) => (one.logDir < other.logDir ? -1 : 1));
}

async function move(partitions: readonly object[], step: '--execute' | '--verify') {
  const plan = JSON.stringify({ version: 1, partitions });
  const line = ['--bootstrap-server', bootstrap, '--reassignment-json-file', 'plan', step];
  return await runTool(reassign, line, { files: { plan } });
}

beforeAll(async () => {
  const [broker, controller, other] = await freePorts(3);
  bootstrap = `127.0.0.1:${broker}`;
  const common = {
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    'controller.listener.names': 'CONTROLLER',
    'offsets.topic.replication.factor': '1',
    'replica.high.watermark.checkpoint.interval.ms': '50',
    'broker.heartbeat.interval.ms': '100',
  };
  files.push(
    properties('first', {
      ...common,
      'process.roles': 'broker,controller',
      'node.id': '1',
      listeners: `PLAINTEXT://127.0.0.1:${broker},CONTROLLER://127.0.0.1:${controller}`,
      'log.dirs': directories.join(','),
    }),
    properties('second', {
      ...common,
      'process.roles': 'broker',
      'node.id': '2',
      listeners: `PLAINTEXT://127.0.0.1:${other}`,
      'log.dirs': others.join(','),
    }),
  );
  for (const file of files) {
    const formatted = await run(storage, 'format', '-t', '4XqHzYFsQdyAQkgTZ-hwLw', '-c', file);
    expect(formatted).toMatchObject({ code: 0, err: '' });
  }
  first = launch(startServer, files[0]!);
  second = launch(startServer, files[1]!);
  await eventually(async () => expect(await brokers()).toEqual([1, 2]), { timeoutMs: 20_000 });
});

async function brokers(): Promise<number[]> {
  await using admin = client();
  return (await admin.describeCluster()).brokers.map(({ id }) => id).sort();
}

afterAll(async () => {
  first.interrupt(143);
  second.interrupt(143);
  await Promise.all([first.ended, second.ended]);
  rmSync(folder, { recursive: true, force: true });
});

describe('several log directories', () => {
  it('have an id each, and belong to one node of one cluster', async () => {
    const ids = directories.map(idOf);
    expect(new Set(ids).size).toBe(3);
    const info = await run(storage, 'info', '-c', files[0]!);
    expect(info.out).toContain(
      `Found log directories:\n${directories.map((path) => `  ${path}\n`).join('')}`,
    );
  });

  it('get new replicas where the fewest are, and the controller is told where that is', async () => {
    await using admin = client();
    await admin.createTopics([{ name: 't', assignments: [[1], [1], [1], [1], [1], [1]] }]);
    // As Apache Kafka places a topic of this name.
    await eventually(() =>
      expect(directories.map((path) => folders(path, 't').sort())).toEqual([
        ['t-2', 't-5'],
        ['t-1', 't-4'],
        ['t-0', 't-3'],
      ]),
    );
    await admin.createTopics([{ name: 'more', assignments: [[1], [1]] }]);
    await eventually(() =>
      expect(directories.map((path) => folders(path, 'more').length)).toEqual([1, 1, 0]),
    );
    const log = join(directories[0]!, '__cluster_metadata-0', '00000000000000000000.log');
    await eventually(async () => {
      const dump = await runTool(dumpLog, ['--cluster-metadata-decoder', '--files', log]);
      for (const path of directories) expect(dump.out).toContain(`"directories":["${idOf(path)}"]`);
    });
  });

  it('are described one by one', async () => {
    await write('t', 0, 10);
    const found = await described(1, 't');
    expect(found.map(({ logDir, error }) => [logDir, error])).toEqual(
      directories.map((path) => [path, null]),
    );
    for (const { logDir, partitions } of found) {
      expect(partitions.map(({ partition }) => partition).sort()).toEqual(folders(logDir, 't').sort());
    }
    const sizes = found.flatMap(({ partitions }) => partitions).filter(({ size }) => size > 0);
    expect(sizes).toMatchObject([{ partition: 't-0', isFuture: false, offsetLag: 0 }]);
  });
});

describe('a cordoned log directory', () => {
  it('gets no new replicas, and a broker whose directories all are gets none either (KIP-1066)', async () => {
    await using admin = client();
    const cordon = async (value: string | null) => {
      const change = {
        name: 'cordoned.log.dirs',
        operation: value === null ? 'delete' : 'set',
        value,
      } as const;
      const resource = { type: 'broker', name: '1' } as const;
      const [answer] = await admin.incrementalAlterConfigs([{ resource, changes: [change] }]);
      expect(answer!.error).toBeNull();
    };
    await cordon(`${directories[0]},${directories[2]}`);
    await admin.createTopics([{ name: 'fenced', assignments: [[1], [1], [1]] }]);
    await eventually(() => expect(folders(directories[1]!, 'fenced')).toHaveLength(3));
    await admin.deleteTopics(['fenced']);
    await eventually(() => expect(folders(directories[1]!, 'fenced')).toEqual([]));
    await cordon('*');
    await eventually(async () => {
      const [answer] = await admin.createTopics([{ name: 'unplaceable', assignments: [[1]] }], {
        validateOnly: true,
      });
      expect(answer!.error?.message).toContain('but all its log directories are cordoned.');
    });
    await cordon(null);
    await eventually(async () => {
      const [answer] = await admin.createTopics([{ name: 'placeable', assignments: [[1]] }], {
        validateOnly: true,
      });
      expect(answer!.error).toBeNull();
    });
  });
});

describe('a replica', () => {
  it('moves to another directory with all it has, while it is written to', async () => {
    await using admin = client();
    await admin.createTopics([{ name: 'moved', assignments: [[1]] }]);
    await write('moved', 0, 500);
    const from = directories.find((path) => folders(path, 'moved').length === 1)!;
    const to = directories.find((path) => path !== from)!;
    const plan = [{ topic: 'moved', partition: 0, replicas: [1], log_dirs: [to] }];
    const started = await move(plan, '--execute');
    expect(started.out).toContain(
      `Successfully started moving log directory to ${to} for replica moved-0 with broker 1 \n`,
    );
    await write('moved', 0, 100, 500);
    await eventually(async () => {
      const verified = await move(plan, '--verify');
      expect(verified.out).toContain('Reassignment of replica moved-0-1 completed successfully.\n');
    });
    expect([folders(from, 'moved'), folders(to, 'moved')]).toEqual([[], ['moved-0']]);
    await write('moved', 0, 10, 600);
    expect(await read('moved', 0)).toEqual(Array.from({ length: 610 }, (_, index) => index));
  });

  it('that is new to a broker begins in the directory that the reassignment names', async () => {
    await using admin = client();
    await admin.createTopics([{ name: 'travels', assignments: [[1]] }]);
    await write('travels', 0, 20);
    const plan = [{ topic: 'travels', partition: 0, replicas: [2], log_dirs: [others[1]] }];
    expect(await move(plan, '--execute')).toMatchObject({ code: 0 });
    await eventually(async () => {
      const { out } = await move(plan, '--verify');
      expect(out).toContain('Reassignment of partition travels-0 is completed.\n');
      expect(out).toContain('Reassignment of replica travels-0-2 completed successfully.\n');
    });
    expect(others.map((path) => folders(path, 'travels'))).toEqual([[], ['travels-0']]);
    expect(await read('travels', 0)).toHaveLength(20);
  });

  it('does not move to a directory that the broker does not have', async () => {
    const plan = [{ topic: 'moved', partition: 0, replicas: [1], log_dirs: ['/nowhere'] }];
    const refused = await move(plan, '--execute');
    expect(refused.code).toBe(1);
    expect(refused.err + refused.out).toContain(
      'org.apache.kafka.common.errors.LogDirNotFoundException: The user-specified log directory is not found in the broker config.',
    );
  });
});

describe('a log directory', () => {
  it('is used by one process at a time', async () => {
    const [broker, controller] = await freePorts(2);
    const text = readFileSync(files[0]!, 'utf8')
      .replace(
        /^listeners=.*$/m,
        `listeners=PLAINTEXT://127.0.0.1:${broker},CONTROLLER://127.0.0.1:${controller}`,
      )
      .replace(/^controller.quorum.voters=.*$/m, `controller.quorum.voters=1@127.0.0.1:${controller}`);
    const file = join(folder, 'thief.properties');
    writeFileSync(file, text);
    const refused = await run(startServer, file);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain(
      'ERROR Exiting Kafka due to fatal exception during startup. (kafka.Kafka$)\n',
    );
    expect(refused.err).toContain(
      `org.apache.kafka.common.KafkaException: Failed to acquire lock on file .lock in ${directories[0]}. A Kafka instance in another process or thread is using this directory.\n`,
    );
  });

  it.skipIf(process.platform !== 'linux')('is free again when its process is gone, however it went', () => {
    const path = mkdtempSync(join(folder, 'lock-'));
    const startOf = (pid: number) => {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    };
    const lock = join(path, '.lock');
    writeFileSync(lock, `${process.ppid} ${startOf(process.ppid)}\n`);
    expect(() => lockDirectory(path)).toThrow(/^Failed to acquire lock on file \.lock in /);
    writeFileSync(lock, `${process.ppid} 1\n`); // another process had that id once
    const held = lockDirectory(path);
    expect(() => lockDirectory(path)).toThrow('A Kafka instance in another process or thread');
    held.release();
    lockDirectory(path).release();
    expect(readFileSync(lock, 'utf8')).toBe('');
  });

  it('that fails takes its replicas offline, and others lead', async () => {
    await using admin = client();
    const both = Array.from({ length: 6 }, () => [1, 2]);
    await admin.createTopics([{ name: 'twice', assignments: both }]);
    await eventually(() => expect(directories.flatMap((path) => folders(path, 'twice'))).toHaveLength(6));
    for (let partition = 0; partition < 6; partition++) await write('twice', partition, 5);
    const lost = directories[1]!;
    const gone = folders(lost, 'twice').map((name) => Number(name.slice('twice-'.length)));
    expect(gone.length).toBeGreaterThan(0);
    renameSync(lost, `${lost}.gone`);
    for (const partition of gone) await write('twice', partition, 1, 5).catch(() => undefined);
    await eventually(async () => {
      const [topic] = await admin.describeTopicPartitions(['twice']);
      for (const { partition, leader, isr } of topic!.partitions) {
        expect([partition, leader]).toEqual([partition, gone.includes(partition) ? 2 : 1]);
        expect(isr).toEqual(gone.includes(partition) ? [2] : [1, 2]);
      }
    });
    const found = await described(1, 'twice');
    expect(found.map(({ logDir, error }) => [basename(logDir), error])).toEqual([
      ['a', null],
      ['b', 'org.apache.kafka.common.errors.KafkaStorageException'],
      ['c', null],
    ]);
    for (const partition of gone) {
      await write('twice', partition, 1, 7);
      expect(await read('twice', partition)).toContain(7);
    }
    await admin.createTopics([{ name: 'later', assignments: [[1], [1]] }]);
    await eventually(() =>
      expect([directories[0]!, directories[2]!].flatMap((path) => folders(path, 'later'))).toHaveLength(2),
    );
  });

  it('is left out at the start when it cannot be used, and its replicas come back with it', async () => {
    first.interrupt(143);
    await first.ended;
    const lost = directories[1]!;
    writeFileSync(lost, 'not a directory');
    first = launch(startServer, files[0]!);
    await eventually(async () => expect(await brokers()).toEqual([1, 2]), { timeoutMs: 20_000 });
    expect((await described(1, 'twice')).find(({ logDir }) => logDir === lost)?.error).toContain(
      'KafkaStorageException',
    );
    first.interrupt(143);
    await first.ended;
    rmSync(lost);
    renameSync(`${lost}.gone`, lost);
    first = launch(startServer, files[0]!);
    await using admin = client();
    await eventually(
      async () => {
        const [topic] = await admin.describeTopicPartitions(['twice']);
        expect(topic!.partitions.map(({ isr }) => [...isr].sort())).toEqual(Array(6).fill([1, 2]));
      },
      { timeoutMs: 20_000 },
    );
    expect((await described(1, 'twice')).map(({ error }) => error)).toEqual([null, null, null]);
  });
});
