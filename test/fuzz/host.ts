/** The fuzzed cluster: three nodes in a process of its own, which tells what it holds when asked. */
import { readdirSync, readlinkSync } from 'node:fs';
import { startCluster } from '@brokerlab/broker';

export interface Holdings {
  /** After a full garbage collection, bytes. */
  readonly heap: number;
  /** Buffers outside the heap, bytes. */
  readonly buffers: number;
  readonly resident: number;
  readonly sockets: number;
  readonly files: number;
  readonly timers: number;
  /** Processor time used so far, milliseconds. */
  readonly processorMs: number;
}

export type FromHost =
  | {
      readonly kind: 'ready';
      readonly bootstrap: string;
      readonly ports: readonly { readonly broker: number; readonly controller: number }[];
    }
  | { readonly kind: 'trouble'; readonly what: string }
  | { readonly kind: 'holdings'; readonly holdings: Holdings };

const say = (message: FromHost) => process.send?.(message);

const cluster = await startCluster({
  brokers: 3,
  // What a flush adds is time only: nobody takes the machine's power here.
  flush: 'never',
  log: (level, message) => {
    if (level !== 'error' && !/unexpected|ended|halted/.test(message)) return;
    say({ kind: 'trouble', what: `${level}: ${message}` });
  },
  config: JSON.parse(process.argv[2] ?? '{}'),
});
process.on('message', () => say({ kind: 'holdings', holdings: holdings() }));
process.on('disconnect', () => void cluster.stop().finally(() => process.exit(0)));
say({
  kind: 'ready',
  bootstrap: cluster.bootstrap,
  ports: cluster.nodes.map(({ port, controllerPort }) => ({ broker: port, controller: controllerPort })),
});

function holdings(): Holdings {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const targets = readdirSync('/proc/self/fd').map((name) => linkOf(`/proc/self/fd/${name}`));
  return {
    heap: heapUsed,
    buffers: external,
    resident: rss,
    sockets: targets.filter((target) => target.startsWith('socket:')).length,
    files: targets.filter((target) => target.startsWith('/')).length,
    timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
    processorMs: (user + system) / 1000,
  };
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // closed meanwhile
  }
}
