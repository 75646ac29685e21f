/**
 * A partition whose files are damaged, were taken away, or are another's: it alone is offline, on this broker, with what to do
 * in one sentence; the rest is served, and another replica leads. Apache Kafka 4.3.1 cuts such a log without a word, or gives
 * the whole directory up (KIP-112); strays it keeps under another name as we do.
 */
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, startCluster } from '@brokerlab/broker';
import { Consumer, connectCluster, Producer } from '@brokerlab/broker/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';

const SEGMENT = '00000000000000000000.log';
const RECORDS = 20;
const junk = Buffer.alloc(200, 7); // no batch, and no index that says where one could begin

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'damaged-log-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const at = (...path: string[]) => join(dataDir, '1', ...path);

/** A cluster on the folder, and what it warned of. */
async function started(): Promise<Cluster & { readonly told: string[] }> {
  const told: string[] = [];
  const log = (level: string, message: string) => {
    if (level !== 'info') told.push(message);
  };
  return Object.assign(await startCluster({ dataDir, brokers: 3, flush: 'never', log }), { told });
}

/** In the folder of a cluster that was stopped in order: `orders` led by broker 1 with these replicas, and `clicks`. */
async function stoppedWith(replicas: readonly number[]): Promise<void> {
  await using cluster = await started();
  await using admin = connectCluster({ bootstrap: cluster.bootstrap });
  await admin.createTopics([
    { name: 'orders', assignments: [[...replicas]] },
    { name: 'clicks', assignments: [[1]] },
  ]);
  const producer = new Producer({ bootstrap: cluster.bootstrap, lingerMs: 0 });
  for (let number = 0; number < RECORDS; number++) {
    for (const topic of ['orders', 'clicks'])
      await producer.send({ topic, key: null, value: Buffer.from(`v${number}`) }, () => undefined);
  }
  await producer.close();
}

async function stateOf(cluster: Cluster, topic: string) {
  await using admin = connectCluster({ bootstrap: cluster.bootstrap });
  const { topics } = await admin.metadata({ topics: [topic] });
  const { leader, isr, offlineReplicas } = topics[0]!.partitions[0]!;
  return { leader, isr: [...isr].sort(), offline: offlineReplicas };
}

async function countOf(cluster: Cluster, topic: string): Promise<number> {
  await using reader = connectCluster({ bootstrap: cluster.bootstrap });
  const { records } = await reader.fetchRecords({ topic, partition: 0, from: 0, max: 1000, waitMs: 100 });
  return records.length;
}

describe('a segment that was stored safely and cannot be read', () => {
  it('takes its partition offline on that broker alone, until the file is whole again', async () => {
    await stoppedWith([1]);
    const segment = at('orders-0', SEGMENT);
    copyFileSync(segment, join(dataDir, 'backup'));
    writeFileSync(segment, junk);
    await using cluster = await started();
    expect(await countOf(cluster, 'clicks')).toBe(RECORDS);
    await eventually(async () =>
      expect(await stateOf(cluster, 'orders')).toMatchObject({ leader: null, offline: [1] }),
    );
    const sentences = cluster.told.filter((message) => message.includes('orders-0'));
    expect(sentences).toEqual([
      expect.stringMatching(
        /^partition orders-0 is offline on this broker, the others are served: .*orders-0\/0+\.log cannot be read: no record batch begins at byte 0 of 200 \(no other broker has it in sync: stop this broker, restore .*\/1\/orders-0 from a backup, and start it again\)$/,
      ),
    ]);
    copyFileSync(join(dataDir, 'backup'), segment);
    await eventually(async () => expect(await stateOf(cluster, 'orders')).toMatchObject({ leader: 1 }), {
      timeoutMs: 10_000,
    });
    expect(await countOf(cluster, 'orders')).toBe(RECORDS);
    expect(await stateOf(cluster, 'orders')).toEqual({ leader: 1, isr: [1], offline: [] });
  });

  it('gives leadership to another replica, and is copied from there when the folder is moved away', async () => {
    await stoppedWith([1, 2, 3]);
    writeFileSync(at('orders-0', SEGMENT), junk);
    await using cluster = await started();
    await eventually(async () => {
      const { leader, isr, offline } = await stateOf(cluster, 'orders');
      expect({ leads: leader === 2 || leader === 3, isr, offline }).toEqual({
        leads: true,
        isr: [2, 3],
        offline: [1],
      });
    });
    expect(await countOf(cluster, 'orders')).toBe(RECORDS);
    expect(cluster.told.join('\n')).toMatch(
      /move \S+\/1\/orders-0 away, and it is copied from there at once/,
    );
    renameSync(at('orders-0'), join(dataDir, 'taken-away'));
    await eventually(
      async () => expect(await stateOf(cluster, 'orders')).toMatchObject({ isr: [1, 2, 3], offline: [] }),
      { timeoutMs: 10_000 },
    );
    expect(
      readFileSync(at('orders-0', SEGMENT)).equals(readFileSync(join(dataDir, '2', 'orders-0', SEGMENT))),
    ).toBe(true);
    expect(readFileSync(join(dataDir, 'taken-away', SEGMENT)).equals(junk)).toBe(true);
  });

  it('is not led by its broker after a second start either', async () => {
    await stoppedWith([1]);
    writeFileSync(at('orders-0', SEGMENT), junk);
    for (let round = 0; round < 2; round++) {
      await using cluster = await started();
      await eventually(async () =>
        expect(await stateOf(cluster, 'orders')).toMatchObject({ leader: null, offline: [1] }),
      );
      expect(await countOf(cluster, 'clicks')).toBe(RECORDS);
    }
  });
});

