/** 3,626,000 ms → `01:00:26`; from a day on `2d 01:00:26`. */
export function runningTime(elapsedMs: number): string {
  const seconds = Math.max(0, Math.floor(elapsedMs / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const clock = `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return days === 0 ? clock : `${days}d ${clock}`;
}

export interface CpuReading {
  readonly cpuMs: number;
  readonly at: number;
}

/**
 * Cores in use between two readings; null when there is nothing to compare with. A reading lower than the one before
 * is of an environment that was started anew, or of programs that have ended.
 */
export function coresInUse(before: CpuReading | undefined, now: CpuReading): number | null {
  if (before === undefined || now.at <= before.at) return null;
  return Math.max(0, now.cpuMs - before.cpuMs) / (now.at - before.at);
}
