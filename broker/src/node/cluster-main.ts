/** `npm run cluster`: a cluster in the foreground until SIGTERM or SIGINT. */
import { resolve } from 'node:path';
import { type Cluster, startNodes } from './cluster.ts';
import { controlBy } from './cluster-control.ts';
import { type ClusterCommand, parseClusterCommand, usage } from './cluster-options.ts';
import { explain } from './explain.ts';

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    console.log(usage);
    return;
  }
  // Started through npm, the program in between may be killed: then nobody could stop this one any more.
  process.on('disconnect', () => process.exit(1));
  const command = parseClusterCommand(args);
  const cluster = await start(command);
  stopOnSignals(cluster);
  process.on('SIGUSR2', () => void startEnded(cluster));
  if (command.control) controlBy(process.stdin, cluster, (line) => console.log(line));
  reportProcesses(cluster);
  console.log(`ready ${cluster.bootstrap}`);
}

function start(command: ClusterCommand): Promise<Cluster> {
  return startNodes({
    ids: Array.from({ length: command.brokers }, (_, index) => command.firstId + index),
    basePort: command.port,
    advertisedHost: command.advertise,
    packing: command.packing,
    config: command.config,
    ...(command.dataDir === null ? {} : { dataDir: resolve(command.dataDir) }),
    log: (level, message) => {
      if (level !== 'info' || process.env.BROKERLAB_LOG === 'info') console.error(`${level}: ${message}`);
    },
  });
}

function reportProcesses(cluster: Cluster): void {
  if (cluster.nodes.every(({ pid }) => pid === null)) return;
  console.error(`cluster pid ${process.pid}`);
  for (const { id, pid } of cluster.nodes) console.error(`broker ${id} pid ${pid}`);
}

/** Every broker that was killed, or ended by itself, is started again. */
async function startEnded(cluster: Cluster): Promise<void> {
  const ended = cluster.nodes.filter(({ state }) => state === 'killed' || state === 'stopped');
  for (const { id } of ended) {
    try {
      await cluster.start(id);
      const pid = cluster.nodes.find((node) => node.id === id)?.pid ?? null;
      console.error(pid === null ? `broker ${id} started` : `broker ${id} pid ${pid}`);
    } catch (error) {
      console.error(`error: broker ${id} did not start: ${explain(error)}`);
    }
  }
}

function stopOnSignals(cluster: Cluster): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    cluster.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
}

main().catch((error: unknown) => {
  console.error(explain(error));
  process.exit(1);
});
