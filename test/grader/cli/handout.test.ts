/** `labs handout`: the whole course on paper, in one file, without the answers. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inlineHtml, markdownHtml } from '../../../grader/src/cli/handout-markdown.ts';
import { drawLab, loadCourse } from '../../../grader/src/lab/load.ts';
import { ROOT, runLabs } from './run-labs.ts';

const folder = mkdtempSync(join(tmpdir(), 'handout-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const course = loadCourse(join(ROOT, 'labs'));

describe.each(['ko', 'en'] as const)('the handout in %s', (locale) => {
  it('has every lab, step and concept, needs nothing else, and gives no answer away', async () => {
    const out = join(folder, `${locale}.html`);
    const { exitCode, stdout } = await runLabs(['handout', '--lang', locale, '--out', out]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`to ${out}`)]);
    const html = readFileSync(out, 'utf8');
    expect(html).toMatch(new RegExp(`^<!doctype html>\n<html lang="${locale}">`));
    expect(html).not.toMatch(
      /<(?:script|link|img)\b|https?:\/\/(?!localhost)|url\((?!data:font\/woff2;base64,)|\{\{/,
    );
    for (const id of course.conceptIds) expect(html).toContain(`id="concept-${id}"`);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
    for (const source of course.labs) {
      const lab = drawLab(source, 'handout');
      expect(html).toContain(`id="lab-${lab.id}"`);
      for (const step of lab.steps) {
        const text = lab.text[locale].steps[step.id]!;
        expect(html).toContain(inlineHtml(text.title));
        expect(html).not.toContain(markdownHtml(text.solution));
        for (const hint of text.hints) expect(html).not.toContain(markdownHtml(hint));
        for (const { question, explanation } of Object.values(text.quizzes)) {
          expect(html).toContain(markdownHtml(question));
          expect(html).not.toContain(markdownHtml(explanation));
        }
      }
    }
  });
});

it.each([
  [['handout'], 'Say which language'],
  [['handout', '--lang', 'fr', '--out', 'x.html'], 'Say which language'],
  [['handout', '--lang', 'ko'], 'Say where to write it'],
  [['handout', '--lang', 'ko', '--out', '/nowhere/at/all.html'], 'cannot be written'],
])('%j is refused in one sentence', async (args, told) => {
  const { exitCode, stderr } = await runLabs(args);
  expect(exitCode).toBe(2);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain(told);
});

describe('Markdown on paper', () => {
  it.each([
    ['a **b** `c < **d**` *e*', '<p>a <strong>b</strong> <code>c &lt; **d**</code> <em>e</em></p>'],
    ['<img src=x onerror=y>', '<p>&lt;img src=x onerror=y&gt;</p>'],
    ['[x](/concepts/topic) [y](javascript:z)', '<p><a href="#concept-topic">x</a> y</p>'],
    ['- a\n- b\n  c', '<ul><li>a</li><li>b c</li></ul>'],
    ['1. a\n2. b', '<ol><li>a</li><li>b</li></ol>'],
    [
      '| a | b |\n|---|---|\n| `c` | d |',
      '<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td><code>c</code></td><td>d</td></tr></tbody></table>',
    ],
    ['## a', '<h4>a</h4>'],
    ['> a', '<blockquote><p>a</p></blockquote>'],
    ['```\n<a>\n```', '<pre><code>&lt;a&gt;</code></pre>'],
  ])('%j', (markdown, html) => {
    expect(markdownHtml(markdown)).toBe(html);
  });
});
