import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputQueue } from '../../web/features/terminal/input-queue.ts';

const limits = { pieceMax: 16, waitingMax: 1_000 };

describe('typed input', () => {
  it('is numbered 1, 2, 3 … in the order it was typed', () => {
    const queue = new InputQueue(limits);
    expect(queue.push('a')).toEqual([{ sequence: 1, data: 'a' }]);
    expect(queue.push('b')).toEqual([{ sequence: 2, data: 'b' }]);
  });

  it('is sent again from after the last piece the server took', () => {
    const queue = new InputQueue(limits);
    for (const key of 'abcd') queue.push(key);
    expect(queue.resendAfter(2).map((piece) => piece.data)).toEqual(['c', 'd']);
    expect(queue.resendAfter(4)).toEqual([]);
    expect(queue.waitingCharacters).toBe(0);
  });

  it('typed before the first attach takes up the numbers where this page left off', () => {
    const queue = new InputQueue(limits);
    for (const key of 'ab') queue.push(key);
    queue.startAfter(40);
    expect(queue.resendAfter(40).map((piece) => piece.sequence)).toEqual([41, 42]);
    expect(queue.push('c')).toEqual([{ sequence: 43, data: 'c' }]);
  });

  it('is cut into pieces the server accepts, never inside a surrogate pair', () => {
    const queue = new InputQueue({ pieceMax: 4, waitingMax: 1_000 });
    const pieces = queue.push('abc😀def') ?? [];
    expect(pieces.map((piece) => piece.data)).toEqual(['abc', '😀de', 'f']);
  });

  it('is refused, not dropped silently later, when too much waits', () => {
    const queue = new InputQueue({ pieceMax: 16, waitingMax: 5 });
    expect(queue.push('123')).toHaveLength(1);
    expect(queue.push('456')).toBeNull();
    queue.acknowledge(1);
    expect(queue.push('456')).toHaveLength(1);
  });

  it('reaches a deduplicating server whole and once, however often the connection is lost', () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant('type' as const), data: fc.string({ minLength: 1, maxLength: 30 }) }),
      // The connection is lost after the server took some of what was on its way.
      fc.record({ kind: fc.constant('lose' as const), arrived: fc.nat(5) }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const queue = new InputQueue({ pieceMax: 8, waitingMax: 100_000 });
        let typed = '';
        let taken = '';
        let takenSequence = 0;
        let onTheWay: { sequence: number; data: string }[] = [];
        const deliver = (count: number): void => {
          for (const piece of onTheWay.splice(0, count)) {
            if (piece.sequence <= takenSequence) continue;
            expect(piece.sequence).toBe(takenSequence + 1);
            takenSequence = piece.sequence;
            taken += piece.data;
          }
        };
        for (const step of events) {
          if (step.kind === 'type') {
            typed += step.data;
            onTheWay.push(...(queue.push(step.data) ?? []));
          } else {
            deliver(step.arrived);
            onTheWay = [...queue.resendAfter(takenSequence)];
          }
        }
        deliver(Number.POSITIVE_INFINITY);
        expect(taken).toBe(typed);
      }),
    );
  });
});
