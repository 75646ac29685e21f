import { describe, expect, it } from 'vitest';
import { isParticle, withParticle } from '../../../grader/src/lab/josa.ts';

describe('a particle follows the spoken form of what stands before it', () => {
  it.each([
    // Words of the course, as WORDS has them.
    ['orders', '을', 'orders를'],
    ['test', '을', 'test를'],
    ['key', '이', 'key가'],
    ['topic', '을', 'topic을'],
    ['broker', '은', 'broker는'],
    ['partition', '이', 'partition이'],
    ['offset', '을', 'offset을'],
    ['lag', '이', 'lag이'],
    ['null', '이에요', 'null이에요'],
    // Values that the labs draw.
    ['payments', '이', 'payments가'],
    ['deliveries', '을', 'deliveries를'],
    ['bookings', '은', 'bookings는'],
    ['coupons', '을', 'coupons를'],
    ['clicks', '이', 'clicks가'],
    ['chat', '을', 'chat을'],
    ['meals', '을', 'meals를'],
    ['kim', '이', 'kim이'],
    ['lee', '이', 'lee가'],
    ['park', '을', 'park을'],
    ['choi', '을', 'choi를'],
    ['jung', '은', 'jung은'],
    ['han', '으로', 'han으로'],
    ['yoon', '과', 'yoon과'],
    ['lim', '와', 'lim과'],
    ['seoul', '으로', 'seoul로'],
    ['busan', '으로', 'busan으로'],
    ['reader', '으로', 'reader로'],
    ['alarm', '으로', 'alarm으로'],
    ['screen', '이', 'screen이'],
    ['archive', '이', 'archive가'],
    // Endings.
    ['file', '을', 'file을'],
    ['name', '이', 'name이'],
    ['type', '을', 'type을'],
    ['web', '을', 'web을'],
    ['book', '을', 'book을'],
    ['message', '를', 'message를'],
    ['batch', '을', 'batch를'],
    ['retention.ms', '이', 'retention.ms가'],
    // Letters read one by one, and words in capitals.
    ['ISR', '이', 'ISR이'],
    ['DLQ', '을', 'DLQ를'],
    ['CURRENT-OFFSET', '이', 'CURRENT-OFFSET이'],
    // Hangul.
    ['토픽', '를', '토픽을'],
    ['브로커', '을', '브로커를'],
    ['서울', '으로', '서울로'],
    ['3개', '이', '3개가'],
    ['2시간', '이에요', '2시간이에요'],
    ['3.6초', '이에요', '3.6초예요'],
    // What follows the word is not spoken.
    ['--describe', '을', '--describe를'],
    ['orders.', '을', 'orders.를'],
  ])('%s + %s is %s', (before, particle, expected) => {
    expect(withParticle(before, particle)).toBe(expected);
  });

  it.each([
    [0, '영', '이'],
    [1, '일', '이'],
    [2, '이', '가'],
    [3, '삼', '이'],
    [4, '사', '가'],
    [5, '오', '가'],
    [6, '육', '이'],
    [7, '칠', '이'],
    [8, '팔', '이'],
    [9, '구', '가'],
    [10, '십', '이'],
    [3_600_000, '만', '이'],
  ])('%i is read %s and takes %s', (number, _read, particle) => {
    expect(withParticle(number, '이')).toBe(`${number}${particle}`);
  });

  it('takes 로 after a final ㄹ, as after a vowel', () => {
    expect([1, 3, 7, 10].map((number) => withParticle(number, '으로'))).toEqual([
      '1로',
      '3으로',
      '7로',
      '10으로',
    ]);
  });

  it('knows which words are particles', () => {
    expect(['을', '예요', '여야', '에서', 'number'].map(isParticle)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
