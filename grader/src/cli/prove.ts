/**
 * Proves one lab with one seed: nothing passes untouched; the solution passes step by step, and no step but its own;
 * each wrong answer fails what it names, with the message it names, and can be mended; each mutant is caught.
 * The solution runs by itself, and beside it, on another cluster, with the wrong answers in between.
 */
import type { StepResult } from '../checks/evaluate.ts';
import { mutantsOf } from '../checks/mutations.ts';
import type { Verdict } from '../checks/verdict.ts';
import type { Check, Lab, Step, WrongAnswer } from '../lab/schema.ts';
import { LOCALES } from '../lab/schema.ts';
import type { Scene, Take } from './scene.ts';
import { replay } from './scene.ts';
import { StuckCommandError } from './terminal.ts';

export interface Proof {
  readonly steps: number;
  readonly wrongAnswers: number;
  readonly mutants: number;
  readonly problems: readonly ProofProblem[];
}

export interface ProofProblem {
  readonly stepId: string;
  readonly message: string;
}

interface Takes {
  readonly untouched: readonly Take[];
  readonly solutions: readonly Take[];
  readonly wrong: readonly { readonly take: Take; readonly answer: WrongAnswer }[];
}

export interface Stage {
  /** A scene on an empty cluster of its own, for as long as the work takes. */
  readonly play: (work: (scene: Scene, note: (text: string) => void) => Promise<void>) => Promise<void>;
  /** Whether two scenes can be played beside one another. */
  readonly atOnce: boolean;
}

/** How many times a proof of this lab notes what it does. */
export function partsOf(lab: Lab): number {
  return 2 * lab.steps.length + lab.steps.reduce((sum, step) => sum + step.wrongAnswers.length, 0);
}

export async function proveLab(lab: Lab, stage: Stage): Promise<Proof> {
  const problems: ProofProblem[] = [];
  const takes: { untouched: Take[]; solutions: Take[]; wrong: { take: Take; answer: WrongAnswer }[] } = {
    untouched: [],
    solutions: [],
    wrong: [],
  };
  const solutions = untilStuck(problems, (at) =>
    stage.play(async (scene, note) => {
      await scene.prepare();
      for (const step of lab.steps) takes.untouched.push(await proveUntouched(scene, step, problems));
      for (const step of lab.steps) {
        note(`${step.id}: solution`);
        at(step, 'In the solution');
        await scene.open(step);
        takes.solutions.push(await proveSolution(scene, { step, problems, alone: true }));
      }
    }),
  );
  const mistakes = untilStuck(problems, (at) =>
    stage.play(async (scene, note) => {
      await scene.prepare();
      for (const step of lab.steps) {
        await scene.open(step);
        for (const answer of step.wrongAnswers) {
          note(`${step.id}: wrong answer ${answer.id}`);
          at(step, `In the wrong answer ${answer.id}`);
          takes.wrong.push({ answer, take: await proveWrongAnswer(scene, { step, answer, problems }) });
        }
        note(`${step.id}: solution after the wrong answers`);
        at(step, 'In the solution after the wrong answers');
        await proveSolution(scene, { step, problems, alone: false });
      }
    }),
  );
  const wholes = stage.atOnce
    ? await together(solutions(), mistakes())
    : [await solutions(), await mistakes()];
  // Of a scene that was cut short nothing can be said.
  const mutants = wholes.every(Boolean) ? proveMutants(lab, takes, problems) : 0;
  return { steps: lab.steps.length, wrongAnswers: takes.wrong.length, mutants, problems };
}

