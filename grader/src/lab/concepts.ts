/**
 * Concept pages: `concepts/<id>/ko.md` and `en.md`, listed in course.yaml. A title, a summary, prose, and figures:
 *
 *   # Title
 *   Summary.
 *
 *   Prose (Markdown; `##` headings divide it).
 *
 *   :::figure topic=orders    drawn from the trainee's cluster where a lab is open; else an example
 *   Caption.
 *   :::
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readFigure } from './figure.ts';
import { lintLines } from './lint-lines.ts';
import { lintLinks } from './lint-links.ts';
import type { Problem } from './problem.ts';
import { LabError } from './problem.ts';
import type { FigureBlock, Locale, Localized } from './schema.ts';
import { LOCALES } from './schema.ts';

export type ConceptBlock = { readonly kind: 'prose'; readonly markdown: string } | FigureBlock;

export interface ConceptText {
  readonly title: string;
  readonly summary: string;
  readonly blocks: readonly ConceptBlock[];
}

export interface Concept {
  readonly id: string;
  readonly text: Localized<ConceptText>;
}

export interface ConceptReading {
  readonly concepts: readonly Concept[];
  readonly problems: readonly Problem[];
}

/** A page with a mistake is left out and told. */
export function readConcepts(dir: string, ids: readonly string[]): ConceptReading {
  const concepts: Concept[] = [];
  const problems: Problem[] = [];
  for (const id of ids) {
    try {
      concepts.push({ id, text: { ko: readText(dir, id, 'ko'), en: readText(dir, id, 'en') } });
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      problems.push(...error.problems);
    }
  }
  return { concepts, problems };
}

/** A page is read in a few minutes: longer ones are a lab's business. */
const WORDS_MAX: Readonly<Record<Locale, number>> = { ko: 320, en: 400 };

export function lintConcept(dir: string, { id, text }: Concept): Problem[] {
  const problems = LOCALES.flatMap((locale) => {
    const file = fileOf(dir, id, locale);
    const raw = readFileSync(file, 'utf8');
    const shown = shownPath(file);
    const words = raw.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
    const length =
      words <= WORDS_MAX[locale]
        ? []
        : [
            {
              file: shown,
              line: 1,
              message: `This page has ${words} words. Keep it to ${WORDS_MAX[locale]}.`,
            },
          ];
    const links = lintLinks(join(dir, 'concepts'), { file: shown, lines: {} }, raw.split(/\r?\n/));
    return [...length, ...lintLines(shown, raw, locale), ...links];
  });
  const figures = (locale: Locale) =>
    text[locale].blocks.flatMap((block) => (block.kind === 'figure' ? [block.figure] : [])).join(', ');
  if (figures('ko') !== figures('en')) {
    const message = `The figures are ${figures('en') || 'none'}, but ${figures('ko') || 'none'} in ko.md. Make them the same.`;
    problems.push({ file: shownPath(fileOf(dir, id, 'en')), line: 1, message });
  }
  return problems;
}

function readText(dir: string, id: string, locale: Locale): ConceptText {
  const file = fileOf(dir, id, locale);
  const shown = shownPath(file);
  if (!existsSync(file)) {
    const message = `There is no such file. Write it, or take ${id} out of concepts in course.yaml.`;
    throw new LabError([{ file: shown, line: 1, message }]);
  }
  return parseConcept(shown, readFileSync(file, 'utf8'));
}

export function parseConcept(file: string, source: string): ConceptText {
  const lines = source.replace(/^\uFEFF/, '').split(/\r?\n/);
  const [heading = '', ...rest] = lines;
  const problems: Problem[] = [];
  if (!/^# \S/.test(heading))
    problems.push({ file, line: 1, message: "The page must begin with its title: '# Title'." });
  const gap = rest.findIndex((line) => line.trim() === '');
  const summary = rest
    .slice(0, gap < 0 ? rest.length : gap)
    .join('\n')
    .trim();
  if (summary === '')
    problems.push({ file, line: 2, message: 'The page has no summary. Write a sentence below the title.' });
  const blocks = gap < 0 ? [] : blocksOf(rest.slice(gap), { file, from: gap + 2, problems });
  if (problems.length > 0) throw new LabError(problems);
  return { title: heading.slice(2).trim(), summary, blocks };
}

function blocksOf(
  lines: readonly string[],
  { file, from, problems }: { file: string; from: number; problems: Problem[] },
): ConceptBlock[] {
  const blocks: ConceptBlock[] = [];
  let prose: string[] = [];
  const endProse = () => {
    const markdown = prose.join('\n').trim();
    prose = [];
    if (markdown !== '') blocks.push({ kind: 'prose', markdown });
  };
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (!line.startsWith(':::')) {
      prose.push(line);
      continue;
    }
    const end = lines.findIndex((other, at) => at > index && other.trim() === ':::');
    const body = lines
      .slice(index + 1, end < 0 ? lines.length : end)
      .join('\n')
      .trim();
    const block = readFigure(line, body);
    endProse();
    if (typeof block === 'string') problems.push({ file, line: from + index, message: block });
    else blocks.push(block);
    if (end < 0) {
      problems.push({ file, line: from + index, message: 'This figure is never closed. End it with :::.' });
      break;
    }
    index = end;
  }
  endProse();
  return blocks;
}

function fileOf(dir: string, id: string, locale: Locale): string {
  return join(dir, 'concepts', id, `${locale}.md`);
}

function shownPath(file: string): string {
  return relative(process.cwd(), file) || file;
}