it('is one partition only that a folder refuses, which cannot be read', async () => {
  await stoppedWith([1, 2]);
  rmSync(at('orders-0', SEGMENT));
  cpSync(at('clicks-0'), at('orders-0', SEGMENT), { recursive: true }); // a folder where the file should be
  await using cluster = await started();
  await eventually(async () =>
    expect(await stateOf(cluster, 'orders')).toEqual({ leader: 2, isr: [2], offline: [1] }),
  );
  expect(await countOf(cluster, 'clicks')).toBe(RECORDS);
  expect(await countOf(cluster, 'orders')).toBe(RECORDS);
});

it('cuts a torn tail off after a crash, tells so, and serves', async () => {
  await stoppedWith([1]);
  rmSync(at('.kafka_cleanshutdown'));
  writeFileSync(at('orders-0', SEGMENT), junk);
  await using cluster = await started();
  expect(cluster.nodes[0]?.state).toBe('running');
  expect(cluster.told.find((message) => message.includes('were cut off'))).toContain(
    'the last 200 of 200 bytes',
  );
});

describe('folders that are not the broker’s by the metadata', () => {
  it('are kept as strays, and told of, as Apache Kafka does', async () => {
    await stoppedWith([1, 2]);
    cpSync(at('orders-0'), at('ghosts-0'), { recursive: true });
    cpSync(at('clicks-0'), at('clicks-7'), { recursive: true });
    const metadata = at('orders-0', 'partition.metadata');
    writeFileSync(metadata, readFileSync(metadata, 'utf8').replace(/topic_id: ...../, 'topic_id: AAAAA'));
    for (let round = 0; round < 2; round++) {
      await using cluster = await started();
      await eventually(async () =>
        expect(await stateOf(cluster, 'orders')).toMatchObject({ isr: [1, 2], offline: [] }),
      );
      expect(await countOf(cluster, 'orders')).toBe(RECORDS);
      const strays = readdirSync(at()).filter((name) => name.endsWith('-stray'));
      expect(strays.map((name) => name.split('.')[0])).toEqual(['clicks-7', 'ghosts-0', 'orders-0']);
      for (const stray of strays) expect(existsSync(at(stray, SEGMENT))).toBe(true);
      const told = cluster.told.filter((message) => message.includes('-stray'));
      expect(told).toHaveLength(round === 0 ? 3 : 0);
    }
  });
});

describe('a transaction index', () => {
  for (const [damage, harm] of [
    ['is lost', (path: string) => rmSync(path)],
    ['is cut short', (path: string) => truncateSync(path, 34)],
  ] as const) {
    it(`that ${damage} is made anew from the records: what was aborted stays unseen`, async () => {
      {
        await using cluster = await started();
        await using admin = connectCluster({ bootstrap: cluster.bootstrap });
        await admin.createTopics([{ name: 'orders', assignments: [[1]] }]);
        const options = { bootstrap: cluster.bootstrap, transactionalId: 'one', lingerMs: 0 };
        const producer = new Producer(options);
        await producer.initTransactions();
        for (const [number, aborts] of [true, false, true].entries()) {
          await producer.beginTransaction();
          const value = Buffer.from(`${aborts ? 'aborted' : 'committed'} ${number}`);
          await producer.send({ topic: 'orders', key: null, value }, () => undefined);
          await producer.flush();
          if (aborts) await producer.abortTransaction();
          else await producer.commitTransaction();
        }
        await producer.close();
      }
      const index = at('orders-0', '00000000000000000000.txnindex');
      const whole = readFileSync(index);
      expect(whole).toHaveLength(2 * 34);
      harm(index);
      await using cluster = await started();
      const consumer = new Consumer({
        bootstrap: cluster.bootstrap,
        isolation: 'read_committed',
        fetchWaitMsMax: 10,
      });
      const target = { topic: 'orders', partition: 0 };
      consumer.assign([target]);
      consumer.seek(target, 'earliest');
      const values: string[] = [];
      await eventually(async () => {
        for (const { value } of await consumer.poll(200)) values.push(String(value));
        expect(values.length).toBeGreaterThan(0);
      });
      for (let idle = 0; idle < 3; idle++)
        for (const { value } of await consumer.poll(100)) values.push(String(value));
      await consumer.close();
      expect(values).toEqual(['committed 1']);
      expect(readFileSync(index).equals(whole)).toBe(true);
    });
  }
});
