/**
 * One sequence in all four pairings: Java's tools on both clusters, then ours on both, step by step.
 *
 * What a command changed reaches the brokers one after another, and the next command of a fast tool would come before the
 * last one knows (the start of a JVM hides that; Java's tools in one JVM do not have it). So after each change every broker
 * is seen to know of it. What takes its time beyond that (a reassignment, a member's leave) shows in a command's `until`, or
 * ends by itself within seconds: a command that leaves no trace, because it only reads or failed, is asked again before what
 * it says is taken for a difference. What changed something is never repeated.
 */
import { mask } from './mask.ts';
import { type Command, reads, type Sequence, type Step, wordsOf } from './step.ts';
import type { Runner } from './tools.ts';
import type { World } from './world.ts';

const ASKED_FOR_MS = 10_000;
const UNTIL_MS = 60_000;
const ASK_EVERY_MS = 200;

export interface Pairing {
  readonly name: string;
  readonly world: World;
  readonly run: Runner;
}

export interface Difference {
  readonly pairing: string;
  readonly line: string;
  readonly truth: string;
  readonly here: string;
}

/** The first pairing is the truth. */
export async function compare(
  sequence: Sequence,
  phases: readonly (readonly Pairing[])[],
): Promise<Difference[]> {
  const differences: Difference[] = [];
  let truth: readonly string[] | null = null;
  for (const [index, pairings] of phases.entries()) {
    const said = await perform(sequence, pairings, { phase: `phase${index}`, truth });
    truth ??= said[0]!;
    for (const [which, { name }] of pairings.entries())
      for (const [at, step] of sequence.entries()) {
        const [here, there] = [said[which]![at]!, truth[at]!];
        if (here !== there) differences.push({ pairing: name, line: lineOf(step), truth: there, here });
      }
  }
  return differences;
}

function lineOf(step: Step): string {
  if (typeof step === 'string') return step;
  return 'run' in step ? step.run : '';
}

async function perform(
  sequence: Sequence,
  pairings: readonly Pairing[],
  { phase, truth }: { phase: string; truth: readonly string[] | null },
): Promise<string[][]> {
  const said: string[][] = pairings.map(() => []);
  for (const { world } of pairings) world.begin(phase);
  try {
    for (const [at, step] of sequence.entries()) {
      const answers = await performStep(step, pairings, truth?.[at] ?? null);
      answers.forEach((answer, which) => {
        said[which]![at] = answer;
      });
    }
  } finally {
    await Promise.all(pairings.map(({ world }) => world.clean()));
  }
  return said;
}

async function performStep(
  step: Step,
  pairings: readonly Pairing[],
  truth: string | null,
): Promise<readonly string[]> {
  if (typeof step === 'string') return ask({ run: step }, pairings, truth);
  if ('run' in step) return ask(step, pairings, truth);
  await Promise.all(
    pairings.map(async ({ world }) => {
      if ('begin' in step) world.beginConsumer(step.as, placed(step.begin, world));
      else if ('end' in step) await world.endConsumer(step.end);
      else await world.fault(step.broker, step.id);
    }),
  );
  return pairings.map(() => '');
}

interface Answer {
  readonly said: string;
  /** Asked once more, it would do no more. */
  readonly traceless: boolean;
}

async function ask(
  command: Command,
  pairings: readonly Pairing[],
  truth: string | null,
): Promise<readonly string[]> {
  const startedAt = performance.now();
  for (const { world } of pairings) world.addFiles(command.files ?? {});
  const answers = await Promise.all(pairings.map((pairing) => once(command, pairing)));
  for (;;) {
    const expected = truth ?? answers[0]!.said;
    const waits = ({ said }: Answer) => command.until !== undefined && !command.until.test(said);
    const open = answers.flatMap((answer, which) =>
      answer.traceless && (waits(answer) || answers.some(({ said }) => said !== expected)) ? [which] : [],
    );
    const limitMs = answers.some(waits) ? UNTIL_MS : ASKED_FOR_MS;
    if (open.length === 0 || performance.now() - startedAt > limitMs) break;
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    await Promise.all(
      open.map(async (which) => {
        answers[which] = await once(command, pairings[which]!);
      }),
    );
  }
  if (!reads(command.run)) await Promise.all(pairings.map(({ world }) => world.settle()));
  return answers.map(({ said }) => said);
}

async function once(command: Command, { world, run }: Pairing): Promise<Answer> {
  const input = command.input === undefined ? {} : { input: command.input };
  const { stdout, stderr, exitCode } = await run(placed(command.run, world), input);
  const [out, err] = [stdout, stderr].map((text) => mask(world.unplace(text), command));
  return { said: `${out}! ${err}= ${exitCode}`, traceless: reads(command.run) || exitCode !== 0 };
}

function placed(line: string, world: World): string[] {
  return wordsOf(line.replaceAll('$S', '--bootstrap-server $B')).map((word) => world.place(word));
}
