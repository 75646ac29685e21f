/** The opened files as tabs, Monaco below, and one line about where the text of the shown one stands. */
import { Button } from '@mantine/core';
import type { editor } from 'monaco-editor/editor.js';
import { useEffect, useRef, useState } from 'react';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { Icon } from '../../ui/icons.tsx';
import { notifyError } from '../../ui/notify.ts';
import { useDrawnTheme, usePreferences } from '../../ui/preferences.ts';
import { Empty, Loading } from '../../ui/states.tsx';
import { useStore } from '../../ui/store.ts';
import { useLab, useLabState } from '../lab/lab-context.tsx';
import { runInTerminal } from '../lab/run-in-terminal.ts';
import type { FileDesk, OpenFile } from './file-desk.ts';
import { nameOf } from './file-rows.ts';
import { loadMonaco } from './load-monaco.ts';
import { runCommand } from './run-command.ts';
import type { SaveState } from './save-machine.ts';

export function EditorPane({ desk }: { desk: FileDesk }) {
  const t = useTexts();
  const { open, active } = useStore(desk.store, (state) => state);
  const file = open.find(({ path }) => path === active) ?? null;
  return (
    <section className="editor" data-testid="editor" aria-label={t('editor.pane')}>
      {open.length > 0 && <FileTabs desk={desk} open={open} active={active} />}
      <div className="editor-body">
        {file ? <FileView desk={desk} file={file} /> : <Empty title={t('editor.pick')} />}
      </div>
      {file?.save && <StatusLine desk={desk} file={file} save={file.save} />}
    </section>
  );
}

function FileTabs(props: { desk: FileDesk; open: readonly OpenFile[]; active: string | null }) {
  const t = useTexts();
  return (
    <div className="editor-tabs" role="toolbar" aria-label={t('editor.openFiles')}>
      {props.open.map((file) => (
        <span key={file.path} className="editor-tab" data-active={file.path === props.active}>
          <button
            type="button"
            className="editor-tab-name"
            aria-pressed={file.path === props.active}
            title={file.path}
            onClick={() => props.desk.activate(file.path)}
          >
            {nameOf(file.path)}
            {file.save && file.save.kind !== 'saved' && (
              <span aria-hidden="true">
                {file.save.kind === 'conflict' || file.save.kind === 'failed' ? ' ▲' : ' •'}
              </span>
            )}
          </button>
          <button
            type="button"
            className="editor-tab-close"
            aria-label={t('editor.closeFile', { path: file.path })}
            onClick={() => props.desk.close(file.path)}
          >
            <Icon name="close" size={10} />
          </button>
        </span>
      ))}
    </div>
  );
}

function FileView({ desk, file }: { desk: FileDesk; file: OpenFile }) {
  const t = useTexts();
  const localized = useLocalized();
  if (file.save === null) {
    return file.problem ? (
      <Empty title={localized(file.problem)} />
    ) : (
      <Loading label={t('editor.loadingEditor')} />
    );
  }
  return <MonacoView desk={desk} path={file.path} />;
}

const viewStates = new WeakMap<editor.ITextModel, editor.ICodeEditorViewState>();

