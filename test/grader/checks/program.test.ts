/** What is said of a program's run: by what became of the hidden input, not by what the program says. */
import { describe, expect, it } from 'vitest';
import type { ProgramRun } from '../../../grader/src/checks/verdict.ts';
import { recordsOf, verdictOf } from './scenes.ts';

interface Happened {
  /** Values that came out, and into the dead-letter topic. */
  readonly out?: readonly string[];
  readonly dead?: readonly string[];
  readonly committed?: number | null;
  readonly crashed?: boolean;
  readonly timedOut?: boolean;
}

/** Inputs one, two, three (which is poison) and four. */
function runOf({
  out = [],
  dead = [],
  committed = 4,
  crashed = false,
  timedOut = false,
}: Happened): ProgramRun {
  const records = (values: readonly string[]) => recordsOf(...values.map((value) => `0:=${value}`)).records;
  const end = timedOut ? ('timedOut' as const) : ('ended' as const);
  return {
    missingFiles: [],
    starts: [
      ...(crashed ? [{ exitCode: null, end: 'crashed' as const, printed: '' }] : []),
      { exitCode: null, end, printed: '' },
    ],
    inputs: ['one', 'two', 'three', 'four'].map((id, index) => ({
      ...{ n: index + 1, id, key: null, value: id, poison: id === 'three', expected: true },
    })),
    outputs: records(out),
    deadLetters: records(dead),
    committed,
    inputTotal: 4,
    seconds: 1,
  };
}

function said(result: object, happened: Happened): string {
  const check = { kind: 'program', command: 'node a.ts', until: 'committed', deadLetter: true, result };
  const { state, message } = verdictOf(check, { evidence: { programs: { check: runOf(happened) } } });
  return state === 'passed' ? 'passed' : message.en;
}

/** A producer whose third start, after two crashes, came to its own end. */
function producerSaid({ out, crashes }: { out: readonly string[]; crashes: number }): string {
  const check = {
    ...{ kind: 'program', command: 'node a.ts', crash: { after: { output: 1 }, times: 2 } },
    result: { delivered: 'atLeastOnce', output: { atMost: 5 } },
  };
  const crashed = { exitCode: null, end: 'crashed' as const, printed: '' };
  const run: ProgramRun = {
    ...runOf({ out, committed: null }),
    starts: [...Array.from({ length: crashes }, () => crashed), { exitCode: 0, end: 'exited', printed: '' }],
  };
  const { state, message } = verdictOf(check, { evidence: { programs: { check: run } } });
  return state === 'passed' ? 'passed' : message.en;
}

const WHOLE = { delivered: 'exactlyOnce', deadLetters: 1, committed: 'all' };

describe('a program', () => {
  it('passes when each good record came out once and the poison is set aside', () => {
    expect(said(WHOLE, { out: ['one', 'two', 'four'], dead: ['three'] })).toBe('passed');
  });

  it.each<[what: string, happened: Happened, told: RegExp]>([
    [
      'lost in a crash',
      { out: ['one', 'four'], dead: ['three'], crashed: true },
      /^1 of 3 inputs are missing.*`two`.*committed before it is handled/,
    ],
    [
      'nothing read',
      { committed: null, timedOut: true },
      /^3 of 3 inputs are missing.*what was there before it started/,
    ],
    [
      'stuck behind the poison',
      { out: ['one', 'two'], committed: 2, timedOut: true },
      /^1 of 3 inputs are missing.*stops at a record that it cannot handle/,
    ],
    [
      'twice',
      { out: ['one', 'two', 'two', 'four'], dead: ['three'], crashed: true },
      /^1 inputs are in the output more than once.*`two`.*one transaction/,
    ],
    ['poison dropped', { out: ['one', 'two', 'four'] }, /^The dead-letter topic holds 0/],
    [
      'a good record set aside, too',
      { out: ['one', 'two', 'four'], dead: ['three', 'four'] },
      /^1 records that can be handled went into the dead-letter topic.*`four`/,
    ],
    [
      'poison let through',
      { out: ['one', 'two', 'three', 'four'], dead: ['three'] },
      /^1 records that cannot be handled went into the output/,
    ],
    [
      'all done, but the last is never committed',
      { out: ['one', 'two', 'four'], dead: ['three'], committed: 3, timedOut: true },
      /^Only 3 of 4 records are committed/,
    ],
  ])('is told: %s', (_what, happened, told) => {
    expect(said(WHOLE, happened)).toMatch(told);
  });

  it('may set the same poison aside twice: a crash does that', () => {
    const happened = { out: ['one', 'two', 'four'], dead: ['three', 'three'], crashed: true };
    expect(said(WHOLE, happened)).toBe('passed');
  });
});

describe('a producer that is killed in the middle', () => {
  it('passes when nothing is lost and no more came twice than once for each crash', () => {
    expect(producerSaid({ out: ['one', 'one', 'two', 'two', 'four'], crashes: 2 })).toBe('passed');
  });

  it('is told that it marks too early when records are missing', () => {
    expect(producerSaid({ out: ['one', 'four'], crashes: 2 })).toMatch(
      /^1 of 3 inputs are missing.*`two`.*before the broker has answered/,
    );
  });

  it('is told how many there are when it began again', () => {
    expect(producerSaid({ out: ['one', 'one', 'one', 'two', 'two', 'four'], crashes: 2 })).toMatch(
      /holds 6 records, but should hold at most 5/,
    );
  });

  it.each([0, 1])('is not passed when it ended by itself after %i of 2 crashes', (crashes) => {
    expect(producerSaid({ out: ['one', 'two', 'four'], crashes })).toMatch(/before it could be killed/);
  });
});
