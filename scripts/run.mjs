/** `npm run cluster | labs | bench | sim`: installs and builds what the command needs, then runs it. */
import { join } from 'node:path';
import { runProgram } from './program.mjs';
import { fail, installPackages, installSystemPackages, ROOT, requireNode } from './setup.mjs';

const COMMANDS = {
  cluster: { build: ['programs'], entry: 'dist/broker/node/cluster-main.mjs' },
  labs: { build: ['programs', 'tools'], entry: 'dist/grader/cli/main.mjs' },
  bench: { build: undefined, entry: 'test/bench/main.ts', system: ['bubblewrap', 'chromium'] },
  sim: { build: [], entry: 'test/sim/main.ts' },
  chaos: { build: ['programs'], entry: 'test/chaos/main.ts', system: ['kcat'] },
};

const [name, ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (command === undefined) {
  fail(`There is no command "${name}"; commands are ${Object.keys(COMMANDS).join(', ')}.`);
}
requireNode();
installPackages();
if (command.system) installSystemPackages(command.system);
const { buildStale } = await import('./build.mjs');
await buildStale(command.build);
const entry = join(ROOT, command.entry);
const loader = entry.endsWith('.ts') ? ['--import', 'tsx'] : [];
// The channel tells the program when this process is gone, killed included, so that none is left behind.
await runProgram(process.execPath, ['--enable-source-maps', ...loader, entry, ...args], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
});
