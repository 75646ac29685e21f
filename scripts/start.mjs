/** `npm start`: installs, builds what is stale, prepares the sandbox, serves. Options go to the server. */
import { join } from 'node:path';
import { runProgram } from './program.mjs';
import { installPackages, installSystemPackages, ROOT, requireNode } from './setup.mjs';

requireNode();
installPackages();
installSystemPackages(['bubblewrap']);
const { buildStale } = await import('./build.mjs');
await buildStale(['tools', 'cell', 'server', 'web']);
await runProgram(process.execPath, [
  '--enable-source-maps',
  join(ROOT, 'dist/server/main.mjs'),
  ...process.argv.slice(2),
]);