function MonacoView({ desk, path }: { desk: FileDesk; path: string }) {
  const t = useTexts();
  const { language } = usePreferences();
  const theme = useDrawnTheme();
  const place = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<editor.IStandaloneCodeEditor | null>(null);
  const label = t('editor.label', { path });
  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; theme, label and file are set on it below
  useEffect(() => {
    let made: editor.IStandaloneCodeEditor | null = null;
    let gone = false;
    void loadMonaco(language).then(({ monaco }) => {
      if (gone || !place.current) return;
      made = monaco.editor.create(place.current, { ...options, theme: `brokerlab-${theme}`, model: null });
      setView(made);
    });
    return () => {
      gone = true;
      made?.dispose();
    };
  }, []);
  useEffect(() => {
    const model = desk.modelOf(path);
    if (!view || !model) return;
    view.setModel(model);
    view.restoreViewState(viewStates.get(model) ?? null);
    return () => {
      const state = view.saveViewState();
      if (state && !model.isDisposed()) viewStates.set(model, state);
    };
  }, [view, desk, path]);
  useEffect(
    () => view?.updateOptions({ theme: `brokerlab-${theme}`, ariaLabel: label }),
    [view, theme, label],
  );
  const revealed = useStore(desk.store, (state) => state.revealed);
  useEffect(() => {
    if (!view || revealed?.path !== path) return;
    view.setPosition({ lineNumber: revealed.line, column: 1 });
    view.revealLineInCenter(revealed.line);
    view.focus();
  }, [view, path, revealed]);
  return <div ref={place} className="editor-monaco" />;
}

const options: editor.IStandaloneEditorConstructionOptions = {
  automaticLayout: true,
  fontFamily: 'D2Coding, ui-monospace, monospace',
  fontSize: 13,
  lineHeight: 20,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  lineNumbersMinChars: 3,
  lineDecorationsWidth: 6,
  folding: false,
  renderLineHighlight: 'line',
  tabSize: 2,
  wordWrap: 'on',
  fixedOverflowWidgets: true,
  // Hangul is no ambiguous Latin letter.
  unicodeHighlight: { ambiguousCharacters: false, nonBasicASCII: false },
  padding: { top: 6, bottom: 6 },
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10 },
  overviewRulerLanes: 0,
};

/** Saves first: what runs is what one sees. */
function RunButton({ desk, path }: { desk: FileDesk; path: string }) {
  const t = useTexts();
  const lab = useLab();
  const number = useStore(lab.workspace.store, (state) => state.terminal);
  const ready = useLabState((state) => state.environment?.state === 'ready');
  const command = runCommand(path);
  if (command === null) return null;
  const run = async (): Promise<void> => {
    if (await desk.settled(path)) await runInTerminal(lab, { number, command });
  };
  return (
    <Button
      size="compact-xs"
      disabled={!ready}
      title={command}
      data-testid="run-file"
      leftSection={<Icon name="play" size={10} />}
      onClick={() => void run().catch(notifyError)}
    >
      {t('editor.run', { number })}
    </Button>
  );
}

function StatusLine({ desk, file, save }: { desk: FileDesk; file: OpenFile; save: SaveState }) {
  const t = useTexts();
  const localized = useLocalized();
  const { path } = file;
  if (save.kind === 'conflict') {
    return (
      <div className="editor-status" data-state="conflict" role="alert">
        <span className="grow">▲ {t('editor.conflictTitle')}</span>
        <Button size="compact-xs" onClick={() => void desk.takeTheirs(path)}>
          {t('editor.takeTheirs')}
        </Button>
        <Button size="compact-xs" onClick={() => desk.keepMine(path)}>
          {t('editor.keepMine')}
        </Button>
      </div>
    );
  }
  if (save.kind === 'failed' && !save.offline) {
    return (
      <div className="editor-status" data-state="failed" role="alert">
        <span className="grow">▲ {file.problem ? localized(file.problem) : t('editor.error')}</span>
        <Button size="compact-xs" onClick={() => desk.retry(path)}>
          {t('editor.retrySave')}
        </Button>
      </div>
    );
  }
  const words = {
    saved: `✓ ${t('editor.saved')}`,
    dirty: `• ${t('editor.dirty')}`,
    saving: `• ${t('editor.saving')}`,
    failed: `▲ ${t('editor.offline')}`,
  }[save.kind];
  return (
    <div className="editor-status" data-testid="editor-status" data-state={save.kind}>
      <span className="editor-status-path mono">~/{path}</span>
      <span className="grow" />
      <RunButton desk={desk} path={path} />
      <span>{save.kind === 'saved' && file.problem ? `▲ ${localized(file.problem)}` : words}</span>
    </div>
  );
}
