/** The last hour of the map in this page: states in order of time with what happened at each. States share what did not change. Pure. */
import { applyMapChange, type MapHistory, type MapState, type MapUpdate } from '@brokerlab/server/contract';
import { type MapEvent, readEvents } from './map-events.ts';

export interface Frame {
  readonly at: number;
  readonly state: MapState;
  readonly events: readonly MapEvent[];
  /** Nobody watched before: when it happened is not known. */
  readonly gap: boolean;
}
export type Timeline = readonly Frame[];

const hourMs = 3_600_000;
const framesMax = 4_000;
/** Frames in which only numbers moved are kept once in this time. */
const numbersEveryMs = 1_000;

export function timelineOf(history: MapHistory): Timeline {
  if (!history.base) return [];
  const frames: Frame[] = [{ ...history.base, events: [], gap: false }];
  for (const { at, change, gap } of history.changes) {
    const before = frames.at(-1)!.state;
    const state = applyMapChange(before, change);
    frames.push({ at, state, events: readEvents(before, state), gap });
  }
  return frames;
}

/** The state an update makes; null: it does not fit to what is known, and the whole must be asked for. */
export function stateAfter(
  known: { readonly revision: number; readonly state: MapState } | null,
  update: MapUpdate,
): MapState | null {
  if (update.kind === 'whole') return update.state;
  if (!known || update.revision !== known.revision + 1) return null;
  return applyMapChange(known.state, update.change);
}

export function withFrame(timeline: Timeline, at: number, state: MapState): Timeline {
  const last = timeline.at(-1);
  if (!last) return [{ at, state, events: [], gap: false }];
  const events = readEvents(last.state, state);
  const merges =
    timeline.length > 1 && events.length === 0 && last.events.length === 0 && at - last.at < numbersEveryMs;
  const kept = merges ? timeline.slice(0, -1) : timeline;
  const frame: Frame = merges ? { ...last, state } : { at, state, events, gap: false };
  const inHour = kept.findIndex((one) => one.at >= at - hourMs);
  // One from before it stays: it is how the hour began.
  const from = inHour < 0 ? kept.length - 1 : inHour - 1;
  return [...kept.slice(Math.max(0, from, kept.length + 1 - framesMax)), frame];
}

/** The picture of that moment: the last frame not after it. */
export function frameAt(timeline: Timeline, at: number): Frame | null {
  let low = 0;
  let high = timeline.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeline[middle]!.at <= at) low = middle + 1;
    else high = middle;
  }
  return timeline[Math.max(0, low - 1)] ?? null;
}

/** What happened in the `withinMs` before that moment. */
export function eventsBefore(timeline: Timeline, at: number, withinMs: number): MapEvent[] {
  const events: MapEvent[] = [];
  for (let index = timeline.length - 1; index >= 0; index -= 1) {
    const frame = timeline[index]!;
    if (frame.at > at) continue;
    if (frame.at < at - withinMs) break;
    if (!frame.gap) events.push(...frame.events);
  }
  return events;
}
