/** A lab being done for proof: a terminal, a cluster, and every look at it written down so that it can be judged again. */
import type { Client } from '@brokerlab/broker/client';
import type { StepResult } from '../checks/evaluate.ts';
import { evaluateStep } from '../checks/evaluate.ts';
import { neededObservations } from '../checks/needs.ts';
import type { Evidence, Memory } from '../checks/verdict.ts';
import { EMPTY_MEMORY } from '../checks/verdict.ts';
import type { Command, Lab, Step } from '../lab/schema.ts';
import { observe } from '../observe/observe.ts';
import type { Snapshot } from '../observe/snapshot.ts';
import type { Terminal } from './terminal.ts';

export interface Look {
  readonly snapshot: Snapshot;
  readonly evidence: Evidence;
}

/** What happened from the beginning of one step on, and what had to come of it. */
export interface Take {
  readonly step: Step;
  readonly memory: Memory;
  readonly looks: readonly Look[];
}

export interface SceneOptions {
  readonly lab: Lab;
  readonly terminal: Terminal;
  readonly client: Client;
  readonly bootstrap: string;
  readonly signal: AbortSignal;
}

const COMMAND_TIMEOUT_MS = 60_000;
const SETTLE_TIMEOUT_MS = 8000;
const LOOK_AGAIN_MS = 100;

/** A class for what it goes through: the memory and the present step's evidence. */
export class Scene {
  readonly #options: SceneOptions;
  memory: Memory = EMPTY_MEMORY;

  constructor(options: SceneOptions) {
    this.#options = options;
  }

  get lab(): Lab {
    return this.#options.lab;
  }

  /** Begins a step's take: looks go into it until the next one begins. */
  begin(step: Step): Recording {
    return new Recording(this, step, this.#options);
  }
}

export class Recording {
  readonly step: Step;
  readonly looks: Look[] = [];
  evidence: Evidence = { commands: [], answers: {} };
  /** Commands that ended otherwise than the lab says. */
  readonly surprises: string[] = [];
  readonly #scene: Scene;
  readonly #options: SceneOptions;
  readonly #before: Memory;

  constructor(scene: Scene, step: Step, options: SceneOptions) {
    this.#scene = scene;
    this.step = step;
    this.#options = options;
    this.#before = scene.memory;
  }

  get take(): Take {
    return { step: this.step, memory: this.#before, looks: this.looks };
  }

  /** Types the commands one after the other, with a look after each. */
  async run(list: readonly Command[]): Promise<void> {
    const { terminal, signal } = this.#options;
    for (const { run, fails } of list) {
      const typed = this.#addressed(run);
      const done = await terminal.type(typed, { timeoutMs: COMMAND_TIMEOUT_MS, signal });
      const { commands, answers } = this.evidence;
      this.evidence = {
        commands: [...commands, { ...done, command: run }],
        answers: { ...answers, ...terminal.takeAnswers() },
      };
      if ((done.exitCode !== 0) !== fails) this.surprises.push(surprise(run, { fails, ...done }));
      await this.look();
    }
  }

  async look(): Promise<StepResult> {
    const { lab, client } = this.#options;
    const clusters = Object.fromEntries(lab.clusters.map(({ id }) => [id, client]));
    const snapshot = await observe(clusters, neededObservations(lab, this.step));
    const look: Look = { snapshot, evidence: this.evidence };
    this.looks.push(look);
    const result = evaluateStep({ lab, step: this.step, ...look, memory: this.#scene.memory });
    this.#scene.memory = result.memory;
    return result;
  }

  /** Looks until it is as wanted, or it is plain that it will not be; the last look is returned. */
  async settle(wanted: (result: StepResult) => boolean): Promise<StepResult> {
    const deadline = performance.now() + SETTLE_TIMEOUT_MS;
    while (true) {
      const result = await this.look();
      if (wanted(result) || performance.now() > deadline || this.#options.signal.aborted) return result;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  /** Labs say localhost and the lab's own port; the cluster may be elsewhere. */
  #addressed(command: string): string {
    const { lab, bootstrap } = this.#options;
    return lab.clusters.reduce(
      (text, cluster) => text.replaceAll(`localhost:${cluster.firstPort}`, bootstrap),
      command,
    );
  }
}

function surprise(
  command: string,
  { fails, exitCode, output }: { fails: boolean; exitCode: number; output: string },
): string {
  const how = fails ? 'was to fail, but succeeded' : `failed with exit code ${exitCode}`;
  return `The command ${how}: ${command}\n${output.trim().slice(-600)}`;
}

/** Judges a take again, with another step in its place. */
export function replay(lab: Lab, { step, memory, looks }: Take): StepResult | undefined {
  let now = memory;
  let result: StepResult | undefined;
  for (const look of looks) {
    result = evaluateStep({ lab, step, ...look, memory: now });
    now = result.memory;
  }
  return result;
}
