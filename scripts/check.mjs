/** `npm run check`: format, lint, types, dead code, boundaries and unit tests. Stops at the first that fails. */
import { spawnSync } from 'node:child_process';
import { fail, installPackages, ROOT, requireNode, say } from './setup.mjs';

requireNode();
installPackages();
const STEPS = [
  ['format and lint', 'biome', ['check', '--error-on-warnings', '.']],
  ['types', 'tsc', ['-p', '.']],
  ['types of the web page', 'tsc', ['-p', 'web']],
  ['dead code', 'knip', []],
  ['boundaries and unit tests', 'vitest', ['run', '--project', 'unit']],
];
for (const [title, command, args] of STEPS) {
  const startedAt = performance.now();
  const result = spawnSync('npx', ['--no-install', command, ...args], { cwd: ROOT, stdio: 'inherit' });
  if (result.status !== 0) fail(`check failed: ${title}`);
  say(`✓ ${title} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
}
