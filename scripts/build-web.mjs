// Builds the page. Vite belongs to the web workspace, so it is resolved from there.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const webDir = fileURLToPath(new URL('../web/', import.meta.url));

/** Writes the page's files to `outDir` (emptied first); throws with Vite's message when it can't. */
export async function buildWeb(outDir) {
  const viteEntry = createRequire(`${webDir}package.json`).resolve('vite');
  const { build } = await import(pathToFileURL(viteEntry).href);
  await build({
    configFile: `${webDir}vite.config.ts`,
    logLevel: 'warn',
    build: { outDir, emptyOutDir: true },
  });
  await compress(join(outDir, 'assets'));
}

const compressBytesMin = 2048;

/** Beside each text file its .br and .gz, which the server sends as they are. */
async function compress(directory) {
  const names = (await readdir(directory)).filter((name) => /\.(js|css|svg)$/.test(name));
  const brotli = promisify(brotliCompress);
  const deflate = promisify(gzip);
  await Promise.all(
    names.map(async (name) => {
      const file = join(directory, name);
      const content = await readFile(file);
      if (content.length < compressBytesMin) return;
      const params = {
        [constants.BROTLI_PARAM_QUALITY]: 6,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      };
      await writeFile(`${file}.br`, await brotli(content, { params }));
      await writeFile(`${file}.gz`, await deflate(content, { level: 6 }));
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildWeb(fileURLToPath(new URL('../dist/web', import.meta.url)));
}
