/** Three combined KRaft nodes of Apache Kafka on localhost, for tests that compare with it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTools, toolCommand } from './apache-kafka.ts';

const FIRST_PORT = 27_100;
const IDS = [1, 2, 3];

function properties(id: number, folder: string): string {
  return [
    'process.roles=broker,controller',
    `node.id=${id}`,
    `controller.quorum.voters=${IDS.map((voter) => `${voter}@localhost:${FIRST_PORT + 10 + voter}`).join(',')}`,
    `listeners=PLAINTEXT://localhost:${FIRST_PORT + id},CONTROLLER://localhost:${FIRST_PORT + 10 + id}`,
    'controller.listener.names=CONTROLLER',
    'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    `log.dirs=${join(folder, `data-${id}`)}`,
    'group.initial.rebalance.delay.ms=0',
  ].join('\n');
}

export async function startApacheCluster(): Promise<{ bootstrap: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'brokerlab-apache-'));
  const file = (id: number): string => join(folder, `${id}.properties`);
  for (const id of IDS) writeFileSync(file(id), properties(id, folder));
  const formatted = await runTools(
    IDS.map((id) => ['kafka-storage', 'format', '-t', 'AAAAAAAAAAAAAAAAAAAAAQ', '-c', file(id)]),
  );
  const refused = formatted.find(({ exitCode }) => exitCode !== 0);
  if (refused !== undefined) throw new Error(`kafka-storage format: ${refused.stdout}${refused.stderr}`);
  const nodes = IDS.map((id) => {
    const [command, args] = toolCommand('kafka-server-start', [file(id)]);
    return spawn(command, args, { stdio: 'ignore' });
  });
  return {
    bootstrap: IDS.map((id) => `localhost:${FIRST_PORT + id}`).join(','),
    stop: async () => {
      await Promise.all(
        nodes.map((node) => {
          const closed = new Promise((done) => node.on('close', done));
          node.kill('SIGKILL');
          return closed;
        }),
      );
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
