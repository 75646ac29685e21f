/** Load that runs while a lab is proven or graded: the same producers and consumers that a trainee's cell runs. */
import type { Workload, WorkloadOptions } from '@brokerlab/broker/client';
import { startWorkload } from '@brokerlab/broker/client';
import { loadReport, workOf } from '../act/load.ts';
import type { LoadPort } from '../act/perform.ts';
import type { Connection } from '../act/produce.ts';
import type { LoadReport } from '../checks/verdict.ts';
import type { LoadSpec } from '../lab/schema.ts';

interface Running {
  readonly spec: LoadSpec;
  readonly workload: Workload;
}

export class Loads implements LoadPort {
  readonly #connections: Readonly<Record<string, Connection>>;
  readonly #running = new Map<string, Running>();
  readonly #ended = new Map<string, LoadReport>();

  constructor(connections: Readonly<Record<string, Connection>>) {
    this.#connections = connections;
  }

  async start(spec: LoadSpec, cluster: string): Promise<void> {
    const connection = this.#connections[cluster] ?? {};
    const options: WorkloadOptions = { ...workOf(spec), connection };
    this.#running.set(spec.id, { spec, workload: await startWorkload(options) });
  }

  async stop(id: string): Promise<void> {
    const running = this.#running.get(id);
    if (running === undefined) return;
    this.#running.delete(id);
    await running.workload.stop();
    this.#ended.set(id, loadReport(running.spec, running.workload.report()));
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.stop(id)));
  }

  async resize(id: string, clients: number): Promise<void> {
    const running = this.#running.get(id);
    if (running === undefined) throw new Error(`there is no load ${id}`);
    await running.workload.resize(clients);
  }

  specs(): readonly LoadSpec[] {
    return [...this.#running.values()].map(({ spec }) => spec);
  }

  reports(): Record<string, LoadReport> {
    const now = [...this.#running].map(
      ([id, { spec, workload }]) => [id, loadReport(spec, workload.report())] as const,
    );
    return Object.fromEntries([...this.#ended, ...now]);
  }
}
