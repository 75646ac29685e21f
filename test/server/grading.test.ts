/** A lab graded as it is done: typed into a real terminal, in a real box, against a real cluster. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  ClusterView,
  LabContent,
  LabState,
  MapCluster,
  MapState,
  Solution,
} from '../../server/src/contract/main.ts';
import { applyMapChange } from '../../server/src/contract/main.ts';
import { readGrades } from '../../server/src/grading/grades.ts';
import { createBwrapDriver } from '../../server/src/sandbox/main.ts';
import { eventually } from '../support/eventually.ts';
import { Trainee, type TraineeTerminal } from '../support/trainee.ts';
import { PROGRAM_DIRECTORY, startTestServer, type TestServer } from './harness.ts';

const LAB = 'first-topic';
const scratch = mkdtempSync(join(tmpdir(), 'brokerlab-probe-'));
const driverFor = (dataDir: string) => createBwrapDriver({ dataDir, programDir: PROGRAM_DIRECTORY });
const probe = await driverFor(scratch).probe();
const suite = probe.usable ? 'grading' : 'grading (skipped: no bwrap sandbox here)';

let host: TestServer;

beforeAll(async () => {
  if (probe.usable) host = await startTestServer({ createDriver: driverFor });
});
afterAll(async () => {
  await host?.[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
});

interface AtWork {
  readonly trainee: Trainee;
  readonly terminal: TraineeTerminal;
  readonly content: LabContent;
  /** As pushed, not asked for. */
  pushed(): LabState;
}

async function begin(): Promise<AtWork> {
  const trainee = await Trainee.tryHere(host.url);
  await trainee.connect();
  let pushed: LabState | undefined;
  trainee.onMessage((message) => {
    if (message.type === 'lab' && message.lab.revision > (pushed?.revision ?? 0)) pushed = message.lab;
  });
  const [open] = await trainee.openLab(LAB);
  const terminal = await trainee.terminal(open);
  const content = await trainee.rest<LabContent>('GET', `/api/labs/${LAB}`);
  const first = await trainee.labState(LAB);
  return { trainee, terminal, content, pushed: () => pushed ?? first };
}

const stepOf = (state: LabState, stepId: string) => state.steps.find(({ id }) => id === stepId)!;

async function solutionOf({ trainee }: AtWork, stepId: string): Promise<Solution> {
  return trainee.rest<Solution>('POST', `/api/labs/${LAB}/steps/${stepId}/solution`);
}

async function answer({ trainee }: AtWork, checkId: string, text: string): Promise<LabState> {
  return trainee.rest<LabState>('POST', `/api/labs/${LAB}/checks/${checkId}/answer`, { answer: text });
}

async function passed(work: AtWork, stepId: string): Promise<void> {
  await eventually(() => expect(stepOf(work.pushed(), stepId)).toMatchObject({ state: 'passed' }), {
    timeoutMs: 5_000,
  });
}

/** As a trainee would: predictions first, then the commands, then what can only be answered after looking. */
async function solve(work: AtWork, stepId: string): Promise<void> {
  const { checks } = work.content.steps.find(({ id }) => id === stepId)!;
  for (const { id, quiz } of checks) {
    if (quiz?.form !== 'predict') continue;
    const { quizAnswers } = await work.trainee.labState(LAB);
    if (!quizAnswers.some(({ checkId }) => checkId === id)) await answer(work, id, quiz.choices![0]!.id);
  }
  for (const { command } of (await solutionOf(work, stepId)).commands) await work.terminal.run(command);
  // Commands may answer by `lab answer`.
  const answered = (await work.trainee.labState(LAB)).quizAnswers.filter(({ locked }) => locked);
  for (const { id, quiz } of checks) {
    if (quiz?.form !== 'answer' || answered.some(({ checkId }) => checkId === id)) continue;
    await answerByLooking(work, id);
  }
  await passed(work, stepId);
}

