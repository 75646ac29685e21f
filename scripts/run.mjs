/** `npm run cluster | labs | bench | sim`: installs and builds what the command needs, then runs it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stalePartsOf } from './build.mjs';
import { runProgram } from './program.mjs';
import { fail, installPackages, installSystemPackages, ROOT, requireNode } from './setup.mjs';

const COMMANDS = {
  cluster: { build: ['programs'], entry: 'dist/broker/node/cluster-main.mjs' },
  labs: { build: ['programs', 'tools'], entry: 'dist/grader/cli/main.mjs' },
  bench: { build: undefined, entry: 'test/bench/main.ts', system: ['bubblewrap', 'chromium'] },
  sim: { build: [], entry: 'test/sim/main.ts' },
  chaos: { build: ['programs'], entry: 'test/chaos/main.ts', system: ['kcat'] },
  fuzz: { build: ['programs'], entry: 'test/fuzz/main.ts' },
  screens: { build: undefined, entry: 'test/screens/main.ts', system: ['bubblewrap', 'chromium'] },
  backup: { build: ['server'], entry: 'dist/server/backup/main.mjs', argument: 'backup' },
  restore: { build: ['server'], entry: 'dist/server/backup/main.mjs', argument: 'restore' },
};

const [name, ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (command === undefined) {
  fail(`There is no command "${name}"; commands are ${Object.keys(COMMANDS).join(', ')}.`);
}
requireNode();
installPackages();
if (command.system) installSystemPackages(command.system);
buildStale(command.build);
const entry = join(ROOT, command.entry);
if (entry.endsWith('.ts')) {
  // The channel tells the program when this process is gone, killed included, so that none is left behind.
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
  await runProgram(process.execPath, ['--enable-source-maps', '--import', 'tsx', entry, ...args], { stdio });
} else {
  // In this very process: no second one to start, to keep in memory and to pass signals on to.
  process.setSourceMapsEnabled(true);
  process.argv.splice(1, 2, entry, ...(command.argument ? [command.argument] : []));
  await import(pathToFileURL(entry).href);
}

/** In a process of its own, for the bundler would stay in this one's memory. Told on stderr: stdout is the command's. */
function buildStale(parts) {
  const stale = stalePartsOf(parts);
  if (stale.length === 0) return;
  const { status } = spawnSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), ...stale], {
    stdio: ['inherit', process.stderr, 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
}
