/** Topics so wide that their folders are opened after the answer: nobody can tell, whatever is asked of them meanwhile. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '@brokerlab/broker';
import { type Client, connectCluster, Producer } from '@brokerlab/broker/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';

const WIDTH = 300;
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'wide-topic-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

it('takes records for the last partition at once, keeps nothing of a topic deleted meanwhile, and has all folders in the end', async () => {
  const cluster = await startCluster({ brokers: 3, dataDir, flush: 'never' });
  const client = connectCluster({ bootstrap: cluster.bootstrap });
  await create(client);
  await send(cluster.bootstrap, 'of the first life');
  expect(await endOffset(client)).toBe(1);

  await client.deleteTopics(['wide']);
  await create(client);
  expect(await endOffset(client)).toBe(0);
  await send(cluster.bootstrap, 'of the second life');
  await send(cluster.bootstrap, 'and another');
  expect(await endOffset(client)).toBe(2);

  await eventually(() => {
    for (const node of ['1', '2', '3']) expect(folders(node)).toHaveLength(WIDTH);
  });
  await client.close();
  await cluster.stop();
}, 60_000);

it('goes on where it stopped when it was stopped before the folders were there', async () => {
  const cluster = await startCluster({ brokers: 3, dataDir, flush: 'never' });
  const client = connectCluster({ bootstrap: cluster.bootstrap });
  await create(client);
  await send(cluster.bootstrap, 'kept');
  await client.close();
  await cluster.stop();

  await using again = await startCluster({ brokers: 3, dataDir, flush: 'never' });
  const later = connectCluster({ bootstrap: again.bootstrap });
  await eventually(async () => expect(await endOffset(later)).toBe(1));
  await later.deleteTopics(['wide']);
  await create(later);
  expect(await endOffset(later)).toBe(0);
  await later.close();
}, 60_000);

async function create(client: Client): Promise<void> {
  const [outcome] = await client.createTopics([{ name: 'wide', partitions: WIDTH, replicationFactor: 3 }]);
  expect(outcome?.error).toBeNull();
}

async function send(bootstrap: string, value: string): Promise<void> {
  const producer = new Producer({ bootstrap });
  const outcome = await new Promise((resolve) => {
    const record = { topic: 'wide', partition: WIDTH - 1, key: null, value: Buffer.from(value) };
    void producer.send(record, resolve);
    void producer.flush();
  });
  await producer.close();
  expect(outcome).toMatchObject({ ok: true });
}

async function endOffset(client: Client): Promise<number | undefined> {
  const [answer] = await client.listOffsets([{ topic: 'wide', partition: WIDTH - 1, at: 'latest' }]);
  expect(answer?.error).toBeNull();
  return answer?.offset;
}

const folders = (node: string) => readdirSync(join(dataDir, node)).filter((name) => /^wide-\d+$/.test(name));
