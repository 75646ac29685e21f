/**
 * Watches the box's limits from outside of it, where the trainee's programs can't stop it. The kernel itself
 * bounds processes, file sizes and each process's data; what it cannot do without a delegated control group (all
 * memory together, a quota on a folder, a fair share for neighbours) is done here, by looking often while
 * something goes on and seldom otherwise.
 */
import type { CellLimits, CellUsage, LimitKind, LimitMet, Sentence } from '../sandbox/sandbox.ts';
import { type Sorted, sortProcesses } from './box-frame.ts';
import { diskUsage } from './disk-usage.ts';
import { createHogWatch } from './hogs.ts';
import { limitMessages } from './limit-messages.ts';
import { type BoxProcess, readBoxProcesses, writersBelow, writtenBytes } from './processes.ts';

const BUSY_EVERY_MS = 400;
const IDLE_EVERY_MS = 15_000;
const BUSY_FOR_MS = 3_000;
/** At its limit for this long, the box's programs are ended: they only burn the neighbours' time. */
const MULTIPLYING_MS = 2_500;
/** The kernel refuses at the limit itself; what comes this near has met it. */
const PROCESSES_MARGIN = 6;
const SAME_MESSAGE_EVERY_MS = 20_000;
const WRITTEN_BYTES_UNNOTICED = 8 * 1024 * 1024;
const CLUSTER_FILES_MAX = 20_000;
const CLUSTER_EVERY_MS = 60_000;
const BOX_HOME = '/home/trainee';

export interface GuardOptions {
  readonly limits: CellLimits;
  readonly clusterBytesMax: number;
  readonly homeDir: string;
  readonly clusterDir: string;
  /** False: the box's processes are the user's own, and not to be touched. */
  readonly isolated: boolean;
  onLimit(met: LimitMet): void;
}

export class Guard {
  readonly #options: GuardOptions;
  readonly #openedMs = performance.now();
  readonly #told = new Map<LimitKind, number>();
  readonly #hogs = createHogWatch();
  #processes: readonly BoxProcess[] = [];
  #homeBytes = 0;
  #clusterBytes = 0;
  #homeOver = false;
  #busyUntilMs = this.#openedMs + BUSY_FOR_MS;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #crowdedSinceMs: number | undefined;
  #writtenAtHomeLook = 0;
  #homeLookedMs = Number.NEGATIVE_INFINITY;
  #clusterLookedMs = Number.NEGATIVE_INFINITY;

  constructor(options: GuardOptions) {
    this.#options = options;
    this.#schedule();
  }

  /** The home holds more than it may: nothing may be saved into it. */
  get homeOver(): boolean {
    return this.#homeOver;
  }

