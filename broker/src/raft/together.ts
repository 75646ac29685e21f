/**
 * What every node repeats while nothing happens, done by all at once: nodes of one machine then wake it once, not one by one.
 */

/** A timer set for the common moment may come this early. */
const slackMs = 20;

/** From `nowMs` to the next moment that is a multiple of `everyMs`; never longer than `everyMs`. */
export function untilCommonMoment(everyMs: number, nowMs: number): number {
  const leftMs = everyMs - (Math.floor(nowMs) % everyMs);
  return leftMs > slackMs ? leftMs : everyMs;
}
