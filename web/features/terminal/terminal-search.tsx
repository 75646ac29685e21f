/** Finding in a terminal's scrollback; Ctrl+Shift+F opens it, Escape closes it. */
import { Button, TextInput } from '@mantine/core';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { useTexts } from '../../ui/i18n.ts';
import { Icon } from '../../ui/icons.tsx';
import { useStore } from '../../ui/store.ts';
import type { TerminalSession } from './terminal-session.ts';

const decorations = {
  matchBackground: '#5a4a1c',
  matchOverviewRuler: '#f0c674',
  activeMatchBackground: '#9a7a1c',
  activeMatchColorOverviewRuler: '#ffffff',
};

export function TerminalSearch({ session }: { session: TerminalSession }) {
  const open = useStore(session.view, (view) => view.searching);
  return open ? <SearchBar session={session} /> : null;
}

function SearchBar({ session }: { session: TerminalSession }) {
  const t = useTexts();
  const [text, setText] = useState('');
  const [found, setFound] = useState<{ at: number; count: number } | null>(null);
  useEffect(() => {
    const listening = session.search.onDidChangeResults(({ resultIndex, resultCount }) =>
      setFound({ at: resultIndex + 1, count: resultCount }),
    );
    return () => {
      listening.dispose();
      session.search.clearDecorations();
    };
  }, [session]);
  const next = (): void => void session.search.findNext(text, { decorations });
  const previous = (): void => void session.search.findPrevious(text, { decorations });
  const close = (): void => {
    session.view.set({ searching: false });
    session.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') close();
    // While a syllable is being composed, Enter belongs to the input method.
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) (event.shiftKey ? previous : next)();
  };
  return (
    <search className="terminal-search" onKeyDown={onKeyDown}>
      <TextInput
        size="xs"
        autoFocus
        aria-label={t('terminal.search')}
        placeholder={t('terminal.search')}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          session.search.findNext(event.currentTarget.value, { decorations, incremental: true });
        }}
      />
      <span className="terminal-search-count" role="status">
        {text === '' || !found
          ? ''
          : found.count === 0
            ? t('terminal.searchNone')
            : t('terminal.searchCount', found)}
      </span>
      <Button size="compact-xs" px={5} aria-label={t('terminal.searchPrevious')} onClick={previous}>
        <Icon name="chevronUp" size={12} />
      </Button>
      <Button size="compact-xs" px={5} aria-label={t('terminal.searchNext')} onClick={next}>
        <Icon name="chevronDown" size={12} />
      </Button>
      <Button size="compact-xs" px={5} aria-label={t('app.close')} onClick={close}>
        <Icon name="close" size={12} />
      </Button>
    </search>
  );
}
