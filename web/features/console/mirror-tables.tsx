/** The tables of one flow: progress by partition, what its program says, checkpoints. */
import type {
  MirrorCheckpoint,
  MirrorFlow,
  MirrorPartition,
  MirrorSpread,
  ToldFlow,
} from '@brokerlab/server/contract';
import { formatAgo, formatBytes, formatCount } from '../../ui/format.ts';
import { type Translate, useTexts } from '../../ui/i18n.ts';
import { type Column, Figure, SortedTable } from './parts.tsx';
import { Sparkline } from './sparkline.tsx';
import { useHistories } from './use-samples.ts';

const count = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : formatCount(Math.round(value));
const placeOf = ({ topic, partition }: { topic: string; partition: number }): string =>
  `${topic}/${partition}`;

export function ProgressTable({ flow, atMs }: { flow: MirrorFlow; atMs: number }) {
  const t = useTexts();
  const lags = useHistories(
    flow.partitions.flatMap((one) => (one.lag === null ? [] : [{ key: placeOf(one), value: one.lag }])),
  );
  const columns: Column<MirrorPartition>[] = [
    {
      key: 'topic',
      title: t('console.mirror.topic'),
      by: ({ topic }) => topic,
      cell: ({ topic, remote }) => (
        <>
          {topic} {remote !== topic && <span className="quiet-text">→ {remote}</span>}
        </>
      ),
    },
    number('partition', t('console.mirror.partition'), ({ partition }) => partition),
    number('end', t('console.mirror.end'), ({ end }) => end),
    number('next', t('console.mirror.next'), ({ next }) => next),
    {
      key: 'lag',
      title: t('console.mirror.lag'),
      hint: t('console.mirror.lagHint'),
      number: true,
      by: ({ lag }) => lag ?? -1,
      cell: (row) => (
        <>
          <Sparkline samples={lags.get(placeOf(row)) ?? []} /> <Lag row={row} />
        </>
      ),
    },
    number('records', t('console.mirror.records'), ({ records }) => records),
    {
      key: 'bytes',
      title: t('console.size'),
      number: true,
      by: ({ bytes }) => bytes ?? -1,
      cell: ({ bytes }) => (bytes === null ? '–' : formatBytes(bytes)),
    },
    {
      key: 'sync',
      title: t('console.mirror.sync'),
      hint: t('console.mirror.syncHint'),
      number: true,
      cell: ({ sync }) =>
        sync === null
          ? '–'
          : `${count(sync.upstream)} → ${count(sync.downstream)} · ${ago(atMs, sync.atMs, t)}`,
    },
  ];
  return (
    <SortedTable
      label={t('console.mirror.fromClusters')}
      columns={columns}
      rows={flow.partitions}
      keyOf={placeOf}
    />
  );
}

function Lag({ row: { lag, exact } }: { row: MirrorPartition }) {
  const t = useTexts();
  if (lag === null) return '–';
  const records = formatCount(lag);
  return (
    <Figure tone={lag > 0 ? 'warn' : undefined}>
      {exact ? records : t('console.mirror.lagAbout', { records })}
    </Figure>
  );
}

type Told = ToldFlow['progress'][number] & {
  readonly figures: ToldFlow['figures']['partitions'][number] | undefined;
};

