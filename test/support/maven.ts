/** Artifacts of a Maven project, resolved once into a git-ignored folder; parallel test files wait for the first. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const CACHE = resolve(import.meta.dirname, '../../.cache');
const RESOLVE_TIMEOUT_MS = 300_000;

export interface Artifacts {
  /** Folder of the jars. */
  readonly libs: string;
  isComplete(): boolean;
  /** Throws with Maven's last lines. */
  resolve(): void;
}

/** The dependencies of `pom`, kept in `name` of the cache. */
export function artifacts(name: string, pom: string): Artifacts {
  const folder = join(CACHE, name);
  const libs = join(folder, 'libs');
  const complete = join(folder, '.complete');
  const lock = join(folder, '.lock');

  const tryLock = (): boolean => {
    try {
      if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > RESOLVE_TIMEOUT_MS) rmdirSync(lock);
      mkdirSync(lock);
      return true;
    } catch {
      return false;
    }
  };
  const download = (): void => {
    const result = spawnSync(
      'mvn',
      ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${libs}`],
      { encoding: 'utf8', timeout: RESOLVE_TIMEOUT_MS },
    );
    if (result.status !== 0) {
      throw new Error(`Maven could not resolve ${pom}: ${(result.stdout ?? '').trim().slice(-600)}`);
    }
    writeFileSync(complete, '');
  };
  return {
    libs,
    isComplete: () => existsSync(complete),
    resolve: () => {
      mkdirSync(folder, { recursive: true });
      const deadline = Date.now() + RESOLVE_TIMEOUT_MS;
      while (!existsSync(complete)) {
        if (tryLock()) {
          try {
            if (!existsSync(complete)) download();
          } finally {
            rmdirSync(lock);
          }
        } else if (Date.now() > deadline) {
          throw new Error(`another run holds ${lock}; remove it if none does`);
        } else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      }
    },
  };
}
