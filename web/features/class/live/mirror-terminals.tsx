/** A trainee's terminals as they draw them, at their size. */
import type { TerminalInfo } from '@brokerlab/server/contract';
import { SegmentedControl } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTexts } from '../../../ui/i18n.ts';
import { Empty } from '../../../ui/states.tsx';
import { useLab, useLabState } from '../../lab/lab-context.tsx';
import '@xterm/xterm/css/xterm.css';
import '../../terminal/terminal.css';

export function MirrorTerminals() {
  const t = useTexts();
  const terminals = useLabState((state) => state.terminals ?? noTerminals);
  const generation = useLabState((state) => state.generation);
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = terminals.find(({ id }) => id === chosen) ?? terminals[0];
  if (!shown) return <Empty title={t('terminal.none')} />;
  return (
    <div className="mirror">
      {terminals.length > 1 && (
        <SegmentedControl
          size="xs"
          value={shown.id}
          onChange={setChosen}
          data={terminals.map((terminal) => ({
            value: terminal.id,
            label: terminal.title || t('terminal.title', { number: terminal.number }),
          }))}
        />
      )}
      <Mirror key={`${generation}/${shown.id}`} info={shown} />
    </div>
  );
}

const noTerminals: readonly TerminalInfo[] = [];

function Mirror({ info }: { info: TerminalInfo }) {
  const t = useTexts();
  const { session: lab } = useLab();
  const place = useRef<HTMLDivElement>(null);
  const session = lab.hub.sessionOf(info);
  const label = t('terminal.label', { number: info.number, keys: 'F6' });
  useEffect(() => {
    if (!place.current) return;
    void session.mount(place.current).then(() => session.setLabel(label));
    return () => session.unmount();
  }, [session, label]);
  return (
    <div
      ref={place}
      className="mirror-place"
      data-testid={`mirror-${info.number}`}
      onPointerUp={() => {
        if (session.typingAllowed && !session.xterm.hasSelection()) session.focus();
      }}
    />
  );
}
