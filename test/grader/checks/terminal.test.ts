import { describe, expect, it } from 'vitest';
import { commandsIn, hasWords } from '../../../grader/src/checks/command-words.ts';
import { verdictOf } from './scenes.ts';

describe('a command line is cut into words as a shell does', () => {
  it.each<[string, string[][]]>([
    ['kafka-topics.sh --list', [['kafka-topics.sh', '--list']]],
    [
      "printf '%s\\n' 'a b' | tool --x=y && other",
      [['printf', '%s\\n', 'a b'], ['tool', '--x', 'y'], ['other']],
    ],
    ['tool "a \\" b" c\\ d', [['tool', 'a " b', 'c d']]],
    ['tool \\\n  --long', [['tool', '--long']]],
    ['for p in 0 1; do tool --p $p; done', [['for', 'p', 'in', '0', '1'], ['tool', '--p', '$p'], ['done']]],
    ["tool 'never closed", [['tool', "'never", 'closed']]],
    ['   ', []],
    ['', []],
  ])('%j', (line, commands) => {
    expect(commandsIn(line)).toEqual(commands);
  });

  it.each([
    [['t', '--topic', 'orders'], '--topic orders', true],
    [['t', '--topic', 'orders2'], '--topic orders', false],
    [['t', 'orders', '--topic'], '--topic orders', false],
    [['t', '--topic', 'orders'], '--topic=orders', true],
  ])('%j has %s: %s', (words, wanted, found) => {
    expect(hasWords(words, wanted)).toBe(found);
  });

  it('takes time in proportion to its length', () => {
    const began = performance.now();
    commandsIn(`${'\\'.repeat(50_000)}${'"'.repeat(50_000)}`);
    expect(performance.now() - began).toBeLessThan(500);
  });
});

const run = (command: string, exitCode = 0, output = '') => ({ command, exitCode, output });

describe('a terminal check', () => {
  const check = { kind: 'terminal', tool: 'kafka-topics.sh', has: ['--topic orders'] };
  it.each<[string, object, ReturnType<typeof run>[], 'passed' | 'notYet', string, string]>([
    [
      'nothing run',
      {},
      [],
      'notYet',
      '`kafka-topics.sh`를 실행해 보세요',
      'Run `kafka-topics.sh` in the terminal',
    ],
    ['run', {}, [run('./kafka-topics.sh --topic orders')], 'passed', '실행했고', 'it went as asked'],
    ['in a pipe', {}, [run('echo x | bin/kafka-topics.sh --topic=orders')], 'passed', '실행했고', 'it went'],
    [
      'in a loop',
      {},
      [run('for i in 1 2; do kafka-topics.sh --topic orders; done')],
      'passed',
      '실행했고',
      'it went',
    ],
    [
      'without a word',
      {},
      [run('kafka-topics.sh --topic order')],
      'notYet',
      '`--topic orders` 부분이 없어요',
      'without `--topic orders`',
    ],
    [
      'another tool',
      {},
      [run('kafka-configs.sh --topic orders')],
      'notYet',
      '실행해 보세요',
      'in the terminal',
    ],
    [
      'only named',
      {},
      [run('echo kafka-topics.sh --topic orders')],
      'notYet',
      '실행해 보세요',
      'in the terminal',
    ],
    [
      'failed',
      { exit: 'success' },
      [run('kafka-topics.sh --topic orders', 1)],
      'notYet',
      '오류로 끝났어요(종료 코드 1)',
      'ended with an error (exit code 1)',
    ],
    [
      'not failed',
      { exit: 'failure' },
      [run('kafka-topics.sh --topic orders')],
      'notYet',
      '실패해야 하는데 성공했어요',
      'was meant to fail',
    ],
    [
      'printed',
      { printed: ['only 3 broker(s)'] },
      [run('kafka-topics.sh --topic orders', 1, '\u001b[31mbecause only 3\r\nbroker(s)\u001b[0m are')],
      'passed',
      '실행했고',
      'it went',
    ],
    [
      'not printed',
      { printed: ['only 3'] },
      [run('kafka-topics.sh --topic orders', 1, 'x')],
      'notYet',
      '출력에 `only 3` 부분이 없어요',
      'did not print `only 3`',
    ],
    [
      'once among many',
      {},
      [run('kafka-topics.sh --topic orders'), run('kafka-topics.sh --list')],
      'passed',
      '실행했고',
      'it went',
    ],
  ])('%s', (_name, more, commands, state, ko, en) => {
    const verdict = verdictOf({ ...check, ...more }, { evidence: { commands } });
    expect(verdict.message.ko).toContain(ko);
    expect(verdict.message.en).toContain(en);
    expect(verdict.state).toBe(state);
  });

  it('earns no points by itself: it can be forged', () => {
    expect(
      verdictOf(check, { evidence: { commands: [run('kafka-topics.sh --topic orders')] } }),
    ).toMatchObject({
      state: 'passed',
      points: 0,
      pointsMax: 0,
    });
  });
});
