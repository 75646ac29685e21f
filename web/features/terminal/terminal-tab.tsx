/** A terminal's tab: its name, a close mark for the pointer; Delete closes and F2 renames from the keyboard. */
import { useEffect, useRef, useState } from 'react';
import { Confirm } from '../../ui/confirm.tsx';
import { useTexts } from '../../ui/i18n.ts';
import { Icon } from '../../ui/icons.tsx';
import { notifyError } from '../../ui/notify.ts';
import { useLab, useLabState } from '../lab/lab-context.tsx';

export function TerminalTab({ number, setTitle }: { number: number; setTitle: (title: string) => void }) {
  const t = useTexts();
  const { session } = useLab();
  const info = useLabState(
    (state) => state.terminals?.find((terminal) => terminal.number === number) ?? null,
  );
  const [renaming, setRenaming] = useState(false);
  const [closing, setClosing] = useState(false);
  const place = useRef<HTMLSpanElement>(null);
  const name = info?.title || t('terminal.title', { number });
  useEffect(() => setTitle(name), [name, setTitle]);
  const close = (): void => {
    if (info) session.closeTerminal(info.id).catch(notifyError);
  };
  useTabKeys(place, { rename: () => setRenaming(info !== null), close: () => setClosing(info !== null) });
  if (renaming && info) {
    return (
      <RenameField
        name={name}
        onDone={(title) => {
          setRenaming(false);
          if (title !== null) session.renameTerminal(info.id, title).catch(notifyError);
        }}
      />
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the tab around it is the control; F2 does the same
    <span
      ref={place}
      className="dock-tab"
      title={t('terminal.tabHelp')}
      onDoubleClick={() => setRenaming(info !== null)}
    >
      {name}
      {info?.state === 'ended' && <span className="dock-tab-ended">{t('terminal.endedMark')}</span>}
      {info && (
        // For the pointer only: the Delete key does the same, and a button inside a tab would confuse readers.
        <span
          className="dock-tab-close"
          aria-hidden="true"
          onPointerDown={(event) => event.stopPropagation()}
          onClick={(event) => {
            event.stopPropagation();
            if (info.state === 'ended') close();
            else setClosing(true);
          }}
        >
          <Icon name="close" size={10} />
        </span>
      )}
      <Confirm
        opened={closing}
        title={t('terminal.closeNamed', { name })}
        confirm={t('terminal.close')}
        onConfirm={close}
        onClose={() => setClosing(false)}
      >
        {t('terminal.closeConfirm')}
      </Confirm>
    </span>
  );
}

/** The focus is on dockview's own tab element, around ours. */
function useTabKeys(
  place: { readonly current: HTMLElement | null },
  actions: { rename: () => void; close: () => void },
): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const tab = place.current?.closest<HTMLElement>('.dv-tab');
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.target !== tab) return;
      if (event.key === 'F2') latest.current.rename();
      else if (event.key === 'Delete') latest.current.close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    tab?.addEventListener('keydown', onKeyDown);
    return () => tab?.removeEventListener('keydown', onKeyDown);
  }, [place]);
}

function RenameField({ name, onDone }: { name: string; onDone: (title: string | null) => void }) {
  const t = useTexts();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  return (
    <input
      ref={field}
      className="dock-tab-rename"
      aria-label={t('terminal.renameLabel')}
      defaultValue={name}
      maxLength={40}
      onPointerDown={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Enter') onDone(event.currentTarget.value.trim());
        if (event.key === 'Escape') onDone(null);
      }}
      onBlur={(event) => onDone(event.currentTarget.value.trim())}
    />
  );
}
