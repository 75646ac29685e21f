import { describe, expect, it } from 'vitest';
import { createMarkReader, type Mark } from '../../server/src/agent/marks.ts';
import { plainTail } from '../../server/src/agent/tail.ts';
import { createPace } from '../../server/src/sandbox/pace.ts';
import { completeLength } from '../../server/src/terminals/complete-length.ts';
import { createOutputLog } from '../../server/src/terminals/output-log.ts';
import { isTerminalReport } from '../../server/src/terminals/reports.ts';

describe('a snapshot boundary', () => {
  it.each([
    ['abc', 3],
    ['abc\x1b', 3],
    ['abc\x1b[', 3],
    ['abc\x1b[1;3', 3],
    ['abc\x1b[1;31m', 10],
    ['abc\x1b]0;title', 3],
    ['abc\x1b]0;title\x07', 13],
    ['abc\x1b]0;title\x1b', 3],
    ['abc\x1b]0;title\x1b\\', 14],
    ['\x1b[31mred\x1b(', 8],
    ['\x1b7', 2],
  ])('of %j is behind %d bytes', (text, length) => {
    expect(completeLength(Buffer.from(text, 'latin1'))).toBe(length);
  });

  it('is never inside a character', () => {
    const text = Buffer.from('가😀é');
    const boundaries = Array.from({ length: text.length + 1 }, (_, end) =>
      completeLength(text.subarray(0, end)),
    );
    expect(boundaries).toEqual([0, 0, 0, 3, 3, 3, 3, 7, 7, 9]);
  });
});

describe('marks', () => {
  function readAll(chunks: readonly Buffer[]): { text: string; marks: Mark[] } {
    const marks: Mark[] = [];
    let text = '';
    const reader = createMarkReader({
      onData: (data) => {
        text += data.toString('latin1');
      },
      onMark: (mark) => marks.push(mark),
    });
    for (const chunk of chunks) reader.push(chunk);
    return { text, marks };
  }
  const stream = Buffer.from('a\x1b]633;C;   12  x \\ y\x07out\x1b[0m\x1b]633;D;3;x \\\\ y\\nz\x07$ ');
  const expected = {
    text: 'aout\x1b[0m$ ',
    marks: [
      { kind: 'begin', command: 'x \\ y' },
      { kind: 'end', exitCode: 3, command: 'x \\ y\nz' },
    ],
  };

  it('are taken out of the stream, wherever it is cut', () => {
    for (let cut = 0; cut <= stream.length; cut++) {
      expect(readAll([stream.subarray(0, cut), stream.subarray(cut)])).toEqual(expected);
    }
    expect(readAll([...stream].map((byte) => Buffer.from([byte])))).toEqual(expected);
  });

  it('that never end are let through as output', () => {
    const long = Buffer.from(`\x1b]633;${'x'.repeat(20_000)}`);
    expect(readAll([long]).text).toHaveLength(long.length);
  });
});

describe('the output log', () => {
  it('gives back any bytes it still holds, and says from where on it does', () => {
    const log = createOutputLog(64 * 1024);
    const all = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
    for (let at = 0; at < all.length; ) {
      const size = 1 + ((at * 7919) % 5000);
      log.append(all.subarray(at, at + size));
      at += size;
    }
    expect(log.end).toBe(all.length);
    expect(log.end - log.start).toBeGreaterThanOrEqual(64 * 1024);
    expect(log.end - log.start).toBeLessThan(128 * 1024);
    for (const offset of [log.start, log.start + 1, log.end - 10_000, log.end]) {
      expect(log.read(offset, 20_000).equals(all.subarray(offset, offset + 20_000))).toBe(true);
    }
    expect(() => log.read(log.start - 1, 1)).toThrow(RangeError);
  });
});

describe('the pace', () => {
  it('lets a burst through, then holds to its rate', () => {
    const pace = createPace({ unitsPerSecond: 1000, burst: 5000 });
    pace.take(5000, 0);
    expect(pace.waitMs(0)).toBe(0);
    pace.take(2000, 0);
    expect(pace.waitMs(0)).toBe(2000);
    expect(pace.waitMs(1500)).toBe(500);
    expect(pace.waitMs(2000)).toBe(0);
  });
});

describe('what a terminal answers by itself', () => {
  it.each([
    '\x1b[?1;2c',
    '\x1b[12;40R',
    '\x1b[0n',
    '\x1b]10;rgb:ffff/ffff/ffff\x1b\\',
    '\x1b[?1;2c\x1b[>0;276;0c',
  ])('is told from typing: %j', (text) => expect(isTerminalReport(Buffer.from(text))).toBe(true));
  it.each(['a', '\x1b[A', '\x1b[200~paste\x1b[201~', '\x1b[1;5C', '가'])('is not typing: %j', (text) =>
    expect(isTerminalReport(Buffer.from(text))).toBe(false),
  );
});

describe('the tail of a command', () => {
  it('is plain text without colours, cut between characters', () => {
    expect(plainTail(Buffer.from('\x1b[31m빨강\x1b[0m\r\n\x1b]0;t\x07끝\r\n'), 1000)).toBe('빨강\n끝\n');
    expect(plainTail(Buffer.from('가나다'), 4)).toBe('다');
  });
});