async function answerByLooking(work: AtWork, checkId: string): Promise<void> {
  expect(checkId).toBe('leader-found');
  const { topics } = await work.trainee.rest<ClusterView>('GET', `/api/labs/${LAB}/cluster`);
  await answer(work, checkId, String(topics[0]!.partitions[0]!.leader));
}

function followMap(trainee: Trainee): { main(): MapCluster } {
  let state: MapState | null = null;
  trainee.onMessage((message) => {
    if (message.type !== 'map') return;
    const { update } = message;
    state = update.kind === 'whole' ? update.state : applyMapChange(state!, update.change);
  });
  return { main: () => Object.values(state!.clusters)[0]! };
}

describe.skipIf(!probe.usable)(suite, () => {
  test('the solution, typed, passes every step and only its own; nothing is lost by coming back', async () => {
    const work = await begin();
    for (const [index, { id }] of work.content.steps.entries()) {
      expect(stepOf(work.pushed(), id).state).toBe('open');
      await solve(work, id);
      const next = work.pushed().steps[index + 1];
      if (next) expect(next.state).toBe('open');
    }
    expect(work.pushed().passedAt).not.toBeNull();
    work.trainee.close();
    const back = Trainee.withCookie(host.url, work.trainee.cookie);
    expect((await back.labState(LAB)).steps.every(({ state }) => state === 'passed')).toBe(true);
    const course = await back.rest<{ labs: { id: string; stepsPassed: number; stepsTotal: number }[] }>(
      'GET',
      '/api/labs',
    );
    const card = course.labs.find(({ id }) => id === LAB)!;
    expect(card.stepsPassed).toBe(card.stepsTotal);
  });

  test('a verdict is in the page as soon as the command has ended', async () => {
    const work = await begin();
    const { commands } = await solutionOf(work, 'create');
    const verdictAt = new Promise<number>((resolve) => {
      work.trainee.onMessage((message) => {
        if (message.type === 'lab' && message.lab.steps[0]!.state === 'passed') resolve(performance.now());
      });
    });
    await work.terminal.run(commands[0]!.command);
    const endedAt = performance.now();
    expect((await verdictAt) - endedAt).toBeLessThan(1_000);
    work.trainee.close();
  });

  test('a mistake is told with what was seen, and does not pass', async () => {
    const work = await begin();
    await work.terminal.run('kafka-topics.sh --bootstrap-server localhost:9092 --create --topic mistaken');
    await eventually(() => {
      const [check] = stepOf(work.pushed(), 'create').checks;
      expect(check).toMatchObject({ verdict: 'notYet', seen: { en: expect.stringContaining('mistaken') } });
      expect(check!.message!.ko).not.toBe('');
    });
    await eventually(async () => {
      const mine = (await readGrades(host.store)).filter(({ evidence }) =>
        evidence.did?.includes('mistaken'),
      );
      expect(mine).toMatchObject([
        { checkId: 'topic-created', attempts: 1, points: 0, state: 'notYet', passedAt: null },
      ]);
    });
    await solve(work, 'create');
    await eventually(async () => {
      const [grade] = (await readGrades(host.store)).filter(
        ({ checkId, attempts }) => checkId === 'topic-created' && attempts === 2,
      );
      expect(grade).toMatchObject({ state: 'passed', points: 10, seconds: expect.any(Number) });
    });
    work.trainee.close();
  });

  test('a prediction counts once and before the fact; an answer is tried until it is right', async () => {
    const work = await begin();
    await solve(work, 'create');
    const wrong = await answer(work, 'leader-found', '99');
    expect(wrong.quizAnswers[0]).toMatchObject({ answer: '99', locked: false, explanation: null });
    await solve(work, 'look');
    const right = await work.trainee.labState(LAB);
    expect(right.quizAnswers[0]).toMatchObject({ locked: true, explanation: { en: expect.any(String) } });
    const predicted = await answer(work, 'more-than-brokers', 'no');
    expect(predicted.quizAnswers.at(-1)).toMatchObject({
      locked: true,
      explanation: { ko: expect.any(String) },
    });
    await expect(answer(work, 'more-than-brokers', 'yes')).rejects.toThrow('quizLocked');
    await expect(answer(work, 'too-many-copies', 'refused')).rejects.toThrow('stepLocked');
    work.trainee.close();
  });

  test('`lab answer` in the terminal follows the rules of the page', async () => {
    const work = await begin();
    await solve(work, 'create');
    const run = (command: string) => work.terminal.run(`${command}; echo code=$?`);
    expect(await run('lab answer')).toMatch(/leader-found[\s\S]*code=1/);
    expect(await run('lab answer nothing 1')).toContain('code=1');
    expect(await run('lab answer leader-found 99')).toContain('code=1');
    expect(await run('lab answer more-than-brokers yes')).toContain('code=1');
    const { topics } = await work.trainee.rest<ClusterView>('GET', `/api/labs/${LAB}/cluster`);
    expect(await run(`lab answer leader-found ${topics[0]!.partitions[0]!.leader}`)).toContain('code=0');
    await solve(work, 'look');
    expect(await run('lab answer more-than-brokers maybe')).toContain('code=1');
    expect(await run('lab answer more-than-brokers yes')).toContain('code=0');
    expect(await run('lab answer more-than-brokers no')).toContain('code=1');
    const { quizAnswers } = await work.trainee.labState(LAB);
    expect(quizAnswers.at(-1)).toMatchObject({ answer: 'yes', locked: true });
    work.trainee.close();
  });

  test('`lab` in the terminal knows the step, opens hints and starts over when told twice', async () => {
    const work = await begin();
    const { title } = work.content.steps[0]!;
    expect(await work.terminal.run('lab')).toContain(title.ko);
    expect(await work.terminal.run('lab hint')).toContain('1 / ');
    await eventually(() => expect(stepOf(work.pushed(), 'create').hints).toHaveLength(1));
    expect(await work.terminal.run('lab nonsense; echo code=$?')).toContain('code=1');
    await solve(work, 'create');
    expect(await work.terminal.run('lab next')).toContain(work.content.steps[1]!.title.ko);
    expect(await work.terminal.run('lab reset; echo code=$?')).toContain('code=1');
    await work.terminal.type('lab reset --yes\r');
    await eventually(async () => {
      expect(stepOf(await work.trainee.labState(LAB), 'create')).toMatchObject({ state: 'open', hints: [] });
    });
    await eventually(async () => {
      const { topics } = await work.trainee.rest<ClusterView>('GET', `/api/labs/${LAB}/cluster`);
      expect(topics).toEqual([]);
    });
    work.trainee.close();
  });

  test('the map shows brokers, topics and groups as they change, to those who watch', async () => {
    const work = await begin();
    const map = followMap(work.trainee);
    await work.trainee.send({ type: 'map.watch', on: true });
    await eventually(() => expect(map.main()).toMatchObject({ topics: {}, controller: expect.any(Number) }));
    expect(Object.keys(map.main().brokers)).toEqual(['1', '2', '3']);
    const bootstrap = '--bootstrap-server localhost:9092 --topic drawn';
    await work.terminal.run(`kafka-topics.sh ${bootstrap} --create --partitions 2 --replication-factor 3`);
    await work.terminal.run(`printf 'a\\nb\\nc\\n' | kafka-console-producer.sh ${bootstrap}`);
    await eventually(() => {
      const topic = map.main().topics['drawn']!;
      expect(Object.values(topic.ends).reduce((sum, end) => sum + end, 0)).toBe(3);
      expect(topic.partitions['0']!.isr).toHaveLength(3);
    });
    // Another window sees the same hour.
    const window = Trainee.withCookie(host.url, work.trainee.cookie);
    await window.connect();
    await window.openLab(LAB);
    const history = await window.send({ type: 'map.history' });
    const replayed = history.changes.reduce(
      (state, { change }) => applyMapChange(state, change),
      history.base!.state,
    );
    expect(replayed.clusters['main']!.topics['drawn']).toEqual(map.main().topics['drawn']);
    window.close();
    await work.trainee.send({ type: 'map.watch', on: false });
    work.trainee.close();
  });
});
