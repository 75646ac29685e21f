/** Real cells for tests: opened by the bwrap driver from dist/, in a data folder of their own. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createBwrapDriver } from '../../server/src/sandbox/bwrap.ts';
import type { Cell, CellOptions, SandboxDriver } from '../../server/src/sandbox/sandbox.ts';

export const PROGRAM_DIR = resolve(import.meta.dirname, '../../dist');

/** Why cells can't be opened here; undefined: they can. Tests are skipped with it in their name. */
export function whyNoCells(): string | undefined {
  if (process.platform !== 'linux') return 'bubblewrap needs Linux';
  if (spawnSync('bwrap', ['--version']).status !== 0) return 'bubblewrap is not installed';
  if (!existsSync(join(PROGRAM_DIR, 'cell/main.mjs'))) return 'dist/ is not built (npm run build)';
  return undefined;
}

export interface TestCells {
  readonly driver: SandboxDriver;
  readonly dataDir: string;
  open(id: string, options?: Partial<CellOptions>): Promise<Cell>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function createTestCells(): Promise<TestCells> {
  const dataDir = await mkdtemp(join(tmpdir(), 'brokerlab-cells-'));
  const driver = createBwrapDriver({ dataDir, programDir: PROGRAM_DIR });
  const ids = new Set<string>();
  return {
    driver,
    dataDir,
    open(id, options = {}) {
      return driver
        .open({ id, hostName: 'trainee-07', language: 'en', brokers: 0, ...options })
        .then((cell) => {
          ids.add(id);
          return cell;
        });
    },
    async [Symbol.asyncDispose]() {
      await driver.close();
      // A closed data folder is kept elsewhere by a root server; the driver knows where.
      for (const id of ids) await driver.remove(id);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** stdout and stderr of a command in the box. */
export async function runIn(cell: Cell, command: string, timeoutMs = 10_000): Promise<string> {
  const result = await cell.exec({ command, timeoutMs, outputBytesMax: 256 * 1024 });
  return (result.stdout + result.stderr).trim();
}
