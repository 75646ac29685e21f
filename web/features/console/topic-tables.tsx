/** The tables of a topic's screen. */
import type { ConsolePartition, ConsoleTopicDetail, TopicOnBroker } from '@brokerlab/server/contract';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import { Empty } from '../../ui/states.tsx';
import { type Column, Figure, ranges, SortedTable } from './parts.tsx';
import { usePlace } from './use-console.ts';

export function PartitionTable({ detail }: { detail: ConsoleTopicDetail }) {
  const t = useTexts();
  const offset = (value: number | null) => (value === null ? '–' : formatCount(value));
  const yesNo = (yes: boolean) => (yes ? t('console.yes') : t('console.no'));
  const columns: Column<ConsolePartition>[] = [
    {
      key: 'partition',
      title: t('console.partition.number'),
      number: true,
      by: ({ partition }) => partition,
      cell: ({ partition }) => partition,
    },
    {
      key: 'first',
      title: t('console.partition.first'),
      number: true,
      by: ({ first }) => first ?? -1,
      cell: ({ first }) => offset(first),
    },
    {
      key: 'last',
      title: t('console.partition.last'),
      number: true,
      by: ({ last }) => last ?? -1,
      cell: ({ last }) => offset(last),
    },
    {
      key: 'size',
      title: t('console.size'),
      number: true,
      by: ({ sizeBytes }) => sizeBytes ?? -1,
      cell: ({ sizeBytes }) => (sizeBytes === null ? '–' : formatBytes(sizeBytes)),
    },
    {
      key: 'leader',
      title: t('console.partition.leader'),
      by: ({ leader }) => leader ?? -1,
      cell: ({ leader }) => (
        <Figure tone={leader === null ? 'bad' : undefined}>{leader ?? t('console.partition.none')}</Figure>
      ),
    },
    {
      key: 'preferred',
      title: t('console.partition.preferred'),
      by: ({ preferredLeader }) => Number(preferredLeader),
      cell: ({ preferredLeader }) => (
        <Figure tone={preferredLeader ? undefined : 'warn'}>{yesNo(preferredLeader)}</Figure>
      ),
    },
    { key: 'replicas', title: t('console.partition.replicas'), cell: ({ replicas }) => replicas.join(', ') },
    { key: 'isr', title: 'ISR', cell: ({ isr }) => isr.join(', ') || '–' },
    {
      key: 'offline',
      title: t('console.partition.offline'),
      cell: ({ offline }) => (
        <Figure tone={offline.length > 0 ? 'bad' : undefined}>{offline.join(', ') || '–'}</Figure>
      ),
    },
    {
      key: 'under',
      title: t('console.underReplicated'),
      by: ({ underReplicated }) => Number(underReplicated),
      cell: ({ underReplicated }) => (
        <Figure tone={underReplicated ? 'bad' : undefined}>{yesNo(underReplicated)}</Figure>
      ),
    },
  ];
  return (
    <SortedTable
      label={t('console.tabs.partitions')}
      columns={columns}
      rows={detail.partitions}
      keyOf={({ partition }) => String(partition)}
    />
  );
}

export function ShareTable({ detail }: { detail: ConsoleTopicDetail }) {
  const t = useTexts();
  const skewed = (yes: boolean) => (
    <Figure tone={yes ? 'warn' : undefined}>{yes ? t('console.yes') : t('console.no')}</Figure>
  );
  const columns: Column<TopicOnBroker>[] = [
    {
      key: 'broker',
      title: t('console.broker.id'),
      by: ({ broker }) => broker,
      cell: ({ broker }) => broker,
    },
    {
      key: 'partitions',
      title: t('console.broker.partitionsHere'),
      number: true,
      by: ({ partitions }) => partitions.length,
      cell: ({ partitions }) => partitions.length,
    },
    {
      key: 'leads',
      title: t('console.broker.asLeader'),
      number: true,
      by: ({ leads }) => leads.length,
      cell: ({ leads }) => leads.length,
    },
    { key: 'list', title: t('console.broker.partitionIds'), cell: ({ partitions }) => ranges(partitions) },
    { key: 'skewed', title: t('console.broker.skewed'), cell: (share) => skewed(share.skewed) },
    {
      key: 'leaderSkewed',
      title: t('console.broker.leaderSkewed'),
      cell: (share) => skewed(share.leaderSkewed),
    },
  ];
  return (
    <SortedTable
      label={t('console.tabs.brokers')}
      columns={columns}
      rows={detail.byBroker}
      keyOf={({ broker }) => String(broker)}
    />
  );
}

export function TopicGroups({ detail }: { detail: ConsoleTopicDetail }) {
  const t = useTexts();
  const { go } = usePlace();
  if (detail.groups.length === 0) return <Empty title={t('console.group.noneOnTopic')} />;
  return (
    <SortedTable
      label={t('console.tabs.groups')}
      rows={detail.groups}
      keyOf={({ id }) => id}
      columns={[
        {
          key: 'id',
          title: t('console.group.id'),
          by: ({ id }) => id,
          cell: ({ id }) => (
            <button type="button" className="console-link" onClick={() => go({ view: 'group', name: id })}>
              {id}
            </button>
          ),
        },
        {
          key: 'lag',
          title: t('console.group.combinedLag'),
          number: true,
          by: ({ lag }) => lag,
          cell: ({ lag }) => formatCount(lag),
        },
      ]}
    />
  );
}
