/** A lab being done for proof: a terminal, a cluster, and every look at it written down so that it can be judged again. */
import { randomInt } from 'node:crypto';
import { readGivenFile } from '../act/given-file.ts';
import { loadSizeProblem } from '../act/load.ts';
import { performAll } from '../act/perform.ts';
import type { StepResult } from '../checks/evaluate.ts';
import { evaluateStep } from '../checks/evaluate.ts';
import { clusterOf, neededFiles, neededObservations } from '../checks/needs.ts';
import type { Evidence, Memory } from '../checks/verdict.ts';
import { beginStepAgain, EMPTY_MEMORY } from '../checks/verdict.ts';
import type { Command, Lab, Step } from '../lab/schema.ts';
import { observe } from '../observe/observe.ts';
import type { Snapshot } from '../observe/snapshot.ts';
import { runProgram } from '../program/run-program.ts';
import type { Host } from './host.ts';
import { startProgram } from './program-process.ts';

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
  readonly host: Host;
  readonly tools: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Of one command that is typed. */
  readonly commandTimeoutMs: number;
}

const SETTLE_TIMEOUT_MS = 20_000;
const WAIT_TIMEOUT_MS = 60_000;
const LOOK_AGAIN_MS = 100;

/** A class for what it goes through: the memory and the present step's evidence. */
export class Scene {
  readonly #options: SceneOptions;
  memory: Memory = EMPTY_MEMORY;

  constructor(options: SceneOptions) {
    this.#options = options;
  }

  get lab(): Lab {
    return this.#options.host.lab;
  }

  /** What the lab says happens when it is opened for the first time. */
  async prepare(): Promise<void> {
    await performAll(this.lab.setup, this.#options.host.ports);
  }

  /** What the step says happens when it opens. */
  async open(step: Step): Promise<void> {
    await performAll(step.setup, this.#options.host.ports);
  }

  /** Begins a step's take: looks go into it until the next one begins. */
  begin(step: Step): Recording {
    const recording = new Recording(this, step, this.#options);
    this.#options.host.onLab = (words) => recording.answer(words);
    return recording;
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
    const { host, signal, commandTimeoutMs: timeoutMs } = this.#options;
    for (const { run, fails } of list) {
      const done = await host.terminal.type(host.addressed(run), { timeoutMs, signal });
      this.evidence = { ...this.evidence, commands: [...this.evidence.commands, { ...done, command: run }] };
      if ((done.exitCode !== 0) !== fails) this.surprises.push(surprise(run, { fails, ...done }));
      await this.look();
    }
  }

  async look(): Promise<StepResult> {
    const { host } = this.#options;
    // Before the look: what is acknowledged by now must be found by it.
    const loads = host.loads.reports();
    const snapshot = await observe(host.clients, neededObservations(host.lab, this.step));
    const files = Object.fromEntries(neededFiles(this.step).map((path) => [path, host.readFile(path)]));
    const look: Look = { snapshot, evidence: { ...this.evidence, files, loads } };
    this.looks.push(look);
    const result = evaluateStep({ lab: host.lab, step: this.step, ...look, memory: this.#scene.memory });
    this.#scene.memory = result.memory;
    return result;
  }

  /** Looks until it is as wanted, or it is plain that it will not be; the last look is returned. */
  async settle(wanted: (result: StepResult) => boolean, timeoutMs = SETTLE_TIMEOUT_MS): Promise<StepResult> {
    const deadline = performance.now() + timeoutMs;
    while (true) {
      const result = await this.look();
      if (wanted(result) || performance.now() > deadline || this.#options.signal.aborted) return result;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  /** `lab …`, typed in the terminal while a command runs. */
  async answer(words: readonly string[]): Promise<{ text: string; exitCode: number }> {
    const [verb, what = '', ...rest] = words;
    switch (verb) {
      case 'answer':
        if (what === '' || rest.length === 0) return { text: 'lab answer CHECK ANSWER\n', exitCode: 1 };
        this.evidence = { ...this.evidence, answers: { ...this.evidence.answers, [what]: rest.join(' ') } };
        return { text: '', exitCode: 0 };
      case 'run':
        return this.#try(what);
      case 'wait':
        return this.#wait(what);
      case 'restore':
        await this.#scene.open(this.step);
        this.#scene.memory = beginStepAgain(this.#scene.memory, this.step.id);
        return { text: '', exitCode: 0 };
      case 'load':
        return this.#load(what, Number(rest[0]));
      case undefined:
      case 'status':
      case 'check':
      case 'next':
        return { text: '', exitCode: 0 };
      default:
        return { text: `lab ${verb} is not known where labs are proven\n`, exitCode: 1 };
    }
  }

  async #try(checkId: string): Promise<{ text: string; exitCode: number }> {
    const { host, tools, environment, signal } = this.#options;
    const check = this.step.checks.find(({ id }) => id === checkId);
    if (check?.kind !== 'program') return { text: `${checkId} is no program of this step\n`, exitCode: 1 };
    const cluster = clusterOf(host.lab, check);
    const client = host.clients[cluster];
    if (client === undefined) return { text: `there is no cluster ${cluster}\n`, exitCode: 1 };
    const run = await runProgram(check, {
      client,
      connection: host.connections[cluster] ?? {},
      bootstrap: host.bootstrap(cluster),
      exists: (path) => Promise.resolve(host.readFile(path) !== null),
      readGiven: (from) => Promise.resolve(readGivenFile(host.lab, from, { raw: true })),
      start: (command, given) =>
        startProgram(command, {
          home: host.home,
          tools,
          environment: { ...environment, ...given },
          enclose: host.enclose,
        }),
      random: (bound) => randomInt(bound),
      signal,
    });
    this.evidence = { ...this.evidence, programs: { ...this.evidence.programs, [checkId]: run } };
    const result = await this.look();
    const message = result.verdicts.find((verdict) => verdict.checkId === checkId)?.message.en ?? '';
    return { text: `${message}\n`, exitCode: 0 };
  }

  async #wait(checkId: string): Promise<{ text: string; exitCode: number }> {
    const passed = (result: StepResult) =>
      result.verdicts.find((verdict) => verdict.checkId === checkId)?.state === 'passed';
    const result = await this.settle(passed, WAIT_TIMEOUT_MS);
    const message =
      result.verdicts.find((verdict) => verdict.checkId === checkId)?.message.en ?? 'no such check';
    return { text: `${message}\n`, exitCode: passed(result) ? 0 : 1 };
  }

  async #load(id: string, size: number): Promise<{ text: string; exitCode: number }> {
    const { loads } = this.#options.host;
    const spec = loads.specs().find((load) => load.id === id);
    const problem = spec === undefined ? { en: `there is no load ${id}` } : loadSizeProblem(spec, size);
    if (problem !== null) return { text: `${problem.en}\n`, exitCode: 1 };
    await loads.resize(id, size);
    return { text: '', exitCode: 0 };
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
