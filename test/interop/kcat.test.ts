import { spawnSync } from 'node:child_process';
import { type Cluster, startCluster } from '@brokerlab/broker';
import { connectCluster } from '@brokerlab/broker/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../support/run-command.ts';

const isMissing = spawnSync('sh', ['-c', 'command -v kcat']).status !== 0;
if (isMissing) console.log('skipped: kcat (librdkafka) is not installed');

let cluster: Cluster;
beforeAll(async () => {
  if (isMissing) return;
  cluster = await startCluster({ brokers: 3, config: { 'group.initial.rebalance.delay.ms': '0' } });
  await using client = connectCluster({ bootstrap: cluster.bootstrap });
  await client.createTopics([{ name: 'codecs', partitions: 3, replicationFactor: 3 }]);
});
afterAll(() => cluster?.stop());

function kcat(args: readonly string[], input = '') {
  return runCommand('kcat', ['-b', cluster.bootstrap, ...args], { input, timeoutMs: 30_000 });
}

describe.skipIf(isMissing)('kcat', () => {
  it('lists brokers and topics', async () => {
    const { stdout } = await kcat(['-L']);
    for (const { port, id } of cluster.nodes) expect(stdout).toContain(`broker ${id} at localhost:${port}`);
    expect(stdout).toContain('topic "codecs" with 3 partitions');
  });

  it('produces with every codec, acks=all, and reads all of it in a group while a broker is away', async () => {
    const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
    const sent: string[] = [];
    const victim = cluster.nodes.at(-1)!.id;
    for (const [index, codec] of codecs.entries()) {
      const lines = Array.from({ length: 50 }, (_, number) => `${codec} ${number} ${'x'.repeat(number)}`);
      sent.push(...lines);
      if (index === 2) await cluster.stop(victim);
      const compression = codec === 'none' ? [] : ['-z', codec];
      const args = ['-P', '-t', 'codecs', '-X', 'acks=all', ...compression];
      const { exitCode, stderr } = await kcat(args, `${lines.join('\n')}\n`);
      expect(exitCode, stderr).toBe(0);
    }
    await cluster.start(victim);
    const { stdout } = await kcat([
      ...['-G', 'readers', '-c', String(sent.length), '-q', '-X', 'auto.offset.reset=earliest', 'codecs'],
    ]);
    expect(stdout.trim().split('\n').toSorted()).toEqual(sent.toSorted());
  });

  it('finds offsets by time', async () => {
    const { stdout } = await kcat(['-Q', '-t', 'codecs:0:-2']);
    expect(stdout.trim()).toBe('codecs [0] offset 0');
  });
});
