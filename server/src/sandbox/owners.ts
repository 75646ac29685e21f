/**
 * Started as root, the server runs every trainee's cell as an unprivileged user of its own, one that exists
 * nowhere else. Which one is recorded by the owner of the cell's folder, so nothing else needs keeping.
 */
import { readFileSync, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface OwnerRange {
  readonly first: number;
  readonly count: number;
}

export const DEFAULT_OWNERS: OwnerRange = { first: 200_000, count: 10_000 };

/** The owner that a cell's folder has, or for a new cell the lowest free one. */
export async function ownerOf(cellsDir: string, cellId: string, range: OwnerRange): Promise<number> {
  const present = await stat(join(cellsDir, cellId)).catch(() => undefined);
  if (present !== undefined && isInRange(present.uid, range)) return present.uid;
  const taken = new Set<number>();
  for (const name of await readdir(cellsDir).catch(() => [])) {
    const status = await stat(join(cellsDir, name)).catch(() => undefined);
    if (status !== undefined) taken.add(status.uid);
  }
  for (let uid = range.first; uid < range.first + range.count; uid++) if (!taken.has(uid)) return uid;
  throw new Error(`all ${range.count} user ids from ${range.first} on are in use by cells in ${cellsDir}`);
}

/** Accounts and subordinate ranges of this machine that overlap the range; empty: it can be used. */
export function overlaps(range: OwnerRange): string[] {
  const found: string[] = [];
  for (const line of linesOf('/etc/passwd')) {
    const [name, , uid] = line.split(':');
    if (isInRange(Number(uid), range)) found.push(`/etc/passwd: ${name} has ${uid}`);
  }
  for (const file of ['/etc/subuid', '/etc/subgid']) {
    for (const line of linesOf(file)) {
      const [name, first, count] = line.split(':');
      const from = Number(first);
      const to = from + Number(count);
      if (from < range.first + range.count && to > range.first)
        found.push(`${file}: ${name} has ${first} to ${to - 1}`);
    }
  }
  return found;
}

/** The first range of that size, from the given one on in steps, that overlaps nothing. */
export function freeRange(wanted: OwnerRange): OwnerRange | undefined {
  for (let step = 0; step < 100; step++) {
    const range = { first: wanted.first + step * 100_000, count: wanted.count };
    if (overlaps(range).length === 0) return range;
  }
  return undefined;
}

/** Whether an ordinary user can reach the path: every folder above it lets others through. */
export function reachableByAnyone(path: string): boolean {
  const parts = path.split('/').filter((part) => part !== '');
  let folder = '';
  for (const part of parts) {
    folder += `/${part}`;
    const status = statSync(folder, { throwIfNoEntry: false });
    if (status === undefined) return true;
    const needed = status.isDirectory() ? 0o001 : 0o004;
    if ((status.mode & needed) === 0) return false;
  }
  return true;
}

const isInRange = (uid: number, { first, count }: OwnerRange): boolean => uid >= first && uid < first + count;

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}
