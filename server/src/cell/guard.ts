/** Watches the box's limits from outside of it. (First form: counts, and says what is used.) */
import type { CellLimits, CellUsage, LimitMet } from '../sandbox/sandbox.ts';

export interface Guard {
  /** Something goes on in the box: look more often for a while. */
  noteActivity(): void;
  usage(): Promise<CellUsage>;
  /** After a reset: what was counted is no more. */
  forget(): void;
}

export interface GuardOptions {
  readonly limits: CellLimits;
  readonly homeDir: string;
  readonly clusterDir: string;
  readonly isolated: boolean;
  boxProcessId(): number | undefined;
  onLimit(met: LimitMet): void;
}

export function createGuard(options: GuardOptions): Guard {
  const openedMs = performance.now();
  return {
    noteActivity: () => undefined,
    forget: () => undefined,
    usage: () =>
      Promise.resolve({
        memoryBytes: 0,
        memoryBytesMax: options.limits.memoryBytes,
        processes: 0,
        processesMax: options.limits.processes,
        homeBytes: 0,
        homeBytesMax: options.limits.homeBytes,
        clusterBytes: 0,
        cpuMs: 0,
        openedMs: Math.round(performance.now() - openedMs),
      }),
  };
}
