import type { WireEntry, WireField } from '@brokerlab/server/contract';
import { describe, expect, it } from 'vitest';
import { passes, rowAt, rowsOf, withNews } from '../../web/features/wire/wire-view.ts';

const entry = (id: number, change: Partial<WireEntry> = {}): WireEntry => ({
  ...{ id, at: id, broker: 1, connection: 1, clientHost: '127.0.0.1', clientId: 'console-producer' },
  ...{ origin: 'client', apiKey: 0, apiVersion: 9, api: 'Produce', correlationId: id, topics: ['orders'] },
  ...{ requestBytes: 10, responseBytes: null, tookMs: null },
  ...change,
});
const all = { apis: [], clientId: '', topic: '', brokers: false, own: false };
const field = (name: string, start: number, end: number, children: WireField[] = []): WireField => ({
  ...{ name, kind: children.length > 0 ? 'struct' : 'int32', start, end, value: '', children },
});

describe('the list of exchanges', () => {
  it('puts the newest first and an answer in the place of its request', () => {
    const known = withNews([], [entry(1), entry(2)]);
    const later = withNews(known, [entry(1, { responseBytes: 7 }), entry(3)]);
    expect(later.map(({ id, responseBytes }) => [id, responseBytes])).toEqual([
      [3, null],
      [2, null],
      [1, 7],
    ]);
    expect(
      withNews(
        later,
        Array.from({ length: 900 }, (_, at) => entry(at + 10)),
      ),
    ).toHaveLength(500);
  });

  it('shows what passes the filter', () => {
    expect(passes(entry(1), all)).toBe(true);
    expect(passes(entry(1, { origin: 'broker' }), all)).toBe(false);
    expect(passes(entry(1, { origin: 'broker' }), { ...all, brokers: true })).toBe(true);
    expect(passes(entry(1), { ...all, topic: 'ord', clientId: 'producer', apis: [0] })).toBe(true);
    expect(passes(entry(1), { ...all, topic: 'payments' })).toBe(false);
    expect(passes(entry(1), { ...all, apis: [1] })).toBe(false);
  });
});

describe('the rows of a frame', () => {
  const long = field(
    'topics',
    8,
    200,
    Array.from({ length: 31 }, (_, at) => field(`[${at}]`, 8 + at, 9 + at)),
  );
  const fields = [
    field('apiKey', 0, 2),
    field('body', 2, 8, [field('acks', 2, 4), field('timeoutMs', 4, 8)]),
    long,
  ];

  it('are open at first, long lists closed, and turn when asked to', () => {
    expect(rowsOf(fields, new Set()).map((row) => row.field.name)).toEqual([
      'apiKey',
      'body',
      'acks',
      'timeoutMs',
      'topics',
    ]);
    expect(rowsOf(fields, new Set(['/1'])).map((row) => row.field.name)).toEqual([
      'apiKey',
      'body',
      'topics',
    ]);
    expect(rowsOf(fields, new Set(['/2']))).toHaveLength(5 + 31);
  });

  it('know the innermost field of a byte', () => {
    const rows = rowsOf(fields, new Set());
    expect(rowAt(rows, 5)?.field.name).toBe('timeoutMs');
    expect(rowAt(rows, 60)?.field.name).toBe('topics');
    expect(rowAt(rows, 900)).toBeNull();
  });
});
