/** Producers and consumers that a lab runs against the trainee's cluster, in the cell and outside the box. */
import type { Workload, WorkloadReport } from '@brokerlab/broker/client';
import { startWorkload } from '@brokerlab/broker/client';
import { CellError, type CellLoad } from '../sandbox/sandbox.ts';
import type { StartCell } from './protocol.ts';

const LOADS_MAX = 12;
const CLIENTS_MAX = 20;

export interface CellLoadRunner {
  start(load: CellLoad): Promise<void>;
  stop(id: string): Promise<void>;
  stopAll(): Promise<void>;
  resize(id: string, clients: number): Promise<void>;
  /** Of those that run, and the last of those that ran. */
  reports(): Readonly<Record<string, WorkloadReport>>;
}

export function createLoads(settings: StartCell): CellLoadRunner {
  const running = new Map<string, Workload>();
  const ended = new Map<string, WorkloadReport>();
  const portOf = (cluster: string | undefined): number =>
    settings.otherClusters.find(({ id }) => id === cluster)?.firstPort ?? settings.basePort;
  const bootstrapOf = (load: CellLoad): string => {
    const other = settings.otherClusters.find(({ id }) => id === load.cluster);
    const brokers = other?.brokers ?? settings.nodeIds.length;
    return Array.from({ length: brokers }, (_, i) => `localhost:${portOf(load.cluster) + i}`).join(',');
  };
  const stop = async (id: string): Promise<void> => {
    const workload = running.get(id);
    if (workload === undefined) return;
    running.delete(id);
    await workload.stop();
    ended.set(id, workload.report());
  };
  return {
    async start(load) {
      await stop(load.id);
      if (running.size >= LOADS_MAX) throw new CellError('limit', `${LOADS_MAX} loads are running already`);
      const { cluster: _cluster, ...options } = load;
      const clients = Math.min(CLIENTS_MAX, options.clients);
      running.set(
        load.id,
        await startWorkload({ ...options, clients, connection: { bootstrap: bootstrapOf(load) } }),
      );
    },
    stop,
    async stopAll() {
      await Promise.all([...running.keys()].map(stop));
      ended.clear();
    },
    async resize(id, clients) {
      const workload = running.get(id);
      if (workload === undefined) throw new CellError('notFound', `there is no load ${id}`);
      await workload.resize(Math.max(0, Math.min(CLIENTS_MAX, clients)));
    },
    reports: () =>
      Object.fromEntries([
        ...ended,
        ...[...running].map(([id, workload]) => [id, workload.report()] as const),
      ]),
  };
}
