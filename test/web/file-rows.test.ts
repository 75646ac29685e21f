import { describe, expect, it } from 'vitest';
import { foldersAbove, visibleRows } from '../../web/features/editor/file-rows.ts';

const entry = (path: string, kind: 'file' | 'directory' = 'file') => ({
  path,
  kind,
  bytes: 0,
  modifiedMs: 0,
});

describe('the tree of files', () => {
  const entries = [
    entry('b.txt'),
    entry('src', 'directory'),
    entry('src/a.mjs'),
    entry('src/lib', 'directory'),
    entry('a.txt'),
  ];

  it('shows folders first, then files by name, and only what is unfolded', () => {
    expect(visibleRows(entries, new Set()).map((row) => row.path)).toEqual(['src', 'a.txt', 'b.txt']);
  });

  it('shows what is inside an unfolded folder one level deeper', () => {
    const rows = visibleRows(entries, new Set(['src']));
    expect(rows.map((row) => `${row.level} ${row.name}`)).toEqual([
      '1 src',
      '2 lib',
      '2 a.mjs',
      '1 a.txt',
      '1 b.txt',
    ]);
  });

  it('knows every folder above a path', () => {
    expect(foldersAbove('a/b/c.txt')).toEqual(['a', 'a/b']);
    expect(foldersAbove('c.txt')).toEqual([]);
  });
});
