// Builds the page. Vite belongs to the web workspace, so it is resolved from there.
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

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
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildWeb(fileURLToPath(new URL('../dist/web', import.meta.url)));
}
