/**
 * Control groups (cgroup v2), where the machine delegates a subtree to the server: each cell in a group of its
 * own, so that the kernel itself bounds its memory, its processes and its share of the processors.
 *
 *   <own group>/server         the server: a group that has groups below it may hold no process itself
 *   <own group>/cell-<id>      one cell: brokers and box
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CellLimits } from './sandbox.ts';

/** What a cell needs besides its box: the brokers' process, and both layers' own. */
const BROKERS_MEMORY_BYTES = 512 * 1024 * 1024;
const BROKERS_PROCESSES = 64;
const PERIOD_US = 100_000;

export type CgroupFinding =
  | { readonly usable: true; readonly base: string; readonly controllers: readonly string[] }
  | { readonly usable: false; readonly reason: string };

export interface Cgroups {
  /** Makes the cell's group and puts the process in, before it starts others. */
  add(cellId: string, pid: number, limits: CellLimits): void;
  /** Ends what is left in it, and the group. */
  remove(cellId: string): Promise<void>;
  /** Removes groups that a killed server left. */
  sweep(): Promise<void>;
}

export function findCgroups(): CgroupFinding {
  const own = /^0::(.*)$/m.exec(readText('/proc/self/cgroup'))?.[1];
  const mount = readText('/proc/self/mountinfo')
    .split('\n')
    .map((line) => line.split(' '))
    .find((fields) => fields[fields.indexOf('-') + 1] === 'cgroup2');
  const root = mount?.[3];
  const folder = mount?.[4];
  if (own === undefined || root === undefined || folder === undefined) return no('no cgroup v2');
  const below = root === '/' ? own : own.slice(root.length);
  // After a restart in place, the server finds itself in its own leaf.
  const base = join(folder, below.replace(/\/server$/, ''));
  const controllers = readText(join(base, 'cgroup.controllers')).trim().split(' ');
  const wanted = ['memory', 'pids', 'cpu'].filter((controller) => controllers.includes(controller));
  if (!wanted.includes('memory')) return no(`${base} has no memory controller`);
  // Only the machine's root group has no type; a container's does.
  if (!existsSync(join(base, 'cgroup.type'))) return no(`${base} is the machine's root group`);
  try {
    // Making a group is the only sure test of delegation.
    mkdirSync(join(base, 'server'), { recursive: true });
    writeFileSync(join(base, 'server', 'cgroup.procs'), '0');
    enable(base, wanted);
  } catch (error) {
    return no(`${base} is not delegated (${(error as NodeJS.ErrnoException).code})`);
  }
  return { usable: true, base, controllers: wanted };
}

function enable(base: string, controllers: readonly string[]): void {
  for (const pid of readText(join(base, 'cgroup.procs')).split('\n').filter(Boolean)) {
    try {
      writeFileSync(join(base, 'server', 'cgroup.procs'), pid);
    } catch {
      // Ended in the meantime.
    }
  }
  writeFileSync(join(base, 'cgroup.subtree_control'), controllers.map((name) => `+${name}`).join(' '));
}

export function createCgroups(finding: CgroupFinding): Cgroups | undefined {
  if (!finding.usable) return undefined;
  const { base } = finding;
  const groupOf = (cellId: string): string => join(base, `cell-${cellId}`);
  return {
    add(cellId, pid, limits) {
      const group = groupOf(cellId);
      mkdirSync(group, { recursive: true });
      const memory = limits.memoryBytes + BROKERS_MEMORY_BYTES;
      set(group, 'memory.max', String(memory));
      set(group, 'memory.high', String(Math.floor(memory * 0.95)));
      set(group, 'memory.swap.max', '0');
      set(group, 'pids.max', String(limits.processes + BROKERS_PROCESSES));
      set(group, 'cpu.max', `${Math.round(limits.cpus * PERIOD_US)} ${PERIOD_US}`);
      writeFileSync(join(group, 'cgroup.procs'), String(pid));
    },
    remove: (cellId) => removeGroup(groupOf(cellId)),
    async sweep() {
      for (const name of readdirSync(base)) if (name.startsWith('cell-')) await removeGroup(join(base, name));
    },
  };
}

/** A controller that the machine does not offer is done without. */
function set(group: string, file: string, value: string): void {
  try {
    writeFileSync(join(group, file), value);
  } catch {
    // Told by the probe.
  }
}

async function removeGroup(group: string): Promise<void> {
  if (!existsSync(group)) return;
  set(group, 'cgroup.kill', '1');
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      rmdirSync(group);
      return;
    } catch {
      // Its processes are still ending.
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

const no = (reason: string): CgroupFinding => ({ usable: false, reason });

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
