/**
 * Watches the box's limits from outside of it, where the trainee's programs can't stop it. The kernel itself
 * bounds processes, file sizes and each process's data; what it cannot do without a delegated cgroup (all memory
 * together, a quota on a folder, a fair share for neighbours) is done here, by looking often while something
 * goes on and seldom otherwise.
 */
import { setPriority } from 'node:os';
import type { CellLimits, CellUsage, LimitKind, LimitMet, Sentence } from '../sandbox/sandbox.ts';
import { diskUsage } from './disk-usage.ts';
import { limitMessages } from './limit-messages.ts';
import { type BoxProcess, readBoxProcesses, writersBelow, writtenBytes } from './processes.ts';

const BUSY_EVERY_MS = 400;
const IDLE_EVERY_MS = 15_000;
const BUSY_FOR_MS = 3_000;
/** At its limit for this long, the box's processes are ended: they only burn the neighbours' time. */
const MULTIPLYING_MS = 2_500;
/** The kernel refuses at the limit itself; what comes this near has met it. */
const PROCESSES_MARGIN = 6;
const SAME_MESSAGE_EVERY_MS = 20_000;
const WRITTEN_BYTES_UNNOTICED = 8 * 1024 * 1024;
const CLUSTER_FILES_MAX = 20_000;
const CLUSTER_EVERY_MS = 10_000;
/** A process that takes this much of a core for this long yields to everybody else. */
const HOG_MS = 5_000;
const HOG_SHARE = 0.3;
const HOG_PRIORITY = 15;
const BOX_HOME = '/home/trainee';

export interface Guard {
  /** Something goes on in the box: look more often for a while. */
  noteActivity(): void;
  usage(): Promise<CellUsage>;
  /** The home holds more than it may: nothing may be saved into it. */
  readonly homeOver: boolean;
  /** After a reset: what was counted is no more. */
  forget(): void;
}

export interface GuardOptions {
  readonly limits: CellLimits;
  readonly clusterBytesMax: number;
  readonly homeDir: string;
  readonly clusterDir: string;
  /** False: the box's processes are the user's own, and not to be touched. */
  readonly isolated: boolean;
  onLimit(met: LimitMet): void;
}

interface Measured {
  processes: readonly BoxProcess[];
  homeBytes: number;
  clusterBytes: number;
}

