/**
 * Rules that need the whole lab: what the text shows must be proven by the solution, every check must be told wrong by
 * some mistake, links must lead somewhere, and nothing may say the answer before it is asked.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commandsIn } from '../checks/command-words.ts';
import { isConcept, isLab, lintLinks } from './lint-links.ts';
import type { LabSource } from './load.ts';
import { drawWhole } from './load.ts';
import type { ParsedText } from './markdown.ts';
import type { Problem } from './problem.ts';
import type { Block, Check, LabData, LabText, Locale, QuizText, Step } from './schema.ts';
import { LOCALES } from './schema.ts';

interface Whole {
  readonly source: LabSource;
  readonly data: LabData;
  readonly text: Readonly<Record<Locale, LabText>>;
}

export function lintProof(source: LabSource): Problem[] {
  const { data, text } = drawWhole(source);
  const whole = { source, data, text };
  return [
    ...lintWrongAnswers(whole),
    ...lintNames(whole),
    ...LOCALES.flatMap((locale) => [
      ...lintCommands(whole, locale),
      ...lintAnswers(whole, locale),
      ...lintLinks(source.dir, source.texts[locale], rawLines(source, locale)),
    ]),
  ];
}

/** A check that no mistake fails may as well pass always. */
function lintWrongAnswers({ source, data }: Whole): Problem[] {
  const { yaml } = source;
  return data.steps.flatMap((step, index) => {
    const at = (path: readonly (string | number)[], message: string) => ({
      file: yaml.file,
      line: yaml.lineOf(['steps', index, ...path]),
      message,
    });
    if (step.wrongAnswers.length === 0) {
      return [
        at(
          ['id'],
          `The step ${step.id} has no wrong answer. Add under wrongAnswers a mistake that people make, with the message it gets.`,
        ),
      ];
    }
    return step.checks.flatMap((check, checkIndex) => {
      if (step.wrongAnswers.some(({ fails }) => fails[check.id] !== undefined)) return [];
      if (check.expect === 'never') return [];
      return [
        at(
          ['checks', checkIndex, 'id'],
          `No wrong answer fails the check ${check.id}. Name it under fails in one of the step's wrongAnswers, with a part of its message.`,
        ),
      ];
    });
  });
}

/** Concepts, the next lab and given files are there. */
function lintNames({ source, data }: Whole): Problem[] {
  const { yaml, dir } = source;
  const problems: Problem[] = [];
  const tell = (path: readonly (string | number)[], message: string) =>
    problems.push({ file: yaml.file, line: yaml.lineOf(path), message });
  if (data.next !== undefined && !isLab(dir, data.next))
    tell(['next'], `There is no lab ${data.next}. Name a lab of the course, or take next out.`);
  for (const [index, step] of data.steps.entries()) {
    for (const [place, concept] of step.concepts.entries()) {
      if (isConcept(dir, concept)) continue;
      tell(
        ['steps', index, 'concepts', place],
        `There is no concept ${concept}. Write labs/concepts/${concept}/ko.md and en.md, or name another one.`,
      );
    }
  }
  const acts = [
    ...data.setup.map((act, index) => ({ act, path: ['setup', index] as const })),
    ...data.steps.flatMap((step, s) =>
      step.setup.map((act, index) => ({ act, path: ['steps', s, 'setup', index] as const })),
    ),
  ];
  for (const { act, path } of acts) {
    if (!('file' in act) || act.file.from === undefined || existsSync(join(dir, 'files', act.file.from)))
      continue;
    tell(
      [...path],
      `There is no file files/${act.file.from} in this lab's folder. Put it there, or change from.`,
    );
  }
  return problems;
}

/* Commands */

/** What each tool was given in a proof: its options, without their values. */
type Known = Map<string, Set<string>>;

function lintCommands({ source, data, text }: Whole, locale: Locale): Problem[] {
  const parsed = source.texts[locale];
  const known: Known = new Map();
  return data.steps.flatMap((step) => {
    // What an earlier step proved stays proven.
    for (const { run } of typedIn(step)) learn(known, run);
    return (text[locale].steps[step.id]?.blocks ?? []).flatMap((block, index) => {
      if (block.kind !== 'command') return [];
      const line = parsed.lines[`${step.id}/block/${index}`] ?? parsed.lines[step.id] ?? 1;
      return unknownIn(known, block.command).map((what) => ({
        file: parsed.file,
        line,
        message: `${what} is typed neither by the solution nor by a wrong answer of ${step.id} or a step before it, so nothing proves that it works. Add it to them, or take it out of the text.`,
      }));
    });
  });
}

function typedIn({ solution, wrongAnswers }: Step) {
  return [...solution.commands, ...wrongAnswers.flatMap(({ commands, mend }) => [...commands, ...mend])];
}

function learn(known: Known, line: string): void {
  for (const words of inner(line)) {
    const [tool] = words;
    if (tool === undefined || !isOurs(tool)) continue;
    const options = known.get(baseOf(tool)) ?? new Set();
    for (const option of optionsOf(words)) options.add(option);
    known.set(baseOf(tool), options);
  }
}

/** Tools and options of the line that no proof has typed; a place left open (…) is not looked at. */
function unknownIn(known: Known, line: string): string[] {
  return commandsIn(line).flatMap((words) => {
    const [tool] = words;
    if (tool === undefined || !isOurs(tool)) return [];
    const options = known.get(baseOf(tool));
    if (options === undefined) return [`\`${baseOf(tool)}\``];
    return optionsOf(words)
      .filter((option) => !options.has(option))
      .map((option) => `\`${baseOf(tool)} ${option}\``);
  });
}