  /** Something goes on in the box: look more often for a while. */
  noteActivity(): void {
    const now = performance.now();
    const wasIdle = now >= this.#busyUntilMs;
    this.#busyUntilMs = now + BUSY_FOR_MS;
    if (!wasIdle || this.#looking !== undefined) return;
    clearTimeout(this.#timer);
    this.#schedule();
  }

  /** After a reset: what was counted is no more. */
  forget(): void {
    this.#homeOver = false;
    this.#told.clear();
    this.#homeLookedMs = Number.NEGATIVE_INFINITY;
    this.#clusterLookedMs = Number.NEGATIVE_INFINITY;
  }

  async usage(): Promise<CellUsage> {
    await this.#look();
    const { limits } = this.#options;
    return {
      memoryBytes: sum(this.#processes, ({ memoryBytes }) => memoryBytes),
      memoryBytesMax: limits.memoryBytes,
      processes: sum(this.#processes, ({ threads }) => threads),
      processesMax: limits.processes,
      homeBytes: this.#homeBytes,
      homeBytesMax: limits.homeBytes,
      clusterBytes: this.#clusterBytes,
      clusterBytesMax: this.#options.clusterBytesMax,
      cpusMax: limits.cpus,
      cpuMs: sum(this.#processes, ({ cpuMs }) => cpuMs),
      openedMs: Math.round(performance.now() - this.#openedMs),
    };
  }

  #schedule(): void {
    const busy = performance.now() < this.#busyUntilMs;
    const again = (): void => this.#schedule();
    this.#timer = setTimeout(
      () => void this.#look().then(again, again),
      busy ? BUSY_EVERY_MS : IDLE_EVERY_MS,
    );
    this.#timer.unref();
  }

  #look(): Promise<void> {
    this.#looking ??= this.#lookNow().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookNow(): Promise<void> {
    if (this.#options.isolated) {
      this.#processes = readBoxProcesses(process.pid);
      const sorted = sortProcesses(this.#processes, process.pid);
      this.#checkMemory(this.#processes);
      this.#checkCrowd(this.#processes, sorted);
      if (this.#hogs.note([...sorted.shells, ...sorted.programs])) this.#stayBusy();
      await this.#checkHome(sorted.programs);
    } else {
      await this.#checkHome([]);
    }
    await this.#checkCluster();
  }

  #checkMemory(processes: readonly BoxProcess[]): void {
    const { memoryBytes: max } = this.#options.limits;
    if (sum(processes, ({ memoryBytes }) => memoryBytes) <= max) return;
    const biggest = processes.reduce((one, other) => (other.memoryBytes > one.memoryBytes ? other : one));
    signal(biggest, 'SIGKILL');
    this.#stayBusy();
    this.#tellAnew('memory', limitMessages.memoryMet(max, biggest.name, biggest.memoryBytes));
  }

  #checkCrowd(processes: readonly BoxProcess[], { programs }: Sorted): void {
    const { processes: max } = this.#options.limits;
    const now = performance.now();
    if (sum(processes, ({ threads }) => threads) < max - PROCESSES_MARGIN) {
      this.#crowdedSinceMs = undefined;
      return;
    }
    this.#stayBusy();
    this.#crowdedSinceMs ??= now;
    if (now - this.#crowdedSinceMs < MULTIPLYING_MS) {
      this.#tell('processes', limitMessages.processesMet(max));
      return;
    }
    // Stopped first, so that none can multiply while others are being ended.
    for (const program of programs) signal(program, 'SIGSTOP');
    for (const program of programs) signal(program, 'SIGKILL');
    const name = mostFrequent(programs.map((program) => program.name));
    this.#tellAnew('processes', limitMessages.processesEnded(max, name));
  }

  async #checkHome(programs: readonly BoxProcess[]): Promise<void> {
    const { homeDir, limits } = this.#options;
    const written = writtenBytes(this.#processes);
    const now = performance.now();
    const unnoticed = Math.abs(written - this.#writtenAtHomeLook);
    const due =
      this.#homeOver || unnoticed > WRITTEN_BYTES_UNNOTICED || now - this.#homeLookedMs > IDLE_EVERY_MS;
    if (!due) return;
    this.#writtenAtHomeLook = written;
    this.#homeLookedMs = now;
    const { bytes, truncated } = await diskUsage(homeDir, limits.homeFiles);
    this.#homeBytes = bytes;
    this.#homeOver = truncated || bytes > limits.homeBytes;
    if (truncated) this.#tell('files', limitMessages.tooManyFiles(limits.homeFiles));
    if (bytes <= limits.homeBytes) return;
    const writers = await writersBelow(BOX_HOME, programs);
    for (const writer of writers) signal(writer, 'SIGKILL');
    const names = [...new Set(writers.map(({ name }) => name))];
    const message = limitMessages.homeFull(limits.homeBytes, bytes, names);
    if (names.length > 0) this.#tellAnew('home', message);
    else this.#tell('home', message);
  }

  async #checkCluster(): Promise<void> {
    const { clusterDir, clusterBytesMax } = this.#options;
    const now = performance.now();
    if (now - this.#clusterLookedMs < CLUSTER_EVERY_MS) return;
    this.#clusterLookedMs = now;
    const { bytes } = await diskUsage(clusterDir, CLUSTER_FILES_MAX);
    this.#clusterBytes = bytes;
    if (bytes > clusterBytesMax) {
      this.#tell('clusterDisk', limitMessages.clusterDisk(clusterBytesMax, bytes));
    }
  }

  #stayBusy(): void {
    this.#busyUntilMs = performance.now() + BUSY_FOR_MS;
  }

  #tell(what: LimitKind, message: Sentence): void {
    const now = performance.now();
    if (now - (this.#told.get(what) ?? Number.NEGATIVE_INFINITY) < SAME_MESSAGE_EVERY_MS) return;
    this.#told.set(what, now);
    this.#options.onLimit({ what, message });
  }

  /** Something was ended: that is news each time. */
  #tellAnew(what: LimitKind, message: Sentence): void {
    this.#told.delete(what);
    this.#tell(what, message);
  }
}

function signal({ pid }: BoxProcess, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Ended in the meantime.
  }
}

const sum = <Item>(items: readonly Item[], value: (item: Item) => number): number =>
  items.reduce((total, item) => total + value(item), 0);

function mostFrequent(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? '';
}
