import { describe, expect, it } from 'vitest';
import { EMPTY_MEMORY } from '../../../grader/src/checks/verdict.ts';
import { checkOf, lookAt, recordsOf, snapshotOf, stepOf, topicOf, verdictOf } from './scenes.ts';

const snapshot = snapshotOf({
  topics: { meals: topicOf({ partitions: 3, ends: [2, 1, 1] }) },
  records: { meals: recordsOf('0:kim=tea', '0:lee=black  coffee', '1:=안녕', '2:=안녕') },
});

describe('a question is answered from the cluster', () => {
  it.each<[string, object | string | number, string, 'passed' | 'notYet']>([
    ['leader', { leaderOf: { topic: 'meals', partition: 1 } }, '2', 'passed'],
    [
      'leader, with a word beside the number',
      { leaderOf: { topic: 'meals', partition: 1 } },
      '브로커 2번',
      'passed',
    ],
    ['leader, several numbers', { leaderOf: { topic: 'meals', partition: 1 } }, '1 2 3', 'notYet'],
    ['leader, wrong', { leaderOf: { topic: 'meals', partition: 1 } }, '1', 'notYet'],
    ['no such topic', { leaderOf: { topic: 'none', partition: 1 } }, '1', 'notYet'],
    ['partition of a key', { partitionOfKey: { topic: 'meals', key: 'kim' } }, '0', 'passed'],
    [
      'partition of a key that is not there',
      { partitionOfKey: { topic: 'meals', key: 'park' } },
      '0',
      'notYet',
    ],
    [
      'partition of a value sent twice, one',
      { partitionOfValue: { topic: 'meals', value: '안녕' } },
      '1',
      'passed',
    ],
    [
      'partition of a value sent twice, other',
      { partitionOfValue: { topic: 'meals', value: '안녕' } },
      '2',
      'passed',
    ],
    [
      'partition of a value sent twice, neither',
      { partitionOfValue: { topic: 'meals', value: '안녕' } },
      '0',
      'notYet',
    ],
    ['value at', { valueAt: { topic: 'meals', partition: 0, offset: 1 } }, ' Black coffee ', 'passed'],
    [
      'value at, beside a key',
      { valueAt: { topic: 'meals', partitionOfKey: 'kim', offset: 1 } },
      'black coffee',
      'passed',
    ],
    [
      'value at, the key instead',
      { valueAt: { topic: 'meals', partitionOfKey: 'kim', offset: 1 } },
      'lee',
      'notYet',
    ],
    ['end offset', { endOffsetOf: { topic: 'meals', partition: 0 } }, '2', 'passed'],
    ['a text of the lab', 'yes', 'Yes', 'passed'],
    ['a number of the lab', 3, '3', 'passed'],
    ['a number that only begins so', 3, '30', 'notYet'],
  ])('%s', (_name, answer, given, state) => {
    const verdict = verdictOf(
      { kind: 'quiz', form: 'answer', answer },
      { snapshot, evidence: { answers: { check: given } } },
    );
    expect(verdict.state).toBe(state);
  });

  it('waits for an answer', () => {
    expect(verdictOf({ kind: 'quiz', form: 'answer', answer: 1 }, {}).message.en).toBe(
      'Give the answer you found.',
    );
  });
});

describe('a prediction', () => {
  const predict = checkOf({
    id: 'guess',
    kind: 'quiz',
    form: 'predict',
    choices: ['a', 'b'],
    answer: 'a',
    before: 'fact',
  });
  const fact = checkOf({ id: 'fact', kind: 'topic', topic: 'orders' });
  const step = stepOf(predict, fact);
  const before = snapshotOf({});
  const after = snapshotOf({ topics: { orders: topicOf() } });

  it('passes whatever it says, when it is in before the fact', () => {
    const first = lookAt(step, { snapshot: before, evidence: { answers: { guess: 'b' } } });
    expect(first.verdicts[0]).toMatchObject({ state: 'passed', points: 10 });
    const second = lookAt(step, {
      snapshot: after,
      evidence: { answers: { guess: 'b' } },
      memory: first.memory,
    });
    expect(second.passed).toBe(true);
    expect(second.verdicts[0]?.points).toBe(10);
  });

  it('earns nothing after the fact, but does not stand in the way', () => {
    const first = lookAt(step, { snapshot: after });
    expect(first.verdicts.map(({ state }) => state)).toEqual(['notYet', 'passed']);
    const second = lookAt(step, {
      snapshot: after,
      evidence: { answers: { guess: 'a' } },
      memory: first.memory,
    });
    expect(second.passed).toBe(true);
    expect(second.verdicts[0]).toMatchObject({ state: 'passed', points: 0 });
    expect(second.verdicts[0]?.message.en).toContain('Predict first next time');
  });

  it('is on time when the same look shows answer and fact', () => {
    const only = lookAt(step, {
      snapshot: after,
      evidence: { answers: { guess: 'a' } },
      memory: EMPTY_MEMORY,
    });
    expect(only.verdicts[0]?.points).toBe(10);
  });

  it('tells how it turned out once the fact is there, even at the same look', () => {
    const messages = ['a', 'b'].map(
      (guess) => lookAt(step, { snapshot: after, evidence: { answers: { guess } } }).verdicts[0]?.message.en,
    );
    expect(messages[0]).toContain('as you predicted');
    expect(messages[1]).toContain('otherwise');
  });

  it('does not tell which choice is right before the fact', () => {
    const messages = ['a', 'b'].map(
      (guess) => lookAt(step, { snapshot: before, evidence: { answers: { guess } } }).verdicts[0]?.message,
    );
    expect(messages[0]).toEqual(messages[1]);
  });
});
