/** The trainee's files: the tree on the left, the opened ones in Monaco. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { filesQuery, useSession } from '../../api/queries.ts';
import { useTexts } from '../../ui/i18n.ts';
import { usePreferences } from '../../ui/preferences.ts';
import { Splitter, useStoredWidth } from '../../ui/splitter.tsx';
import { Empty } from '../../ui/states.tsx';
import { useStore } from '../../ui/store.ts';
import { useLab, useLabState } from '../lab/lab-context.tsx';
import { EditorPane } from './editor-pane.tsx';
import { FileDesk } from './file-desk.ts';
import { FileTreeView } from './file-tree.tsx';
import './editor.css';

const treeWidth = { initial: 152, min: 110, max: 420 } as const;

export function FilesPanel() {
  const t = useTexts();
  const { session } = useLab();
  const { labId } = session;
  const ready = useLabState((state) => state.environment?.state === 'ready');
  const files = useQuery({ ...filesQuery(labId), enabled: ready });
  const desk = useDesk(labId, ready);
  const width = useStoredWidth('files', treeWidth);
  const { language } = usePreferences();
  const open = useCallback((path: string) => void desk.open(path, language), [desk, language]);
  useWantedFile(desk);
  if (!ready && !files.data) return <Empty title={t('editor.notReady')} />;
  return (
    <div className="files" style={{ gridTemplateColumns: `${width.pixels}px auto minmax(0, 1fr)` }}>
      <FileTreeView labId={labId} tree={files.data ?? null} error={files.error} desk={desk} onOpen={open} />
      <Splitter label={t('editor.resizeTree')} width={width} limits={treeWidth} />
      <EditorPane desk={desk} />
    </div>
  );
}

/** What search or palette asked for is opened here, at its line. */
function useWantedFile(desk: FileDesk): void {
  const { workspace } = useLab();
  const { language } = usePreferences();
  const wanted = useStore(workspace.store, (state) => state.wantedFile);
  useEffect(() => {
    if (!wanted) return;
    workspace.store.set({ wantedFile: null });
    void desk
      .open(wanted.path, language)
      .then(() => wanted.line !== null && desk.reveal(wanted.path, wanted.line));
  }, [wanted, workspace, desk, language]);
}

/** The desk lives as long as the panel; it hears what changed in the box and saves when the page goes away. */
function useDesk(labId: string, ready: boolean): FileDesk {
  const { session } = useLab();
  const queries = useQueryClient();
  const me = useSession()?.me;
  const { language } = usePreferences();
  const [desk] = useState(() => new FileDesk(labId, me?.id ?? ''));
  useEffect(() => {
    const onHide = (): void => desk.flush({ keepalive: true });
    window.addEventListener('pagehide', onHide);
    document.addEventListener('visibilitychange', onHide);
    const endings = [
      session.connection.on('files.changed', (message) => {
        if (message.labId !== labId) return;
        void queries.invalidateQueries({ queryKey: filesQuery(labId).queryKey });
        desk.filesChanged(message.folders);
      }),
      session.connection.onConnect(() => desk.retryAll()),
    ];
    return () => {
      window.removeEventListener('pagehide', onHide);
      document.removeEventListener('visibilitychange', onHide);
      for (const end of endings) end();
    };
  }, [desk, session, labId, queries]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: switching the language opens nothing again
  useEffect(() => {
    if (!ready) return;
    void desk.restore(language);
    desk.retryAll();
  }, [desk, ready]);
  return desk;
}
