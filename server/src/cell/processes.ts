/** The box's processes, as the kernel tells the cell about them: they cannot lie here. */
import { constants, readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';

export interface BoxProcess {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly threads: number;
  /** Ticks since the machine's start; numbers of processes are used again, this is not. */
  readonly startedTicks: number;
  /** User and system time since its start. */
  readonly cpuMs: number;
  /** What it alone keeps in memory: shared program text is not counted. */
  readonly memoryBytes: number;
}

/** Clock ticks in /proc/PID/stat: 100 a second on every Linux that Node runs on. */
const TICK_MS = 10;
const PAGE_KILOBYTES = 1024;

/**
 * All processes of the cell's namespace but the cell itself and its init: those are the box. Read synchronously: the
 * kernel answers from memory, and handing each of these tiny reads to a thread costs many times the read itself.
 */
export function readBoxProcesses(cellPid: number): BoxProcess[] {
  const names = readdirSync('/proc');
  const pids = names.filter((name) => /^\d+$/.test(name) && name !== '1' && name !== String(cellPid));
  return pids.map((pid) => readProcess(pid)).filter((process) => process !== undefined);
}

function readProcess(pid: string): BoxProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    return parseProcess(Number(pid), stat, status);
  } catch {
    // Ended in the meantime.
    return undefined;
  }
}

export function parseProcess(pid: number, stat: string, status: string): BoxProcess {
  // The name stands in parentheses and may itself hold any character.
  const open = stat.indexOf('(');
  const close = stat.lastIndexOf(')');
  const fields = stat.slice(close + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return {
    pid,
    name: stat.slice(open + 1, close),
    parent: field(4),
    threads: field(20),
    startedTicks: field(22),
    cpuMs: (field(14) + field(15)) * TICK_MS,
    memoryBytes: (kilobytes(status, 'RssAnon') + kilobytes(status, 'RssShmem')) * PAGE_KILOBYTES,
  };
}

function kilobytes(status: string, key: string): number {
  const match = new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status);
  return match === null ? 0 : Number(match[1]);
}

/** Bytes that the processes have written, to files, pipes and terminals alike. */
export function writtenBytes(processes: readonly BoxProcess[]): number {
  return processes.reduce((sum, { pid }) => sum + writtenBy(pid), 0);
}

function writtenBy(pid: number): number {
  try {
    return Number(/^wchar: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'latin1'))?.[1] ?? 0);
  } catch {
    return 0; // ended in the meantime
  }
}

/** Those that hold a file below `folder` (as the box names it) open for writing. */
export async function writersBelow(folder: string, processes: readonly BoxProcess[]): Promise<BoxProcess[]> {
  const writing = await Promise.all(processes.map(({ pid }) => writesBelow(folder, pid)));
  return processes.filter((_, index) => writing[index]);
}

async function writesBelow(folder: string, pid: number): Promise<boolean> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const descriptor of descriptors) {
    const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
    if (!target.startsWith(`${folder}/`)) continue;
    const info = await readFile(`/proc/${pid}/fdinfo/${descriptor}`, 'latin1').catch(() => '');
    const flags = Number.parseInt(/^flags:\s+(\d+)/m.exec(info)?.[1] ?? '0', 8);
    if ((flags & (constants.O_WRONLY | constants.O_RDWR)) !== 0) return true;
  }
  return false;
}
