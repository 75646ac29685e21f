/** Afterwards: what was typed in the step beside its solution, line by line. Comes with the editor, when it is asked for. */
import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
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
          <div className="comparison-heads" aria-hidden="true">
            <span>{t('lab.compareMine')}</span>
            <span>{t('lab.compareTheirs')}</span>
          </div>
          <Diff
            mine={found.data.typed.join('\n')}
            theirs={found.data.commands.map(({ command }) => command).join('\n')}
          />
          <Prose text={localized(found.data.explanation)} />
        </div>
      )}
    </Modal>
  );
}

function Diff({ mine, theirs }: { mine: string; theirs: string }) {
  const t = useTexts();
  const { language } = usePreferences();
  const theme = useDrawnTheme();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let end = (): void => undefined;
    let gone = false;
    void loadMonaco(language).then(({ monaco }) => {
      if (gone || !place.current) return;
      const models = [mine, theirs].map((text) => monaco.editor.createModel(text, 'shell'));
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
  }, [mine, theirs, language, theme, t]);
  return <div ref={place} className="comparison-diff" />;
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