export function ToldTable({ told, flow }: { told: ToldFlow; flow: MirrorFlow }) {
  const t = useTexts();
  const rows = told.progress.map((progress): Told => {
    const known = flow.partitions.find((one) => placeOf(one) === placeOf(progress));
    const remote = known?.remote ?? `${told.source}.${progress.topic}`;
    const figures = told.figures.partitions.find(
      (one) => one.partition === progress.partition && one.topic === remote,
    );
    return { ...progress, figures };
  });
  const columns: Column<Told>[] = [
    { key: 'topic', title: t('console.mirror.topic'), by: ({ topic }) => topic, cell: ({ topic }) => topic },
    number('partition', t('console.mirror.partition'), ({ partition }) => partition),
    number('lag', t('console.mirror.lag'), ({ lag }) => lag),
    number('records', t('console.mirror.recordCount'), ({ figures }) => figures?.recordCount),
    number('rate', t('console.mirror.rate'), ({ figures }) => figures?.recordRate),
    bytes('bytes', t('console.mirror.byteCount'), ({ figures }) => figures?.byteCount),
    bytes('byteRate', t('console.mirror.byteRate'), ({ figures }) => figures?.byteRate),
    {
      key: 'age',
      title: t('console.mirror.recordAge'),
      hint: 'record-age-ms',
      number: true,
      cell: ({ figures }) => spread(figures?.recordAgeMs, t),
    },
    {
      key: 'latency',
      title: t('console.mirror.latency'),
      hint: 'replication-latency-ms',
      number: true,
      cell: ({ figures }) => spread(figures?.replicationLatencyMs, t),
    },
    ...(rows.some(({ problem }) => problem !== null)
      ? [{ key: 'problem', title: t('console.mirror.problem'), cell: ({ problem }: Told) => problem ?? '' }]
      : []),
  ];
  return <SortedTable label={t('console.mirror.told')} columns={columns} rows={rows} keyOf={placeOf} />;
}

export function CheckpointTable(props: { flow: MirrorFlow; told: ToldFlow | null; atMs: number }) {
  const { flow, told, atMs } = props;
  const t = useTexts();
  const columns: Column<MirrorCheckpoint>[] = [
    { key: 'group', title: t('console.mirror.group'), by: ({ group }) => group, cell: ({ group }) => group },
    { key: 'topic', title: t('console.mirror.topic'), by: ({ topic }) => topic, cell: ({ topic }) => topic },
    number('partition', t('console.mirror.partition'), ({ partition }) => partition),
    number('upstream', t('console.mirror.upstream'), ({ upstream }) => upstream),
    number('downstream', t('console.mirror.downstream'), ({ downstream }) => downstream),
    {
      ...number<MirrorCheckpoint>('committed', t('console.mirror.committed'), ({ committed }) => committed),
      hint: t('console.mirror.committedHint'),
    },
    {
      key: 'at',
      title: t('console.mirror.at'),
      number: true,
      by: (row) => row.atMs,
      cell: (row) => ago(atMs, row.atMs, t),
    },
    {
      key: 'latency',
      title: t('console.mirror.checkpointLatency'),
      hint: 'checkpoint-latency-ms',
      number: true,
      cell: (row) => {
        const found = told?.figures.groups.find(
          (one) => one.group === row.group && placeOf(one) === placeOf(row),
        );
        return spread(found?.checkpointLatencyMs, t);
      },
    },
  ];
  return (
    <SortedTable
      label={t('console.mirror.checkpoints')}
      columns={columns}
      rows={flow.checkpoints}
      keyOf={(row) => `${row.group}/${placeOf(row)}`}
    />
  );
}

function number<Row>(key: string, title: string, read: (row: Row) => number | null | undefined): Column<Row> {
  return { key, title, number: true, by: (row) => read(row) ?? -1, cell: (row) => count(read(row)) };
}

function bytes<Row>(key: string, title: string, read: (row: Row) => number | undefined): Column<Row> {
  return {
    ...number(key, title, read),
    cell: (row) => {
      const value = read(row);
      return value === undefined ? '–' : formatBytes(Math.max(0, value));
    },
  };
}

const ago = (atMs: number, thenMs: number, t: Translate): string => formatAgo(Math.max(0, atMs - thenMs), t);

function spread(figures: MirrorSpread | undefined, t: Translate): string {
  if (!figures || figures.mean === null || figures.most === null) return '–';
  return `${duration(figures.mean, t)} · ${duration(figures.most, t)}`;
}

function duration(milliseconds: number, t: Translate): string {
  if (milliseconds < 10_000) return t('console.mirror.milliseconds', { count: Math.round(milliseconds) });
  return t('console.mirror.seconds', { count: Math.round(milliseconds / 1_000) });
}
