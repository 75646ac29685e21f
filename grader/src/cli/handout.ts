/**
 * `labs handout --lang ko --out FILE.html`: the whole course as one printable page in one language: every lab's steps and
 * every concept, without answers, hints' last degree or solutions. One file that needs nothing else.
 */
import { writeFileSync } from 'node:fs';
import type { Concept } from '../lab/concepts.ts';
import { readConcepts } from '../lab/concepts.ts';
import { drawLab, loadCourse } from '../lab/load.ts';
import { LabError } from '../lab/problem.ts';
import type { Block, Lab, Locale, Localized, Step } from '../lab/schema.ts';
import { embeddedFonts } from './handout-fonts.ts';
import { escapeHtml, inlineHtml, markdownHtml } from './handout-markdown.ts';
import { HANDOUT_STYLE } from './handout-style.ts';
import type { Surroundings } from './surroundings.ts';
import type { Call } from './usage.ts';
import { UsageError } from './usage.ts';

/** On paper everybody has the same numbers. */
const SEED = 'handout';

export function runHandout({ options }: Call, { labs: dir, root, print }: Surroundings): number {
  const { lang, out } = options;
  if (lang !== 'ko' && lang !== 'en') throw new UsageError('Say which language: --lang ko or --lang en.');
  if (out === undefined) throw new UsageError('Say where to write it: --out FILE.html.');
  const course = loadCourse(dir);
  const labs = course.labs.map((source) => drawLab(source, SEED));
  const { concepts, problems } = readConcepts(dir, course.conceptIds);
  if (problems.length > 0) throw new LabError(problems);
  const page = handout({ title: course.title, labs, concepts }, lang);
  const html = page.replace('<style>', () => `<style>\n${embeddedFonts(root, page)}`);
  try {
    writeFileSync(out, html);
  } catch (cause) {
    throw new UsageError(`${out} cannot be written: ${(cause as Error).message}. Give --out another file.`);
  }
  print(`Wrote ${labs.length} labs and ${concepts.length} concepts to ${out}. Print it from a browser.`);
  return 0;
}

const WORDS = {
  concepts: { ko: '개념', en: 'Concepts' },
  labs: { ko: '실습', en: 'Labs' },
  contents: { ko: '차례', en: 'Contents' },
  minutes: { ko: '분', en: 'min' },
  step: { ko: '단계', en: 'Step' },
  checks: { ko: '확인', en: 'Checks' },
  question: { ko: '질문', en: 'Question' },
  answer: { ko: '내 답', en: 'My answer' },
  look: { ko: '화면에서 보기', en: 'See on the screen' },
  realLife: { ko: '실제로 생기는 문제', en: 'What goes wrong in real life' },
  summary: { ko: '정리', en: 'Summary' },
  note: {
    ko: '이름과 숫자는 사람마다 달라요. 화면에 나온 것을 쓰세요.',
    en: 'Names and numbers differ from person to person: use those on your screen.',
  },
  terminal: { ko: '터미널', en: 'terminal' },
} as const satisfies Record<string, Localized>;

interface Contents {
  readonly title: Localized;
  readonly labs: readonly Lab[];
  readonly concepts: readonly Concept[];
}

function handout({ title, labs, concepts }: Contents, locale: Locale): string {
  const word = (name: keyof typeof WORDS) => WORDS[name][locale];
  const contents = [
    `<h2>${word('contents')}</h2>`,
    `<h3>${word('concepts')}</h3><ol>`,
    ...concepts.map(
      ({ id, text }) => `<li><a href="#concept-${id}">${inlineHtml(text[locale].title)}</a></li>`,
    ),
    `</ol><h3>${word('labs')}</h3><ol>`,
    ...labs.map(({ id, text }) => `<li><a href="#lab-${id}">${inlineHtml(text[locale].title)}</a></li>`),
    '</ol>',
  ].join('\n');
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title[locale])}</title>
<style>${HANDOUT_STYLE}</style>
</head>
<body>
<header><h1>${escapeHtml(title[locale])}</h1><p>${word('note')}</p></header>
<nav>${contents}</nav>
<main>
${concepts.map((concept) => conceptHtml(concept, locale)).join('\n')}
${labs.map((lab, index) => labHtml(lab, { number: index + 1, locale, concepts })).join('\n')}
</main>
</body>
</html>
`;
}

function conceptHtml({ id, text }: Concept, locale: Locale): string {
  const { title, summary, blocks } = text[locale];
  const body = blocks.map((block) =>
    block.kind === 'figure' ? figureHtml(block.caption, locale) : markdownHtml(block.markdown),
  );
  return `<article id="concept-${id}"><p class="kind">${WORDS.concepts[locale]}</p><h2>${inlineHtml(title)}</h2>
