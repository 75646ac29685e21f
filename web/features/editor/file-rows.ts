/** The flat list of files → the rows of the tree that are to be seen. Pure. */
import type { FileEntry } from '@brokerlab/server/contract';

export interface FileRow {
  readonly path: string;
  readonly name: string;
  readonly kind: FileEntry['kind'];
  /** 1 at the top. */
  readonly level: number;
  readonly expanded: boolean;
}

export function visibleRows(entries: readonly FileEntry[], expanded: ReadonlySet<string>): FileRow[] {
  const byFolder = new Map<string, FileEntry[]>();
  for (const entry of entries) {
    const folder = folderOf(entry.path);
    const siblings = byFolder.get(folder);
    if (siblings) siblings.push(entry);
    else byFolder.set(folder, [entry]);
  }
  const rows: FileRow[] = [];
  const visit = (folder: string, level: number): void => {
    for (const entry of (byFolder.get(folder) ?? []).toSorted(foldersFirst)) {
      const isOpen = entry.kind === 'directory' && expanded.has(entry.path);
      rows.push({ path: entry.path, name: nameOf(entry.path), kind: entry.kind, level, expanded: isOpen });
      if (isOpen) visit(entry.path, level + 1);
    }
  };
  visit('', 1);
  return rows;
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Every folder above a path, outermost first. */
export function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function foldersFirst(a: FileEntry, b: FileEntry): number {
  if (a.kind !== b.kind) return a.kind === 'directory' ? -1 : 1;
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
