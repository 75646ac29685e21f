/**
 * Korean particles by the spoken form of what stands before them: `orders`를, `coupon`을, 3개가, 10으로.
 * Latin words are read the way Koreans read them aloud (order → 오더, topic → 토픽, file → 파일), by rules on the
 * ending with a list of words that break them. Course words are held by a table in the tests.
 */

/** After a final consonant, after a vowel. 으로/로 also takes the vowel form after ㄹ. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['을', '를'],
  ['이', '가'],
  ['은', '는'],
  ['과', '와'],
  ['으로', '로'],
  ['이에요', '예요'],
  ['이어야', '여야'],
  ['이라는', '라는'],
  ['이라고', '라고'],
  ['이나', '나'],
  ['이고', '고'],
  ['아', '야'],
];

const FORMS = new Map(PAIRS.flatMap((pair) => pair.map((form) => [form, pair] as const)));

export type Ending = 'vowel' | 'consonant' | 'rieul';

export function isParticle(text: string): boolean {
  return FORMS.has(text);
}

/** The form of the particle (either form may be given) that fits after `before`. */
export function particleAfter(before: string, particle: string): string {
  const pair = FORMS.get(particle);
  if (pair === undefined) throw new Error(`${particle} is not a particle this knows.`);
  const ending = spokenEnding(before);
  const consonant = pair[0] === '으로' ? ending === 'consonant' : ending !== 'vowel';
  return consonant ? pair[0] : pair[1];
}

export function withParticle(before: string | number, particle: string): string {
  return `${before}${particleAfter(String(before), particle)}`;
}

export function spokenEnding(text: string): Ending {
  const spoken = text.replace(/[^\p{L}\p{N}]+$/u, '');
  const last = spoken.at(-1);
  if (last === undefined) return 'vowel';
  if (last >= '가' && last <= '힣') return hangulEnding(last);
  if (last >= '0' && last <= '9') return DIGITS[Number(last)] ?? 'vowel';
  const word = /[A-Za-z]+$/.exec(spoken)?.[0];
  return word === undefined ? 'vowel' : latinEnding(word);
}

function hangulEnding(syllable: string): Ending {
  const final = (syllable.charCodeAt(0) - 0xac00) % 28;
  if (final === 0) return 'vowel';
  return final === 8 ? 'rieul' : 'consonant';
}

/** 영 일 이 삼 사 오 육 칠 팔 구; round numbers end in 십, 백, 천, 만, which go like 영. */
const DIGITS: readonly Ending[] = [
  'consonant',
  'rieul',
  'vowel',
  'consonant',
  'vowel',
  'vowel',
  'consonant',
  'rieul',
  'rieul',
  'vowel',
];

/** 엘 엠 엔 알; every other letter's name ends in a vowel. */
const LETTER_NAMES: Readonly<Record<string, Ending>> = {
  l: 'rieul',
  m: 'consonant',
  n: 'consonant',
  r: 'rieul',
};

/** Words whose Korean reading goes against the rules below. */
const READINGS: Readonly<Record<string, Ending>> = {
  hub: 'vowel',
  pub: 'consonant',
  boot: 'vowel',
  chat: 'consonant',
  group: 'consonant',
  id: 'vowel',
  null: 'rieul',
  park: 'consonant',
  cart: 'vowel',
  lag: 'consonant',
};

function latinEnding(word: string): Ending {
  const lower = word.toLowerCase();
  const reading = READINGS[lower];
  if (reading !== undefined) return reading;
  const spelledOut = !/[aeiouy]/.test(lower) || (word.length <= 3 && word === word.toUpperCase());
  if (spelledOut) return LETTER_NAMES[lower.at(-1) ?? ''] ?? 'vowel';
  return (
    CONSONANT_ENDINGS.find(([pattern]) => pattern.test(lower))?.[1] ??
    // order → 오더, record → 레코드, test → 테스트, batch → 배치, key → 키
    'vowel'
  );
}

const CONSONANT_ENDINGS: readonly (readonly [RegExp, Ending])[] = [
  [/le$|l$/, 'rieul'], // file → 파일, email → 이메일
  [/[mn]e?$/, 'consonant'], // room → 룸, name → 네임, coupon → 쿠폰, line → 라인
  [/ng$/, 'consonant'], // booking → 부킹
  [/ck$/, 'consonant'], // click → 클릭
  [/[^aeiou][aeiou][kptbc]$|^[aeiou][kptbc]$/, 'consonant'], // map → 맵, topic → 토픽, web → 웹, bot → 봇
  [/oo[kp]$/, 'consonant'], // book → 북
  [/[^aeiou][aeiouy]pe$/, 'consonant'], // type → 타입
];
