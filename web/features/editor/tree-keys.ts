import { type KeyboardEvent, useState } from 'react';
import { type FileRow, folderOf } from './file-rows.ts';

export interface TreeActions {
  open(path: string): void;
  toggle(path: string, expand: boolean): void;
  rename(path: string): void;
  remove(path: string): void;
}

/** One row has the tree's focus at a time; keys as in every file tree. */
export function useTreeKeys(rows: readonly FileRow[], actions: TreeActions) {
  const [chosen, setCurrent] = useState<string | null>(null);
  const current = rows.some((row) => row.path === chosen) ? chosen : (rows[0]?.path ?? null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = rows.findIndex((row) => row.path === current);
    const row = rows[at];
    if (!row || !act(event.key, { row, rows, at, setCurrent, actions })) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return { current, setCurrent, onKeyDown };
}

interface Situation {
  readonly row: FileRow;
  readonly rows: readonly FileRow[];
  readonly at: number;
  readonly setCurrent: (path: string) => void;
  readonly actions: TreeActions;
}

function act(key: string, { row, rows, at, setCurrent, actions }: Situation): boolean {
  const go = (index: number): void => {
    const target = rows[index];
    if (target) setCurrent(target.path);
  };
  switch (key) {
    case 'ArrowDown':
      go(at + 1);
      return true;
    case 'ArrowUp':
      go(at - 1);
      return true;
    case 'Home':
      go(0);
      return true;
    case 'End':
      go(rows.length - 1);
      return true;
    case 'ArrowRight':
      if (row.kind === 'directory' && !row.expanded) actions.toggle(row.path, true);
      else go(at + 1);
      return true;
    case 'ArrowLeft':
      if (row.expanded) actions.toggle(row.path, false);
      else if (folderOf(row.path)) setCurrent(folderOf(row.path));
      return true;
    case 'Enter':
    case ' ':
      if (row.kind === 'directory') actions.toggle(row.path, !row.expanded);
      else actions.open(row.path);
      return true;
    case 'F2':
      actions.rename(row.path);
      return true;
    case 'Delete':
      actions.remove(row.path);
      return true;
    default:
      return false;
  }
}
