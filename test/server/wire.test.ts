/** The wire inspector through sockets: a trainee's own requests, decoded, filtered, and nobody else's. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WireEntry, WireField, WireFilter } from '../../server/src/contract/main.ts';
import { createBwrapDriver } from '../../server/src/sandbox/main.ts';
import { eventually } from '../support/eventually.ts';
import { Trainee, type TraineeTerminal } from '../support/trainee.ts';
import { PROGRAM_DIRECTORY, startTestServer, type TestServer } from './harness.ts';

const LAB = 'first-topic';
const scratch = mkdtempSync(join(tmpdir(), 'brokerlab-probe-'));
const driverFor = (dataDir: string) => createBwrapDriver({ dataDir, programDir: PROGRAM_DIRECTORY });
const probe = await driverFor(scratch).probe();
const suite = probe.usable ? 'the wire inspector' : 'the wire inspector (skipped: no bwrap sandbox here)';
const ALL: WireFilter = { apis: [], clientId: '', topic: '', brokers: false, own: false };
const bootstrap = '--bootstrap-server localhost:9092';

let host: TestServer;
beforeAll(async () => {
  if (probe.usable) host = await startTestServer({ createDriver: driverFor });
});
afterAll(async () => {
  await host?.[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
});

interface Looking {
  readonly trainee: Trainee;
  readonly terminal: TraineeTerminal;
  /** As the page holds them: later news of an exchange replaces what was known. */
  entries(): WireEntry[];
}

async function begin(): Promise<Looking> {
  const trainee = await Trainee.tryHere(host.url);
  await trainee.connect();
  const known = new Map<number, WireEntry>();
  trainee.onMessage((message) => {
    if (message.type !== 'wire') return;
    for (const entry of message.update.entries) known.set(entry.id, entry);
  });
  const [open] = await trainee.openLab(LAB);
  return { trainee, terminal: await trainee.terminal(open), entries: () => [...known.values()] };
}

const flat = (fields: readonly WireField[]): WireField[] =>
  fields.flatMap((one) => [one, ...flat(one.children)]);

describe.skipIf(!probe.usable)(suite, () => {
  test('shows what a tool says and hears, field by field with the bytes, and nothing of others', async () => {
    const [mine, other] = [await begin(), await begin()];
    await mine.trainee.send({ type: 'wire.watch', filter: ALL });
    await other.terminal.run(`kafka-topics.sh ${bootstrap} --create --topic secret`);
    await mine.terminal.run(`kafka-topics.sh ${bootstrap} --create --topic looked --partitions 2`);
    await mine.terminal.run(`echo 'k:주문' | kafka-console-producer.sh ${bootstrap} --topic looked`);
    const produce = await eventually(() => {
      const found = mine
        .entries()
        .find(({ api, responseBytes }) => api === 'Produce' && responseBytes !== null);
      expect(found).toMatchObject({ topics: ['looked'], clientId: 'console-producer' });
      return found!;
    });
    const { request, response } = await mine.trainee.send({ type: 'wire.read', id: produce.id });
    const value = flat(request.fields).find(({ name, kind }) => name === 'value' && kind === 'text')!;
    expect(value.value).toBe('k:주문');
    const bytes = Buffer.from(request.bytes, 'base64');
    expect(bytes).toHaveLength(request.totalBytes);
    expect(bytes.subarray(value.start, value.end).toString()).toBe('k:주문');
    expect(flat(response!.fields).map(({ name }) => name)).toContain('baseOffset');
    expect(flat([...request.fields, ...response!.fields]).some(({ broken }) => broken)).toBe(false);
    expect(mine.entries().map(({ api }) => api)).toEqual(
      expect.arrayContaining(['ApiVersions', 'CreateTopics']),
    );
    // Neither the neighbour's, nor what this server or the brokers themselves say.
    expect(JSON.stringify(mine.entries())).not.toContain('secret');
    expect(mine.entries().filter(({ clientId }) => /^brokerlab|^broker-|^raft/.test(clientId))).toEqual([]);
    expect(other.entries()).toEqual([]);
    await expect(other.trainee.send({ type: 'wire.read', id: produce.id })).rejects.toThrow('exchangeGone');
    for (const { trainee } of [mine, other]) trainee.close();
  });

  test('filters by API, client and topic before it keeps anything, and forgets when nobody looks', async () => {
    const { trainee, terminal, entries } = await begin();
    await terminal.run(`kafka-topics.sh ${bootstrap} --create --topic one`);
    await terminal.run(`kafka-topics.sh ${bootstrap} --create --topic two`);
    await trainee.send({ type: 'wire.watch', filter: { ...ALL, topic: 'two', clientId: 'producer' } });
    for (const topic of ['one', 'two']) {
      await terminal.run(`echo x | kafka-console-producer.sh ${bootstrap} --topic ${topic}`);
    }
    await eventually(() => expect(entries().map(({ api }) => api)).toContain('Produce'));
    expect(entries().every(({ topics }) => topics.includes('two'))).toBe(true);
    const last = Math.max(...entries().map(({ id }) => id));
    await trainee.send({ type: 'wire.watch', filter: { ...ALL, apis: [3] } });
    await trainee.send({ type: 'wire.read', id: last });
    await terminal.run(`kafka-topics.sh ${bootstrap} --list`);
    await eventually(() =>
      expect(entries().some(({ id, api }) => id > last && api === 'Metadata')).toBe(true),
    );
    expect(entries().filter(({ id, apiKey }) => id > last && apiKey !== 3)).toEqual([]);
    await trainee.send({ type: 'wire.watch', filter: null });
    await expect(trainee.send({ type: 'wire.read', id: last })).rejects.toThrow('exchangeGone');
    const before = entries().length;
    await terminal.run(`kafka-topics.sh ${bootstrap} --list`);
    expect(entries()).toHaveLength(before);
    trainee.close();
  });

  test('what brokers say among themselves, and a payload that is too long, are shown on request and cut', async () => {
    const { trainee, terminal, entries } = await begin();
    await terminal.run(`kafka-topics.sh ${bootstrap} --create --topic big --replication-factor 3`);
    await trainee.send({ type: 'wire.watch', filter: { ...ALL, brokers: true } });
    await terminal.run(
      `head -c 200000 /dev/zero | tr '\\0' x | kafka-console-producer.sh ${bootstrap} --topic big`,
    );
    await eventually(() => {
      const seen = entries();
      expect(seen.some(({ clientId, api }) => clientId.startsWith('broker-') && api === 'Fetch')).toBe(true);
      expect(seen.some(({ api, requestBytes }) => api === 'Produce' && requestBytes > 200_000)).toBe(true);
    });
    const produce = entries().find(({ requestBytes }) => requestBytes > 200_000)!;
    const { request } = await trainee.send({ type: 'wire.read', id: produce.id });
    expect(Buffer.from(request.bytes, 'base64').length).toBeLessThan(20_000);
    expect(flat(request.fields).find(({ name }) => name === 'baseOffset')).toBeDefined();
    expect(flat(request.fields).at(-1)!.broken).toBe(true);
    trainee.close();
  });
});
