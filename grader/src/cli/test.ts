/** `labs test [ID]`: proves labs in a real terminal, on one of our clusters or on any other. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Client } from '@brokerlab/broker/client';
import colors from 'picocolors';
import type { LabSource } from '../lab/load.ts';
import { drawLab, readCourse } from '../lab/load.ts';
import { formatProblem } from '../lab/problem.ts';
import type { Lab, LabCluster } from '../lab/schema.ts';
import { startApacheCluster } from './apache-cluster.ts';
import { requireListed } from './find-lab.ts';
import { Host } from './host.ts';
import type { LabClusterHandle } from './lab-cluster.ts';
import { FOREIGN_BROKERS } from './lab-cluster.ts';
import { startOwnCluster } from './own-cluster.ts';
import { Progress } from './progress.ts';
import type { Proof } from './prove.ts';
import { partsOf, proveLab } from './prove.ts';
import { Scene } from './scene.ts';
import type { Surroundings } from './surroundings.ts';
import { toolsFolder } from './tools-folder.ts';
import type { Call } from './usage.ts';
import { RefusalError, requireBootstrap, UsageError, wholeNumber } from './usage.ts';

interface Ground {
  /** Of somebody else's cluster; undefined: a fresh one each time. */
  readonly bootstrap: string | undefined;
  readonly startCluster: (cluster: LabCluster) => Promise<LabClusterHandle>;
  readonly tools: string;
  readonly home: string;
  readonly commandTimeoutMs: number;
  /** Says what is being done. */
  readonly verbose: boolean;
  /** Waiting takes most of a proof's time: the scenes of one seed run beside one another, too. */
  readonly scenesAtOnce: boolean;
}

