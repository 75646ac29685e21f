import { describe, expect, it } from 'vitest';
import { forwardedKeys } from '../../broker/src/handlers/forwarded.ts';
import { brokerHandlers, controllerHandlers } from '../../broker/src/handlers/table.ts';

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function sorted(keys: Iterable<number>): number[] {
  return [...new Set(keys)].sort((a, b) => a - b);
}

/** Share and streams groups; a stock broker without a telemetry reporter has no 71 and 72 either. */
const leftOut = new Set([...range(76, 79), ...range(83, 92)]);

describe('what a node of Apache Kafka 4.3.1 advertises', () => {
  it('on its broker listener is served here, but for what is left out on purpose', () => {
    const kafka = [
      ...range(0, 3),
      ...range(8, 51),
      ...[55, 57, 60, 61, 64, 65, 66, 68, 69],
      ...range(74, 81),
      ...range(83, 92),
    ].filter((key) => !leftOut.has(key));
    expect(sorted([...brokerHandlers.keys(), ...forwardedKeys])).toEqual(kafka);
  });

  it('on its controller listener is served here', () => {
    const kafka = [
      ...[1, 17, 18, 19, 20, 29, 30, 31, 32, 33],
      ...range(36, 41),
      ...[43, 44, 45, 46, 49, 50, 51],
      ...range(52, 60),
      ...[62, 63, 64, 67, 70, 73, 80, 81, 82],
    ];
    const missing = kafka.filter((key) => !controllerHandlers.has(key));
    expect(missing).toEqual([]);
    expect(sorted(controllerHandlers.keys()).filter((key) => !kafka.includes(key))).toEqual([]);
  });
});
