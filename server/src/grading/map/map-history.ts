/**
 * The last hour of a map, as the state it began with and the changes since, within a bound of memory: over it the oldest
 * changes are folded into the beginning. What happened while nobody watched is one change with a gap before it.
 */
import { applyMapChange, type MapChange, type MapHistory, type MapState } from '../../contract/main.ts';

const HOUR_MS = 3_600_000;
/** Of the changes' JSON. */
const CHARACTERS_MAX = 300_000;
/** Numbers that only moved on are kept once in this time. */
const NUMBERS_EVERY_MS = 1_000;

interface Entry {
  readonly at: number;
  readonly json: string;
  readonly gap: boolean;
  readonly numbers: boolean;
}

export class KeptMap {
  #base: { at: number; state: MapState } | null = null;
  #entries: Entry[] = [];
  #characters = 0;
  #state: MapState | null = null;

  /** As it was last seen. */
  get state(): MapState | null {
    return this.#state;
  }

  /** `state` is what `change` has made; `gap`: nobody watched before. */
  add(entry: { at: number; state: MapState; change: MapChange | null; gap: boolean }): void {
    const { at, state, change, gap } = entry;
    this.#state = state;
    if (this.#base === null) {
      this.#base = { at, state };
      return;
    }
    if (change === null) return;
    const numbers = !gap && isNumbersOnly(change);
    const last = this.#entries.at(-1);
    if (numbers && last?.numbers && at - last.at < NUMBERS_EVERY_MS) {
      this.#entries.pop();
      this.#characters -= last.json.length;
      const both = joined(JSON.parse(last.json) as MapChange, change);
      this.#push({ at: last.at, json: JSON.stringify(both), gap: last.gap, numbers });
    } else this.#push({ at, json: JSON.stringify(change), gap, numbers });
    this.#trim(at);
  }

  read(): MapHistory {
    return {
      base: this.#base,
      changes: this.#entries.map(({ at, json, gap }) => ({
        at,
        gap,
        change: JSON.parse(json) as MapChange,
      })),
    };
  }

  clear(): void {
    this.#base = null;
    this.#entries = [];
    this.#characters = 0;
    this.#state = null;
  }

  #push(entry: Entry): void {
    this.#entries.push(entry);
    this.#characters += entry.json.length;
  }

  #trim(now: number): void {
    let drop = 0;
    for (const entry of this.#entries) {
      if (entry.at >= now - HOUR_MS && this.#characters <= CHARACTERS_MAX) break;
      this.#characters -= entry.json.length;
      this.#base = {
        at: entry.at,
        state: applyMapChange(this.#base!.state, JSON.parse(entry.json) as MapChange),
      };
      drop += 1;
    }
    if (drop > 0) this.#entries.splice(0, drop);
  }
}

/** Only offsets moved: no event that anybody would look for. */
function isNumbersOnly(change: MapChange): boolean {
  const clusters = Object.values(change['clusters'] ?? {}) as (MapChange | null)[];
  return clusters.every(
    (cluster) =>
      cluster !== null &&
      Object.entries(cluster).every(([part, value]) => {
        if (part !== 'topics' && part !== 'groups') return false;
        const moving = part === 'topics' ? ['ends', 'starts', 'producers'] : ['committed'];
        return Object.values(value as MapChange).every(
          (one) => one !== null && Object.keys(one as MapChange).every((key) => moving.includes(key)),
        );
      }),
  );
}

/** One patch that does what two do, the later one winning; for patches of the same shape without lists of patches. */
function joined(first: MapChange, second: MapChange): MapChange {
  const both: Record<string, MapChange[string]> = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const known = both[key];
    const deeper = isPatch(known) && isPatch(value);
    both[key] = deeper ? joined(known, value) : value;
  }
  return both;
}

function isPatch(value: MapChange[string] | undefined): value is MapChange {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