<p class="summary">${inlineHtml(summary)}</p>
${body.join('\n')}
</article>`;
}

function figureHtml(caption: string, locale: Locale): string {
  return `<p class="figure"><b>${WORDS.look[locale]}</b> ${inlineHtml(caption)}</p>`;
}

interface Place {
  readonly number: number;
  readonly locale: Locale;
  readonly concepts: readonly Concept[];
}

function labHtml(lab: Lab, { number, locale, concepts }: Place): string {
  const { title, summary, realLife, summaryCard } = lab.text[locale];
  const steps = lab.steps.map((step, index) => stepHtml(lab, step, { number: index + 1, locale, concepts }));
  const closing = [
    ...(realLife === '' ? [] : [`<h3>${WORDS.realLife[locale]}</h3>`, markdownHtml(realLife)]),
    ...(summaryCard === '' ? [] : [`<h3>${WORDS.summary[locale]}</h3>`, markdownHtml(summaryCard)]),
  ];
  return `<article id="lab-${lab.id}" class="lab"><p class="kind">${WORDS.labs[locale]} ${number} · ${lab.minutes} ${WORDS.minutes[locale]}</p>
<h2>${inlineHtml(title)}</h2>
<p class="summary">${inlineHtml(summary)}</p>
${steps.join('\n')}
${closing.join('\n')}
</article>`;
}

function stepHtml(lab: Lab, step: Step, { number, locale, concepts }: Place): string {
  const text = lab.text[locale].steps[step.id];
  if (text === undefined) return '';
  const links = concepts
    .filter(({ id }) => step.concepts.includes(id))
    .map(({ id, text: concept }) => `<a href="#concept-${id}">${inlineHtml(concept[locale].title)}</a>`);
  const checks = step.checks
    .filter(({ kind }) => kind !== 'quiz')
    .map(({ id }) => `<li>${inlineHtml(text.checks[id] ?? id)}</li>`);
  return `<section><h3><span>${WORDS.step[locale]} ${number}</span> ${inlineHtml(text.title)}</h3>
${links.length === 0 ? '' : `<p class="links">${WORDS.concepts[locale]}: ${links.join(', ')}</p>`}
${text.blocks.map((block) => blockHtml(block, text.quizzes, locale)).join('\n')}
${checks.length === 0 ? '' : `<ul class="checks" aria-label="${WORDS.checks[locale]}">${checks.join('')}</ul>`}
</section>`;
}

function blockHtml(
  block: Block,
  quizzes: Lab['text']['ko']['steps'][string]['quizzes'],
  locale: Locale,
): string {
  switch (block.kind) {
    case 'prose':
      return markdownHtml(block.markdown);
    case 'note':
      return `<aside>${markdownHtml(block.markdown)}</aside>`;
    case 'command': {
      const where =
        block.terminal === 1 ? '' : `<p class="where">${WORDS.terminal[locale]} ${block.terminal}</p>`;
      return `${where}<pre class="command"><code>${escapeHtml(block.command)}</code></pre>`;
    }
    case 'output':
      return `<pre><code>${escapeHtml(block.text)}</code></pre>`;
    case 'figure':
      return figureHtml(block.caption, locale);
    case 'quiz':
      return quizHtml(quizzes[block.check], locale);
  }
}

/** The question and its choices; what is right stands on the screen only. */
function quizHtml(
  quiz: Lab['text']['ko']['steps'][string]['quizzes'][string] | undefined,
  locale: Locale,
): string {
  if (quiz === undefined) return '';
  const choices = quiz.choices.map(({ text }) => `<li>${inlineHtml(text)}</li>`).join('');
  const answer =
    choices === '' ? `<p class="answer">${WORDS.answer[locale]}</p>` : `<ul class="choices">${choices}</ul>`;
  return `<div class="quiz"><p class="kind">${WORDS.question[locale]}</p>${markdownHtml(quiz.question)}${answer}</div>`;
}
