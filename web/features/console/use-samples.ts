/** Remembers how numbers on a screen move while it is looked at. */
import { useRef } from 'react';
import { type Rates, ratesOf, type Sample, withSample } from './samples.ts';

/** By key: rates a second. A new reading is one whose values arrive at least a second after the last. */
export function useRates(
  now: readonly { readonly key: string; readonly value: number }[],
): ReadonlyMap<string, Rates> {
  const histories = useHistories(now);
  const rates = new Map<string, Rates>();
  for (const [key, samples] of histories) {
    const rate = ratesOf(samples);
    if (rate) rates.set(key, rate);
  }
  return rates;
}

const APART_MS = 1_000;

export function useHistories(
  now: readonly { readonly key: string; readonly value: number }[],
): ReadonlyMap<string, readonly Sample[]> {
  const kept = useRef(new Map<string, readonly Sample[]>());
  const at = Date.now();
  for (const { key, value } of now) {
    const samples = kept.current.get(key) ?? [];
    if (at - (samples.at(-1)?.at ?? 0) >= APART_MS) kept.current.set(key, withSample(samples, { at, value }));
  }
  return kept.current;
}
