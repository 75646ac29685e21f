/**
 * Builds what is stale into dist/, part by part. A part's stamp is a digest of its inputs, so a second run
 * without changes does nothing. Usage: node scripts/build.mjs [part …]
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, installPackages, ROOT, requireNode, say } from './setup.mjs';

const DIST = join(ROOT, 'dist');

const PARTS = {
  tools: {
    title: 'command-line tools',
    inputs: ['broker/src', 'broker/bin', 'scripts/build-tools.mjs'],
    build: async () => (await import('./build-tools.mjs')).buildTools(join(DIST, 'tools')),
  },
  cell: {
    title: 'cell and box',
    inputs: ['server/src', 'broker/src', 'scripts/build-cell.mjs'],
    build: async () => (await import('./build-cell.mjs')).buildCell(DIST),
  },
  server: {
    title: 'server',
    inputs: ['server/src', 'grader/src', 'broker/src', 'scripts/build-programs.mjs'],
    build: async () => (await import('./build-programs.mjs')).buildServer(),
  },
  programs: {
    title: 'cluster and labs commands',
    inputs: ['grader/src', 'broker/src', 'scripts/build-programs.mjs'],
    build: async () => (await import('./build-programs.mjs')).buildCommands(),
  },
  web: {
    title: 'web page',
    inputs: ['web', 'server/src/contract', 'scripts/build-web.mjs'],
    build: async () => (await import('./build-web.mjs')).buildWeb(join(DIST, 'web')),
  },
};

/** The names of the parts whose inputs are not those they were built from. */
export function stalePartsOf(names = Object.keys(PARTS)) {
  return names.filter((name) => {
    const file = stampFile(name);
    return !existsSync(file) || readFileSync(file, 'utf8') !== stampOf(name);
  });
}

/** Builds the stale ones among `names`; resolves to how many were built. */
export async function buildStale(names) {
  const stale = stalePartsOf(names);
  for (const name of stale) {
    const startedAt = performance.now();
    const stamp = stampOf(name);
    mkdirSync(DIST, { recursive: true });
    rmSync(stampFile(name), { force: true });
    await PARTS[name].build();
    writeFileSync(stampFile(name), stamp);
    say(`Built ${PARTS[name].title} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  }
  return stale.length;
}

function stampFile(name) {
  return join(DIST, `.${name}.stamp`);
}

function stampOf(name) {
  const part = PARTS[name];
  if (part === undefined) fail(`There is no part "${name}"; parts are ${Object.keys(PARTS).join(', ')}.`);
  return digest([...part.inputs, 'package-lock.json', 'tsconfig.json', 'scripts/build.mjs']);
}

function digest(inputs) {
  const hash = createHash('sha256').update(process.version);
  for (const input of inputs) addToDigest(hash, input);
  return hash.digest('hex');
}

function addToDigest(hash, path) {
  const full = join(ROOT, path);
  let entries;
  try {
    entries = readdirSync(full, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') hash.update(path).update(readFileSync(full));
    else if (error.code !== 'ENOENT') throw error;
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name !== 'node_modules' && entry.name !== 'dist') addToDigest(hash, `${path}/${entry.name}`);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  requireNode();
  installPackages();
  const names = process.argv.slice(2);
  const built = await buildStale(names.length > 0 ? names : undefined);
  if (built === 0) say('Nothing to build: dist/ is up to date.');
}
