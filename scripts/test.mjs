/** `npm test`: installs all it needs and runs every test. Arguments go to the test runner. */
import { join } from 'node:path';
import { runProgram } from './program.mjs';
import { installPackages, installSystemPackages, ROOT, requireNode } from './setup.mjs';

requireNode();
installPackages();
installSystemPackages(['bubblewrap', 'chromium', 'kcat']);
const { buildStale } = await import('./build.mjs');
await buildStale();
const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
await runProgram(process.execPath, [vitest, 'run', ...process.argv.slice(2)], { cwd: ROOT });
