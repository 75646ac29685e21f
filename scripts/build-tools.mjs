/**
 * Builds the command-line tools: one CommonJS file each, with V8's code cache beside it, and the loader that
 * `broker/bin/*.sh` start. The cache belongs to one Node version; another one runs from the source, slower.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { rolldown } from 'rolldown';
import { ROOT } from './setup.mjs';

const SOURCES = join(ROOT, 'broker/src/tools');
/** Tools that need what a node is made of. */
const SERVER_SOURCES = join(ROOT, 'broker/src/node/server');
const SCRIPTS = join(ROOT, 'broker/bin');
const ENTRY = '\0tool:';
/** Packages with native or WebAssembly parts stay outside the bundles, loaded when a codec is first needed. */
const NATIVE = ['snappy', 'lz4-napi', '@bokuweb/zstd-wasm', '@node-rs/crc32'];

export async function buildTools(outDir) {
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(outDir, { recursive: true });
  for (const tool of toolNames()) {
    const code = await bundle(tool);
    writeFileSync(join(outDir, `${tool}.cjs`), code);
    writeFileSync(join(outDir, cacheName(tool)), compile(tool, code));
  }
  writeFileSync(join(outDir, 'run.cjs'), LOADER);
  cpSync(SCRIPTS, join(outDir, 'bin'), { recursive: true });
  for (const name of NATIVE) copyPackage(name, join(outDir, 'node_modules'));
}

/** Copies a package with what it needs, so that the folder works wherever it is mounted. */
function copyPackage(name, into) {
  const target = join(into, name);
  const source = [join(ROOT, 'broker/node_modules', name), join(ROOT, 'node_modules', name)].find(existsSync);
  if (source === undefined || existsSync(target)) return;
  cpSync(realpathSync(source), target, { recursive: true });
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
    readFileSync(join(source, 'package.json'), 'utf8'),
  );
  for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) copyPackage(needed, into);
}

/** The tools are the files named as Apache Kafka's scripts, beside `main.ts` and among the server's. */
function toolNames() {
  return [SOURCES, SERVER_SOURCES]
    .flatMap((folder) => readdirSync(folder))
    .filter((name) => /^(kafka|connect)-.*\.ts$/.test(name))
    .map((name) => name.slice(0, -3));
}

async function bundle(tool) {
  const build = await rolldown({
    input: `${ENTRY}${tool}`,
    platform: 'node',
    external: [/^node:/, ...NATIVE],
    plugins: [
      {
        name: 'tool-entry',
        resolveId: (id) => (id.startsWith(ENTRY) ? id : null),
        load: (id) => (id.startsWith(ENTRY) ? entrySource(id.slice(ENTRY.length)) : null),
      },
    ],
    transform: { target: 'node20' },
    logLevel: 'warn',
  });
  const { output } = await build.generate({
    format: 'cjs',
    minify: true,
    codeSplitting: false,
  });
  await build.close();
  return output[0].code;
}

function entrySource(tool) {
  const main = JSON.stringify(join(SOURCES, 'main.ts'));
  const folder = [SOURCES, SERVER_SOURCES].find((one) => existsSync(join(one, `${tool}.ts`)));
  const module = JSON.stringify(join(folder, `${tool}.ts`));
  return `import { runTool } from ${main};\nimport { run } from ${module};\nrunTool(run);\n`;
}

/** The code cache with every function compiled: a tool lives so briefly that compiling on first call would cost most. */
function compile(tool, code) {
  setFlagsFromString('--no-lazy');
  const script = new Script(wrap(code), { filename: `${tool}.cjs` });
  setFlagsFromString('--lazy');
  return script.createCachedData();
}

function wrap(code) {
  return `(function (exports, require, module, __filename, __dirname) {${code}\n})`;
}

function cacheName(tool) {
  return `${tool}.${process.version}-${process.arch}.cache`;
}

const LOADER = `'use strict';
// Starts a tool from its code cache: node run.cjs <tool> [argument …]
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const tool = process.argv.splice(2, 1)[0];
const filename = __dirname + '/' + tool + '.cjs';
let cachedData;
try {
  cachedData = readFileSync(__dirname + '/' + tool + '.' + process.version + '-' + process.arch + '.cache');
} catch {}
const source = '(function (exports, require, module, __filename, __dirname) {' + readFileSync(filename, 'utf8') + '\\n})';
const script = new Script(source, { filename: tool + '.cjs', cachedData });
script.runInThisContext()(exports, require, module, filename, __dirname);
`;
