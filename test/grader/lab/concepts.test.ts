/** Concept pages: what is read, and what is told of a page that is wrong. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lintConcept, readConcepts } from '../../../grader/src/lab/concepts.ts';

const root = mkdtempSync(join(tmpdir(), 'concepts-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const KO =
  '# 토픽\n레코드를 담아요.\n\n글이에요.\n\n:::figure topic\n파티션들이에요.\n:::\n\n## 더\n\n끝이에요.\n';
const EN =
  '# Topic\nIt holds records.\n\nText.\n\n:::figure topic\nIts partitions.\n:::\n\n## More\n\nThe end.\n';

let count = 0;
function read(ko: string | null, en: string) {
  const dir = join(root, `course-${count++}`);
  mkdirSync(join(dir, 'concepts/topic'), { recursive: true });
  if (ko !== null) writeFileSync(join(dir, 'concepts/topic/ko.md'), ko);
  writeFileSync(join(dir, 'concepts/topic/en.md'), en);
  const { concepts, problems } = readConcepts(dir, ['topic']);
  const linted = concepts.flatMap((concept) => lintConcept(dir, concept));
  const told = [...problems, ...linted].map(
    ({ file, line, message }) => `${file.split('/').at(-1)}:${line} ${message}`,
  );
  return { concept: concepts[0], told };
}

it('is a title, a summary, prose and figures, the same figures in both languages', () => {
  const { concept, told } = read(KO, EN);
  expect(told).toEqual([]);
  expect(concept?.text.en).toEqual({
    title: 'Topic',
    summary: 'It holds records.',
    blocks: [
      { kind: 'prose', markdown: 'Text.' },
      { kind: 'figure', figure: 'topic', name: null, caption: 'Its partitions.' },
      { kind: 'prose', markdown: '## More\n\nThe end.' },
    ],
  });
});

describe('is told', () => {
  it.each<[ko: string | null, en: string, told: RegExp]>([
    [null, EN, /^ko\.md:1 There is no such file\. Write it, or take topic out/],
    [KO, EN.replace('# Topic', 'Topic'), /^en\.md:1 The page must begin with its title/],
    [KO, '# Topic\n\nText.', /^en\.md:2 The page has no summary/],
    [
      KO,
      EN.replace('figure topic', 'figure topics'),
      /^en\.md:6 :::figure topics is not known\. Write :::figure with brokers, topic, log, group/,
    ],
    [KO, EN.replace('Its partitions.', ''), /^en\.md:6 This figure has no caption/],
    [KO, EN.slice(0, EN.indexOf('\n:::\n\n##')), /^en\.md:6 This figure is never closed/],
    [KO, EN.replace('figure topic', 'figure group'), /^en\.md:1 The figures are group, but topic in ko\.md/],
    [KO.replace('글이에요', '그냥 글이에요'), EN, /^ko\.md:4 "그냥" is not a word of the course/],
    [KO, EN.replace('Text.', '[Text](/concepts/topics).'), /^en\.md:4 The link leads to the concept topics/],
    [KO, EN.replace('Text.', 'word '.repeat(401)), /^en\.md:1 This page has 4\d\d words\. Keep it to 400/],
  ])('%#', (ko, en, told) => {
    expect(read(ko, en).told.join('\n')).toMatch(told);
  });
});
