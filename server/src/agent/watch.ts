/** Tells in which folders of the home something changed, coalesced. Hidden folders and node_modules are not looked at. */
import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const FOLDERS_MAX = 128;
const COALESCE_MS = 150;

export interface HomeWatch {
  /** Begins on first call: nobody pays for it before the editor is open. */
  start(): void;
}

export function createHomeWatch(home: string, onChange: (folders: readonly string[]) => void): HomeWatch {
  const watchers = new Map<string, FSWatcher>();
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let started = false;

  function report(): void {
    timer = undefined;
    const folders = [...changed];
    changed.clear();
    onChange(folders);
    for (const folder of folders) void addBelow(folder);
  }

  function noteChange(folder: string, name: string | null): void {
    if (name?.startsWith('.') === true) return;
    changed.add(folder);
    if (timer === undefined) timer = setTimeout(report, COALESCE_MS);
  }

  function add(folder: string): void {
    if (watchers.has(folder) || watchers.size >= FOLDERS_MAX) return;
    try {
      const watcher = watch(join(home, folder), (event, name) => {
        if (event === 'rename' && folder !== '' && name === basename(folder)) replaced(folder);
        noteChange(folder, name);
      });
      watchers.set(folder, watcher);
      watcher.once('error', () => forget(folder));
      // What was put into it before it was watched nobody has been told of.
      noteChange(folder, null);
    } catch {
      // Gone meanwhile, or no watches left: the editor reads again when asked to.
    }
  }

  /** It was deleted, or a child of the same name came or went: watched anew, if it is there. */
  function replaced(folder: string): void {
    forget(folder);
    const parent = dirname(folder);
    noteChange(parent === '.' ? '' : parent, null);
  }

  function forget(folder: string): void {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  }

  async function addBelow(folder: string): Promise<void> {
    const entries = await readdir(join(home, folder), { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) {
      forget(folder);
      return;
    }
    for (const entry of entries) {
      if (!entry.isDirectory() || entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      add(path);
    }
  }

  return {
    start() {
      if (started) return;
      started = true;
      add('');
    },
  };
}
