/** `packing: 'process'`: the same cluster, each node in a process of its own. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startCluster } from '@brokerlab/broker';
import { connectCluster } from '@brokerlab/broker/client';
import { afterAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';

const folder = mkdtempSync(join(tmpdir(), 'packing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function topicsOf(bootstrap: string): Promise<readonly string[]> {
  await using client = connectCluster({ bootstrap });
  return (await client.metadata()).topics.map(({ name }) => name);
}

describe('a cluster of processes', () => {
  it('serves, loses one broker without the others noticing, and takes it back; its data is the packed form’s', async () => {
    const dataDir = join(folder, 'one');
    const reports: string[] = [];
    const options = { brokers: 3, dataDir, log: (_level: string, message: string) => reports.push(message) };
    let clusterId = '';
    {
      await using cluster = await startCluster({ ...options, packing: 'process' });
      clusterId = cluster.clusterId;
      const pids = cluster.nodes.map(({ pid }) => pid!);
      expect(new Set([...pids, process.pid]).size).toBe(4);
      expect(readFileSync(join(dataDir, '2.pid'), 'utf8')).toBe(`${pids[1]}\n`);
      await using client = connectCluster({ bootstrap: cluster.bootstrap });
      await client.createTopics([{ name: 'kept', partitions: 3, replicationFactor: 3 }]);

      process.kill(pids[1]!, 'SIGKILL');
      await eventually(() => expect(cluster.nodes[1]).toMatchObject({ state: 'killed', pid: null }));
      expect(reports.join('\n')).toContain(`broker 2 (pid ${pids[1]}) was ended by SIGKILL`);
      expect(existsSync(join(dataDir, '2.pid'))).toBe(false);
      expect(await topicsOf(`localhost:${cluster.nodes[0]!.port}`)).toContain('kept');

      await cluster.start(2);
      expect(cluster.nodes[1]).toMatchObject({ state: 'running' });
      expect(await topicsOf(`localhost:${cluster.nodes[1]!.port}`)).toContain('kept');
      await cluster.pause(3);
      await cluster.resume(3);
      expect(await cluster.addBroker()).toBe(4);
    }
    await using packed = await startCluster(options);
    expect(packed.clusterId).toBe(clusterId);
    expect(await topicsOf(packed.bootstrap)).toContain('kept');
  });

  it('says at the start what a person can put right', async () => {
    await using held = await startCluster({ brokers: 1 });
    const { port } = held.nodes[0]!;
    const taken = startCluster({ brokers: 1, port, packing: 'process' });
    await expect(taken).rejects.toMatchObject({ code: 'address-unavailable', cause: { port } });
    const wrong = startCluster({ brokers: 1, packing: 'process', config: { 'num.partitions': 'many' } });
    await expect(wrong).rejects.toThrow(/num\.partitions/);
  });
});

describe('the processes of npm run cluster', () => {
  const program = fileURLToPath(new URL('../../broker/src/node/cluster-main.ts', import.meta.url));
  const tsx = createRequire(import.meta.url).resolve('tsx');

  async function run(dataDir: string) {
    const args = ['--import', tsx, program, '--brokers', '2', '--port', '0', '--packing', 'process'];
    const child = spawn(process.execPath, [...args, '--data', dataDir], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    child.stderr.on('data', (chunk) => {
      text += chunk;
    });
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    const exited = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
    await eventually(() => expect(text).toMatch(/^ready localhost:\d+,localhost:\d+$/m));
    const pidOf = (id: number) => Number(new RegExp(`^broker ${id} pid (\\d+)$`, 'gm').exec(text)?.[1]);
    return { child, exited, pidOf, text: () => text };
  }

  it('are named, started again on SIGUSR2 and stopped in order by SIGTERM', async () => {
    const cluster = await run(join(folder, 'two'));
    const pid = cluster.pidOf(1);
    process.kill(pid, 'SIGKILL');
    await eventually(() =>
      expect(cluster.text()).toContain(`warn: broker 1 (pid ${pid}) was ended by SIGKILL`),
    );
    cluster.child.kill('SIGUSR2');
    await eventually(() => expect(cluster.text().match(/^broker 1 pid \d+$/gm)).toHaveLength(2));
    const last = Number(/(\d+)\n$/.exec(cluster.text())?.[1]);
    expect(isRunning(last)).toBe(true);
    cluster.child.kill('SIGTERM');
    expect(await cluster.exited).toBe(0);
    expect([cluster.pidOf(2), last].filter(isRunning)).toEqual([]);
  });

  it('end with a parent that is killed', async () => {
    const cluster = await run(join(folder, 'three'));
    cluster.child.kill('SIGKILL');
    await cluster.exited;
    await eventually(() => expect([1, 2].map(cluster.pidOf).filter(isRunning)).toEqual([]));
  });
});
