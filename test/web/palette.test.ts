import { describe, expect, it } from 'vitest';
import { runCommand } from '../../web/features/editor/run-command.ts';
import { fuzzyFilter } from '../../web/features/lab/fuzzy.ts';

const paths = ['shop/consumer.ts', 'shop/producer.ts', 'md/produce.md', 'server.properties'];
const found = (wanted: string, most = 10): string[] =>
  fuzzyFilter(wanted, paths, { textOf: (path) => path, most });

describe('finding by some of the letters', () => {
  it('puts what is found whole first, the shorter before the longer', () => {
    expect(found('produce')[0]).toBe('md/produce.md');
    expect(found('producer.ts')).toEqual(['shop/producer.ts']);
  });
  it('takes letters that stand apart, in their order', () => {
    expect(found('shcts')).toContain('shop/consumer.ts');
    expect(found('tsc')).not.toContain('shop/consumer.ts');
  });
  it('gives everything for nothing, up to the limit', () => {
    expect(found('', 2)).toEqual(paths.slice(0, 2));
    expect(found('x y z')).toEqual([]);
  });
});

describe('how a file is run', () => {
  it.each([
    ['shop/producer.ts', 'node shop/producer.ts'],
    ['load.sh', 'bash load.sh'],
    ['count.py', 'python3 count.py'],
    ['내 파일/it’s.mjs', "node '내 파일/it’s.mjs'"],
    ["a'b.js", String.raw`node 'a'\''b.js'`],
    ['-x.js', 'node ./-x.js'],
    ['server.properties', null],
  ])('%s', (path, command) => {
    expect(runCommand(path)).toBe(command);
  });
});
