/** Who is told to be stuck, and why. */
import { describe, expect, test } from 'vitest';
import type { Activity, NoticedCommand } from '../../server/src/classes/live/activity.ts';
import { type Situation, weigh } from '../../server/src/classes/live/stuck.ts';

const NOW = 1_000_000_000;
const MINUTE = 60_000;

function command(text: string, exitCode: number, said = ''): NoticedCommand {
  return { text, exitCode, said, at: NOW - MINUTE };
}

function situation(activity: Partial<Activity>, change: Partial<Situation> = {}): Situation {
  return {
    now: NOW,
    online: true,
    environment: 'ready',
    stepSince: NOW - 2 * MINUTE,
    planMs: 5 * MINUTE,
    checkTitle: (checkId) => ({ ko: checkId, en: checkId }),
    activity: {
      commands: [],
      last: null,
      running: new Map(),
      tries: new Map(),
      groups: [],
      lastAt: NOW - 1_000,
      stepId: 'step',
      ...activity,
    },
    ...change,
  };
}

const group = (change: object = {}) => ({
  id: 'shipping',
  members: 3,
  idleMembers: 0,
  partitions: 2,
  lag: 0,
  ...change,
});
const looks = (...samples: readonly object[]) =>
  samples.map((change, index) => ({
    at: NOW - (samples.length - 1 - index) * 10_000,
    groups: [group(change)],
  }));

const kinds = (one: Situation) => weigh(one).reasons.map(({ kind, severity }) => `${kind} ${severity}`);

describe('somebody who works', () => {
  test('is not stuck', () => {
    const commands = [command('ls', 0), command('cat x', 1), command('ls', 0)];
    expect(weigh(situation({ commands }))).toEqual({ reasons: [], weight: 0 });
  });

  test('and ends consumers with Ctrl-C has not failed', () => {
    const consumer = command('kafka-console-consumer.sh --topic a', 130);
    expect(kinds(situation({ commands: [consumer, consumer, consumer] }))).toEqual([]);
  });

  test('has nothing weighed once every step has passed', () => {
    const failing = command('x', 1);
    expect(kinds(situation({ commands: [failing, failing, failing] }, { stepSince: null }))).toEqual([]);
  });
});

describe('stuck', () => {
  test('is who gets the same error three times, whatever the spaces', () => {
    const commands = [
      command('kafka  x', 1, 'old'),
      command('kafka x ', 1),
      command('kafka x', 1, 'no topic'),
    ];
    const { reasons } = weigh(situation({ commands }));
    expect(reasons[0]).toMatchObject({ kind: 'repeatedError', severity: 'stuck' });
    expect(reasons[0]?.text.en).toBe('The same error 3 times: no topic');
  });

  test('is whose last four commands all failed', () => {
    const commands = ['a', 'b', 'c', 'd'].map((text) => command(text, 2));
    expect(kinds(situation({ commands }))).toEqual(['failingCommands stuck']);
    expect(kinds(situation({ commands: [...commands, command('e', 0)] }))).toEqual([]);
  });

  test('is whose consumer has nothing to read, together with the same command over and over', () => {
    const idle = { idleMembers: 1 };
    const again = command('kafka-consumer-groups.sh --describe', 0);
    const groups = looks(idle, idle, idle);
    expect(kinds(situation({ groups }))).toEqual(['idleConsumer look']);
    const both = situation({ groups, commands: [again, again, again, again] });
    expect(kinds(both)).toEqual(['idleConsumer stuck', 'repeatedCommand look']);
    expect(weigh(both).reasons[0]?.text.ko).toContain('파티션 2개에 컨슈머 3개');
  });

  test('is who has typed nothing for ten minutes in front of a running environment', () => {
    const activity = { lastAt: NOW - 11 * MINUTE };
    expect(kinds(situation(activity))).toEqual(['inactive stuck']);
    expect(kinds(situation({ lastAt: NOW - 6 * MINUTE }))).toEqual(['inactive look']);
    expect(kinds(situation(activity, { online: false }))).toEqual([]);
    expect(kinds(situation(activity, { environment: 'asleep' }))).toEqual([]);
  });

  test('is who has answered five times in vain', () => {
    expect(kinds(situation({ tries: new Map([['why', 5]]) }))).toEqual(['wrongAnswers stuck']);
    expect(kinds(situation({ tries: new Map([['why', 3]]) }))).toEqual(['wrongAnswers look']);
    expect(kinds(situation({ tries: new Map([['why', 2]]) }))).toEqual([]);
  });

  test('is whose environment has failed', () => {
    expect(kinds(situation({}, { environment: 'failed' }))).toEqual(['environmentFailed stuck']);
  });
});

describe('worth a look', () => {
  test('is lag that has grown over three looks, not a single one that is high', () => {
    expect(kinds(situation({ groups: looks({ lag: 20 }, { lag: 40 }, { lag: 60 }) }))).toEqual([
      'growingLag look',
    ]);
    expect(kinds(situation({ groups: looks({ lag: 90 }, { lag: 40 }, { lag: 60 }) }))).toEqual([]);
    expect(kinds(situation({ groups: looks({ lag: 60 }) }))).toEqual([]);
  });

  test('is a rebalance only when it lasts', () => {
    expect(kinds(situation({ groups: looks({}, {}, { idleMembers: 1 }) }))).toEqual([]);
  });

  test('is a step three times as long as planned', () => {
    const slow = situation({}, { stepSince: NOW - 16 * MINUTE });
    expect(kinds(slow)).toEqual(['longInStep look']);
    expect(kinds({ ...slow, online: false })).toEqual([]);
  });
});

test('what weighs most comes first', () => {
  const failing = command('x', 1);
  const { reasons, weight } = weigh(
    situation({
      commands: [failing, failing, failing],
      groups: looks({ lag: 20 }, { lag: 40 }, { lag: 60 }),
    }),
  );
  expect(reasons.map(({ kind }) => kind)).toEqual(['repeatedError', 'growingLag']);
  expect(weight).toBe(4);
});
