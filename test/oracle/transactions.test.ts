/**
 * Transactional ids beside Apache Kafka's, request by request in both versions of the protocol (KIP-98, KIP-890): timeouts,
 * fencing, ends that are said again or out of place, ids that expire. Errors, epochs and states are compared.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '@brokerlab/broker';
import { connectCluster } from '@brokerlab/broker/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run as storage } from '../../broker/src/node/server/kafka-storage.ts';
import { missing, resolveApacheKafka, startTool } from '../support/apache-kafka.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts, run } from '../support/launch-tool.ts';
import { TransactionProbe } from './transactions/probe.ts';
import { SCENARIOS, type Scenario } from './transactions/scenarios.ts';

const reason = missing();
if (reason !== undefined) console.log(`skipped: transactions beside Apache Kafka, ${reason}`);

const config = {
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': '200',
  'transaction.remove.expired.transaction.cleanup.interval.ms': '200',
  'transactional.id.expiration.ms': '4000',
  'transaction.state.log.num.partitions': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'offsets.topic.num.partitions': '1',
  'offsets.topic.replication.factor': '1',
};
const ending: (() => Promise<unknown> | unknown)[] = [];
let theirs = '';
let ours = '';

beforeAll(async () => {
  if (reason !== undefined) return;
  resolveApacheKafka();
  const folder = mkdtempSync(join(tmpdir(), 'transactions-'));
  ending.push(() => rmSync(folder, { recursive: true, force: true }));
  const [port, controllerPort] = await freePorts(2);
  theirs = `127.0.0.1:${port}`;
  const file = join(folder, 'server.properties');
  const lines = {
    ...config,
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://${theirs},CONTROLLER://127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(folder, 'data'),
  };
  writeFileSync(
    file,
    Object.entries(lines)
      .map(([key, text]) => `${key}=${text}\n`)
      .join(''),
  );
  expect(await run(storage, 'format', '-t', '4XqHzYFsQdyAQkgTZ-hwLw', '-c', file)).toMatchObject({ code: 0 });
  const server = startTool('kafka-server-start', [file]);
  server.stdout?.resume();
  server.stderr?.resume();
  const ended = new Promise((resolve) => server.once('close', resolve));
  ending.push(async () => {
    server.kill('SIGKILL');
    await ended;
  });
  const cluster = await startCluster({ brokers: 1, config });
  ending.push(() => cluster.stop());
  ours = cluster.bootstrap;
  for (const bootstrap of [theirs, ours]) {
    await eventually(
      async () => {
        await using admin = connectCluster({ bootstrap, apiTimeoutMs: 5_000 });
        const [created] = await admin.createTopics([{ name: 'orders', partitions: 2 }]);
        if (created?.error && created.error.name !== 'TOPIC_ALREADY_EXISTS')
          throw new Error(created.error.name);
        await admin.network.connection({ coordinator: 'first', type: 'transaction' });
        await admin.network.connection({ coordinator: 'first', type: 'group' });
      },
      { timeoutMs: 90_000, everyMs: 200 },
    );
  }
}, 120_000);
afterAll(async () => {
  for (const end of ending.reverse()) await end();
}, 60_000);

async function told(bootstrap: string, scenario: Scenario, version: 1 | 2): Promise<string[]> {
  await using client = connectCluster({ bootstrap });
  const probe = await TransactionProbe.open(client, version);
  await scenario(probe);
  return probe.told;
}

describe.skipIf(reason !== undefined)('a transactional id', () => {
  for (const version of [1, 2] as const)
    it.each(Object.entries(SCENARIOS))(
      `fares as with Apache Kafka, version ${version}: %s`,
      async (_what, scenario) => {
        const [truth, here] = await Promise.all([
          told(theirs, scenario, version),
          told(ours, scenario, version),
        ]);
        expect(here).toEqual(truth);
      },
      60_000,
    );
});
