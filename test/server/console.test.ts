/** The management console over HTTP, on a trainee's real cluster, and who may use it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  ConsoleBrokerDetail,
  ConsoleGroupDetail,
  ConsoleOverview,
  ConsoleTopic,
  ConsoleTopicDetail,
  MessagesRead,
  OffsetsReset,
  ReassignmentPlan,
} from '../../server/src/contract/main.ts';
import { createBwrapDriver } from '../../server/src/sandbox/main.ts';
import { eventually } from '../support/eventually.ts';
import { Trainee, type TraineeTerminal } from '../support/trainee.ts';
import { PROGRAM_DIRECTORY, startTestServer, type TestServer } from './harness.ts';

const LAB = 'first-topic';
const BOOTSTRAP = '--bootstrap-server localhost:9092';
const scratch = mkdtempSync(join(tmpdir(), 'brokerlab-probe-'));
const driverFor = (dataDir: string) => createBwrapDriver({ dataDir, programDir: PROGRAM_DIRECTORY });
const probe = await driverFor(scratch).probe();
const reason = probe.checks.flatMap((check) => (check.state === 'failed' ? [check.found] : [])).join(', ');
const suite = probe.usable ? 'the console' : `the console (skipped: no bwrap sandbox here: ${reason})`;

let host: TestServer;
let trainee: Trainee;
let terminal: TraineeTerminal;
beforeAll(async () => {
  if (!probe.usable) return;
  host = await startTestServer({ createDriver: driverFor });
  trainee = await Trainee.tryHere(host.url);
  await trainee.connect();
  await trainee.openLab(LAB);
  terminal = await trainee.terminal();
}, 60_000);
afterAll(async () => {
  trainee?.close();
  await host?.[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
});

const on = (path: string) => `/api/labs/${LAB}/console/main${path}`;
const get = <T>(path: string) => trainee.rest<T>('GET', on(path));
const post = <T>(path: string, body: unknown) => trainee.rest<T>('POST', on(path), body);
const fine = { failures: [] };

describe.skipIf(!probe.usable)(suite, () => {
  test('shows the cluster and its brokers', async () => {
    const overview = await eventually(() => get<ConsoleOverview>(''));
    expect(overview).toMatchObject({
      bootstrap: 'localhost:9092',
      clusters: ['main'],
      missingBrokers: [],
      offline: 0,
    });
    expect(overview.brokers.map(({ id, port, up }) => [id, port, up])).toEqual([
      [1, 9092, true],
      [2, 9093, true],
      [3, 9094, true],
    ]);
    expect(overview.brokers.filter(({ controller }) => controller).map(({ id }) => id)).toEqual([
      overview.controller,
    ]);
    expect(overview.quorum?.voters.map(({ id }) => id).sort()).toEqual([1, 2, 3]);
  });

  test('creates a topic as the command would, shows it as Kafdrop and CMAK do, and refuses in Kafka’s words', async () => {
    const wanted = {
      name: 'orders',
      partitions: 4,
      replicationFactor: 2,
      configs: { 'retention.ms': '60000' },
    };
    expect(await post('/topics', wanted)).toEqual(fine);
    expect(await terminal.run(`kafka-topics.sh ${BOOTSTRAP} --describe --topic orders`)).toContain(
      'PartitionCount: 4',
    );
    const again = await post<{ failures: { message: string }[] }>('/topics', wanted);
    expect(again.failures[0]!.message).toBe("TopicExistsException: Topic 'orders' already exists.");
    const tooMany = await post<{ failures: { message: string }[] }>('/topics', {
      ...wanted,
      name: 'x',
      replicationFactor: 4,
    });
    expect(tooMany.failures[0]!.message).toMatch(/^InvalidReplicationFactorException: /);
    const { topics } = await get<{ topics: ConsoleTopic[] }>('/topics');
    const orders = topics.find(({ name }) => name === 'orders');
    expect(orders).toMatchObject({
      partitions: 4,
      replicationFactor: 2,
      brokers: 3,
      spreadPercent: 100,
      preferredPercent: 100,
      underReplicated: 0,
      customConfigs: 1,
      reassigning: false,
    });
    const detail = await get<ConsoleTopicDetail>('/topics/orders');
    expect(detail.partitions).toHaveLength(4);
    const retention = detail.configs.find(({ name }) => name === 'retention.ms');
    expect(retention).toMatchObject({
      value: '60000',
      defaultValue: '604800000',
      source: 'DYNAMIC_TOPIC_CONFIG',
    });
    expect(retention?.documentation).not.toBe('');
    expect(detail.byBroker.reduce((sum, { partitions }) => sum + partitions.length, 0)).toBe(8);
    const broker = await get<ConsoleBrokerDetail>('/brokers/1');
    expect(broker.topics.map(({ name }) => name)).toContain('orders');
    await expect(get('/topics/none')).rejects.toThrow('clusterThingMissing');
  });

  test('writes messages and reads them by partition, offset, time and text, piece by piece', async () => {
    const message = { partition: null, key: '열쇠', value: '{"n":1}', headers: [{ key: 'h', value: 'v' }] };
    const first = await post<{ partition: number; offset: number }>('/topics/orders/messages', message);
    const second = await post<{ partition: number; offset: number }>('/topics/orders/messages', {
      ...message,
      value: null,
    });
    expect(second).toEqual({ partition: first.partition, offset: first.offset + 1 });
    await post('/topics/orders/messages', {
      ...message,
      partition: 3,
      key: null,
      value: 'AP8=',
      headers: [],
      encoding: 'base64',
    });
    const read = (reading: object) =>
      post<MessagesRead>('/topics/orders/read', {
        partition: null,
        from: { at: 'oldest' },
        limit: 100,
        ...reading,
      });
    const all = await read({});
    expect(all).toMatchObject({ ended: true, scanned: 3 });
    expect(
      all.messages.map(({ value }) => value && Buffer.from(value.base64, 'base64').toString('hex')),
    ).toEqual([Buffer.from('{"n":1}').toString('hex'), null, '00ff']);
    expect(Buffer.from(all.messages[0]!.key!.base64, 'base64').toString()).toBe('열쇠');
    expect(
      (await read({ partition: first.partition, from: { at: 'offset', offset: 1 } })).messages,
    ).toHaveLength(first.partition === 3 ? 2 : 1);
    expect((await read({ text: '"n":1' })).messages).toHaveLength(1);
    expect((await read({ expression: 'json?.n === 1 && headers.h === "v"' })).messages).toHaveLength(1);
    expect((await read({ expression: 'offset < 0', from: { at: 'newest' } })).messages).toEqual([]);
    await expect(read({ expression: 'json.' })).rejects.toThrow('clusterRefused');
    await expect(read({ expression: '(() => { for (;;); })()' })).rejects.toThrow('clusterRefused');
    await expect(read({ expression: 'nothing.there' })).rejects.toThrow('clusterRefused');
    expect((await read({ from: { at: 'time', timeMs: Date.now() + 60_000 } })).messages).toEqual([]);
    const one = await read({ limit: 1, from: { at: 'oldest' } });
    expect(one).toMatchObject({ ended: false });
    const rest = await read({ from: { at: 'next', offsets: one.next } });
    expect(one.messages.length + rest.messages.length).toBe(3);
    expect(
      (await read({ from: { at: 'newest' }, limit: 4 })).messages[0]!.timestampMs,
    ).toBeGreaterThanOrEqual(all.messages[0]!.timestampMs);
  });

  test('shows groups, their members and lag; resets offsets of one that rests; deletes it', async () => {
    const consume = `kafka-console-consumer.sh ${BOOTSTRAP} --topic orders --group readers --from-beginning --max-messages 3 --timeout-ms 15000 2>/dev/null | wc -l`;
    expect(await terminal.run(consume)).toContain('3');
    const { groups } = await get<{ groups: { id: string }[] }>('/groups');
    expect(groups.map(({ id }) => id)).toEqual(['readers']);
    const detail = await get<ConsoleGroupDetail>('/groups/readers');
    expect(detail.summary).toMatchObject({
      state: 'Empty',
      lag: 0,
      topics: ['orders'],
      members: 0,
      coveredPercent: 0,
    });
    const wanted = { topics: ['orders'], target: { to: 'earliest' }, execute: false };
    const planned = await post<OffsetsReset>('/groups/readers/reset', wanted);
    expect(planned.offsets.every(({ after }) => after === 0)).toBe(true);
    expect((await get<ConsoleGroupDetail>('/groups/readers')).summary.lag).toBe(0);
    await post('/groups/readers/reset', { ...wanted, execute: true });
    expect((await get<ConsoleGroupDetail>('/groups/readers')).summary.lag).toBe(3);
    await post('/groups/readers/reset', { ...wanted, target: { to: 'shift', by: 100 }, execute: true });
    expect((await get<ConsoleGroupDetail>('/groups/readers')).summary.lag).toBe(0);
    expect(await trainee.rest('DELETE', on('/groups/readers'))).toEqual(fine);
    await expect(get('/groups/readers')).rejects.toThrow('clusterThingMissing');
  });

  test('plans a move, carries it out with a throttle, takes the throttle off, and elects leaders', async () => {
    const planned = await post<ReassignmentPlan>('/reassignments/plan', {
      topics: ['orders'],
      brokers: [2, 3],
      replicationFactor: null,
    });
    expect(planned.moves.every(({ after }) => after.every((broker) => broker !== 1))).toBe(true);
    const moves = planned.moves.map(({ topic, partition, after }) => ({ topic, partition, replicas: after }));
    expect(await post('/reassignments', { moves, throttle: 10_000_000 })).toEqual(fine);
    await eventually(async () => {
      const ongoing = await get<{ moves: unknown[]; throttle: number | null }>('/reassignments');
      expect(ongoing).toEqual({ moves: [], throttle: 10_000_000 });
    });
    expect(await post('/reassignments/throttle', { throttle: null })).toEqual(fine);
    expect(await get('/reassignments')).toEqual({ moves: [], throttle: null });
    const verified = await terminal.run(`kafka-topics.sh ${BOOTSTRAP} --describe --topic orders`);
    expect(verified).not.toMatch(/Replicas: [^\t]*1/);
    expect(verified).not.toContain('throttled');
    expect(await post('/elections', { partitions: [] })).toEqual(fine);
    const { summary } = await get<ConsoleTopicDetail>('/topics/orders');
    expect(summary).toMatchObject({ preferredPercent: 100, brokers: 2, spreadPercent: 66.7 });
    await expect(
      post('/reassignments/plan', { topics: ['orders'], brokers: [2], replicationFactor: 2 }),
    ).rejects.toThrow('clusterRefused');
  });

  test('changes settings, adds partitions, empties and deletes a topic', async () => {
    const alter = (changes: object[]) => trainee.rest('PATCH', on('/topics/orders/configs'), { changes });
    expect(
      await alter([
        { name: 'retention.ms', value: null },
        { name: 'max.message.bytes', value: '2000' },
      ]),
    ).toEqual(fine);
    const wrong = (await alter([{ name: 'retention.ms', value: 'x' }])) as {
      failures: { message: string }[];
    };
    expect(wrong.failures[0]!.message).toMatch(/^InvalidConfigurationException: /);
    expect(await post('/topics/orders/partitions', { total: 6 })).toEqual(fine);
    const fewer = await post<{ failures: unknown[] }>('/topics/orders/partitions', { total: 2 });
    expect(fewer.failures).toHaveLength(1);
    const limits = Array.from({ length: 6 }, (_, partition) => ({ partition, before: -1 }));
    expect(await post('/topics/orders/truncate', { limits })).toEqual(fine);
    const { summary } = await get<ConsoleTopicDetail>('/topics/orders');
    expect(summary).toMatchObject({ partitions: 6, availableMessages: 0, customConfigs: 1 });
    expect(await trainee.rest('DELETE', on('/topics/orders'))).toEqual(fine);
    await eventually(() => expect(get('/topics/orders')).rejects.toThrow('clusterThingMissing'));
  });

  test('says that the cluster has no authorizer, and that a stopped one does not answer', async () => {
    expect(await get('/acls')).toMatchObject({
      acls: null,
      message: expect.stringMatching(/^SecurityDisabledException/),
    });
    await expect(trainee.rest('GET', `/api/labs/${LAB}/console/other`)).rejects.toThrow('badRequest');
  });

  test('is closed to other trainees and to instructors of other classes', async () => {
    const { me } = await trainee.rest<{ me: { id: string } }>('GET', '/api/session');
    const stranger = await Trainee.tryHere(host.url);
    const path = `${on('/topics')}?trainee=${me.id}`;
    await expect(stranger.rest('GET', path)).rejects.toThrow('403');
    await expect(stranger.rest('GET', on('/topics'))).rejects.toThrow('environmentNotReady');
  });
});
