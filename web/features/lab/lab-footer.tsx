/** One line of facts: connection, brokers, what the box uses of its limits, when it was last graded. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { formatAgo, formatBytes, useNow } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import { useStore } from '../../ui/store.ts';
import { useLab, useLabState } from './lab-context.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';

export function LabFooter() {
  const t = useTexts();
  const [help, setHelp] = useState(false);
  return (
    <footer className="lab-footer" data-panel="footer" tabIndex={-1}>
      <ConnectionMark />
      <Brokers />
      <UsageFacts />
      <span className="grow" />
      <LastGraded />
      <Button
        variant="transparent"
        size="compact-xs"
        className="lab-footer-help"
        onClick={() => setHelp(true)}
      >
        {t('footer.panels')} · {t('footer.shortcuts')}
      </Button>
      <ShortcutsDialog opened={help} onClose={() => setHelp(false)} />
    </footer>
  );
}

function ConnectionMark() {
  const t = useTexts();
  const { session } = useLab();
  const connection = useStore(session.connection.store, (state) => state);
  const state = connection.state === 'refused' ? 'offline' : connection.state;
  return (
    <span className="connection" data-testid="connection" data-state={state} role="status">
      <span className="connection-mark" aria-hidden="true" />
      {connection.stopping && state !== 'connected'
        ? t('footer.serverStopping')
        : t(`footer.connection.${state}`)}
    </span>
  );
}

function Brokers() {
  const t = useTexts();
  const environment = useLabState((state) => state.environment);
  if (environment?.state !== 'ready')
    return <span className="fact">{t('cluster.upCount', { up: '–', total: '–' })}</span>;
  const up = environment.brokers.filter((broker) => broker.state === 'up').length;
  const total = environment.brokers.length;
  return (
    <span className="fact" data-warn={up < total}>
      {up < total && <span aria-hidden="true">▲ </span>}
      {t('cluster.upCount', { up, total })}
    </span>
  );
}

function UsageFacts() {
  const t = useTexts();
  const usage = useLabState((state) => state.usage);
  const nearly = (used: number, limit: number): boolean => limit > 0 && used / limit > 0.9;
  return (
    <>
      <span
        className="fact fact-wide"
        data-warn={usage !== null && nearly(usage.memoryBytes, usage.memoryLimitBytes)}
      >
        {t('footer.memory')}{' '}
        {usage ? `${formatBytes(usage.memoryBytes)} / ${formatBytes(usage.memoryLimitBytes)}` : '–'}
      </span>
      <span
        className="fact fact-wide"
        data-warn={usage !== null && nearly(usage.diskBytes, usage.diskLimitBytes)}
      >
        {t('footer.disk')}{' '}
        {usage ? `${formatBytes(usage.diskBytes)} / ${formatBytes(usage.diskLimitBytes)}` : '–'}
      </span>
    </>
  );
}

function LastGraded() {
  const t = useTexts();
  const now = useNow(1_000);
  const gradedAt = useLabState((state) => state.lab?.gradedAt ?? null);
  const gradedMs = useLabState((state) => state.lab?.gradedMs ?? null);
  const offset = useLabState((state) => state.clockOffsetMs);
  if (gradedAt === null) return <span className="fact">{t('footer.notGraded')}</span>;
  return (
    <span className="fact">
      {t('footer.graded')} {formatAgo(now + offset - gradedAt, t)}
      {gradedMs !== null && ` · ${t('time.ms', { count: Math.round(gradedMs) })}`}
    </span>
  );
}
