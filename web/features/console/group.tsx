/** One group: members with their partitions, offsets and lag, and what can be done while it rests. */
import type { ConsoleGroupDetail } from '@brokerlab/server/contract';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Confirm } from '../../ui/confirm.tsx';
import { formatCount } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import { Failure, Loading } from '../../ui/states.tsx';
import { CommandLine } from './command-line.tsx';
import { commands } from './commands.ts';
import { type Column, Fact, Facts, Figure, ranges, SortedTable, tellFailures } from './parts.tsx';
import { ResetOffsets } from './reset-offsets.tsx';
import { Sparkline } from './sparkline.tsx';
import { useAct, usePlace, useRead } from './use-console.ts';
import { useHistories } from './use-samples.ts';

export function GroupView({ id }: { id: string }) {
  const t = useTexts();
  const { bootstrap, go } = usePlace();
  const group = useRead('consoleGroup', { group: id });
  return (
    <>
      <h2 className="console-title">
        <button type="button" className="console-link" onClick={() => go({ view: 'groups' })}>
          {t('console.views.groups')}
        </button>{' '}
        / <span className="mono">{id}</span>
      </h2>
      {group.isPending && <Loading />}
      {group.error && (
        <Failure
          title={t('console.group.gone', { group: id })}
          error={group.error}
          retry={() => void group.refetch()}
        />
      )}
      {group.data && !group.error && (
        <>
          <GroupFacts group={group.data} />
          <GroupActions group={group.data} />
          <OffsetTable group={group.data} />
          <h3>{t('console.group.members')}</h3>
          <MemberTable group={group.data} />
        </>
      )}
      <CommandLine command={commands.group(bootstrap, id)} />
    </>
  );
}

function GroupFacts({ group: { summary } }: { group: ConsoleGroupDetail }) {
  const t = useTexts();
  const history = useHistories([{ key: summary.id, value: summary.lag }]).get(summary.id) ?? [];
  return (
    <Facts>
      <Fact label={t('console.group.state')}>{summary.state}</Fact>
      <Fact label={t('console.group.type')}>{summary.type}</Fact>
      <Fact label={t('console.group.assignor')}>{summary.assignor || '–'}</Fact>
      <Fact label={t('console.group.coordinator')}>{summary.coordinator ?? '–'}</Fact>
      <Fact label={t('console.group.members')}>{summary.members}</Fact>
      <Fact
        label={t('console.group.covered')}
        tone={summary.members > 0 && summary.coveredPercent < 100 ? 'warn' : undefined}
      >
        {summary.coveredPercent}%
      </Fact>
      <Fact label={t('console.group.lag')}>
        {formatCount(summary.lag)} <Sparkline samples={history} />
      </Fact>
    </Facts>
  );
}

function OffsetTable({ group }: { group: ConsoleGroupDetail }) {
  const t = useTexts();
  const { go } = usePlace();
  const offset = (value: number | null) => (value === null ? '–' : formatCount(value));
  const columns: Column<ConsoleGroupDetail['offsets'][number]>[] = [
    {
      key: 'topic',
      title: t('console.topic.name'),
      by: ({ topic }) => topic,
      cell: ({ topic }) => (
        <button type="button" className="console-link" onClick={() => go({ view: 'topic', name: topic })}>
          {topic}
        </button>
      ),
    },
    {
      key: 'partition',
      title: t('console.partition.number'),
      number: true,
      by: ({ partition }) => partition,
      cell: ({ partition }) => partition,
    },
    { key: 'first', title: t('console.partition.first'), number: true, cell: ({ first }) => offset(first) },
    {
      key: 'last',
      title: t('console.partition.last'),
      number: true,
      by: ({ last }) => last ?? -1,
      cell: ({ last }) => offset(last),
    },
    {
      key: 'committed',
      title: t('console.group.committed'),
      number: true,
      by: ({ committed }) => committed ?? -1,
      cell: ({ committed }) => offset(committed),
    },
    {
      key: 'lag',
      title: t('console.group.lag'),
      number: true,
      by: ({ lag }) => lag ?? -1,
      cell: ({ lag }) => offset(lag),
    },
    {
      key: 'owner',
      title: t('console.group.owner'),
      by: ({ owner }) => owner ?? '',
      cell: ({ owner }) => (
        <Figure tone={owner === null && group.summary.members > 0 ? 'warn' : undefined}>
          <span className="mono">{owner ?? t('console.group.nobody')}</span>
        </Figure>
      ),
    },
  ];
  return (
    <SortedTable
      label={t('console.group.offsets')}
      columns={columns}
      rows={group.offsets}
      keyOf={({ topic, partition }) => `${topic}/${partition}`}
    />
  );
}

function MemberTable({ group }: { group: ConsoleGroupDetail }) {
  const t = useTexts();
  type Member = ConsoleGroupDetail['members'][number];
  const columns: Column<Member>[] = [
    {
      key: 'id',
      title: t('console.group.memberId'),
      by: ({ id }) => id,
      cell: ({ id }) => <span className="mono">{id}</span>,
    },
    { key: 'instance', title: 'group.instance.id', cell: ({ instanceId }) => instanceId ?? '–' },
    {
      key: 'client',
      title: t('console.group.client'),
      by: ({ clientId }) => clientId,
      cell: ({ clientId }) => clientId,
    },
    { key: 'host', title: t('console.broker.host'), cell: ({ host }) => host },
    {
      key: 'assignment',
      title: t('console.group.assignment'),
      cell: ({ partitions }) => (
        <Figure tone={partitions.length === 0 ? 'warn' : undefined}>
          {assignmentText(partitions) || t('console.group.idle')}
        </Figure>
      ),
    },
  ];
  return (
    <SortedTable
      label={t('console.group.members')}
      columns={columns}
      rows={group.members}
      keyOf={({ id }) => id}
    />
  );
}

function assignmentText(
  partitions: readonly { readonly topic: string; readonly partition: number }[],
): string {
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  return topics
    .map(
      (topic) =>
        `${topic}: ${ranges(partitions.filter((one) => one.topic === topic).map(({ partition }) => partition))}`,
    )
    .join(' · ');
}

function GroupActions({ group }: { group: ConsoleGroupDetail }) {
  const t = useTexts();
  const { bootstrap, go } = usePlace();
  const { id, topics, members } = group.summary;
  const [asking, setAsking] = useState<'reset' | 'delete' | null>(null);
  const remove = useAct('deleteGroup', { group: id });
  return (
    <div className="row console-tools">
      <Button size="xs" disabled={topics.length === 0} onClick={() => setAsking('reset')}>
        {t('console.group.reset')}
      </Button>
      <Button size="xs" color="red.8" disabled={members > 0} onClick={() => setAsking('delete')}>
        {t('console.group.delete')}
      </Button>
      {members > 0 && <span className="quiet-text">{t('console.group.busy')}</span>}
      {asking === 'reset' && <ResetOffsets group={group} close={() => setAsking(null)} />}
      <Confirm
        opened={asking === 'delete'}
        title={t('console.group.delete')}
        confirm={t('console.group.delete')}
        danger
        onClose={() => setAsking(null)}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: (answer) => {
              if (tellFailures(answer, t('console.group.deleted', { group: id }))) go({ view: 'groups' });
            },
          })
        }
      >
        <p>{t('console.group.deleteConfirm', { group: id })}</p>
        <CommandLine command={commands.deleteGroup(bootstrap, id)} />
      </Confirm>
    </div>
  );
}
