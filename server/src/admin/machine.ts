/** What the machine has and has left. */
import { readFile, statfs } from 'node:fs/promises';
import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';
import type { Machine } from '../contract/main.ts';

export async function readMachine(dataDirectory: string): Promise<Machine> {
  const disk = await statfs(dataDirectory);
  return {
    cpus: availableParallelism(),
    load: loadavg()[0] ?? 0,
    memoryBytes: totalmem(),
    memoryAvailableBytes: (await availableMemory()) ?? freemem(),
    diskBytes: disk.blocks * disk.bsize,
    diskFreeBytes: disk.bavail * disk.bsize,
  };
}

/** Linux counts the page cache as used; what can be had is told apart. Undefined elsewhere. */
async function availableMemory(): Promise<number | undefined> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
