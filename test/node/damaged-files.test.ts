/**
 * A broker whose files were lost or damaged while it was down: what can be known from the records is made anew, and where
 * that would lose something the start is refused in a sentence that names the file and says what to do.
 */
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '@brokerlab/broker';
import { connectCluster, Producer } from '@brokerlab/broker/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const RECORDS = 40;
const TOPICS = ['orders', 'clicks'];
const options = {
  flush: 'never',
  config: {
    'log.index.interval.bytes': '0',
    'offsets.topic.num.partitions': '1',
    'metadata.log.max.record.bytes.between.snapshots': '1',
  },
} as const;

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'damaged-files-'));
  const cluster = await startCluster({ dataDir: join(folder, 'whole'), ...options });
  const client = connectCluster({ bootstrap: cluster.bootstrap });
  await client.createTopics(TOPICS.map((name) => ({ name, partitions: 1, replicationFactor: 1 })));
  const producer = new Producer({ bootstrap: cluster.bootstrap, lingerMs: 0 });
  for (let number = 0; number < RECORDS; number++) {
    for (const topic of TOPICS) {
      await producer.send({ topic, key: null, value: Buffer.from(`v${number}`) }, () => undefined);
    }
  }
  await producer.close();
  await client.offsetCommit('readers', [{ topic: 'orders', partition: 0, offset: 7 }]);
  await client.close();
  await cluster.stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const segment = '00000000000000000000';
const damages = {
  'is lost': (path: string) => rmSync(path),
  'is empty': (path: string) => truncateSync(path, 0),
  'is cut short': (path: string) => truncateSync(path, Math.max(0, statSync(path).size - 3)),
  'holds something else': (path: string) => writeFileSync(path, Buffer.alloc(statSync(path).size, 0x5a)),
};
type Damage = keyof typeof damages;
const all = Object.keys(damages) as Damage[];

describe('what the records tell', () => {
  const files: readonly string[] = [
    `orders-0/${segment}.index`,
    `orders-0/${segment}.timeindex`,
    'orders-0/leader-epoch-checkpoint',
    `orders-0/${String(RECORDS).padStart(20, '0')}.snapshot`,
    'orders-0/partition.metadata',
    '__cluster_metadata-0/leader-epoch-checkpoint',
    'recovery-point-offset-checkpoint',
    'replication-offset-checkpoint',
  ];
  // Each way on every file at once, after an orderly stop and after a kill.
  for (const damage of all) {
    for (const stopped of ['an orderly stop', 'a kill'] as const) {
      it(`is made anew when each such file ${damage} after ${stopped}`, async () => {
        const { dataDir, at } = copied();
        for (const file of files) damages[damage](at(file));
        writeFileSync(at('log-start-offset-checkpoint'), 'x');
        writeFileSync(at('orders-0/notes.txt'), 'not ours');
        writeFileSync(at('orders-0/00000000000000000003.index'), 'of no segment');
        if (stopped === 'a kill') rmSync(at('.kafka_cleanshutdown'));
        const told: string[] = [];
        expect(await served(dataDir, told)).toEqual({ orders: RECORDS, clicks: RECORDS, committed: 7 });
        expect(told.join('\n')).toContain('log-start-offset-checkpoint is damaged');
        // And once more: what was made anew is as good as what was lost.
        const again: string[] = [];
        expect(await served(dataDir, again)).toMatchObject({ orders: RECORDS });
        expect(again).toEqual([]);
      });
    }
  }
});

describe('what only the file itself could tell', () => {
  const refused: readonly (readonly [file: string, damage: Damage, sentence: RegExp])[] = [
    ['meta.properties', 'is empty', /meta\.properties has no cluster\.id or no node\.id: repair it/],
    ['meta.properties', 'holds something else', /meta\.properties has no cluster\.id or no node\.id/],
    ['__cluster_metadata-0/quorum-state', 'is empty', /quorum-state is damaged: .* Restore it from a backup/],
    ['__cluster_metadata-0/quorum-state', 'is cut short', /quorum-state is damaged/],
    ['__cluster_metadata-0/quorum-state', 'holds something else', /quorum-state is damaged/],
    ['SNAPSHOT', 'is empty', /\.checkpoint is damaged .*Restore it from a backup/],
    ['SNAPSHOT', 'is cut short', /\.checkpoint is damaged/],
    ['SNAPSHOT', 'holds something else', /\.checkpoint is damaged/],
    [`__cluster_metadata-0/METADATA`, 'holds something else', /__cluster_metadata-0.* at byte 0 of/],
  ];
  for (const [file, damage, sentence] of refused) {
    it(`is asked for: ${file} ${damage}`, async () => {
      const { dataDir, at } = copied();
      damages[damage](at(file));
      await expect(startCluster({ dataDir, ...options })).rejects.toThrow(sentence);
    });
  }
});

function copied(): { dataDir: string; at: (file: string) => string } {
  const dataDir = mkdtempSync(join(folder, 'copy-'));
  cpSync(join(folder, 'whole'), dataDir, { recursive: true });
  const metadata = join(dataDir, '1', '__cluster_metadata-0');
  const last = (pattern: RegExp) =>
    readdirSync(metadata)
      .filter((name) => pattern.test(name))
      .sort()
      .at(-1)!;
  const names: Readonly<Record<string, () => string>> = {
    SNAPSHOT: () => join(metadata, last(/^\d+-\d+\.checkpoint$/)),
    '__cluster_metadata-0/METADATA': () => join(metadata, last(/^\d+\.log$/)),
  };
  return { dataDir, at: (file) => names[file]?.() ?? join(dataDir, '1', file) };
}

/** What a cluster on that folder serves: records by topic, and the group's offset. */
async function served(dataDir: string, told: string[]) {
  await using cluster = await startCluster({
    dataDir,
    ...options,
    log: (level, message) => {
      if (level !== 'info') told.push(message);
    },
  });
  await using client = connectCluster({ bootstrap: cluster.bootstrap });
  const count = async (topic: string) => {
    const { records } = await client.fetchRecords({ topic, partition: 0, from: 0, max: 1_000, waitMs: 100 });
    return records.length;
  };
  const [offset] = await client.offsetFetch('readers');
  return { orders: await count('orders'), clicks: await count('clicks'), committed: offset?.offset };
}
