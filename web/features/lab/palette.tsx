/**
 * One field for commands (`>`), files by name, and text in files (`%`), as editors have it. Loaded when it is first asked for.
 */
import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { filesQuery } from '../../api/queries.ts';
import { call } from '../../api/rest.ts';
import { useTexts } from '../../ui/i18n.ts';
import { fuzzyFilter } from './fuzzy.ts';
import { useLab } from './lab-context.tsx';
import type { PaletteCommand } from './palette-commands.ts';
import type { PaletteMode } from './workspace.ts';
import './palette.css';

interface Item {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  readonly run: () => void;
}

const itemsMax = 60;
const pauseMs = 200;

export function Palette(props: {
  mode: PaletteMode;
  commands: readonly PaletteCommand[];
  onClose: () => void;
}) {
  const t = useTexts();
  const [text, setText] = useState<string>(props.mode);
  const [at, setAt] = useState(0);
  const [before] = useState(() => document.activeElement);
  const { items, note } = useItems(text, props.commands);
  const chosen = Math.min(at, items.length - 1);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`[data-at="${chosen}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  const leave = (): void => {
    props.onClose();
    if (before instanceof HTMLElement) before.focus();
  };
  const run = (item: Item): void => {
    props.onClose();
    // Once the field has gone, so that what runs may take the focus.
    requestAnimationFrame(item.run);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const item = items[chosen];
    if (event.key === 'ArrowDown') setAt(items.length === 0 ? 0 : (chosen + 1) % items.length);
    else if (event.key === 'ArrowUp') setAt(Math.max(0, chosen - 1 + (chosen <= 0 ? items.length : 0)));
    else if (event.key === 'Enter' && item) run(item);
    else return;
    event.preventDefault();
  };
  return (
    <Modal.Root
      opened
      onClose={leave}
      returnFocus={false}
      size={620}
      yOffset="9vh"
      padding={0}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label={t('palette.title')}>
        <input
          className="palette-field"
          data-testid="palette"
          data-autofocus
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-items"
          aria-activedescendant={chosen >= 0 ? `palette-item-${chosen}` : undefined}
          aria-label={t('palette.title')}
          placeholder={t('palette.placeholder')}
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <div
          ref={list}
          id="palette-items"
          role="listbox"
          aria-label={t('palette.title')}
          className="palette-items"
        >
          {items.map((item, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
            <div
              key={item.id}
              id={`palette-item-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              data-at={index}
              className="palette-item"
              onClick={() => run(item)}
            >
              <span className="palette-label">{item.label}</span>
              <span className="palette-detail">{item.detail}</span>
            </div>
          ))}
        </div>
        {note !== '' && (
          <p className="palette-note" role="status">
            {note}
          </p>
        )}
      </Modal.Content>
    </Modal.Root>
  );
}

function useItems(text: string, commands: readonly PaletteCommand[]): { items: Item[]; note: string } {
  const t = useTexts();
  const mode = text[0] === '>' || text[0] === '%' ? text[0] : '';
  const wanted = text.slice(mode.length).trim();
  const files = useFileItems(mode === '' ? wanted : null);
  const hits = useHits(mode === '%' ? wanted : '');
  if (mode === '%') {
    if (wanted.length < 2) return { items: [], note: t('palette.searchHint') };
    const none = hits.failed ? t('editor.notReady') : t(hits.pending ? 'palette.searching' : 'palette.none');
    return {
      items: hits.items,
      note: hits.items.length > 0 ? (hits.truncated ? t('palette.truncated') : '') : none,
    };
  }
  const items =
    mode === '>'
      ? fuzzyFilter(wanted, commands, { textOf: ({ label, id }) => `${label} ${id}`, most: itemsMax }).map(
          ({ id, label, keys, run }) => ({ id, label, detail: keys, run }),
        )
      : files;
  return { items, note: items.length === 0 ? t('palette.none') : mode === '' ? t('palette.modes') : '' };
}

/** Null: none are wanted. */
function useFileItems(wanted: string | null): Item[] {
  const { session, workspace } = useLab();
  const files = useQuery({ ...filesQuery(session.labId), enabled: wanted !== null });
  if (wanted === null) return [];
  const paths = (files.data?.entries ?? []).flatMap(({ kind, path }) => (kind === 'file' ? [path] : []));
  return fuzzyFilter(wanted, paths, { textOf: (path) => path, most: itemsMax }).map((path) => ({
    id: path,
    label: path.slice(path.lastIndexOf('/') + 1),
    detail: path.slice(0, Math.max(0, path.lastIndexOf('/'))),
    run: () => workspace.openFile({ path, line: null }),
  }));
}

function useHits(wanted: string) {
  const { session, workspace } = useLab();
  const { labId } = session;
  const [text] = useDebouncedValue(wanted, pauseMs);
  const found = useQuery({
    queryKey: ['labs', labId, 'search', text],
    queryFn: ({ signal }) => call('searchFiles', { path: { labId }, body: { text }, signal }),
    enabled: text.length >= 2,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const hits = text === wanted ? (found.data?.hits ?? []) : [];
  return {
    pending: found.isFetching || text !== wanted,
    failed: found.error !== null,
    truncated: found.data?.truncated ?? false,
    items: hits.map(({ path, line, text: says }) => ({
      id: `${path}:${line}`,
      label: says,
      detail: `${path}:${line}`,
      run: () => workspace.openFile({ path, line }),
    })),
  };
}
