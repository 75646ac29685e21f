/** How `labs test` tells how far it is. */
import { describe, expect, it } from 'vitest';
import { Progress } from '../../../grader/src/cli/progress.ts';

function progress(rewrites: boolean, columns = 80) {
  let [now, written] = [0, ''];
  const port = {
    rewrites,
    columns: () => columns,
    write: (text: string) => {
      written += text;
    },
    nowMs: () => now,
  };
  const line = new Progress(port, { name: 'replication', total: 8 });
  return {
    line,
    pass: (ms: number) => {
      now += ms;
    },
    taken: () => {
      const text = written;
      written = '';
      return text;
    },
  };
}

describe('the progress of labs test', () => {
  it('is one line on a terminal, written over, no longer than the terminal is wide', () => {
    const { line, pass, taken } = progress(true, 48);
    line.part('1', 'lose-one: solution');
    pass(2000);
    taken();
    line.part('1', 'read: wrong answer a-very-long-name-of-a-wrong-answer');
    expect(taken()).toBe('\r\u001b[Kreplication 12 %, 2 s | seed 1 read: wrong answ');
    line.clear();
    expect(taken()).toBe('\r\u001b[K');
    line.clear();
    expect(taken()).toBe('');
  });

  it('is a line every ten seconds elsewhere, with what each seed is at', () => {
    const { line, pass, taken } = progress(false);
    line.part('1', 'lose-one: solution');
    line.part('2', 'lose-one: solution');
    pass(9_999);
    line.part('1', 'read: solution');
    expect(taken()).toBe('');
    pass(1);
    line.part('2', 'read: solution');
    expect(taken()).toBe('replication 25 %, 10 s | seed 1 read: solution | seed 2 read: solution\n');
  });

  it('counts a part when the next begins and when its seed has ended', () => {
    const { line, pass, taken } = progress(true);
    line.part('1', 'a');
    line.ended('1');
    pass(1000);
    line.part('2', 'a');
    expect(taken()).toContain('replication 12 %, 1 s | seed 2 a');
  });
});
