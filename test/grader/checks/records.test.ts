import { describe, expect, it } from 'vitest';
import { recordsOf, snapshotOf, topicOf, verdictOf } from './scenes.ts';

function judge(check: object, ...records: readonly string[]) {
  const snapshot = snapshotOf({
    topics: { meals: topicOf({ partitions: 3 }) },
    records: { meals: recordsOf(...records) },
  });
  return verdictOf({ kind: 'records', topic: 'meals', ...check }, { snapshot });
}

describe('a records check', () => {
  it.each<[string, object, string[], 'passed' | 'notYet', string, string]>([
    ['empty topic', {}, [], 'notYet', '아직 비어 있어요', 'is still empty'],
    ['any record', {}, ['0:=x'], 'passed', '레코드가 1개 있어요.', 'There is 1 record.'],
    [
      'too few',
      { count: { atLeast: 3 } },
      ['0:=x', '0:=y'],
      'notYet',
      '2개 있어요. 3개 이상 필요해요.',
      'There are 2 records. It needs at least 3.',
    ],
    ['too many', { count: 1 }, ['0:=x', '0:=y'], 'notYet', '하나씩 지울 수 없어요', 'cannot be taken back'],
    [
      'key and value',
      { where: { key: 'kim', value: 'tea' } },
      ['1:kim=tea'],
      'passed',
      '키가 `kim`인 값이 `tea`인',
      'with the key `kim`',
    ],
    ['a number as key', { where: { key: 1234 } }, ['1:1234=x'], 'passed', '`1234`', '`1234`'],
    [
      'key in the value',
      { where: { key: 'kim' } },
      ['1:=kim:tea'],
      'notYet',
      '키 없이 값 전체가 `kim:tea`로 들어갔어요. `parse.key=true`를 켜야',
      'only split with `parse.key=true`',
    ],
    [
      'space in the key',
      { where: { key: 'kim' } },
      ['1:kim =tea'],
      'notYet',
      '공백도 키의 일부라서',
      'Spaces are part of a key',
    ],
    [
      'key cut off',
      { where: { key: 'seoul:7' } },
      ['1:seoul=7:x'],
      'notYet',
      '키가 `seoul`에서 끊기고 값이 `7:x`가 됐어요',
      'A key was cut off at `seoul`',
    ],
    [
      'key too long',
      { where: { key: 'kim' } },
      ['1:kim:tea=1'],
      'notYet',
      '키가 `kim:tea`까지로 들어갔어요',
      'A key went in as `kim:tea`',
    ],
    [
      'another value',
      { where: { key: 'kim', value: 'tea' } },
      ['1:kim=milk'],
      'notYet',
      '키는 맞지만 값이 `milk`예요',
      'the value is `milk`',
    ],
    [
      'an empty key is not a cut one',
      { where: { key: 'kim' } },
      ['1:lee=x'],
      'notYet',
      '지금 들어 있는 레코드 1개의 예: 키 `lee`',
      'One of the 1 record there',
    ],
    [
      'keys wanted',
      { where: { keyed: true }, count: { atLeast: 2 } },
      ['1:a=x', '1:=y', '1:=z'],
      'notYet',
      '레코드 3개 가운데 2개에는 키가 없어요.',
      'Of 3 records, 2 have no key.',
    ],
    ['no keys wanted', { where: { key: null } }, ['1:a=x'], 'notYet', '1개에는 키가 있어요', '1 has a key'],
    [
      'part of a value',
      { where: { valueIncludes: '안녕' } },
      ['0:=안녕하세요'],
      'passed',
      '값에 `안녕`이 들어 있는',
      'with `안녕` in the value',
    ],
    [
      'one partition',
      { where: { key: 'kim' }, samePartition: true, count: { atLeast: 2 } },
      ['1:kim=a', '1:kim=b'],
      'passed',
      '2개가 모두 파티션 1에',
      'are in partition 1',
    ],
    [
      'spread for want of keys',
      { samePartition: true },
      ['0:kim=a', '1:=b', '2:=c', '0:kim=d'],
      'notYet',
      '레코드 4개 가운데 2개에 키가 없어서 여러 파티션에 흩어졌어요',
      '2 of 4 records have no key, so they were spread over partitions',
    ],
    [
      'spread with a key',
      { where: { key: 'kim' }, samePartition: true },
      ['0:kim=a', '1:kim=b'],
      'notYet',
      '파티션 수가 바뀌면',
      'the number of partitions changed',
    ],
    [
      'every partition',
      { where: { keyed: true }, everyPartition: true },
      ['0:a=x', '1:b=x', '2:c=x'],
      'passed',
      '모든 파티션에',
      'Every partition holds',
    ],
    [
      'not every partition',
      { where: { keyed: true }, everyPartition: true },
      ['0:a=x', '1:=x', '2:c=x'],
      'notYet',
      '파티션 1에는 키가 있는 레코드가 아직 없어요',
      'Partition 1 holds no records with a key yet',
    ],
  ])('%s', (_name, check, records, state, ko, en) => {
    const verdict = judge(check, ...records);
    expect(verdict.message.ko).toContain(ko);
    expect(verdict.message.en).toContain(en);
    expect(verdict.state).toBe(state);
  });

  it('says so when the topic is not there', () => {
    expect(verdictOf({ kind: 'records', topic: 'meals' }, {}).message.en).toContain(
      'There is no topic `meals` yet.',
    );
  });

  it('speaks of closed segments where the topic is compacted', () => {
    const snapshot = snapshotOf({
      topics: { meals: topicOf({ configs: { 'cleanup.policy': 'compact' } }) },
      records: { meals: recordsOf('0:kim=tea', '0:kim=rice') },
    });
    const check = { kind: 'records', topic: 'meals', where: { key: 'kim' }, count: 1 };
    expect(verdictOf(check, { snapshot }).message.en).toContain('Only closed segments are compacted');
  });
});
