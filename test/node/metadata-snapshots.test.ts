import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '@brokerlab/broker';
import { type Client, connectCluster } from '@brokerlab/broker/client';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';

const config = {
  'metadata.log.max.record.bytes.between.snapshots': '2000',
  'metadata.max.idle.interval.ms': '0',
  'broker.heartbeat.interval.ms': '200',
  'broker.session.timeout.ms': '2000',
};

async function createTopics(client: Client, prefix: string, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  for (const name of names) {
    const [outcome] = await client.createTopics([{ name, partitions: 3, replicationFactor: 2 }]);
    expect(outcome?.error).toBeNull();
  }
  return names;
}

function checkpoints(dataDir: string, id: number): string[] {
  return readdirSync(join(dataDir, String(id), '__cluster_metadata-0')).filter((name) =>
    name.endsWith('.checkpoint'),
  );
}

/** Topics and living brokers, as the cluster tells them. */
async function seen(client: Client): Promise<{ topics: string[]; brokers: number }> {
  const { topics, brokers } = await client.metadata();
  return { topics: topics.map((topic) => topic.name).sort(), brokers: brokers.length };
}

describe('the metadata log', () => {
  it('is kept short by snapshots, from which a cluster starts again and a node that lost its disk catches up', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'brokerlab-snapshots-'));
    try {
      let names: string[];
      {
        await using cluster = await startCluster({ brokers: 3, config, dataDir });
        await using client = connectCluster({ bootstrap: cluster.bootstrap });
        names = await createTopics(client, 'first', 12);
        await eventually(() => expect(checkpoints(dataDir, 1).length).toBeGreaterThan(0));
      }
      await using cluster = await startCluster({ brokers: 3, config, dataDir });
      await using client = connectCluster({ bootstrap: cluster.bootstrap });
      const all = () => ({ topics: [...names].sort(), brokers: 3 });
      await eventually(async () => expect(await seen(client)).toEqual(all()));
      await cluster.stop(3);
      rmSync(join(dataDir, '3', '__cluster_metadata-0'), { recursive: true });
      names.push(...(await createTopics(client, 'second', 12)));
      await cluster.start(3);
      await eventually(async () => expect(await seen(client)).toEqual(all()));
      expect(checkpoints(dataDir, 3).length).toBeGreaterThan(0);
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  }, 60_000);
});
