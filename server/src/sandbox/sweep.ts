/**
 * Removes what a killed server left. Its processes are gone with it (die-with-parent, closed channels), so what
 * can remain are run folders with dead sockets, and half-made copies.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxFolders } from './folders.ts';

export async function sweepLeftovers(folders: SandboxFolders): Promise<void> {
  for (const name of await readdir(folders.runDir).catch(() => [])) {
    await rm(join(folders.runDir, name), { recursive: true, force: true });
  }
}
