import { describe, expect, it } from 'vitest';
import { neededObservations } from '../../../grader/src/checks/needs.ts';
import { beginStepAgain } from '../../../grader/src/checks/verdict.ts';
import { checkOf, labOf, lookAt, snapshotOf, stepOf, topicOf, UNREACHABLE } from './scenes.ts';

const there = snapshotOf({ topics: { orders: topicOf() } });
const gone = snapshotOf({});
const exists = (expectation: string, id = 'exists') =>
  checkOf({ id, kind: 'topic', topic: 'orders', expect: expectation });

describe('now', () => {
  it('passes while it holds, and only then; the step stays passed', () => {
    const step = stepOf(exists('now'));
    const first = lookAt(step, { snapshot: there });
    expect(first.passed).toBe(true);
    const second = lookAt(step, { snapshot: gone, memory: first.memory });
    expect(second.verdicts[0]?.state).toBe('notYet');
    expect(second.passed).toBe(true);
  });

  it('must hold for all checks at the same look', () => {
    const step = stepOf(exists('now'), checkOf({ id: 'other', kind: 'topic', topic: 'clicks' }));
    const first = lookAt(step, { snapshot: there });
    const second = lookAt(step, {
      snapshot: snapshotOf({ topics: { clicks: topicOf() } }),
      memory: first.memory,
    });
    expect(second.passed).toBe(false);
  });
});

describe('once', () => {
  it('passes from the first look at which it held', () => {
    const step = stepOf(exists('once'), checkOf({ id: 'other', kind: 'topic', topic: 'clicks' }));
    const first = lookAt(step, { snapshot: there });
    const second = lookAt(step, { snapshot: gone, memory: first.memory });
    expect(second.verdicts[0]).toMatchObject({ state: 'passed', points: 10 });
    expect(second.verdicts[0]?.message.en).toBe('You did this during the step.');
  });

  it('does not count what another step saw', () => {
    const memory = lookAt({ ...stepOf(exists('once')), id: 'earlier' }, { snapshot: there }).memory;
    expect(lookAt(stepOf(exists('once')), { snapshot: gone, memory }).passed).toBe(false);
  });
});

describe('never', () => {
  const step = stepOf(exists('never'), checkOf({ id: 'done', kind: 'topic', topic: 'clicks' }));
  const done = snapshotOf({ topics: { clicks: topicOf() } });

  it('passes only with the rest of its step, so that nothing passes untouched', () => {
    const first = lookAt(step, { snapshot: gone });
    expect(first.verdicts[0]).toMatchObject({ state: 'notYet', points: 0 });
    expect(first.verdicts[0]?.message.en).toBe('So far, so good.');
    const second = lookAt(step, { snapshot: done, memory: first.memory });
    expect(second.passed).toBe(true);
    expect(second.verdicts[0]).toMatchObject({ state: 'passed', points: 10 });
  });

  it('does not forget', () => {
    const first = lookAt(step, { snapshot: there });
    const second = lookAt(step, { snapshot: done, memory: first.memory });
    expect(second.passed).toBe(false);
    expect(second.verdicts[0]?.message.en).toContain('What must not happen has happened.');
  });

  it('counts anew once the step was put back, which no other step notices', () => {
    const first = lookAt(step, { snapshot: there });
    const elsewhere = beginStepAgain(first.memory, 'another');
    expect(lookAt(step, { snapshot: done, memory: elsewhere }).passed).toBe(false);
    const again = beginStepAgain(first.memory, step.id);
    expect(lookAt(step, { snapshot: done, memory: again }).passed).toBe(true);
    const broken = lookAt(step, { snapshot: there, memory: again });
    expect(lookAt(step, { snapshot: done, memory: broken.memory }).passed).toBe(false);
  });
});

describe('deleted', () => {
  const step = stepOf(checkOf({ kind: 'topic', topic: 'orders', deleted: true }));

  it('tells a deleted topic from one never made', () => {
    const never = lookAt(step, { snapshot: gone });
    expect(never.passed).toBe(false);
    expect(never.verdicts[0]?.message.ko).toContain('아직 만들어진 적이 없어요');
    const still = lookAt(step, { snapshot: there });
    expect(still.verdicts[0]?.message.en).toContain('is still there');
    expect(lookAt(step, { snapshot: gone, memory: still.memory }).passed).toBe(true);
  });

  it('remembers what an earlier step saw', () => {
    const memory = lookAt({ ...stepOf(exists('now')), id: 'earlier' }, { snapshot: there }).memory;
    expect(lookAt(step, { snapshot: gone, memory }).passed).toBe(true);
  });
});

describe('a cluster that does not answer', () => {
  it("is never the trainee's fault, and takes nothing back", () => {
    const step = stepOf(
      exists('once'),
      checkOf({ id: 'now', kind: 'topic', topic: 'orders', partitions: 2 }),
    );
    const first = lookAt(step, { snapshot: there });
    const second = lookAt(step, { snapshot: UNREACHABLE, memory: first.memory });
    expect(second.verdicts.map(({ state }) => state)).toEqual(['passed', 'brokenCheck']);
    expect(second.verdicts[1]?.message.ko).toContain('클러스터가 답하지 않아서');
  });
});

describe('evaluation', () => {
  it('is a function of what it is given: memory survives a trip through JSON', () => {
    const step = stepOf(exists('once'), checkOf({ id: 'other', kind: 'topic', topic: 'clicks' }));
    const first = lookAt(step, { snapshot: there });
    const memory = JSON.parse(JSON.stringify(first.memory));
    expect(lookAt(step, { snapshot: gone, memory })).toEqual(
      lookAt(step, { snapshot: gone, memory: first.memory }),
    );
    expect(JSON.parse(JSON.stringify(first))).toEqual(first);
  });
});

describe('several clusters', () => {
  const step = stepOf(
    checkOf({ id: 'there', kind: 'topic', cluster: 'spare', topic: 'orders' }),
    checkOf({ id: 'counted', kind: 'quiz', form: 'answer', answer: 7 }),
  );
  const spare = { id: 'spare', brokers: 1, firstPort: 9192, configs: {} };

  it('are asked only when the step is about them, since another may be down', () => {
    const lab = { ...labOf(step), clusters: [...labOf(step).clusters, spare] };
    expect(Object.keys(neededObservations(lab, step))).toEqual(['spare']);
    const withNeed = { ...step, needs: [{ topic: 'orders', cluster: 'main' }] };
    expect(Object.keys(neededObservations(lab, withNeed))).toEqual(['main', 'spare']);
  });

  it('may be down while an answer that stands in none of them is judged', () => {
    const { verdicts } = lookAt(step, { snapshot: UNREACHABLE, evidence: { answers: { counted: '7' } } });
    expect(verdicts.map(({ state }) => state)).toEqual(['brokenCheck', 'passed']);
  });
});
