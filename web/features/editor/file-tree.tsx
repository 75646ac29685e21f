/** The tree of files: arrow keys move, Enter opens, F2 renames, Delete deletes. */
import type { FileTree } from '@brokerlab/server/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { filesQuery } from '../../api/queries.ts';
import { call } from '../../api/rest.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { useTexts } from '../../ui/i18n.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { notifyError } from '../../ui/notify.ts';
import { usePreferences } from '../../ui/preferences.ts';
import { Failure } from '../../ui/states.tsx';
import { useStore } from '../../ui/store.ts';
import type { FileDesk } from './file-desk.ts';
import { foldersAbove, visibleRows } from './file-rows.ts';
import { NameField } from './name-field.tsx';
import { useTreeKeys } from './tree-keys.ts';
import { TreeRow } from './tree-row.tsx';

type Naming =
  | { readonly kind: 'file' | 'directory' }
  | { readonly kind: 'rename'; readonly path: string }
  | null;

export function FileTreeView(props: {
  labId: string;
  tree: FileTree | null;
  error: unknown;
  desk: FileDesk;
  onOpen: (path: string) => void;
}) {
  const t = useTexts();
  const { labId, tree, desk, onOpen } = props;
  const active = useStore(desk.store, (state) => state.active);
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const [naming, setNaming] = useState<Naming>(null);
  const [deleting, setDeleting] = useState<string | null>(null);
  const changes = useFileChanges(labId, desk);
  const rows = visibleRows(tree?.entries ?? [], expanded);
  const toggle = (path: string, open: boolean): void =>
    setExpanded((now) => {
      const next = new Set(now);
      if (open) next.add(path);
      else next.delete(path);
      return next;
    });
  const keys = useTreeKeys(rows, {
    open: onOpen,
    toggle,
    rename: (path) => setNaming({ kind: 'rename', path }),
    remove: setDeleting,
  });
  const named = (name: string | null): void => {
    setNaming(null);
    if (!name || !naming) return;
    setExpanded((now) => new Set([...now, ...foldersAbove(name)]));
    if (naming.kind === 'rename') changes.rename.mutate({ from: naming.path, to: name });
    else if (naming.kind === 'directory') changes.makeDirectory.mutate(name);
    else changes.makeFile.mutate(name, { onSuccess: () => onOpen(name) });
  };
  return (
    <section className="tree" aria-label={t('editor.tree')}>
      <div className="tree-head">
        <TreeAction name="plus" label={t('editor.newFile')} onClick={() => setNaming({ kind: 'file' })} />
        <TreeAction
          name="newFolder"
          label={t('editor.newFolder')}
          onClick={() => setNaming({ kind: 'directory' })}
        />
      </div>
      {naming && (
        <NameField
          initial={naming.kind === 'rename' ? naming.path : ''}
          placeholder={naming.kind === 'file' ? t('editor.newFilePlaceholder') : ''}
          onDone={named}
        />
      )}
      {tree === null && props.error ? <Failure title={t('app.unreachable')} error={props.error} /> : null}
      {tree !== null && rows.length === 0 && (
        <div className="tree-empty">
          <b>{t('editor.empty')}</b>
          <p>{t('editor.emptyHint')}</p>
        </div>
      )}
      {rows.length > 0 && (
        <div role="tree" className="tree-rows" aria-label={t('editor.tree')} onKeyDown={keys.onKeyDown}>
          {rows.map((row) => (
            <TreeRow
              key={row.path}
              row={row}
              isActive={row.path === active}
              focusable={row.path === keys.current}
              onFocus={() => keys.setCurrent(row.path)}
              onOpen={() => (row.kind === 'directory' ? toggle(row.path, !row.expanded) : onOpen(row.path))}
              onRename={() => setNaming({ kind: 'rename', path: row.path })}
              onDelete={() => setDeleting(row.path)}
            />
          ))}
        </div>
      )}
      {tree?.truncated && <p className="tree-note">{t('editor.truncated')}</p>}
      <Confirm
        opened={deleting !== null}
        title={t('editor.delete')}
        confirm={t('editor.delete')}
        danger
        onConfirm={() => deleting && changes.remove.mutate(deleting)}
        onClose={() => setDeleting(null)}
      >
        {t('editor.deleteConfirm', { path: deleting ?? '' })}
      </Confirm>
    </section>
  );
}

function TreeAction(props: { name: IconName; label: string; onClick: () => void }) {
  return (
    <button
      type="button"
      className="group-action"
      aria-label={props.label}
      title={props.label}
      onClick={props.onClick}
    >
      <Icon name={props.name} />
    </button>
  );
}

/** What the tree changes in the box; the tree itself follows what the box then holds. */
function useFileChanges(labId: string, desk: FileDesk) {
  const queries = useQueryClient();
  const { language } = usePreferences();
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: filesQuery(labId).queryKey });
  const path = { labId };
  return {
    makeFile: useMutation({
      mutationFn: (name: string) =>
        call('saveFile', { path, body: { path: name, content: '', baseVersion: null } }),
      onSuccess: refresh,
      onError: notifyError,
    }),
    makeDirectory: useMutation({
      mutationFn: (name: string) => call('makeDirectory', { path, body: { path: name } }),
      onSuccess: refresh,
      onError: notifyError,
    }),
    rename: useMutation({
      mutationFn: async (names: { from: string; to: string }) => {
        desk.flush({ keepalive: false });
        await call('renameFile', { path, body: names });
        await desk.renamed(names.from, names.to, language);
      },
      onSuccess: refresh,
      onError: notifyError,
    }),
    remove: useMutation({
      mutationFn: async (name: string) => {
        await call('deleteFile', { path, body: { path: name } });
        desk.deleted(name);
      },
      onSuccess: refresh,
      onError: notifyError,
    }),
  };
}