export function createGuard(options: GuardOptions): Guard {
  const { limits } = options;
  const openedMs = performance.now();
  const measured: Measured = { processes: [], homeBytes: 0, clusterBytes: 0 };
  const told = new Map<LimitKind, number>();
  const hogs = createHogWatch();
  let busyUntilMs = openedMs + BUSY_FOR_MS;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let crowdedSinceMs: number | undefined;
  let writtenAtHomeLook = 0;
  let homeLookedMs = 0;
  let clusterLookedMs = 0;
  let homeOver = false;

  function tell(what: LimitKind, message: Sentence): void {
    const now = performance.now();
    if (now - (told.get(what) ?? -Infinity) < SAME_MESSAGE_EVERY_MS) return;
    told.set(what, now);
    options.onLimit({ what, message });
  }

  function schedule(): void {
    const busy = performance.now() < busyUntilMs;
    timer = setTimeout(() => void look().finally(schedule), busy ? BUSY_EVERY_MS : IDLE_EVERY_MS);
    timer.unref();
  }

  function look(): Promise<void> {
    looking ??= lookNow().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  async function lookNow(): Promise<void> {
    if (options.isolated) {
      const processes = await readBoxProcesses(process.pid);
      measured.processes = processes;
      checkMemory(processes);
      checkCrowd(processes);
      if (hogs.note(processes)) busyUntilMs = performance.now() + BUSY_FOR_MS;
      await checkHome(processes);
    } else {
      await checkHome([]);
    }
    await checkCluster();
  }

  function checkMemory(processes: readonly BoxProcess[]): void {
    const total = sum(processes, ({ memoryBytes }) => memoryBytes);
    if (total <= limits.memoryBytes) return;
    const biggest = processes.reduce((one, other) => (other.memoryBytes > one.memoryBytes ? other : one));
    end(biggest.pid);
    told.delete('memory');
    tell('memory', limitMessages.memoryMet(limits.memoryBytes, biggest.name, biggest.memoryBytes));
    busyUntilMs = performance.now() + BUSY_FOR_MS;
  }

  function checkCrowd(processes: readonly BoxProcess[]): void {
    const now = performance.now();
    if (sum(processes, ({ threads }) => threads) < limits.processes - PROCESSES_MARGIN) {
      crowdedSinceMs = undefined;
      return;
    }
    busyUntilMs = now + BUSY_FOR_MS;
    crowdedSinceMs ??= now;
    if (now - crowdedSinceMs < MULTIPLYING_MS) {
      tell('processes', limitMessages.processesMet(limits.processes));
      return;
    }
    const victims = withoutShells(processes);
    const name = mostFrequent(victims.map((victim) => victim.name));
    // Stopped first, so that none can multiply while others are being ended.
    for (const { pid } of victims) signal(pid, 'SIGSTOP');
    for (const { pid } of victims) end(pid);
    told.delete('processes');
    tell('processes', limitMessages.processesEnded(limits.processes, name));
  }

  async function checkHome(processes: readonly BoxProcess[]): Promise<void> {
    const written = await writtenBytes(processes);
    const now = performance.now();
    const unnoticed = Math.abs(written - writtenAtHomeLook);
    const due = homeOver || unnoticed > WRITTEN_BYTES_UNNOTICED || now - homeLookedMs > IDLE_EVERY_MS;
    if (!due) return;
    writtenAtHomeLook = written;
    homeLookedMs = now;
    const { bytes, files, truncated } = await diskUsage(options.homeDir, limits.homeFiles);
    measured.homeBytes = bytes;
    if (truncated) tell('files', limitMessages.tooManyFiles(limits.homeFiles));
    homeOver = bytes > limits.homeBytes || files > limits.homeFiles;
    if (bytes <= limits.homeBytes) return;
    const writers = await writersBelow(BOX_HOME, withoutShells(processes));
    for (const { pid } of writers) end(pid);
    const names = [...new Set(writers.map(({ name }) => name))];
    if (names.length > 0) told.delete('home');
    tell('home', limitMessages.homeFull(limits.homeBytes, bytes, names));
  }

  async function checkCluster(): Promise<void> {
    const now = performance.now();
    if (now - clusterLookedMs < CLUSTER_EVERY_MS) return;
    clusterLookedMs = now;
    const { bytes } = await diskUsage(options.clusterDir, CLUSTER_FILES_MAX);
    measured.clusterBytes = bytes;
    if (bytes > options.clusterBytesMax) {
      tell('clusterDisk', limitMessages.clusterDisk(options.clusterBytesMax, bytes));
    }
  }

  schedule();
  return {
    noteActivity() {
      const now = performance.now();
      const wasIdle = now >= busyUntilMs;
      busyUntilMs = now + BUSY_FOR_MS;
      if (!wasIdle || looking !== undefined) return;
      clearTimeout(timer);
      schedule();
    },
    get homeOver() {
      return homeOver;
    },
    forget() {
      homeOver = false;
      told.clear();
      homeLookedMs = 0;
      clusterLookedMs = 0;
    },
    async usage() {
      await look();
      const { processes, homeBytes, clusterBytes } = measured;
      return {
        memoryBytes: sum(processes, ({ memoryBytes }) => memoryBytes),
        memoryBytesMax: limits.memoryBytes,
        processes: sum(processes, ({ threads }) => threads),
        processesMax: limits.processes,
        homeBytes,
        homeBytesMax: limits.homeBytes,
        clusterBytes,
        cpuMs: sum(processes, ({ cpuMs }) => cpuMs),
        openedMs: Math.round(performance.now() - openedMs),
      };
    },
  };
}

/**
 * All but the box's own frame: bubblewrap (our child), the box's init (its child), the agent (that one's first
 * child; later ones are orphans), and the shells that the agent started.
 */
function withoutShells(processes: readonly BoxProcess[]): BoxProcess[] {
  const childrenOf = (parent: number | undefined): BoxProcess[] =>
    processes
      .filter((process) => process.parent === parent)
      .sort((one, other) => one.startedTicks - other.startedTicks);
  const outer = childrenOf(process.pid)[0]?.pid;
  const init = childrenOf(outer)[0]?.pid;
  const agent = childrenOf(init)[0]?.pid;
  return processes.filter(
    ({ pid, parent }) => pid !== outer && pid !== init && pid !== agent && parent !== agent,
  );
}

/** Notices processes that keep a core to themselves, and makes them yield. True while there is one. */
function createHogWatch(): { note(processes: readonly BoxProcess[]): boolean } {
  let last = new Map<number, { cpuMs: number; busySinceMs: number | undefined }>();
  let lastMs = performance.now();
  return {
    note(processes) {
      const now = performance.now();
      const elapsedMs = now - lastMs;
      let any = false;
      const next: typeof last = new Map();
      for (const { pid, cpuMs } of processes) {
        const before = last.get(pid);
        const busy = before !== undefined && cpuMs - before.cpuMs > elapsedMs * HOG_SHARE;
        const busySinceMs = busy ? (before.busySinceMs ?? lastMs) : undefined;
        next.set(pid, { cpuMs, busySinceMs });
        if (busySinceMs === undefined) continue;
        any = true;
        if (now - busySinceMs > HOG_MS) yieldToOthers(pid);
      }
      last = next;
      lastMs = now;
      return any;
    },
  };
}

function yieldToOthers(pid: number): void {
  try {
    setPriority(pid, HOG_PRIORITY);
  } catch {
    // Ended in the meantime.
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Ended in the meantime.
  }
}

const end = (pid: number): void => signal(pid, 'SIGKILL');

const sum = <Item>(items: readonly Item[], value: (item: Item) => number): number =>
  items.reduce((total, item) => total + value(item), 0);

function mostFrequent(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? '';
}
