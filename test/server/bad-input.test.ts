/** What is too large, too many, not text or not there: each has an answer soon, and nobody else waits for it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorkload } from '@brokerlab/broker/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  ConsoleGroupDetail,
  ConsoleOverview,
  ConsoleTopicDetail,
  MapState,
  MessagesRead,
} from '../../server/src/contract/main.ts';
import { createBwrapDriver } from '../../server/src/sandbox/main.ts';
import { cellClient, cellConnections } from '../support/cell-sockets.ts';
import { eventually } from '../support/eventually.ts';
import { Trainee, type TraineeTerminal } from '../support/trainee.ts';
import { PROGRAM_DIRECTORY, startTestServer, type TestServer } from './harness.ts';

const LAB = 'first-topic';
const BOOTSTRAP = '--bootstrap-server localhost:9092';
/** Generous, for a machine that does other things as well; a person would give up later. */
const SOON_MS = 8_000;
const scratch = mkdtempSync(join(tmpdir(), 'brokerlab-probe-'));
const driverFor = (dataDir: string) => createBwrapDriver({ dataDir, programDir: PROGRAM_DIRECTORY });
const { usable } = await driverFor(scratch).probe();
const suite = usable ? 'bad input' : 'bad input (skipped: no bwrap sandbox here)';

let host: TestServer;
let dataDir = '';
let trainee: Trainee;
let terminal: TraineeTerminal;
let other: Trainee;
beforeAll(async () => {
  if (!usable) return;
  host = await startTestServer({
    createDriver: (folder) => {
      dataDir = folder;
      return driverFor(folder);
    },
  });
  [trainee, other] = await Promise.all([Trainee.tryHere(host.url), Trainee.tryHere(host.url)]);
  await trainee.connect();
  await trainee.openLab(LAB);
  terminal = await trainee.terminal();
}, 60_000);
afterAll(async () => {
  trainee?.close();
  other?.close();
  await host?.[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
});

const on = (path: string) => `/api/labs/${LAB}/console/main${path}`;
const get = <T>(path: string) => trainee.rest<T>('GET', on(path));
const post = <T>(path: string, body: unknown) => trainee.rest<T>('POST', on(path), body);
const newest = { partition: null, from: { at: 'newest' }, limit: 50 };

async function soon<T>(work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const value = await work();
  expect(performance.now() - started).toBeLessThan(SOON_MS);
  return value;
}

describe.skipIf(!usable)(suite, () => {
  test('an oversized message is refused in Kafka’s words, or cut where it is shown; a binary one keeps its bytes', async () => {
    const configs = { 'max.message.bytes': '8000000' };
    await post('/topics', { name: 'large', partitions: 1, replicationFactor: 1, configs });
    await post('/topics', { name: 'small', partitions: 1, replicationFactor: 1 });
    const big = `head -c 5000000 /dev/zero | tr '\\0' x | kafka-console-producer.sh ${BOOTSTRAP}`;
    const props = '--command-property max.request.size=9000000 --command-property buffer.memory=64000000';
    await terminal.run(`${big} --topic large ${props}`);
    const refused = await terminal.run(`${big} --topic small ${props}`);
    expect(refused).toContain('RecordTooLargeException');
    const read = await soon(() => post<MessagesRead>('/topics/large/read', newest));
    expect(read.messages[0]?.value?.size).toBe(5_000_000);
    expect(Buffer.from(read.messages[0]!.value!.base64, 'base64').length).toBe(64 * 1024);
    expect((await post<MessagesRead>('/topics/small/read', newest)).messages).toEqual([]);

    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    const message = { partition: 0, key: bytes.toString('base64'), value: bytes.toString('base64') };
    await post('/topics/small/messages', { ...message, headers: [], encoding: 'base64' });
    const [binary] = (await post<MessagesRead>('/topics/small/read', newest)).messages;
    expect(Buffer.from(binary!.value!.base64, 'base64')).toEqual(bytes);
    expect(Buffer.from(binary!.key!.base64, 'base64')).toEqual(bytes);
    // More than a request may carry: said, not hung up on.
    const tooLarge = post('/topics/large/messages', {
      ...{ partition: 0, key: null, value: 'x'.repeat(3_000_000), headers: [] },
    });
    await expect(tooLarge).rejects.toThrow(/tooLarge|badRequest/);
  }, 120_000);

  test('a topic of a million records is read from anywhere, and searched piece by piece', async () => {
    await post('/topics', { name: 'million', partitions: 3, replicationFactor: 1 });
    const perf = 'kafka-producer-perf-test.sh --topic million --num-records 1000000 --record-size 16';
    await terminal.run(
      `${perf} --throughput -1 --bootstrap-server localhost:9092 > perf.txt; tail -1 perf.txt`,
      { timeoutMs: 180_000 },
    );
    const topic = await soon(() => get<ConsoleTopicDetail>('/topics/million'));
    expect(topic.partitions.reduce((sum, { last }) => sum + (last ?? 0), 0)).toBe(1_000_000);
    for (const at of ['newest', 'oldest']) {
      const some = await soon(() => post<MessagesRead>('/topics/million/read', { ...newest, from: { at } }));
      expect(some.messages).toHaveLength(50);
    }
    const search = { ...newest, from: { at: 'oldest' }, text: 'nowhere to be found' };
    const piece = await soon(() => post<MessagesRead>('/topics/million/read', search));
    expect(piece).toMatchObject({ messages: [], ended: false });
    expect(piece.scanned).toBeGreaterThan(1_000);
    const next = await soon(() =>
      post<MessagesRead>('/topics/million/read', { ...search, from: { at: 'next', offsets: piece.next } }),
    );
    expect(next.scanned).toBeGreaterThan(1_000);
    expect(next.next).not.toEqual(piece.next);
  }, 240_000);

  test('a group of hundreds of members is shown whole in the console, and bounded on the map', async () => {
    const MEMBERS = 200;
    const [connection] = cellConnections(dataDir);
    await using client = cellClient(connection!);
    await client.createTopics([{ name: 'crowd', partitions: 10, replicationFactor: 1 }]);
    const consume = {
      ...{ topic: 'crowd', group: 'hundreds', processingMs: 10, assignor: 'range' as const },
      ...{ offsetReset: 'earliest' as const, instanceIds: false, sessionTimeoutMs: 45_000, commitMs: 5_000 },
      ...{ heartbeatMs: 3_000, maxPollIntervalMs: 300_000, maxPollRecords: 500 },
    };
    const load = await startWorkload({
      ...{ id: 'h', clientId: 'crowd', work: { consume }, clients: MEMBERS, connection: connection! },
    });
    try {
      const group = await eventually(
        async () => {
          const read = await soon(() => get<ConsoleGroupDetail>('/groups/hundreds'));
          expect(read.members).toHaveLength(MEMBERS);
          return read;
        },
        { timeoutMs: 90_000, everyMs: 500 },
      );
      expect(group.summary.members).toBe(MEMBERS);
      let state: MapState | undefined;
      trainee.onMessage((message) => {
        if (message.type === 'map' && message.update.kind === 'whole') state = message.update.state;
      });
      await trainee.send({ type: 'map.watch', on: true });
      await eventually(() => expect(state).toBeDefined(), { timeoutMs: 20_000 });
      expect(JSON.stringify(state).length).toBeLessThan(256 * 1024);
      await trainee.send({ type: 'map.watch', on: false });
    } finally {
      await load.stop();
    }
  }, 180_000);

  test('a cluster that is down says so, and the class goes on', async () => {
    await other.connect();
    await other.openLab(LAB);
    const theirs = await other.terminal();
    await eventually(() => other.rest<ConsoleOverview>('GET', on('')), { timeoutMs: 30_000 });
    await terminal.run('cluster kill 1; cluster kill 2; cluster kill 3', { timeoutMs: 60_000 });
    const down = get('/topics').catch((error: Error) => error.message);
    // Meanwhile nobody else waits.
    const overview = await soon(() => other.rest<ConsoleOverview>('GET', on('')));
    expect(overview.missingBrokers).toEqual([]);
    expect(await soon(() => theirs.run('echo still-$((40 + 2))'))).toContain('still-42');
    expect(await down).toContain('clusterUnreachable');
    expect(await terminal.run('echo here-$((1 + 1))')).toContain('here-2');
    await terminal.run('cluster start 1; cluster start 2; cluster start 3', { timeoutMs: 60_000 });
    await eventually(async () => expect((await get<ConsoleOverview>('')).missingBrokers).toEqual([]), {
      timeoutMs: 60_000,
      everyMs: 500,
    });
    expect((await get<ConsoleTopicDetail>('/topics/million')).partitions).toHaveLength(3);
  }, 180_000);
});
