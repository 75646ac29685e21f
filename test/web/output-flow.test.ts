import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutputFlow } from '../../web/features/terminal/output-flow.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array | null): string | null => (data ? new TextDecoder().decode(data) : null);

describe('terminal output', () => {
  it('that was already drawn is not drawn again', () => {
    const flow = new OutputFlow(1_000);
    expect(text(flow.accept(0, bytes('hello')))).toBe('hello');
    expect(text(flow.accept(0, bytes('hello')))).toBe('');
    expect(text(flow.accept(3, bytes('lo world')))).toBe(' world');
    expect(flow.received).toBe(11);
  });

  it('with bytes missing before it is refused, so that the terminal attaches again', () => {
    const flow = new OutputFlow(1_000);
    flow.accept(0, bytes('abc'));
    expect(flow.accept(5, bytes('xyz'))).toBeNull();
    expect(flow.received).toBe(3);
  });

  it('goes on from a snapshot', () => {
    const flow = new OutputFlow(1_000);
    flow.startAt(500);
    expect(text(flow.accept(500, bytes('a')))).toBe('a');
    expect(text(flow.accept(498, bytes('xxab')))).toBe('b');
  });

  it('is acknowledged when enough has been drawn, and once', () => {
    const flow = new OutputFlow(10);
    flow.accept(0, bytes('0123456789ab'));
    expect(flow.wrote(6)).toBeNull();
    expect(flow.wrote(6)).toBe(12);
    expect(flow.takeAck()).toBeNull();
  });

  it('comes out whole and once from any overlapping pieces', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.array(fc.tuple(fc.nat(60), fc.nat(60))), (whole, cuts) => {
        const all = bytes(whole);
        const flow = new OutputFlow(1_000_000);
        const drawn: number[] = [];
        for (const [offset, length] of [...cuts, [0, all.length] as const]) {
          if (offset > all.length) continue;
          const fresh = flow.accept(offset, all.subarray(offset, offset + length));
          if (fresh) drawn.push(...fresh);
        }
        expect(drawn).toEqual([...all]);
      }),
    );
  });
});
