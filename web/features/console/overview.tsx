/** The cluster at a glance, and its brokers. */
import type { ConsoleBroker } from '@brokerlab/server/contract';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import { CommandLine } from './command-line.tsx';
import { commands } from './commands.ts';
import { type Column, Fact, Facts, Figure, SortedTable } from './parts.tsx';
import { usePlace, useRead } from './use-console.ts';

export function OverviewView() {
  const t = useTexts();
  const { bootstrap, go } = usePlace();
  const { data } = useRead('consoleOverview');
  if (!data) return null;
  const columns: Column<ConsoleBroker>[] = [
    {
      key: 'id',
      title: t('console.broker.id'),
      by: ({ id }) => id,
      cell: ({ id, controller }) => (
        <>
          <button
            type="button"
            className="console-link"
            onClick={() => go({ view: 'broker', name: String(id) })}
          >
            {id}
          </button>
          {controller && <span className="console-tag">{t('console.broker.controller')}</span>}
        </>
      ),
    },
    {
      key: 'state',
      title: t('console.broker.state'),
      by: ({ up }) => Number(up),
      cell: ({ up }) => (
        <Figure tone={up ? undefined : 'bad'}>
          {up ? t('console.broker.up') : t('console.broker.down')}
        </Figure>
      ),
    },
    { key: 'host', title: t('console.broker.host'), by: ({ host }) => host, cell: ({ host }) => host || '–' },
    {
      key: 'port',
      title: t('console.broker.port'),
      number: true,
      by: ({ port }) => port,
      cell: ({ port }) => port || '–',
    },
    {
      key: 'rack',
      title: t('console.broker.rack'),
      by: ({ rack }) => rack ?? '',
      cell: ({ rack }) => rack ?? '–',
    },
    {
      key: 'leaders',
      title: t('console.broker.leaders'),
      hint: t('console.broker.leadersHint'),
      number: true,
      by: ({ leaders }) => leaders,
      cell: ({ leaders, leadersPercent }) => `${formatCount(leaders)} (${leadersPercent}%)`,
    },
    {
      key: 'replicas',
      title: t('console.broker.replicas'),
      number: true,
      by: ({ replicas }) => replicas,
      cell: ({ replicas }) => formatCount(replicas),
    },
    {
      key: 'size',
      title: t('console.size'),
      number: true,
      by: ({ sizeBytes }) => sizeBytes ?? -1,
      cell: ({ sizeBytes }) => (sizeBytes === null ? '–' : formatBytes(sizeBytes)),
    },
  ];
  return (
    <>
      <h2 className="console-title">{t('console.views.overview')}</h2>
      {data.missingBrokers.length > 0 && (
        <p className="notice notice-bad" role="alert">
          {t('console.missing', { brokers: data.missingBrokers.join(', ') })}
        </p>
      )}
      <Facts>
        <Fact label={t('console.bootstrap')}>
          <span className="mono">{data.bootstrap}</span>
        </Fact>
        <Fact label={t('console.topicsTotal')}>{formatCount(data.topics)}</Fact>
        <Fact label={t('console.partitionsTotal')}>{formatCount(data.partitions)}</Fact>
        <Fact label={t('console.preferred')} tone={data.preferredPercent < 100 ? 'warn' : undefined}>
          {data.preferredPercent}%
        </Fact>
        <Fact label={t('console.underReplicated')} tone={data.underReplicated > 0 ? 'bad' : undefined}>
          {formatCount(data.underReplicated)}
        </Fact>
        <Fact label={t('console.offline')} tone={data.offline > 0 ? 'bad' : undefined}>
          {formatCount(data.offline)}
        </Fact>
        <Fact label={t('console.controller')}>{data.controller ?? '–'}</Fact>
        {data.quorum && (
          <Fact wide label={t('console.quorum')}>
            {t('console.quorumValue', {
              leader: data.quorum.leader ?? '–',
              epoch: data.quorum.epoch,
              voters: data.quorum.voters.map(({ id }) => id).join(', '),
            })}
          </Fact>
        )}
      </Facts>
      <h3>{t('console.brokers')}</h3>
      <SortedTable
        label={t('console.brokers')}
        columns={columns}
        rows={data.brokers}
        keyOf={({ id }) => String(id)}
      />
      <CommandLine command={`${commands.quorum(bootstrap)}\n${commands.brokers(bootstrap)}`} />
    </>
  );
}
