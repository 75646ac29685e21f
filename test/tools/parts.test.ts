import { describe, expect, it } from 'vitest';
import { LineReader, readLines } from '../../broker/src/tools/console-producer/line-reader.ts';
import { formatHelp } from '../../broker/src/tools/framework/help.ts';
import { type OptionTable, parseOptions } from '../../broker/src/tools/framework/options.ts';
import {
  hashOfString,
  hashOfTopicPartition,
  inCopiedHashOrder,
  inHashOrder,
} from '../../broker/src/tools/java/hash-order.ts';
import { parseProperties } from '../../broker/src/tools/java/properties.ts';
import { includeList } from '../../broker/src/tools/java/regex.ts';
import { parseDateTime, parseDuration } from '../../broker/src/tools/java/time.ts';

const help = { en: 'Says something.', ko: '설명합니다.' };
const table = {
  topic: { argument: 'topic', help },
  partitions: { argument: '', type: 'Integer', default: '1', help },
  list: { help },
  state: { argument: '', optional: true, availableIf: ['list'], help },
} as const satisfies OptionTable;

describe('options', () => {
  it('take their values in every spelling of joptsimple', () => {
    for (const args of [['--topic', 'a'], ['--topic=a'], ['-topic', 'a'], ['-topic=a'], ['--topic=', 'a']]) {
      expect(parseOptions(table, args).value('topic')).toBe('a');
    }
  });

  it('take whatever stands behind them as their value', () => {
    expect(parseOptions(table, ['--topic', '--list']).value('topic')).toBe('--list');
  });

  it.each([
    [['--nope'], 'nope is not a recognized option'],
    [['--topi', 'a'], 'topi is not a recognized option'],
    [['-x'], 'x is not a recognized option'],
    [['--topic'], 'Option topic requires an argument'],
    [['--state'], 'Option(s) [state] are unavailable given other options on the command line'],
  ])('refuse %j', (args, message) => {
    expect(() => parseOptions(table, args)).toThrow(message);
  });

  it('are converted only when asked for', () => {
    const set = parseOptions(table, ['--partitions', 'x']);
    expect(() => set.number('partitions')).toThrow("Cannot parse argument 'x' of option partitions");
    expect(parseOptions(table, []).number('partitions')).toBe(1);
  });

  it('given twice have no single value', () => {
    const set = parseOptions(table, ['--topic', 'a', '--topic', 'b']);
    expect(set.values('topic')).toEqual(['a', 'b']);
    expect(() => set.value('topic')).toThrow('Found multiple arguments for option topic');
  });

  it('with an optional value leave the next option alone', () => {
    const set = parseOptions(table, ['--state', '--list']);
    expect(set.has('list')).toBe(true);
    expect(set.value('state')).toBe(null);
  });
});

describe('help', () => {
  it.each(['en', 'ko'] as const)('keeps to 80 columns in %s', (locale) => {
    const text = formatHelp(table, locale);
    expect(text).toContain('--partitions <Integer>');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe("Java's maps", () => {
  it('give topics in the order that was recorded', () => {
    const topics = ['a.b', 'kept', 'many', 'rf2', 'test', 'two'];
    expect(inCopiedHashOrder(topics, hashOfString)).toEqual(['a.b', 'test', 'kept', 'many', 'two', 'rf2']);
    expect(inCopiedHashOrder(['__consumer_offsets', 'orders', 'test'], hashOfString)).toEqual([
      'test',
      'orders',
      '__consumer_offsets',
    ]);
  });

  it('give partitions in the order that was recorded', () => {
    const partitions = [0, 1, 2].map((partition) => ({ topic: 'orders', partition }));
    expect(inHashOrder(partitions, hashOfTopicPartition).map(({ partition }) => partition)).toEqual([
      0, 1, 2,
    ]);
  });
});

describe('lines', () => {
  async function lines(...pieces: (string | Buffer)[]): Promise<string[]> {
    async function* input() {
      for (const piece of pieces) yield Buffer.from(piece as string);
    }
    const all: string[] = [];
    for await (const line of readLines(input())) all.push(line);
    return all;
  }

  it('end with \\n, \\r or both, wherever the pieces are cut', async () => {
    expect(await lines('a\nb\r\nc\rd')).toEqual(['a', 'b', 'c', 'd']);
    expect(await lines('a\r', '\nb\n', '\n')).toEqual(['a', 'b', '']);
  });

  it('keep characters that are cut in two', async () => {
    const bytes = Buffer.from('안녕\n');
    expect(await lines(bytes.subarray(0, 2), bytes.subarray(2))).toEqual(['안녕']);
  });

  it('split at the first separator only', () => {
    const reader = new LineReader(
      't',
      new Map([
        ['parse.key', 'true'],
        ['key.separator', ':'],
      ]),
    );
    const { key, value } = reader.read('1234:0987:567');
    expect([String(key), String(value)]).toEqual(['1234', '0987:567']);
    expect(() => reader.read('nokey')).toThrow("No key separator found on line number 2: 'nokey'");
  });

  it('hold headers, and null where the marker says so', () => {
    const properties = new Map([
      ['parse.key', 'true'],
      ['parse.headers', 'true'],
      ['null.marker', 'NULL'],
    ]);
    const record = new LineReader('t', properties).read('h1:v1,h2:NULL\tNULL\tvalue');
    expect(record.key).toBe(null);
    expect(record.headers).toEqual([
      { key: 'h1', value: Buffer.from('v1') },
      { key: 'h2', value: null },
    ]);
  });
});

describe('small formats', () => {
  it('read properties files', () => {
    const text = '# comment\na=1\nb : two words\n c\\=d = \\u00e9\nlong=x,\\\n  y\nempty\n';
    expect([...parseProperties(text)]).toEqual([
      ['a', '1'],
      ['b', 'two words'],
      ['c=d', 'é'],
      ['long', 'x,y'],
      ['empty', ''],
    ]);
  });

  it('read times in UTC unless a zone is given', () => {
    expect(parseDateTime('1970-01-01T00:00:01.500')).toBe(1500);
    expect(parseDateTime('1970-01-01T09:00:00.000+09:00')).toBe(0);
    expect(() => parseDateTime('1970-01-01')).toThrow('java.text.ParseException');
  });

  it('read durations', () => {
    expect(parseDuration('P1DT2H3M4.5S')).toBe(93_784_500);
    expect(() => parseDuration('1h')).toThrow('Text cannot be parsed to a Duration');
  });

  it('match topics with commas for "or"', () => {
    const matches = includeList('a.*, b');
    expect(['abc', 'b', 'cab'].map(matches)).toEqual([true, true, false]);
  });
});
