/** Afterwards: what was typed and written in the step beside its solution, line by line. Comes with the editor, when it is asked for. */
import { Modal, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { call } from '../../api/rest.ts';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { Prose } from '../../ui/markdown.tsx';
import { useDrawnTheme, usePreferences } from '../../ui/preferences.ts';
import { Failure, Loading } from '../../ui/states.tsx';
import { loadMonaco } from '../editor/load-monaco.ts';
import { useLab } from './lab-context.tsx';
import './comparison.css';

export function Comparison({ stepId, onClose }: { stepId: string; onClose: () => void }) {
  const t = useTexts();
  const localized = useLocalized();
  const { session } = useLab();
  const { labId } = session;
  const found = useQuery({
    queryKey: ['labs', labId, 'comparison', stepId],
    queryFn: ({ signal }) => call('compareSolution', { path: { labId, stepId }, signal }),
    // The command by which the step passed ends a moment after it.
    refetchInterval: 2_000,
  });
  const [chosen, setChosen] = useState('');
  const file = found.data?.files.find(({ path }) => path === chosen);
  return (
    <Modal
      opened
      onClose={onClose}
      size="min(1100px, 94vw)"
      title={<b>{t('lab.compareTitle')}</b>}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      {found.error && <Failure title={t('app.unreachable')} error={found.error} />}
      {found.isPending && <Loading />}
      {found.data && (
        <div data-testid="comparison">
          {found.data.files.length > 0 && (
            <SegmentedControl
              mb={8}
              size="xs"
              aria-label={t('lab.compareWhat')}
              value={chosen}
              onChange={setChosen}
              data={[
                { value: '', label: t('lab.compareCommands') },
                ...found.data.files.map(({ path }) => ({ value: path, label: path })),
              ]}
            />
          )}
          <div className="comparison-heads" aria-hidden="true">
            <span>{t(file ? 'lab.compareMyFile' : 'lab.compareMine')}</span>
            <span>{t(file ? 'lab.compareTheirFile' : 'lab.compareTheirs')}</span>
          </div>
          {file?.own === null ? (
            <p className="quiet-text">{t('lab.compareNoFile')}</p>
          ) : (
            <Diff
              key={chosen}
              path={chosen}
              mine={file ? file.own : found.data.typed.join('\n')}
              theirs={file ? file.solution : found.data.commands.map(({ command }) => command).join('\n')}
            />
          )}
          <Prose text={localized(found.data.explanation)} />
        </div>
      )}
    </Modal>
  );
}

function Diff({ path, mine, theirs }: { path: string; mine: string; theirs: string }) {
  const t = useTexts();
  const { language } = usePreferences();
  const theme = useDrawnTheme();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let end = (): void => undefined;
    let gone = false;
    void loadMonaco(language).then(({ monaco }) => {
      if (gone || !place.current) return;
      const models = [mine, theirs].map((text) => monaco.editor.createModel(text, languageOf(path)));
      const [original, modified] = models;
      const view = monaco.editor.createDiffEditor(place.current, {
        ...options,
        theme: `brokerlab-${theme}`,
        originalAriaLabel: t('lab.compareMine'),
        modifiedAriaLabel: t('lab.compareTheirs'),
      });
      if (original && modified) view.setModel({ original, modified });
      end = () => {
        view.dispose();
        for (const model of models) model.dispose();
      };
    });
    return () => {
      gone = true;
      end();
    };
  }, [path, mine, theirs, language, theme, t]);
  return <div ref={place} className="comparison-diff" />;
}

function languageOf(path: string): string {
  if (path === '') return 'shell';
  if (path.endsWith('.ts')) return 'typescript';
  if (path.endsWith('.json')) return 'json';
  return path.endsWith('.properties') ? 'ini' : 'plaintext';
}

const options = {
  automaticLayout: true,
  readOnly: true,
  renderSideBySide: true,
  useInlineViewWhenSpaceIsLimited: false,
  fontFamily: 'D2Coding, ui-monospace, monospace',
  fontSize: 13,
  lineHeight: 20,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  wordWrap: 'on',
  diffWordWrap: 'on',
  lineNumbers: 'off',
  unicodeHighlight: { ambiguousCharacters: false, nonBasicASCII: false },
  renderOverviewRuler: false,
} as const;
