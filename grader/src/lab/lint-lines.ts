/** The rules that a single line can break: words of the course, particles, languages. */
import { particleAfter } from './josa.ts';
import type { Problem } from './problem.ts';
import type { Locale } from './schema.ts';
import { UNWANTED_WORDS } from './words.ts';

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
