import { describe, expect, it } from 'vitest';
import { drawParameters } from '../../../grader/src/lab/parameters.ts';
import type { ParameterSpec } from '../../../grader/src/lab/schema.ts';

const specs: Record<string, ParameterSpec> = {
  topic: { oneOf: ['orders', 'payments', 'coupons'] },
  other: { oneOf: ['orders', 'payments', 'coupons'], except: ['topic'] },
  partitions: { from: 2, to: 5 },
  more: { sum: ['partitions', 2] },
  ms: { product: ['partitions', 1000] },
};

describe('parameters', () => {
  it('are the same for the same seed, on every machine', () => {
    expect(drawParameters(specs, 'trainee-07')).toEqual(drawParameters(specs, 'trainee-07'));
    // Pinned: a change here would change the lab under a trainee who is in the middle of it.
    expect(drawParameters(specs, 'trainee-07')).toMatchInlineSnapshot(`
      {
        "more": 7,
        "ms": 5000,
        "other": "coupons",
        "partitions": 5,
        "topic": "payments",
      }
    `);
  });

  it('differ between neighbours, and use every value', () => {
    const drawn = Array.from({ length: 60 }, (_, i) => drawParameters(specs, `trainee-${i}`));
    expect(new Set(drawn.map(({ topic }) => topic)).size).toBe(3);
    expect(new Set(drawn.map(({ partitions }) => partitions)).size).toBe(4);
    expect(new Set(drawn.map((parameters) => JSON.stringify(parameters))).size).toBeGreaterThan(15);
  });

  it('count with earlier ones, and keep clear of those they must differ from', () => {
    for (let seed = 0; seed < 50; seed++) {
      const { topic, other, partitions, more, ms } = drawParameters(specs, String(seed));
      expect(other).not.toBe(topic);
      expect(more).toBe(Number(partitions) + 2);
      expect(ms).toBe(Number(partitions) * 1000);
      expect(partitions).toBeGreaterThanOrEqual(2);
      expect(partitions).toBeLessThanOrEqual(5);
    }
  });

  it.each<[Record<string, ParameterSpec>, string]>([
    [
      { a: { sum: ['b', 1] }, b: { from: 1, to: 2 } },
      'Parameter a builds on b, which is not there yet. Write b above it.',
    ],
    [{ a: { oneOf: ['x', 'y'] }, b: { sum: ['a', 1] } }, 'Parameter b counts with a, which is no number'],
    [
      { a: { oneOf: [1, 1] }, b: { oneOf: [1, 1], except: ['a'] } },
      'Parameter b has no value left after except. Give it more values.',
    ],
  ])('that cannot be drawn say why', (broken, message) => {
    expect(() => drawParameters(broken, 's')).toThrow(message);
  });
});
