/** What a lab that can be read may still get wrong: words, length, hints, particles. */
import { particleAfter } from './josa.ts';
import { lintProof } from './lint-proof.ts';
import type { LabSource } from './load.ts';
import type { ParsedText } from './markdown.ts';
import type { Problem } from './problem.ts';
import type { Locale, StepText } from './schema.ts';
import { LOCALES } from './schema.ts';
import { HINTS_WANTED, UNWANTED_WORDS, WORDS_BEFORE_DOING } from './words.ts';

export function lintLab(source: LabSource): Problem[] {
  return LOCALES.flatMap((locale) => {
    const parsed = source.texts[locale];
    return [...lintLines(parsed.file, source.raw[locale], locale), ...lintSteps(parsed, locale)];
  })
    .concat(lintProof(source))
    .sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}

/** Exported for the tests: the rules that a single line can break. */
export function lintLines(file: string, raw: string, locale: Locale): Problem[] {
  const problems: Problem[] = [];
  let fenced = false;
  for (const [index, line] of raw.split(/\r?\n/).entries()) {
    if (line.startsWith('```')) {
      fenced = !fenced;
      continue;
    }
    if (fenced) continue;
    for (const message of lintLine(line, locale)) problems.push({ file, line: index + 1, message });
  }
  return problems;
}

function lintLine(line: string, locale: Locale): string[] {
  const prose = line.replace(/`[^`]*`/g, '`').replace(/\{\{[^}]*\}\}/g, '');
  const words = UNWANTED_WORDS.filter((word) => word.locale === locale).flatMap(({ pattern, instead }) => {
    const found = pattern.exec(prose)?.[0];
    return found === undefined ? [] : [`"${found}" is not a word of the course. Write ${instead}.`];
  });
  if (locale === 'en') {
    const hangul = /[가-힣]+/u.exec(prose)?.[0];
    return hangul === undefined ? words : [...words, `"${hangul}" is Korean. This is the English text.`];
  }
  return [...words, ...lintParticles(line)];
}

const PARTICLE = '(이에요|예요|이어야|여야|으로|을|를|이|가|은|는|과|와|로)(?![가-힣])';
const AFTER_CODE = new RegExp(`\`([^\`{}]+)\`${PARTICLE}`, 'gu');
const AFTER_TEMPLATE = new RegExp(`(\\{\\{[A-Za-z0-9]+\\}\\})\`?${PARTICLE}`, 'gu');

function lintParticles(line: string): string[] {
  const problems: string[] = [];
  for (const [, word = '', particle = ''] of line.matchAll(AFTER_CODE)) {
    if (!/[\p{L}\p{N}]/u.test(word)) continue;
    const fitting = particleAfter(word, particle);
    if (fitting !== particle)
      problems.push(`\`${word}\`${particle} is read \`${word}\`${fitting}. Change the particle.`);
  }
  for (const [, template = '', particle = ''] of line.matchAll(AFTER_TEMPLATE)) {
    const name = template.slice(2, -2);
    problems.push(
      `${template} is followed by ${particle}, which may not fit its value. Write {{${name}|${particle}}}.`,
    );
  }
  return problems;
}

function lintSteps({ file, text, lines }: ParsedText, locale: Locale): Problem[] {
  return Object.entries(text.steps).flatMap(([id, step]) => {
    const problems: Problem[] = [];
    const tell = (message: string) => problems.push({ file, line: lines[id] ?? 1, message });
    const words = wordsBeforeDoing(step);
    const most = WORDS_BEFORE_DOING[locale];
    if (words > most)
      tell(`The step ${id} has ${words} words before the first thing to do. Keep it to ${most}.`);
    if (step.hints.length !== HINTS_WANTED) {
      tell(
        `The step ${id} has ${step.hints.length} hints. Write ${HINTS_WANTED}: where to look, what to use, nearly the command.`,
      );
    }
    return problems;
  });
}

export function wordsBeforeDoing(step: StepText): number {
  const first = step.blocks.findIndex((block) => block.kind === 'command' || block.kind === 'quiz');
  const before = first < 0 ? step.blocks : step.blocks.slice(0, first);
  return before
    .flatMap((block) => (block.kind === 'prose' || block.kind === 'note' ? block.markdown.split(/\s+/) : []))
    .filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
