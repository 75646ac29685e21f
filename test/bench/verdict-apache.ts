/**
 * The look and the verdict on Apache Kafka's own brokers, as authors prove labs there: they tell nobody of a change, so
 * it is looked for again and again. Without the server and the page, which have no cluster but ours.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StepResult } from '../../grader/src/checks/evaluate.ts';
import { startApacheCluster } from '../../grader/src/cli/apache-cluster.ts';
import { Host } from '../../grader/src/cli/host.ts';
import { Scene } from '../../grader/src/cli/scene.ts';
import { toolsFolder } from '../../grader/src/cli/tools-folder.ts';
import { drawLab, loadCourse } from '../../grader/src/lab/load.ts';
import type { Lab, Step } from '../../grader/src/lab/schema.ts';
import { LIBS, missing, resolveApacheKafka } from '../support/apache-kafka.ts';
import { ROOT } from '../support/server-process.ts';
import { atMost, type Bench, percentile } from './measure.ts';
import { VERDICT_LABS } from './verdict.ts';

const COMMAND_MS_MAX = 120_000;
const LOOK_AGAIN_MS = 100;
const PASS_MS_MAX = 60_000;

type Times = Map<string, number[]>;

export const verdictApacheBench: Bench = {
  name: 'verdict-apache',
  what: 'end of the command that satisfies a check → its verdict on Apache Kafka, for each kind of check, p95',
  async run(report) {
    const reason = missing();
    if (reason !== undefined) {
      report(`not measured: ${reason}.`);
      return [];
    }
    resolveApacheKafka();
    const times: Times = new Map();
    const { labs } = loadCourse(join(ROOT, 'labs'));
    for (const source of labs.filter(({ id }) => VERDICT_LABS.includes(id))) {
      await walk(drawLab(source, '1'), times);
      report(`${source.id} walked`);
    }
    const goal = { unit: 'ms', target: 1_500 };
    const kinds = [...times].sort().map(([kind, all]) =>
      atMost(`verdict-apache-${kind}`, percentile(all, 95), {
        ...goal,
        unit: `ms (p95 of ${all.length})`,
      }),
    );
    return [...kinds, atMost('verdict-apache', percentile([...times.values()].flat(), 95), goal)];
  },
};

async function walk(lab: Lab, times: Times): Promise<void> {
  const homes = mkdtempSync(join(tmpdir(), 'bench-verdict-'));
  const { signal } = new AbortController();
  const environment = process.env;
  const tools = toolsFolder(undefined, ROOT);
  try {
    const kafka = join(LIBS, '..');
    const startCluster = (cluster: Lab['clusters'][number]) =>
      startApacheCluster(ROOT, { ...cluster, environment, kafka });
    const host = await Host.open({ lab, startCluster, homes, tools, root: ROOT, environment, signal });
    try {
      const scene = new Scene({ host, tools, environment, signal, commandTimeoutMs: COMMAND_MS_MAX });
      await scene.prepare();
      for (const step of lab.steps) await takeStep({ host, scene, step, times });
    } finally {
      await host.close();
    }
  } finally {
    rmSync(homes, { recursive: true, force: true });
  }
}

async function takeStep(of: { host: Host; scene: Scene; step: Step; times: Times }): Promise<void> {
  const { host, scene, step, times } = of;
  await scene.open(step);
  const recording = scene.begin(step);
  const passed = new Set<string>();
  const note = ({ verdicts }: StepResult, endedAt: number) => {
    for (const { checkId, state } of verdicts) {
      const kind = step.checks.find(({ id }) => id === checkId)?.kind;
      if (state !== 'passed' || kind === undefined || passed.has(checkId)) continue;
      passed.add(checkId);
      times.set(kind, [...(times.get(kind) ?? []), performance.now() - endedAt]);
    }
  };
  // What holds when the step opens was satisfied by no command of it.
  const { verdicts } = await recording.look();
  for (const { checkId, state } of verdicts) if (state === 'passed') passed.add(checkId);
  let endedAt = performance.now();
  for (const { run } of step.solution.commands) {
    const done = await host.terminal.type(host.addressed(run), {
      timeoutMs: COMMAND_MS_MAX,
      signal: AbortSignal.timeout(COMMAND_MS_MAX),
    });
    endedAt = performance.now();
    const { evidence } = recording;
    recording.evidence = { ...evidence, commands: [...evidence.commands, { ...done, command: run }] };
    note(await recording.look(), endedAt);
  }
  const deadline = endedAt + PASS_MS_MAX;
  while (passed.size < step.checks.length) {
    if (performance.now() > deadline) throw new Error(`${step.id} does not pass on Apache Kafka`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    note(await recording.look(), endedAt);
  }
}