/** Both come to their end, also when one fails. */
async function together<T>(...work: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(work);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

type Place = (step: Step, what: string) => void;

/** Whether it came to its end. A command that never ends takes its terminal with it, and so ends its scene. */
function untilStuck(problems: ProofProblem[], play: (at: Place) => Promise<void>): () => Promise<boolean> {
  return async () => {
    let place = { stepId: '', what: '' };
    try {
      await play((step, what) => {
        place = { stepId: step.id, what };
      });
      return true;
    } catch (error) {
      if (!(error instanceof StuckCommandError)) throw error;
      problems.push({ stepId: place.stepId, message: `${place.what}: ${error.message}` });
      return false;
    }
  };
}

async function proveUntouched(scene: Scene, step: Step, problems: ProofProblem[]): Promise<Take> {
  const before = scene.memory;
  const recording = scene.begin(step);
  const result = await recording.look();
  scene.memory = before;
  for (const [index, verdict] of result.verdicts.entries()) {
    if (verdict.state === 'notYet') continue;
    // The step's own setup has not happened yet, so what must be put right may not be broken yet.
    if (verdict.state === 'passed' && step.setup.length > 0) continue;
    if (verdict.state === 'passed' && step.checks[index]?.expect === 'never') continue;
    const said =
      verdict.state === 'passed'
        ? 'passes although nothing was done'
        : `could not be judged: ${verdict.message.en}`;
    problems.push({ stepId: step.id, message: `The check ${verdict.checkId} ${said}.` });
  }
  return recording.take;
}

interface SolutionProof {
  readonly step: Step;
  readonly problems: ProofProblem[];
  /** Whether to hold that no later step passes with it. */
  readonly alone: boolean;
}

async function proveSolution(scene: Scene, { step, problems, alone }: SolutionProof): Promise<Take> {
  const recording = scene.begin(step);
  const start = await recording.look();
  if (alone && step.setup.length > 0) tellUntouched(step, start, problems);
  if (start.passed && alone)
    problems.push({ stepId: step.id, message: 'The step passes before its solution has begun.' });
  await recording.run(step.solution.commands);
  const result = await recording.settle(({ passed }) => passed);
  for (const surprise of recording.surprises)
    problems.push({ stepId: step.id, message: `In the solution: ${surprise}` });
  for (const verdict of result.verdicts) {
    if (verdict.state === 'passed') continue;
    problems.push({
      stepId: step.id,
      message: `The solution does not pass ${verdict.checkId}: ${verdict.message.en}`,
    });
  }
  if (alone) await proveAlone(scene, step, problems);
  return recording.take;
}

/** Right after the step opened. */
function tellUntouched(step: Step, { verdicts }: StepResult, problems: ProofProblem[]): void {
  for (const { checkId, state } of verdicts) {
    if (state !== 'passed') continue;
    problems.push({ stepId: step.id, message: `The check ${checkId} passes right when the step opens.` });
  }
}

async function proveAlone(scene: Scene, done: Step, problems: ProofProblem[]): Promise<void> {
  const later = scene.lab.steps.slice(scene.lab.steps.indexOf(done) + 1);
  for (const step of later) {
    const before = scene.memory;
    const result = await scene.begin(step).look();
    scene.memory = before;
    if (result.passed && step.setup.length === 0)
      problems.push({
        stepId: done.id,
        message: `The solution of ${done.id} passes the step ${step.id} too.`,
      });
  }
}

interface WrongProof {
  readonly step: Step;
  readonly answer: WrongAnswer;
  readonly problems: ProofProblem[];
}

async function proveWrongAnswer(scene: Scene, { step, answer, problems }: WrongProof): Promise<Take> {
  const before = scene.memory;
  const recording = scene.begin(step);
  await recording.look();
  await recording.run(answer.commands);
  const result = await recording.settle((seen) => missed(answer, seen).length === 0);
  const take = { ...recording.take, looks: [...recording.looks] };
  const tell = (message: string) =>
    problems.push({ stepId: step.id, message: `The wrong answer ${answer.id} ${message}` });
  if (result.passed) tell('passes the step.');
  for (const message of missed(answer, result)) tell(message);
  for (const surprise of recording.surprises) tell(`goes otherwise than it says. ${surprise}`);
  const mending = scene.begin(step);
  await mending.run(answer.mend);
  for (const surprise of mending.surprises) tell(`cannot be mended. ${surprise}`);
  scene.memory = { ...scene.memory, steps: before.steps };
  return take;
}

/** What the wrong answer promised and did not keep. */
function missed({ fails }: WrongAnswer, result: StepResult): string[] {
  return Object.entries(fails).flatMap(([id, part]) => {
    const verdict = result.verdicts.find((candidate) => candidate.checkId === id);
    if (verdict === undefined) return [];
    if (verdict.state === 'passed') return [`does not fail ${id}.`];
    return LOCALES.filter((locale) => !verdict.message[locale].includes(part[locale])).map(
      (locale) => `fails ${id}, but its message does not say "${part[locale]}": ${verdict.message[locale]}`,
    );
  });
}

function proveMutants(lab: Lab, takes: Takes, problems: ProofProblem[]): number {
  let count = 0;
  for (const step of lab.steps) {
    for (const check of step.checks) {
      for (const mutant of mutantsOf(check)) {
        count++;
        const changed = {
          ...step,
          checks: step.checks.map((other) => (other === check ? mutant.check : other)),
        };
        if (!isCaught(lab, { step: changed, check: mutant.check, takes })) {
          const message = `Nothing notices when the check ${check.id} is changed: ${mutant.change}. Add a wrong answer, or drop the condition.`;
          problems.push({ stepId: step.id, message });
        }
      }
    }
  }
  return count;
}

function isCaught(lab: Lab, { step, check, takes }: { step: Step; check: Check; takes: Takes }): boolean {
  const again = (take: Take): Verdict | undefined =>
    replay(lab, { ...take, step })?.verdicts.find((verdict) => verdict.checkId === check.id);
  const mine = (take: Take) => take.step.id === step.id;
  if (takes.solutions.filter(mine).some((take) => again(take)?.state !== 'passed')) return true;
  if (takes.untouched.filter(mine).some((take) => again(take)?.state === 'passed')) return true;
  return takes.wrong
    .filter(({ take, answer }) => mine(take) && answer.fails[check.id] !== undefined)
    .some(({ take, answer }) => {
      const result = replay(lab, { ...take, step });
      return (
        result !== undefined && missed({ ...answer, fails: pick(answer.fails, check.id) }, result).length > 0
      );
    });
}

function pick<V>(values: Readonly<Record<string, V>>, key: string): Record<string, V> {
  const value = values[key];
  return value === undefined ? {} : { [key]: value };
}
