/** What the console works out by itself: commands, decoding, rates, edits of a plan, files to download. */
import { describe, expect, it } from 'vitest';
import { brokerConfigs, topicConfigs } from '../../broker/src/messages/configs/config-table.ts';
import { commands, quoted } from '../../web/features/console/commands.ts';
import { koreanMeaning } from '../../web/features/console/config-meanings.ts';
import { readConsoleSearch } from '../../web/features/console/console-search.ts';
import { decode } from '../../web/features/console/decode.ts';
import { csvOf } from '../../web/features/console/download.ts';
import { movedTo, replaced } from '../../web/features/console/replica-order.ts';
import { KEPT_MS, ratesOf, withSample } from '../../web/features/console/samples.ts';
import { timeLeft } from '../../web/features/console/time-left.ts';

const b = 'localhost:9092';
const bytes = (text: string | Buffer) => ({
  base64: Buffer.from(text).toString('base64'),
  size: Buffer.byteLength(text),
});

describe('commands', () => {
  it('are the tools’ own, quoted for a shell only where they must be', () => {
    expect(quoted("it's")).toBe(`'it'\\''s'`);
    const topic = {
      name: 'orders',
      partitions: 3,
      replicationFactor: null,
      configs: { 'retention.ms': '60000' },
    };
    expect(commands.createTopic(b, topic)).toBe(
      'kafka-topics.sh --bootstrap-server localhost:9092 --create --topic orders --partitions 3 --config retention.ms=60000',
    );
    expect(
      commands.alterConfig(
        b,
        { type: 'topics', name: 't' },
        { name: 'cleanup.policy', value: 'compact,delete' },
      ),
    ).toContain(`--add-config 'cleanup.policy=[compact,delete]'`);
    expect(commands.alterConfig(b, { type: 'brokers', name: '1' }, { name: 'x', value: null })).toContain(
      '--delete-config x',
    );
    expect(
      commands.resetOffsets(b, 'g', { topics: ['t'], target: { to: 'shift', by: -2 }, execute: false }),
    ).toBe(
      'kafka-consumer-groups.sh --bootstrap-server localhost:9092 --reset-offsets --group g --topic t --shift-by -2 --dry-run',
    );
    expect(commands.elect(b, [])).toContain('--all-topic-partitions');
  });
});

describe('bytes of a message', () => {
  it('are shown as what they are, or as asked', () => {
    expect(decode(null, 'auto')).toMatchObject({ as: 'null' });
    expect(decode(bytes('{"a":1}'), 'auto')).toMatchObject({ as: 'json', text: '{\n  "a": 1\n}' });
    expect(decode(bytes('{broken'), 'auto')).toMatchObject({ as: 'string', text: '{broken' });
    expect(decode(bytes('한글\n'), 'auto')).toMatchObject({ as: 'string' });
    expect(decode(bytes(Buffer.from([0, 255])), 'auto')).toMatchObject({ as: 'hex', text: '00 ff' });
    expect(decode(bytes(Buffer.from([0, 0, 1, 0])), 'integer')).toMatchObject({ text: '256' });
    expect(decode(bytes(Buffer.alloc(8, 255)), 'integer')).toMatchObject({ text: '-1' });
    expect(decode(bytes('abc'), 'integer')).toMatchObject({ as: 'hex', mismatch: true });
    expect(decode(bytes('abc'), 'json')).toMatchObject({ as: 'string', mismatch: true });
  });

  it('that were cut say so, and may end within a character', () => {
    const cut = { base64: Buffer.from('한글').subarray(0, 4).toString('base64'), size: 6 };
    expect(decode(cut, 'auto')).toMatchObject({ as: 'string', text: '한', cut: true });
  });
});

describe('rates', () => {
  it('are of what has grown, over each window, and none of a single sample', () => {
    const minute = 60_000;
    const samples = [0, 60, 600].map((value, index) => ({ at: index * 5 * minute, value }));
    expect(ratesOf(samples.slice(0, 1))).toBeNull();
    expect(ratesOf(samples)).toMatchObject({ mean: 1, fiveMinutes: 1.8, oneMinute: 0 });
    expect(
      ratesOf([
        { at: 0, value: 50 },
        { at: 1000, value: 5 },
      ]),
    ).toMatchObject({ mean: 0 });
  });

  it('forget what is older than fifteen minutes', () => {
    const samples = withSample([{ at: 0, value: 1 }], { at: KEPT_MS, value: 2 });
    expect(samples).toEqual([{ at: KEPT_MS, value: 2 }]);
    expect(withSample(samples, { at: 5, value: 9 })).toBe(samples);
  });

  it('tell how long is left', () => {
    expect(timeLeft(0, 0)).toBe('0s');
    expect(timeLeft(10, 0)).toBe('–');
    expect(timeLeft(7_500, 2)).toBe('1h 2m');
  });
});

it('replicas are moved and exchanged, and nothing else happens', () => {
  expect(movedTo([1, 2, 3], 2, 0)).toEqual([3, 1, 2]);
  expect(movedTo([1, 2, 3], 0, 3)).toEqual([1, 2, 3]);
  expect(replaced([1, 2], 1, 4)).toEqual([1, 4]);
  expect(replaced([1, 2], 1, 1)).toEqual([1, 2]);
});

it('a file for a spreadsheet holds no formulas', () => {
  const message = {
    partition: 0,
    offset: 1,
    timestampMs: 0,
    timestampType: 'CreateTime',
    codec: 'none',
    key: bytes('=1+1'),
    value: bytes('a,"b"'),
    headers: [],
  };
  expect(csvOf([message])).toBe(
    `\ufeffpartition,offset,timestamp,key,value,headers\r\n0,1,1970-01-01T00:00:00.000Z,'=1+1,"a,""b""",\r\n`,
  );
});

it('an address is read with names that look like numbers, and without what it should not hold', () => {
  expect(readConsoleSearch({ view: 'broker', name: 2, cluster: 'main', other: 1 })).toEqual({
    view: 'broker',
    name: '2',
    cluster: 'main',
  });
  expect(readConsoleSearch({ view: 'nowhere', name: {} })).toEqual({});
});

it('every setting of a topic or broker has a meaning in Korean', () => {
  for (const name of [...topicConfigs.keys(), ...brokerConfigs.keys()]) {
    expect(koreanMeaning(name), name).toMatch(/[가-힣]/);
    if (topicConfigs.get(name)?.internal === false)
      expect(koreanMeaning(name), name).not.toContain(name.replaceAll('.', ' '));
  }
});
