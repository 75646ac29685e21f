/**
 * A lab's text in one language. One Markdown file:
 *
 *   # Title
 *   Summary.
 *   ## step-id: Title of the step
 *   Prose, and among it
 *   ```run terminal=1     one click runs it          ```type    typed by hand        ```output  what it prints
 *   :::quiz check-id      question, `- choice: text` lines, `---`, explanation                               :::
 *   :::note … :::         an aside                   :::hint … :::  up to three, by degrees
 *   :::checks             `- check-id: what it asks`   :::          :::solution … :::   why it is right
 *   :::figure topic=orders   a caption: drawn from the live cluster (brokers, topic, log, group)             :::
 *   ## !real-life         after the steps: what goes wrong in real life
 *   ## !summary           after the steps: what to remember, on one card
 *
 * Templates are left as they are; `render.ts` fills them in.
 */

import { readFigure } from './figure.ts';
import type { Problem } from './problem.ts';
import { LabError } from './problem.ts';
import type { Block, LabText, QuizText, StepText } from './schema.ts';

/** Where things stand, so that what is found out later can still name its line. */
export interface ParsedText {
  readonly file: string;
  readonly text: LabText;
  /** Step id → line of its heading; `step/check`, `step/quiz/check`, `step/hint/0`, `step/block/0` … → their lines. */
  readonly lines: Readonly<Record<string, number>>;
}

