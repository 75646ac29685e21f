/** `npm run backup -- FILE` and `npm run restore -- FILE`, each with `[--data DIR]`. */
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { prepareFolders } from '../sandbox/folders.ts';
import { BackupError, backUp, type Places, restore } from './archive.ts';

const USAGE = 'Usage: npm run backup -- FILE [--data DIR], npm run restore -- FILE [--data DIR]';

await main();

async function main(): Promise<void> {
  process.umask(0o077);
  const wanted = readArguments(process.argv.slice(2));
  if (!wanted) return fail(USAGE);
  const { what, file, dataDirectory } = wanted;
  try {
    const places = placesOf(dataDirectory);
    if (what === 'backup') {
      const bytes = await backUp(places, file);
      say(`Saved ${dataDirectory} in ${file} (${(bytes / 1e6).toFixed(1)} MB).`);
    } else {
      await restore(file, places);
      say(`Restored ${file} into ${dataDirectory}. Start the server with --data ${dataDirectory}.`);
    }
  } catch (error) {
    fail(error instanceof BackupError ? error.message : String(error));
  }
}

function readArguments(args: readonly string[]) {
  const [what, ...rest] = args;
  if (what !== 'backup' && what !== 'restore') return null;
  let data = join(import.meta.dirname, '../../..', 'data');
  const files: string[] = [];
  for (let index = 0; index < rest.length; index++) {
    const word = rest[index]!;
    if (word === '--data') data = rest[++index] ?? '';
    else if (word.startsWith('--data=')) data = word.slice('--data='.length);
    else if (word.startsWith('-')) return null;
    else files.push(word);
  }
  const [file] = files;
  if (file === undefined || files.length > 1 || data === '') return null;
  return { what, file: resolve(file), dataDirectory: resolve(data) } as const;
}

/** The server's own places for that data folder. */
function placesOf(dataDirectory: string): Places {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o711 });
  const { cellsDir } = prepareFolders({
    dataDir: dataDirectory,
    programDir: dirname(dirname(import.meta.dirname)),
    nodePath: process.execPath,
    asRoot: process.getuid?.() === 0,
  });
  return { dataDirectory, cellsDirectory: cellsDir };
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

function fail(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
