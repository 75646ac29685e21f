/** `npm run cluster`: a cluster in the foreground until SIGTERM or SIGINT. */
import { resolve } from 'node:path';
import { DiskError } from '../storage/disk.ts';
import { LogError } from '../storage/log-contract.ts';
import { type Cluster, startNodes } from './cluster.ts';
import { parseClusterCommand, UsageError } from './cluster-options.ts';
import { ConfigError } from './config/node-config.ts';
import { IdentityError } from './identity.ts';

async function main(): Promise<void> {
  const command = parseClusterCommand(process.argv.slice(2));
  const cluster = await startNodes({
    ids: Array.from({ length: command.brokers }, (_, index) => command.firstId + index),
    basePort: command.port,
    advertisedHost: command.advertise,
    config: command.config,
    ...(command.dataDir === null ? {} : { dataDir: resolve(command.dataDir) }),
    log: (level, message) => {
      if (level !== 'info' || process.env.BROKERLAB_LOG === 'info') console.error(`${level}: ${message}`);
    },
  });
  stopOnSignals(cluster);
  console.log(`ready ${cluster.bootstrap}`);
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
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

const ownErrors = [UsageError, ConfigError, IdentityError, DiskError, LogError];

/** One clear sentence for what a person can put right; the whole story for what only a programmer can. */
function explain(error: unknown): string {
  const known = ownErrors.some((type) => error instanceof type);
  if (known) return (error as Error).message;
  const { code, port, address } = error as { code?: string; port?: number; address?: string };
  if (code === 'EADDRINUSE') {
    return `port ${port} on ${address} is in use: stop what listens there, or choose another with --port`;
  }
  if (code === 'EADDRNOTAVAIL') return `${address} is not an address of this machine`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().catch((error: unknown) => {
  console.error(explain(error));
  process.exit(1);
});
