/** All consumer groups, with how much of their partitions is read and how far behind they are. */
import type { ConsoleGroup } from '@brokerlab/server/contract';
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { formatCount } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { CommandLine } from './command-line.tsx';
import { commands } from './commands.ts';
import { type Column, Figure, SortedTable } from './parts.tsx';
import { Sparkline } from './sparkline.tsx';
import { usePlace, useRead } from './use-console.ts';
import { useHistories } from './use-samples.ts';

export function GroupsView() {
  const t = useTexts();
  const { bootstrap, go } = usePlace();
  const groups = useRead('consoleGroups');
  const [filter, setFilter] = useState('');
  const all = groups.data?.groups ?? [];
  const shown = all.filter(({ id }) => id.includes(filter.trim()));
  const lags = useHistories(all.map(({ id, lag }) => ({ key: id, value: lag })));
  const columns: Column<ConsoleGroup>[] = [
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
    { key: 'state', title: t('console.group.state'), by: ({ state }) => state, cell: ({ state }) => state },
    { key: 'type', title: t('console.group.type'), by: ({ type }) => type, cell: ({ type }) => type },
    { key: 'assignor', title: t('console.group.assignor'), cell: ({ assignor }) => assignor || '–' },
    {
      key: 'coordinator',
      title: t('console.group.coordinator'),
      number: true,
      cell: ({ coordinator }) => coordinator ?? '–',
    },
    {
      key: 'members',
      title: t('console.group.members'),
      number: true,
      by: ({ members }) => members,
      cell: ({ members }) => members,
    },
    { key: 'topics', title: t('console.group.topics'), cell: ({ topics }) => topics.join(', ') || '–' },
    {
      key: 'covered',
      title: t('console.group.covered'),
      hint: t('console.group.coveredHint'),
      number: true,
      by: ({ coveredPercent }) => coveredPercent,
      cell: ({ coveredPercent, members }) => (
        <Figure tone={members > 0 && coveredPercent < 100 ? 'warn' : undefined}>{coveredPercent}%</Figure>
      ),
    },
    {
      key: 'lag',
      title: t('console.group.lag'),
      number: true,
      by: ({ lag }) => lag,
      cell: ({ id, lag }) => (
        <>
          <Sparkline samples={lags.get(id) ?? []} /> {formatCount(lag)}
        </>
      ),
    },
  ];
  return (
    <>
      <h2 className="console-title">{t('console.views.groups')}</h2>
      <div className="row console-tools">
        <TextInput
          size="xs"
          placeholder={t('console.group.filter')}
          aria-label={t('console.group.filter')}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        <span className="quiet-text">{t('console.rows', { shown: shown.length, total: all.length })}</span>
        {(groups.data?.left ?? 0) > 0 && (
          <span className="quiet-text">{t('console.group.left', { count: groups.data?.left ?? 0 })}</span>
        )}
      </div>
      {groups.isPending && <Loading />}
      {groups.error && !groups.data && (
        <Failure title={t('console.failed')} error={groups.error} retry={() => void groups.refetch()} />
      )}
      {groups.data && shown.length === 0 && (
        <Empty title={t('console.group.none')}>{t('console.group.noneHint')}</Empty>
      )}
      {shown.length > 0 && (
        <SortedTable
          label={t('console.views.groups')}
          columns={columns}
          rows={shown}
          keyOf={({ id }) => id}
        />
      )}
      <CommandLine command={commands.groups(bootstrap)} />
    </>
  );
}