/** Closing sections: `## !real-life`, `## !summary`, with whatever title the language wants behind a colon. */
const CLOSING = /^##\s+!(real-life|summary)\b.*$/;
const HEADING = /^##\s+([a-z][a-z0-9-]*)\s*:\s*(\S.*)$/;
const FENCE = /^```\s*(\S*)\s*(.*)$/;
const DIRECTIVE = /^:::\s*([a-z]+)\s*(\S*)\s*$/;
const ITEM = /^-\s+([a-z][a-z0-9-]*)\s*:\s*(\S.*)$/;

export function parseMarkdown(file: string, source: string): ParsedText {
  const reader = new MarkdownReader(file, source.replace(/^\uFEFF/, '').split(/\r?\n/));
  const parsed = reader.read();
  if (reader.problems.length > 0) throw new LabError(reader.problems);
  return parsed;
}

interface StepDraft {
  readonly id: string;
  readonly title: string;
  readonly blocks: Block[];
  readonly checks: Record<string, string>;
  readonly quizzes: Record<string, QuizText>;
  readonly hints: string[];
  solution: string;
}

/** Reads line by line; a class for its position in the file alone. */
class MarkdownReader {
  readonly problems: Problem[] = [];
  readonly #file: string;
  readonly #source: readonly string[];
  readonly #lines: Record<string, number> = {};
  #next = 0;
  #prose: string[] = [];
  /** The line on which it begins. */
  #proseFrom = 1;

  constructor(file: string, source: readonly string[]) {
    this.#file = file;
    this.#source = source;
  }

  read(): ParsedText {
    const head = this.#readHead();
    const steps: Record<string, StepText> = {};
    const closing: Record<string, string> = {};
    while (this.#next < this.#source.length) {
      const [, section] = CLOSING.exec(this.#peek()) ?? [];
      if (section !== undefined) {
        closing[section] = this.#readClosing();
        continue;
      }
      const step = this.#readStep();
      if (step === undefined) continue;
      if (Object.hasOwn(steps, step.id))
        this.#problem(
          this.#lines[step.id] ?? 1,
          `The step ${step.id} is there twice. Give each step one section.`,
        );
      const { id, ...rest } = step;
      steps[id] = rest;
    }
    const text = {
      ...head,
      steps,
      realLife: closing['real-life'] ?? '',
      summaryCard: closing.summary ?? '',
    };
    return { file: this.#file, text, lines: this.#lines };
  }

  #readClosing(): string {
    this.#take();
    const lines: string[] = [];
    while (this.#next < this.#source.length && !this.#peek().startsWith('## ')) lines.push(this.#take());
    return lines.join('\n').trim();
  }

  #readHead(): { title: string; summary: string } {
    let title = '';
    const summary: string[] = [];
    while (this.#next < this.#source.length && !this.#peek().startsWith('## ')) {
      const line = this.#take();
      if (title === '' && line.startsWith('# ')) title = line.slice(2).trim();
      else if (title === '' && line.trim() !== '') {
        this.#problem(this.#next, "The file must begin with the lab's title: # Title.");
        title = line;
      } else summary.push(line);
    }
    if (title === '') this.#problem(1, 'The lab has no title. Begin the file with # Title.');
    return { title, summary: summary.join('\n').trim() };
  }

  #readStep(): StepDraft | undefined {
    const heading = HEADING.exec(this.#take());
    const line = this.#next;
    const [, id, title] = heading ?? [];
    if (id === undefined || title === undefined) {
      this.#problem(line, "A step's heading must name its id and title: ## step-id: Title.");
      while (this.#next < this.#source.length && !this.#peek().startsWith('## ')) this.#take();
      return undefined;
    }
    this.#lines[id] ??= line;
    const step: StepDraft = {
      id,
      title: title.trim(),
      blocks: [],
      checks: {},
      quizzes: {},
      hints: [],
      solution: '',
    };
    while (this.#next < this.#source.length && !this.#peek().startsWith('## ')) this.#readPart(step);
    this.#endProse(step);
    return step;
  }

  #readPart(step: StepDraft): void {
    const line = this.#take();
    const at = this.#next;
    const fence = FENCE.exec(line);
    if (fence) {
      const body = this.#until('```', at, 'This code block is never closed. End it with ```.');
      this.#readFence(step, { language: fence[1] ?? '', rest: fence[2] ?? '', body, at });
      return;
    }
    if (!line.startsWith(':::')) {
      if (this.#prose.every((before) => before.trim() === '')) this.#proseFrom = at;
      this.#prose.push(line);
      return;
    }
    const [, name, argument] = DIRECTIVE.exec(line) ?? [];
    const body = this.#until(':::', at, `This ${line.trim()} is never closed. End it with :::.`);
    this.#readDirective(step, { name: name ?? '', argument: argument ?? '', body, at });
  }

  #readFence(step: StepDraft, part: { language: string; rest: string; body: string[]; at: number }): void {
    const { language, rest, body, at } = part;
    if (language === 'output') {
      this.#endProse(step);
      this.#block(step, { kind: 'output', text: body.join('\n') }, at);
      return;
    }
    if (language !== 'run' && language !== 'type') {
      this.#prose.push(`\`\`\`${language}`, ...body, '```');
      return;
    }
    const terminal = /^(?:terminal=(\d))?$/.exec(rest.trim());
    if (terminal === null)
      this.#problem(at, `${rest} is not known on a command. Write terminal=1 to 9, or nothing.`);
    const command = body.join('\n').trim();
    if (command === '') this.#problem(at, 'This command is empty. Write it between the fences.');
    this.#endProse(step);
    this.#block(step, { kind: 'command', mode: language, terminal: Number(terminal?.[1] ?? 1), command }, at);
  }

  #readDirective(
    step: StepDraft,
    part: { name: string; argument: string; body: string[]; at: number },
  ): void {
    const { name, argument, body, at } = part;
    const markdown = body.join('\n').trim();
    if (markdown === '')
      this.#problem(at, `This :::${name} is empty. Write something in it, or take it out.`);
    switch (name) {
      case 'note':
        this.#endProse(step);
        this.#block(step, { kind: 'note', markdown }, at);
        return;
      case 'hint':
        this.#lines[`${step.id}/hint/${step.hints.length}`] = at;
        step.hints.push(markdown);
        return;
      case 'solution':
        step.solution = markdown;
        return;
      case 'checks':
        this.#readChecks(step, body, at);
        return;
      case 'quiz':
        if (argument === '') this.#problem(at, 'A quiz must name its check: :::quiz check-id.');
        this.#endProse(step);
        this.#lines[`${step.id}/quiz/${argument}`] = at;
        this.#block(step, { kind: 'quiz', check: argument }, at);
        step.quizzes[argument] = readQuiz(body);
        return;
      case 'figure': {
        const figure = readFigure(`:::figure ${argument}`, markdown);
        this.#endProse(step);
        if (typeof figure === 'string') this.#problem(at, figure);
        else this.#block(step, figure, at);
        return;
      }
      default:
        this.#problem(
          at,
          `:::${name} is not known. There are note, quiz, figure, checks, hint and solution.`,
        );
    }
  }

  #readChecks(step: StepDraft, body: readonly string[], at: number): void {
    for (const [index, line] of body.entries()) {
      if (line.trim() === '') continue;
      const [, id, title] = ITEM.exec(line) ?? [];
      const lineNumber = at + 1 + index;
      if (id === undefined || title === undefined) {
        this.#problem(lineNumber, `A check's line must be "- check-id: what it asks", not "${line.trim()}".`);
        continue;
      }
      step.checks[id] = title.trim();
      this.#lines[`${step.id}/${id}`] = lineNumber;
    }
  }

  #until(end: string, at: number, message: string): string[] {
    const body: string[] = [];
    while (this.#next < this.#source.length) {
      const line = this.#take();
      if (line.trim() === end) return body;
      body.push(line);
    }
    this.#problem(at, message);
    return body;
  }

  #endProse(step: StepDraft): void {
    const markdown = this.#prose.join('\n').trim();
    this.#prose = [];
    if (markdown !== '') this.#block(step, { kind: 'prose', markdown }, this.#proseFrom);
  }

  #block(step: StepDraft, block: Block, at: number): void {
    this.#lines[`${step.id}/block/${step.blocks.length}`] = at;
    step.blocks.push(block);
  }

  #peek(): string {
    return this.#source[this.#next] ?? '';
  }

  #take(): string {
    return this.#source[this.#next++] ?? '';
  }

  #problem(line: number, message: string): void {
    this.problems.push({ file: this.#file, line, message });
  }
}

function readQuiz(body: readonly string[]): QuizText {
  const bar = body.findIndex((line) => line.trim() === '---');
  const asked = bar < 0 ? body : body.slice(0, bar);
  const choices = asked.flatMap((line) => {
    const [, id, text] = ITEM.exec(line) ?? [];
    return id !== undefined && text !== undefined ? [{ id, text: text.trim() }] : [];
  });
  const question = asked
    .filter((line) => !ITEM.test(line))
    .join('\n')
    .trim();
  const explanation =
    bar < 0
      ? ''
      : body
          .slice(bar + 1)
          .join('\n')
          .trim();
  return { question, choices, explanation };
}
