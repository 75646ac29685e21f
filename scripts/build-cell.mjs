/**
 * Builds what runs inside a trainee's cell:
 *
 *   cell/main.mjs     the cell's process, with the brokers        agent/main.mjs, pty.node   the box's agent
 *   shell/            bash's start-up file, completion, `lab` and `cluster`
 *   node_modules/     what brokers, tools and the trainees' own programs load at run time
 */
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { ROOT } from './setup.mjs';

/** With each, its own dependencies are taken along: the prebuilt part for this machine among them. */
const RUNTIME_PACKAGES = ['kafkajs', '@node-rs/crc32', 'snappy', 'lz4-napi', '@bokuweb/zstd-wasm'];

export async function buildCell(outDir) {
  for (const folder of ['cell', 'agent', 'shell', 'node_modules']) {
    rmSync(join(outDir, folder), { recursive: true, force: true });
  }
  await bundle('server/src/cell/main.ts', join(outDir, 'cell'));
  await bundle('server/src/agent/main.ts', join(outDir, 'agent'));
  const serverRequire = createRequire(join(ROOT, 'server/package.json'));
  const nodePty = createRequire(serverRequire.resolve('node-pty'));
  const native = nodePty.resolve(`@lydell/node-pty-${process.platform}-${process.arch}/pty.node`);
  cpSync(native, join(outDir, 'agent/pty.node'));
  copyShell(join(outDir, 'shell'));
  const packages = runsTypeScript() ? RUNTIME_PACKAGES : [...RUNTIME_PACKAGES, 'tsx'];
  for (const name of packages) copyPackage(name, join(ROOT, 'broker'), join(outDir, 'node_modules'));
}

async function bundle(entry, dir) {
  const build = await rolldown({
    input: join(ROOT, entry),
    platform: 'node',
    external: (id) => !/^(\.|\/|@brokerlab\/|@oxc-project\/)/.test(id),
    transform: { target: 'node20' },
    logLevel: 'warn',
  });
  await build.write({
    dir,
    format: 'esm',
    minify: true,
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs',
  });
  await build.close();
}

/** Node runs TypeScript by itself from 22.18 on; before, `node` in a box is a script that brings tsx along. */
function runsTypeScript() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

function copyShell(outDir) {
  cpSync(join(ROOT, 'server/src/shell'), outDir, { recursive: true });
  const bin = join(outDir, 'bin');
  if (runsTypeScript()) rmSync(join(bin, 'node'));
  for (const name of existsSync(bin) ? readdirSync(bin) : []) chmodSync(join(bin, name), 0o755);
}

function copyPackage(name, from, outDir) {
  const folder = findPackage(name, from);
  const target = join(outDir, name);
  if (folder === undefined || existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  cpSync(folder, target, { recursive: true, dereference: true, filter: (path) => !path.endsWith('.map') });
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  for (const needed of Object.keys({ ...dependencies, ...optionalDependencies }))
    copyPackage(needed, folder, outDir);
}

/** Undefined: a prebuilt part for another kind of machine. */
function findPackage(name, from) {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
  }
  return undefined;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildCell(join(ROOT, 'dist'));
}
