/** One broker: which partitions it holds and leads, and its settings. */
import type { ConsoleBrokerDetail } from '@brokerlab/server/contract';
import { useTexts } from '../../ui/i18n.ts';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { CommandLine } from './command-line.tsx';
import { commands } from './commands.ts';
import { ConfigTable } from './configs.tsx';
import { type Column, ranges, SortedTable } from './parts.tsx';
import { usePlace, useRead } from './use-console.ts';

export function BrokerView({ id }: { id: number }) {
  const t = useTexts();
  const { bootstrap, go } = usePlace();
  const detail = useRead('consoleBroker', { broker: String(id) });
  const columns: Column<ConsoleBrokerDetail['topics'][number]>[] = [
    {
      key: 'name',
      title: t('console.topic.name'),
      by: ({ name }) => name,
      cell: ({ name }) => (
        <button type="button" className="console-link" onClick={() => go({ view: 'topic', name })}>
          {name}
        </button>
      ),
    },
    {
      key: 'total',
      title: t('console.broker.partitionsTotal'),
      number: true,
      by: ({ partitionsTotal }) => partitionsTotal,
      cell: ({ partitionsTotal }) => partitionsTotal,
    },
    {
      key: 'here',
      title: t('console.broker.partitionsHere'),
      number: true,
      by: ({ partitions }) => partitions.length,
      cell: ({ partitions }) => partitions.length,
    },
    { key: 'ids', title: t('console.broker.partitionIds'), cell: ({ partitions }) => ranges(partitions) },
    { key: 'leads', title: t('console.broker.leads'), cell: ({ leads }) => ranges(leads) || '–' },
  ];
  return (
    <>
      <h2 className="console-title">{t('console.broker.title', { id })}</h2>
      {detail.isPending && <Loading />}
      {detail.error && !detail.data && (
        <Failure title={t('console.failed')} error={detail.error} retry={() => void detail.refetch()} />
      )}
      {detail.data && (
        <>
          {detail.data.topics.length === 0 ? (
            <Empty title={t('console.broker.nothing')} />
          ) : (
            <SortedTable
              label={t('console.views.topics')}
              columns={columns}
              rows={detail.data.topics}
              keyOf={({ name }) => name}
            />
          )}
          <h3>{t('console.tabs.configs')}</h3>
          <ConfigTable configs={detail.data.configs} entity={{ type: 'brokers', name: String(id) }} />
          <CommandLine command={commands.brokerConfigs(bootstrap, id)} />
        </>
      )}
    </>
  );
}
