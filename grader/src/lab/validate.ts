/** What must hold between the parts of a lab: ids that name each other, and texts for everything, in both languages. */
import { commandsIn } from '../checks/command-words.ts';
import type { ParsedText } from './markdown.ts';
import type { Problem } from './problem.ts';
import type { Check, Command, LabData, Localized, Step } from './schema.ts';
import { LOCALES } from './schema.ts';
import type { Path, YamlSource } from './yaml-source.ts';

export interface LabParts {
  readonly data: LabData;
  readonly yaml: YamlSource;
  readonly texts: Localized<ParsedText>;
  /** The name of the lab's folder. */
  readonly folder: string;
}

type Tell = (path: Path, message: string) => void;

export function validateLab(parts: LabParts): Problem[] {
  const { data, yaml, texts, folder } = parts;
  const problems: Problem[] = [];
  const tell: Tell = (path, message) => problems.push({ file: yaml.file, line: yaml.lineOf(path), message });
  if (data.id !== folder)
    tell(['id'], `The id is ${data.id}, but the folder is called ${folder}. Make them the same.`);
  tellDoubles(data, tell);
  for (const [index, step] of data.steps.entries())
    validateStep(data, { step, path: ['steps', index], tell });
  for (const locale of LOCALES) problems.push(...validateText(data, { yaml, text: texts[locale] }));
  problems.push(...sameCommands(data, texts));
  return problems;
}

function tellDoubles(data: LabData, tell: Tell): void {
  const steps = new Set<string>();
  const checks = new Set<string>();
  for (const [i, step] of data.steps.entries()) {
    if (steps.has(step.id)) tell(['steps', i, 'id'], `There are two steps ${step.id}. Give each its own id.`);
    steps.add(step.id);
    for (const [j, check] of step.checks.entries()) {
      if (checks.has(check.id)) {
        tell(
          ['steps', i, 'checks', j, 'id'],
          `There are two checks ${check.id} in this lab. Give each its own id.`,
        );
      }
      checks.add(check.id);
    }
  }
}

interface StepPlace {
  readonly step: Step;
  readonly path: Path;
  readonly tell: Tell;
}

function validateStep(data: LabData, { step, path, tell }: StepPlace): void {
  const quizzes = step.checks.filter((check) => check.kind === 'quiz').map((check) => check.id);
  for (const [index, check] of step.checks.entries())
    validateCheck(data, step, { check, path: [...path, 'checks', index], tell });
  validateCluster(data, step.look?.cluster, { path: [...path, 'look', 'cluster'], tell });
  validateAnswers({
    commands: step.solution.commands,
    quizzes,
    path: [...path, 'solution', 'commands'],
    tell,
  });
  const answered = step.solution.commands.flatMap(({ run }) => quizzesAnswered(run));
  for (const quiz of quizzes.filter((id) => !answered.includes(id))) {
    tell(
      [...path, 'solution'],
      `The solution of ${step.id} does not answer its quiz ${quiz}. Add: lab answer ${quiz} ….`,
    );
  }
  for (const [index, wrong] of step.wrongAnswers.entries()) {
    const at = [...path, 'wrongAnswers', index];
    for (const check of Object.keys(wrong.fails)) {
      if (!step.checks.some(({ id }) => id === check))
        tell([...at, 'fails', check], `${check} is no check of the step ${step.id}.`);
    }
    if (Object.keys(wrong.fails).length === 0)
      tell([...at, 'fails'], `The wrong answer ${wrong.id} names no check that it fails.`);
    validateAnswers({ commands: wrong.commands, quizzes, path: [...at, 'commands'], tell });
  }
}

interface Answering {
  readonly commands: readonly Command[];
  readonly quizzes: readonly string[];
  readonly path: Path;
  readonly tell: Tell;
}

function validateAnswers({ commands, quizzes, path, tell }: Answering): void {
  for (const [index, { run }] of commands.entries()) {
    for (const quiz of quizzesAnswered(run).filter((id) => !quizzes.includes(id))) {
      tell([...path, index], `${quiz} is no quiz of this step. There are ${quizzes.join(', ') || 'none'}.`);
    }
  }
}

/** The quizzes that a command line answers: `lab answer ID …`. */
function quizzesAnswered(line: string): string[] {
  return commandsIn(line).flatMap(([tool, verb, id]) =>
    tool === 'lab' && verb === 'answer' && id !== undefined ? [id] : [],
  );
}

function validateCluster(
  data: LabData,
  cluster: string | undefined,
  { path, tell }: { path: Path; tell: Tell },
): void {
  if (cluster === undefined || data.clusters.some(({ id }) => id === cluster)) return;
  const there = data.clusters.map(({ id }) => id).join(', ');
  tell(path, `There is no cluster ${cluster} in this lab. There are ${there}.`);
}

