/** The same commands in all four pairings of tools (Java's, ours) and clusters (Apache Kafka, ours), outputs compared. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '@brokerlab/broker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing, resolveApacheKafka } from '../support/apache-kafka.ts';
import { startApacheCluster } from '../support/apache-kafka-cluster.ts';
import { JavaTools } from '../support/java-tools.ts';
import { compare, type Difference, type Pairing } from './four-way/compare.ts';
import { LISTED } from './four-way/listed.ts';
import { configs } from './four-way/sequences/configs.ts';
import { faults } from './four-way/sequences/faults.ts';
import { groups } from './four-way/sequences/groups.ts';
import { load } from './four-way/sequences/load.ts';
import { moves } from './four-way/sequences/moves.ts';
import { produce } from './four-way/sequences/produce.ts';
import { quorum } from './four-way/sequences/quorum.ts';
import { storage } from './four-way/sequences/storage.ts';
import { topics } from './four-way/sequences/topics.ts';
import type { Sequence } from './four-way/step.ts';
import { javaRunner, ourRunner } from './four-way/tools.ts';
import { World } from './four-way/world.ts';

const SECTIONS: Readonly<Record<string, Sequence>> = {
  topics,
  configs,
  produce,
  groups,
  moves,
  quorum,
  storage,
  load,
  faults,
};

const reason = missing();
if (reason !== undefined) console.log(`skipped: the four-way comparison, ${reason}`);
const ending: (() => Promise<unknown> | unknown)[] = [];
let phases: readonly (readonly Pairing[])[] = [];

beforeAll(async () => {
  if (reason !== undefined) return;
  resolveApacheKafka();
  const dataDir = mkdtempSync(join(tmpdir(), 'four-way-ours-'));
  ending.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const config = { 'group.initial.rebalance.delay.ms': '0' };
  const apache = new World(await startApacheCluster());
  ending.push(() => apache[Symbol.asyncDispose]());
  const cluster = await startCluster({ brokers: 3, dataDir, config });
  const { bootstrap } = cluster;
  const ours = new World({
    bootstrap,
    dataDir,
    stop: (id) => cluster.stop(id),
    start: (id) => cluster.start(id),
  });
  ending.push(() => ours[Symbol.asyncDispose]());
  const java = [new JavaTools(), new JavaTools()] as const;
  for (const tools of java) ending.push(() => tools.close());
  phases = [
    [
      { name: 'Java tools on Apache Kafka', world: apache, run: javaRunner(java[0]) },
      { name: 'Java tools on ours', world: ours, run: javaRunner(java[1]) },
    ],
    [
      { name: 'our tools on Apache Kafka', world: apache, run: ourRunner },
      { name: 'our tools on ours', world: ours, run: ourRunner },
    ],
  ];
  await Promise.all([apache.prepare(), ours.prepare()]);
}, 300_000);
afterAll(async () => {
  for (const end of ending.reverse()) await end();
}, 120_000);

function told({ pairing, line, truth, here }: Difference): string {
  return `$ ${line}\n--- Java tools on Apache Kafka:\n${truth}\n--- ${pairing}:\n${here}\n`;
}

describe.skipIf(reason !== undefined)('tools and clusters, ours and Java', () => {
  it.each(Object.entries(SECTIONS))(
    'say the same in all four pairings, but for the differences listed: %s',
    async (section, sequence) => {
      const found = await compare(sequence, phases);
      const listed = LISTED[section] ?? {};
      const unlisted = found.filter(({ pairing, line }) => listed[`${pairing}: ${line}`] === undefined);
      expect(unlisted.map(told).join('\n')).toBe('');
      const names = new Set(found.map(({ pairing, line }) => `${pairing}: ${line}`));
      expect(Object.keys(listed).filter((name) => !names.has(name))).toEqual([]);
    },
    400_000,
  );
});
