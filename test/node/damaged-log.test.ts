/** A broker whose log is damaged says so in one sentence instead of serving the rest of it. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '@brokerlab/broker';
import { connectCluster } from '@brokerlab/broker/client';
import { afterEach, beforeEach, expect, it } from 'vitest';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'damaged-log-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

it('does not start on a segment that was stored safely and cannot be read, and names file and byte', async () => {
  const segment = await stoppedWithTopic();
  writeFileSync(segment, Buffer.alloc(200, 7)); // no batch, and no index that says where one could begin
  await expect(startCluster({ dataDir, flush: 'never' })).rejects.toThrow(
    /00000000000000000000\.log cannot be read: no record batch begins at byte 0 of 200/,
  );
});

it('cuts a torn tail off after a crash, tells so, and serves', async () => {
  const segment = await stoppedWithTopic();
  rmSync(join(dataDir, '1', '.kafka_cleanshutdown'));
  writeFileSync(segment, Buffer.alloc(200, 7));
  const told: string[] = [];
  const log = (_level: string, message: string) => told.push(message);
  await using cluster = await startCluster({ dataDir, flush: 'never', log });
  expect(cluster.nodes[0]?.state).toBe('running');
  expect(told.find((message) => message.includes('were cut off'))).toContain('the last 200 of 200 bytes');
});

/** Path of the topic's segment, in the folder of a cluster that was stopped in order. */
async function stoppedWithTopic(): Promise<string> {
  const cluster = await startCluster({ dataDir, flush: 'never' });
  const admin = connectCluster({ bootstrap: cluster.bootstrap });
  await admin.createTopics([{ name: 'orders', partitions: 1, replicationFactor: 1 }]);
  await admin.close();
  await cluster.stop();
  expect(readdirSync(join(dataDir, '1'))).toContain('orders-0');
  return join(dataDir, '1', 'orders-0', '00000000000000000000.log');
}
