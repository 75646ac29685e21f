/**
 * Makes a process that has used much processor time and goes on using it yield to everybody else. Where control
 * groups are not delegated, this is what keeps one trainee's endless loop from slowing down the others.
 */
import { setPriority } from 'node:os';
import type { BoxProcess } from './processes.ts';

const USED_MS = 3_000;
const SHARE = 0.2;
/** Of a core, at the end of the scale (19) the kernel gives a hundredth of the normal share; this gives a thirtieth. */
const PRIORITY = 15;

export interface HogWatch {
  /** True while there is one. */
  note(processes: readonly BoxProcess[]): boolean;
}

export function createHogWatch(): HogWatch {
  let lastCpuMs = new Map<number, number>();
  let lastMs = performance.now();
  return {
    note(processes) {
      const now = performance.now();
      const busyMs = (now - lastMs) * SHARE;
      const hogs = processes.filter(({ pid, cpuMs }) => {
        const before = lastCpuMs.get(pid);
        return before !== undefined && cpuMs - before > busyMs;
      });
      lastCpuMs = new Map(processes.map(({ pid, cpuMs }) => [pid, cpuMs]));
      lastMs = now;
      for (const { pid, cpuMs } of hogs) if (cpuMs > USED_MS) yieldToOthers(pid);
      return hogs.length > 0;
    },
  };
}

function yieldToOthers(pid: number): void {
  try {
    setPriority(pid, PRIORITY);
  } catch {
    // Ended in the meantime.
  }
}
