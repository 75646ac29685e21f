/**
 * Bundles the programs that run outside a box. `a/src/b/main.ts` becomes `dist/a/b/main.mjs`, as deep below the root as
 * its source, so a path relative to the file means the same in both. Packages from npm stay outside the bundles.
 */
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { ROOT } from './setup.mjs';

export function buildServer() {
  return Promise.all([bundle('server/src/main.ts'), bundle('server/src/backup/main.ts')]);
}

export async function buildCommands() {
  await bundle('broker/src/node/cluster-main.ts');
  await bundle('broker/src/node/packing/node-main.ts');
  await bundle('grader/src/cli/main.ts');
}

async function bundle(entry) {
  const outFile = join(ROOT, 'dist', entry.replace('/src/', '/').replace(/\.ts$/, '.mjs'));
  const build = await rolldown({
    input: join(ROOT, entry),
    platform: 'node',
    transform: { target: 'node20' },
    external: (id) => !/^(\.|\/|@brokerlab\/|@oxc-project\/|\0)/.test(id),
    logLevel: 'warn',
  });
  await build.write({ file: outFile, format: 'esm', codeSplitting: false, sourcemap: true });
  await build.close();
}