/** Also the commands in `$( … )`. */
function inner(line: string): string[][] {
  const nested = [...line.matchAll(/\$\(([^()]*(?:\([^()]*\)[^()]*)*)\)/g)].flatMap(([, command = '']) =>
    inner(command),
  );
  return [...commandsIn(line), ...nested];
}

function isOurs(tool: string): boolean {
  return /(?:^|\/)(?:kafka-[a-z-]+(?:\.sh)?|connect-mirror-maker(?:\.sh)?|cluster|kcat|node)$/.test(tool);
}

function baseOf(tool: string): string {
  const base = tool.split('/').at(-1) ?? tool;
  return /^(?:kafka-|connect-)/.test(base) && !base.endsWith('.sh') ? `${base}.sh` : base;
}

/** `--property print.key=true` and the like count by what they set; `cluster kill 2` by its verb. */
function optionsOf(words: readonly string[]): string[] {
  const tool = baseOf(words[0] ?? '');
  if (tool === 'cluster') return words[1] === undefined || words[1] === '…' ? [] : [words[1]];
  if (tool === 'node') return words[1] === undefined || words[1].includes('…') ? [] : [words[1]];
  return words.filter((word) => /^--[a-z]/.test(word));
}

/* Answers */

/** A single word, or fewer letters than this, stand in any prose. */
const TELLING_CHARACTERS = 6;

function lintAnswers({ source, data, text }: Whole, locale: Locale): Problem[] {
  const parsed = source.texts[locale];
  return data.steps.flatMap((step) => {
    const words = text[locale].steps[step.id];
    if (words === undefined) return [];
    const said = words.blocks.flatMap((block, index) =>
      saidBy(block).map((prose) => ({
        prose: plain(prose),
        line: parsed.lines[`${step.id}/block/${index}`] ?? parsed.lines[step.id] ?? 1,
      })),
    );
    const quizzes = step.checks.flatMap((check) => {
      const quiz = words.quizzes[check.id];
      return check.kind === 'quiz' && quiz !== undefined ? givenAway(check, quiz, { said, parsed }) : [];
    });
    const solutions = step.solution.commands.filter(({ run }) => isLongCommand(run)).map(({ run }) => run);
    const hints = words.hints.flatMap((hint, index) => {
      const whole = solutions.find((run) => oneLine(hint).includes(oneLine(run)));
      if (whole === undefined || hasBlock(words.blocks, whole)) return [];
      const line = parsed.lines[`${step.id}/hint/${index}`] ?? 1;
      const message = `This hint is the solution's whole command. Leave a part of it open with …, so that something is left to do.`;
      return [{ file: parsed.file, line, message }];
    });
    return [...quizzes, ...hints];
  });
}

function givenAway(
  check: Extract<Check, { kind: 'quiz' }>,
  quiz: QuizText,
  { said, parsed }: { said: readonly { prose: string; line: number }[]; parsed: ParsedText },
): Problem[] {
  if (typeof check.answer === 'object') return [];
  const right = quiz.choices.find(({ id }) => id === String(check.answer));
  const telling = plain(right?.text ?? String(check.answer));
  const others = quiz.choices.filter((choice) => choice !== right).map(({ text }) => plain(text));
  const isTelling =
    right === undefined ? telling.length >= 3 : telling.length >= TELLING_CHARACTERS && /\s/.test(telling);
  if (!isTelling) return [];
  return [...said, { prose: plain(quiz.question), line: 0 }].flatMap(({ prose, line }) => {
    // Where the wrong ones stand beside it, it is a list and not an answer.
    if (!hasWords(prose, telling) || others.some((other) => hasWords(prose, other))) return [];
    const key = Object.keys(parsed.lines).find((name) => name.endsWith(`/quiz/${check.id}`)) ?? '';
    const message = `This gives away the answer to ${check.id} ("${telling}"). Move it into the quiz's explanation, below ---.`;
    return [{ file: parsed.file, line: line || (parsed.lines[key] ?? 1), message }];
  });
}

function saidBy(block: Block): string[] {
  return block.kind === 'prose' || block.kind === 'note' ? [block.markdown] : [];
}

function plain(markdown: string): string {
  return markdown
    .replaceAll(/[`*_]/g, '')
    .replaceAll(/\s+/g, ' ')
    .replace(/[.。!?]$/, '')
    .trim()
    .toLowerCase();
}

/** A particle may follow, another word may not be grown onto it. */
function hasWords(prose: string, words: string): boolean {
  const at = prose.indexOf(words);
  if (at < 0) return false;
  const before = prose[at - 1] ?? ' ';
  const after = prose[at + words.length] ?? ' ';
  return !/[\p{L}\p{N}]/u.test(before) && !/[a-z0-9]/.test(after);
}

function isLongCommand(run: string): boolean {
  return run.length >= 30 && commandsIn(run).some(([tool]) => tool !== undefined && isOurs(tool));
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function hasBlock(blocks: readonly Block[], command: string): boolean {
  return blocks.some(
    (block) => block.kind === 'command' && oneLine(block.command).includes(oneLine(command)),
  );
}

/* Links */

function rawLines({ raw }: LabSource, locale: Locale): string[] {
  return raw[locale].split(/\r?\n/);
}
