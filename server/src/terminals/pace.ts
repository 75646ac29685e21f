/**
 * How fast one terminal may print for long. Nobody reads faster, and without a bound one `yes` would take a core
 * of the server from everybody else.
 */
export interface Pace {
  take(bytes: number, nowMs: number): void;
  /** How long to hold the program, 0 for not at all. */
  waitMs(nowMs: number): number;
}

export interface PaceOptions {
  readonly bytesPerSecond: number;
  readonly burstBytes: number;
}

export function createPace({ bytesPerSecond, burstBytes }: PaceOptions): Pace {
  let room = burstBytes;
  let lastMs = 0;
  const refill = (nowMs: number): void => {
    room = Math.min(burstBytes, room + ((nowMs - lastMs) * bytesPerSecond) / 1000);
    lastMs = nowMs;
  };
  return {
    take(bytes, nowMs) {
      refill(nowMs);
      room -= bytes;
    },
    waitMs(nowMs) {
      refill(nowMs);
      return room >= 0 ? 0 : Math.ceil((-room * 1000) / bytesPerSecond);
    },
  };
}
