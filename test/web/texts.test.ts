import { describe, expect, it } from 'vitest';
import { en } from '../../web/ui/texts/en.ts';
import { ko } from '../../web/ui/texts/ko.ts';

type Words = { readonly [key: string]: string | Words };

function flatten(words: Words, prefix = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${prefix}${key}`, value]] : flatten(value, `${prefix}${key}.`),
  );
}

const korean = new Map(flatten(ko));
const english = new Map(flatten(en));
const places = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort();

describe('the words of the page', () => {
  it('exist in both languages, none of them empty', () => {
    expect([...english.keys()].sort()).toEqual([...korean.keys()].sort());
    for (const [key, text] of [...korean, ...english]) expect(text.trim(), key).not.toBe('');
  });

  it('fill in the same values in both languages', () => {
    for (const [key, text] of korean) expect(places(english.get(key) ?? ''), key).toEqual(places(text));
  });

  it('keep to the words of the course', () => {
    const refused =
      /단순히|그냥|쉽게|메세지|옵셋|리플리카|스텝|체크(?!포인트)|소비자|생산자|리밸런싱|교육생|트레이니|밸류|(?<!부트스트)랩(?!톱)|잘못 입력|하십시오/;
    for (const [key, text] of korean) expect(refused.exec(text)?.[0], `${key}: ${text}`).toBeUndefined();
  });

  it('have no Korean left in English', () => {
    for (const [key, text] of english) {
      if (key !== 'app.languageOther') expect(/[가-힣]/.test(text), `${key}: ${text}`).toBe(false);
    }
  });
});
