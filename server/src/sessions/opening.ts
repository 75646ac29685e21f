/** What happens when a lab and its steps open: each once, and load again whenever the cell was started anew. */
import type { Act, Lab, Step } from '@brokerlab/grader';
import type { CellOptions } from '../sandbox/main.ts';
import type { LabHost } from './lab-host.ts';
import type { Progress } from './progress.ts';

/** Stands for the lab as a whole among the steps that were opened. */
const LAB = '';

export class Opening {
  readonly #lab: Lab;
  readonly #progress: Progress;
  readonly #host: LabHost;
  #resumed = false;

  constructor({ lab, progress, host }: { lab: Lab; progress: Progress; host: LabHost }) {
    this.#lab = lab;
    this.#progress = progress;
    this.#host = host;
  }

  /** True when something was done. */
  async open(step: Step): Promise<boolean> {
    const done = !this.#isOpened(LAB) || !this.#isOpened(step.id);
    if (!this.#resumed) await this.#resume();
    this.#resumed = true;
    if (!this.#isOpened(LAB)) await this.#host.perform(this.#lab.setup);
    this.#remember(LAB);
    if (!this.#isOpened(step.id)) await this.#host.perform(step.setup);
    this.#remember(step.id);
    return done;
  }

  async #resume(): Promise<void> {
    const steps = this.#lab.steps.filter(({ id }) => this.#isOpened(id));
    const acts = [...(this.#isOpened(LAB) ? this.#lab.setup : []), ...steps.flatMap(({ setup }) => setup)];
    await this.#host.resumeLoads(acts);
  }

  #isOpened(id: string): boolean {
    return this.#progress.memory.opened?.includes(id) ?? false;
  }

  #remember(id: string): void {
    if (this.#isOpened(id)) return;
    const { memory } = this.#progress;
    this.#progress.remember({ ...memory, opened: [...(memory.opened ?? []), id] });
  }
}

/** Of the lab's own setup, what can be put back without sending records twice. */
export function restorable(lab: Lab): Act[] {
  return lab.setup.filter((act) => !('produce' in act));
}

export type ClusterOptions = Pick<CellOptions, 'brokers' | 'brokerConfig' | 'firstCluster' | 'otherClusters'>;

export function clusterOptions(lab: Lab): ClusterOptions {
  const [first, ...others] = lab.clusters;
  const texts = (configs: Readonly<Record<string, string | number>> = {}) =>
    Object.fromEntries(Object.entries(configs).map(([key, value]) => [key, String(value)]));
  return {
    brokers: first?.brokers ?? 3,
    brokerConfig: texts(first?.configs),
    firstCluster: first?.id ?? 'main',
    otherClusters: others.map(({ id, brokers, firstPort, configs }) => ({
      id,
      brokers,
      firstPort,
      config: texts(configs),
    })),
  };
}