function validateCheck(
  data: LabData,
  step: Step,
  { check, path, tell }: { check: Check; path: Path; tell: Tell },
): void {
  validateCluster(data, check.cluster, { path: [...path, 'cluster'], tell });
  if (check.kind === 'topic' && check.deleted) {
    const { partitions, replicationFactor, inSync, configs } = check;
    if (partitions ?? replicationFactor ?? inSync ?? configs) {
      tell(
        [...path, 'deleted'],
        'A deleted topic has no partitions, replicas or configs. Take the other conditions out.',
      );
    }
  }
  if (check.kind === 'program' && (check.command === '') === (check.script === undefined)) {
    tell([...path, 'id'], `The program ${check.id} needs a command or a script, and only one of the two.`);
  }
  if (check.kind !== 'quiz') return;
  if (
    check.choices !== undefined &&
    typeof check.answer !== 'object' &&
    !check.choices.includes(String(check.answer))
  ) {
    tell(
      [...path, 'answer'],
      `The answer ${check.answer} is none of the choices ${check.choices.join(', ')}.`,
    );
  }
  if (check.before !== undefined && !step.checks.some(({ id }) => id === check.before)) {
    tell([...path, 'before'], `${check.before} is no check of the step ${step.id}.`);
  }
}

function validateText(data: LabData, { yaml, text }: { yaml: YamlSource; text: ParsedText }): Problem[] {
  const problems: Problem[] = [];
  const tell = (key: string, message: string) =>
    problems.push({
      file: text.file,
      line: text.lines[key] ?? text.lines[key.split('/')[0] ?? ''] ?? 1,
      message,
    });
  const known = new Set(data.steps.map((step) => step.id));
  for (const id of Object.keys(text.text.steps)) {
    if (!known.has(id)) tell(id, `${yaml.file} has no step ${id}. Check the heading's id.`);
  }
  const order = Object.keys(text.text.steps).filter((id) => known.has(id));
  const wanted = data.steps.map((step) => step.id).filter((id) => order.includes(id));
  const misplaced = order.find((id, index) => id !== wanted[index]);
  if (misplaced !== undefined)
    tell(misplaced, `The steps stand in another order than in ${yaml.file}: ${wanted.join(', ')}.`);
  for (const step of data.steps) {
    const words = text.text.steps[step.id];
    if (words === undefined) {
      problems.push({
        file: text.file,
        line: 1,
        message: `The step ${step.id} has no text. Add "## ${step.id}: Title".`,
      });
      continue;
    }
    if (words.blocks.length === 0) tell(step.id, `The step ${step.id} says nothing. Write its instruction.`);
    if (words.hints.length === 0) tell(step.id, `The step ${step.id} has no hint. Add :::hint.`);
    if (words.solution === '')
      tell(step.id, `The step ${step.id} has no :::solution. Say why the commands are right.`);
    for (const check of step.checks) {
      if (words.checks[check.id] === undefined)
        tell(step.id, `The check ${check.id} has no line in :::checks.`);
      if (check.kind === 'quiz') tellQuiz(check, { step: step.id, words, tell });
    }
    for (const id of Object.keys(words.checks)) {
      if (!step.checks.some((check) => check.id === id))
        tell(`${step.id}/${id}`, `${id} is no check of the step ${step.id}.`);
    }
    for (const id of Object.keys(words.quizzes)) {
      if (!step.checks.some((check) => check.id === id && check.kind === 'quiz')) {
        tell(`${step.id}/quiz/${id}`, `${id} is no quiz of the step ${step.id}.`);
      }
    }
  }
  return problems;
}

function tellQuiz(
  check: Extract<Check, { kind: 'quiz' }>,
  {
    step,
    words,
    tell,
  }: {
    step: string;
    words: ParsedText['text']['steps'][string];
    tell: (key: string, message: string) => void;
  },
): void {
  const quiz = words.quizzes[check.id];
  const key = `${step}/quiz/${check.id}`;
  if (quiz === undefined) {
    tell(step, `The quiz ${check.id} has no :::quiz ${check.id} in the step ${step}.`);
    return;
  }
  if (quiz.question === '') tell(key, `The quiz ${check.id} asks nothing. Write its question.`);
  if (quiz.explanation === '')
    tell(key, `The quiz ${check.id} has no explanation. Write it after a line ---.`);
  const given = quiz.choices.map((choice) => choice.id).join(', ');
  const wanted = (check.choices ?? []).join(', ');
  if (given !== wanted)
    tell(key, `The quiz ${check.id} offers ${given || 'no choices'}, but lab.yaml says ${wanted || 'none'}.`);
}

/** The same step runs the same commands in every language. */
function sameCommands(data: LabData, texts: Localized<ParsedText>): Problem[] {
  const commands = (text: ParsedText, step: string) =>
    (text.text.steps[step]?.blocks ?? []).flatMap((block) =>
      block.kind === 'command' && block.mode === 'run' ? [block.command] : [],
    );
  return data.steps.flatMap(({ id }) => {
    const [ko, en] = [commands(texts.ko, id), commands(texts.en, id)];
    if (ko.join('\n\n') === en.join('\n\n')) return [];
    const line = texts.en.lines[id] ?? 1;
    return [
      {
        file: texts.en.file,
        line,
        message: `The step ${id} runs other commands than ${texts.ko.file}. Make them the same.`,
      },
    ];
  });
}
