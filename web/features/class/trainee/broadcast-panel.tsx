/** The instructor's terminal over the lab, read-only; it can be put aside, and comes back while it is shown. */
import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTexts } from '../../../ui/i18n.ts';
import { useDrawnTheme } from '../../../ui/preferences.ts';
import { useLab } from '../../lab/lab-context.tsx';
import { BROADCAST, TerminalSession } from '../../terminal/terminal-session.ts';
import '@xterm/xterm/css/xterm.css';
import '../../terminal/terminal.css';

export function BroadcastPanel({ by }: { by: string }) {
  const t = useTexts();
  const [shown, setShown] = useState(true);
  if (!shown) {
    return (
      <div className="broadcast-aside">
        <Button size="compact-sm" variant="filled" onClick={() => setShown(true)}>
          {t('class.part.broadcast', { by })}
        </Button>
      </div>
    );
  }
  return (
    <section className="broadcast" aria-label={t('class.part.broadcast', { by })} data-testid="broadcast">
      <header>
        <b>{t('class.part.broadcast', { by })}</b>
        <span className="grow" />
        <Button size="compact-xs" onClick={() => setShown(false)}>
          {t('class.part.broadcastAside')}
        </Button>
      </header>
      <Screen />
    </section>
  );
}

function Screen() {
  const { session: lab } = useLab();
  const theme = useDrawnTheme();
  const place = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of theme must not attach anew
  useEffect(() => {
    if (!place.current) return;
    const session = new TerminalSession({
      id: BROADCAST,
      connection: lab.connection,
      theme,
      mirror: true,
    });
    void session.mount(place.current);
    const again = lab.connection.onConnect(() => session.attach());
    return () => {
      again();
      session.dispose();
    };
  }, [lab]);
  return <div ref={place} className="mirror-place" />;
}
