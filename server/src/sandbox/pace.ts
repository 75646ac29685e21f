/** A rate that may be exceeded for a moment, not for long. */
export interface Pace {
  take(units: number, nowMs: number): void;
  /** How long to hold the program, 0 for not at all. */
  waitMs(nowMs: number): number;
}

export interface PaceOptions {
  readonly unitsPerSecond: number;
  readonly burst: number;
}

export function createPace({ unitsPerSecond, burst }: PaceOptions): Pace {
  let room = burst;
  let lastMs = 0;
  const refill = (nowMs: number): void => {
    room = Math.min(burst, room + ((nowMs - lastMs) * unitsPerSecond) / 1000);
    lastMs = nowMs;
  };
  return {
    take(units, nowMs) {
      refill(nowMs);
      room -= units;
    },
    waitMs(nowMs) {
      refill(nowMs);
      return room >= 0 ? 0 : Math.ceil((-room * 1000) / unitsPerSecond);
    },
  };
}
