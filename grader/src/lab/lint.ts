/** What a lab that can be read may still get wrong: words, length, hints, particles. */
import { lintLines } from './lint-lines.ts';
import { lintProof } from './lint-proof.ts';
import type { LabSource } from './load.ts';
import type { ParsedText } from './markdown.ts';
import type { Problem } from './problem.ts';
import type { Locale, StepText } from './schema.ts';
import { LOCALES } from './schema.ts';
import { HINTS_WANTED, WORDS_BEFORE_DOING } from './words.ts';

export function lintLab(source: LabSource): Problem[] {
  // What was written elsewhere keeps its shape.
  const isOwn = (source.yaml.data as { origin?: unknown }).origin === undefined;
  return LOCALES.flatMap((locale) => {
    const parsed = source.texts[locale];
    const steps = isOwn ? lintSteps(parsed, locale) : [];
    return [...lintLines(parsed.file, source.raw[locale], locale), ...steps];
  })
    .concat(lintProof(source))
    .sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
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
