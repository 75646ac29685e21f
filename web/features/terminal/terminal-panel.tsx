/** A terminal's place in the dock: the session's element when there is one, else what the environment is doing. */
import type { TerminalInfo } from '@brokerlab/server/contract';
import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTexts } from '../../ui/i18n.ts';
import { notifyError } from '../../ui/notify.ts';
import { useStore } from '../../ui/store.ts';
import { EnvironmentScreen } from '../lab/environment-screen.tsx';
import { useLab, useLabState } from '../lab/lab-context.tsx';
import { openTerminal } from '../lab/run-in-terminal.ts';
import { TerminalSearch } from './terminal-search.tsx';
import type { TerminalSession } from './terminal-session.ts';
import { TouchKeys } from './touch-keys.tsx';
import '@xterm/xterm/css/xterm.css';
import './terminal.css';

export function TerminalPanel({ number }: { number: number }) {
  const lab = useLab();
  const info = useLabState(
    (state) => state.terminals?.find((terminal) => terminal.number === number) ?? null,
  );
  const ready = useLabState((state) => state.environment?.state === 'ready');
  const known = useLabState((state) => state.terminals !== null);
  const generation = useLabState((state) => state.generation);
  // Shells are there before the last broker is: whoever wants to type may.
  const usable = useLabState(
    ({ environment }) => environment?.state === 'ready' || environment?.state === 'starting',
  );
  if (info && usable) return <Terminal key={`${generation}/${info.id}`} info={info} />;
  return (
    <div className="terminal-panel" data-testid={`terminal-${number}`} data-state="waiting">
      {ready && known ? (
        <NoTerminal onNew={() => void openTerminal(lab).catch(notifyError)} />
      ) : (
        <EnvironmentScreen />
      )}
    </div>
  );
}

function Terminal({ info }: { info: TerminalInfo }) {
  const t = useTexts();
  const { session: lab, workspace } = useLab();
  const place = useRef<HTMLDivElement>(null);
  const session = lab.hub.sessionOf(info);
  const label = t('terminal.label', { number: info.number, keys: 'F6' });
  useEffect(() => {
    if (!place.current) return;
    void session.mount(place.current).then(() => session.setLabel(label));
    return () => session.unmount();
  }, [session, label]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a click anywhere focuses xterm's own text field
    <div
      className="terminal-panel"
      data-testid={`terminal-${info.number}`}
      data-state={info.state}
      onPointerUp={() => {
        if (!session.xterm.hasSelection()) session.focus();
      }}
      onFocus={() => workspace.store.set({ terminal: info.number })}
    >
      <div ref={place} className="terminal-place" />
      <TouchKeys session={session} />
      <TerminalSearch session={session} />
      <Waiting session={session} />
      {info.state === 'ended' && <Ended info={info} />}
    </div>
  );
}

function Waiting({ session }: { session: TerminalSession }) {
  const t = useTexts();
  const waiting = useStore(session.view, (view) => view.waitingCharacters > 0);
  return waiting ? (
    <div className="terminal-notice" role="status">
      {t('terminal.waiting')}
    </div>
  ) : null;
}

function Ended({ info }: { info: TerminalInfo }) {
  const t = useTexts();
  const lab = useLab();
  const exitCode = useLabState((state) => state.exitCodes[info.id]);
  const replace = async (): Promise<void> => {
    try {
      await lab.session.closeTerminal(info.id);
      await openTerminal(lab);
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <div className="terminal-notice" role="status">
      <span>
        {exitCode === undefined ? t('terminal.endedPlain') : t('terminal.ended', { code: exitCode })}{' '}
        {t('terminal.endedHint')}
      </span>
      <Button size="compact-xs" onClick={() => void replace()}>
        {t('terminal.new')}
      </Button>
    </div>
  );
}

function NoTerminal({ onNew }: { onNew: () => void }) {
  const t = useTexts();
  return (
    <div className="environment">
      <p className="environment-title">{t('terminal.none')}</p>
      <Button onClick={onNew}>{t('terminal.new')}</Button>
    </div>
  );
}