export async function runTest(call: Call, surroundings: Surroundings): Promise<number> {
  const { id, options } = call;
  const seeds = wholeNumber('seeds', options.seeds ?? '3', { least: 1, most: 100 });
  const commandTimeoutMs =
    1000 * wholeNumber('command-seconds', options['command-seconds'] ?? '90', { least: 1, most: 3600 });
  const bootstrap = options.bootstrap === undefined ? undefined : requireBootstrap(options.bootstrap);
  const tools = toolsFolder(options.tools, surroundings.root);
  const { course, labs, problems } = readCourse(surroundings.labs, id);
  if (id !== undefined) requireListed(course.labs, id);
  for (const problem of problems) surroundings.print(formatProblem(problem));
  const startCluster = clusterStarter(call, bootstrap, surroundings);
  const scenesAtOnce = bootstrap === undefined && options.driver !== 'kafka';
  const home = mkdtempSync(join(tmpdir(), 'labs-test-'));
  let failed = problems.length > 0;
  try {
    for (const source of labs) {
      const total = partsOf(drawLab(source, '1')) * seeds;
      const progress = new Progress(surroundings.progress, { name: source.id, total });
      const prove = (seed: number) =>
        proveSeed(source, {
          seed: String(seed),
          ground: {
            bootstrap,
            startCluster,
            tools,
            home,
            commandTimeoutMs,
            verbose: call.verbose,
            scenesAtOnce,
          },
          progress,
          surroundings,
        });
      const proofs = await inTurns(seeds, {
        atOnce: bootstrap === undefined ? SEEDS_AT_ONCE : 1,
        run: prove,
      });
      failed ||= proofs.some((proof) => proof.problems.length > 0);
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  return failed || surroundings.signal.aborted ? 1 : 0;
}

/** Waiting for groups and brokers takes most of a proof's time, so seeds run beside one another. */
const SEEDS_AT_ONCE = 3;

async function inTurns<T>(
  count: number,
  { atOnce, run }: { atOnce: number; run: (number: number) => Promise<T> },
): Promise<T[]> {
  const results: T[] = [];
  let next = 1;
  const worker = async () => {
    while (next <= count) {
      const number = next++;
      results[number - 1] = await run(number);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
  return results;
}

function clusterStarter(
  { options }: Call,
  bootstrap: string | undefined,
  { root, environment }: Surroundings,
): (cluster: LabCluster) => Promise<LabClusterHandle> {
  if (bootstrap !== undefined) {
    return () => Promise.resolve({ bootstrap, brokers: FOREIGN_BROKERS, close: () => Promise.resolve() });
  }
  const driver = options.driver ?? 'embedded';
  if (driver === 'kafka') {
    const kafka = options.kafka === undefined ? undefined : resolve(options.kafka);
    return (cluster) => startApacheCluster(root, { ...cluster, environment, kafka });
  }
  if (driver !== 'embedded')
    throw new UsageError(`--driver ${driver} is not known. There are embedded and kafka.`);
  return (cluster) => startOwnCluster(root, { ...cluster, environment });
}

interface SeedProof {
  readonly seed: string;
  readonly ground: Ground;
  readonly progress: Progress;
  readonly surroundings: Surroundings;
}

async function proveSeed(source: LabSource, work: SeedProof): Promise<Proof> {
  const { seed, ground, progress, surroundings } = work;
  const lab = drawLab(source, seed);
  const began = performance.now();
  const stages = new Stages(lab, {
    ground,
    surroundings,
    note: (who, text) => {
      if (ground.verbose) surroundings.print(`  seed ${seed} ${text}`);
      else progress.part(`${seed}${who}`, text);
    },
  });
  try {
    const proof = await proveLab(lab, stages);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const { steps, wrongAnswers, mutants, problems } = proof;
    progress.clear();
    const sound = problems.length === 0 ? colors.green('proven') : colors.red(`${problems.length} problems`);
    surroundings.print(
      `${lab.id} seed ${seed}: ${sound} (${steps} steps, ${wrongAnswers} wrong answers, ${mutants} mutants, ${seconds} s)`,
    );
    for (const { stepId, message } of problems) {
      const index = lab.steps.findIndex((step) => step.id === stepId);
      surroundings.print(
        formatProblem({ file: source.yaml.file, line: source.yaml.lineOf(['steps', index]), message }),
      );
    }
    return proof;
  } finally {
    progress.ended(`${seed}a`);
    progress.ended(`${seed}b`);
  }
}

/** Opens scenes, each on empty clusters of its own unless somebody's was given, and closes what it opened. */
class Stages {
  readonly #lab: Lab;
  readonly #options: StageOptions;
  readonly atOnce: boolean;
  #played = 0;

  constructor(lab: Lab, options: StageOptions) {
    this.#lab = lab;
    this.#options = options;
    this.atOnce = options.ground.scenesAtOnce;
  }

  async play(work: (scene: Scene, note: (text: string) => void) => Promise<void>): Promise<void> {
    const { ground, surroundings, note } = this.#options;
    const { environment, root, signal } = surroundings;
    const { tools, home, startCluster, commandTimeoutMs } = ground;
    const who = this.#played++ === 0 ? 'a' : 'b';
    const lab = this.#lab;
    const host = await Host.open({ lab, startCluster, homes: home, tools, root, environment, signal });
    let close = () => host.close();
    try {
      if (ground.bootstrap !== undefined) close = await borrow(lab, host);
      await work(new Scene({ host, tools, environment, signal, commandTimeoutMs }), (text) =>
        note(who, text),
      );
    } finally {
      await close();
    }
  }
}

interface StageOptions extends Pick<SeedProof, 'ground' | 'surroundings'> {
  readonly note: (who: 'a' | 'b', text: string) => void;
}

/** Somebody else's cluster is left as it was found. */
async function borrow(lab: Lab, host: Host): Promise<() => Promise<void>> {
  const [client] = Object.values(host.clients);
  if (client === undefined) return () => host.close();
  const before = await contents(client);
  requireUnused(lab, before);
  return async () => {
    await host.loads.stopAll();
    await emptyOf(client, before);
    await host.close();
  };
}

interface Contents {
  readonly topics: readonly string[];
  readonly groups: readonly string[];
}

async function contents(client: Client): Promise<Contents> {
  const [{ topics }, groups] = await Promise.all([client.metadata(), client.listGroups()]);
  return {
    topics: topics.filter((topic) => !topic.internal).map((topic) => topic.name),
    groups: groups.map((group) => group.groupId),
  };
}

/** Takes away what the scene made in somebody else's cluster, and nothing that was there. */
async function emptyOf(client: Client, before: Contents): Promise<void> {
  const now = await contents(client);
  const topics = now.topics.filter((topic) => !before.topics.includes(topic));
  const groups = now.groups.filter((group) => !before.groups.includes(group));
  if (topics.length > 0) await client.deleteTopics(topics);
  if (groups.length > 0) await client.deleteGroups(groups);
}

function requireUnused(lab: Lab, { topics }: Contents): void {
  const names = Object.values(lab.parameters).map(String);
  const taken = topics.filter((topic) => names.includes(topic));
  if (taken.length === 0) return;
  throw new RefusalError(
    `The cluster already has the topic ${taken.join(', ')}, which ${lab.id} uses. Use an empty cluster.`,
  );
}
