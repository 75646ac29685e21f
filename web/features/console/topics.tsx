/** All topics, with CMAK's percentages; several at once can be grown, moved or deleted. */
import type { ConsoleTopic } from '@brokerlab/server/contract';
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Confirm } from '../../ui/confirm.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { type Translate, useTexts } from '../../ui/i18n.ts';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { CommandLine } from './command-line.tsx';
import { commands } from './commands.ts';
import { CreateTopic } from './create-topic.tsx';
import { type Column, Figure, SortedTable, skewTone, spreadTone } from './parts.tsx';
import { useDeleteTopics } from './topic-acts.ts';
import { usePlace, useRead } from './use-console.ts';
import { useRates } from './use-samples.ts';

export function TopicsView() {
  const t = useTexts();
  const { bootstrap, go } = usePlace();
  const topics = useRead('consoleTopics');
  const [filter, setFilter] = useState('');
  const [internal, setInternal] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const remove = useDeleteTopics();
  const all = topics.data?.topics ?? [];
  const shown = all.filter((topic) => (internal || !topic.internal) && topic.name.includes(filter.trim()));
  const marked = shown.filter(({ name }) => chosen.has(name)).map(({ name }) => name);
  const rates = useRates(all.map(({ name, summedOffsets }) => ({ key: name, value: summedOffsets })));
  const mark = (name: string, on: boolean): void => {
    const next = new Set(chosen);
    if (on) next.add(name);
    else next.delete(name);
    setChosen(next);
  };
  return (
    <>
      <h2 className="console-title">{t('console.views.topics')}</h2>
      <div className="row console-tools">
        <TextInput
          size="xs"
          placeholder={t('console.topic.filter')}
          aria-label={t('console.topic.filter')}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        <Checkbox
          size="xs"
          label={t('console.topic.internal')}
          checked={internal}
          onChange={(event) => setInternal(event.currentTarget.checked)}
        />
        <span className="quiet-text">{t('console.rows', { shown: shown.length, total: all.length })}</span>
        <span className="grow" />
        {marked.length > 0 && (
          <>
            <Button size="xs" onClick={() => go({ view: 'reassign', name: marked.join(',') })}>
              {t('console.topic.reassign')}
            </Button>
            <Button size="xs" color="red.8" onClick={() => setDeleting(true)}>
              {t('console.topic.deleteMany', { count: marked.length })}
            </Button>
          </>
        )}
        <Button
          size="xs"
          variant="filled"
          data-testid="console-create-topic"
          onClick={() => setCreating(true)}
        >
          {t('console.topic.create')}
        </Button>
      </div>
      {topics.isPending && <Loading />}
      {topics.error && !topics.data && (
        <Failure title={t('console.failed')} error={topics.error} retry={() => void topics.refetch()} />
      )}
      {topics.data && shown.length === 0 && (
        <Empty title={t('console.topic.none')}>{t('console.topic.noneHint')}</Empty>
      )}
      {shown.length > 0 && (
        <SortedTable
          label={t('console.views.topics')}
          rows={shown}
          keyOf={({ name }) => name}
          columns={[
            {
              key: 'mark',
              title: '',
              cell: ({ name }) => (
                <Checkbox
                  size="xs"
                  aria-label={name}
                  checked={chosen.has(name)}
                  onChange={(event) => mark(name, event.currentTarget.checked)}
                />
              ),
            },
            ...columns(t, {
              open: (name) => go({ view: 'topic', name }),
              rate: (name) => rates.get(name)?.oneMinute ?? null,
            }),
          ]}
        />
      )}
      <CommandLine command={commands.topics(bootstrap)} />
      {creating && <CreateTopic close={() => setCreating(false)} />}
      <Confirm
        opened={deleting}
        title={t('console.topic.deleteMany', { count: marked.length })}
        confirm={t('console.topic.delete')}
        danger
        onClose={() => setDeleting(false)}
        onConfirm={() => void remove(marked).then(() => setChosen(new Set()))}
      >
        <p>{t('console.topic.deleteConfirm', { topics: marked.join(', ') })}</p>
        <CommandLine command={marked.map((name) => commands.deleteTopic(bootstrap, name)).join('\n')} />
      </Confirm>
    </>
  );
}

function columns(
  t: Translate,
  { open, rate }: { open: (name: string) => void; rate: (name: string) => number | null },
): Column<ConsoleTopic>[] {
  const number = (
    key: keyof ConsoleTopic & ('partitions' | 'brokers' | 'replicationFactor' | 'customConfigs'),
    title: string,
  ): Column<ConsoleTopic> => ({
    key,
    title,
    number: true,
    by: (topic) => topic[key],
    cell: (topic) => formatCount(topic[key]),
  });
  return [
    {
      key: 'name',
      title: t('console.topic.name'),
      by: ({ name }) => name,
      cell: ({ name, reassigning }) => (
        <>
          <button type="button" className="console-link" onClick={() => open(name)}>
            {name}
          </button>
          {reassigning && <span className="console-tag console-glow">{t('console.topic.reassigning')}</span>}
        </>
      ),
    },
    number('partitions', t('console.topic.partitions')),
    number('replicationFactor', t('console.topic.replicas')),
    number('brokers', t('console.topic.brokers')),
    {
      key: 'spread',
      title: t('console.topic.spread'),
      hint: t('console.topic.spreadHint'),
      number: true,
      by: ({ spreadPercent }) => spreadPercent,
      cell: ({ spreadPercent }) => <Figure tone={spreadTone(spreadPercent)}>{spreadPercent}%</Figure>,
    },
    {
      key: 'skew',
      title: t('console.topic.skew'),
      hint: t('console.topic.skewHint'),
      number: true,
      by: ({ skewPercent }) => skewPercent,
      cell: ({ skewPercent }) => <Figure tone={skewTone(skewPercent)}>{skewPercent}%</Figure>,
    },
    {
      key: 'leaderSkew',
      title: t('console.topic.leaderSkew'),
      hint: t('console.topic.leaderSkewHint'),
      number: true,
      by: ({ leaderSkewPercent }) => leaderSkewPercent,
      cell: ({ leaderSkewPercent }) => (
        <Figure tone={skewTone(leaderSkewPercent)}>{leaderSkewPercent}%</Figure>
      ),
    },
    {
      key: 'preferred',
      title: t('console.preferred'),
      number: true,
      by: ({ preferredPercent }) => preferredPercent,
      cell: ({ preferredPercent }) => (
        <Figure tone={preferredPercent < 100 ? 'warn' : undefined}>{preferredPercent}%</Figure>
      ),
    },
    {
      key: 'under',
      title: t('console.underReplicated'),
      number: true,
      by: ({ underReplicatedPercent }) => underReplicatedPercent,
      cell: ({ underReplicated, underReplicatedPercent }) => (
        <Figure tone={skewTone(underReplicatedPercent)}>
          {underReplicated} ({underReplicatedPercent}%)
        </Figure>
      ),
    },
    {
      key: 'size',
      title: t('console.topic.leaderSize'),
      number: true,
      by: ({ leaderSizeBytes }) => leaderSizeBytes ?? -1,
      cell: ({ leaderSizeBytes }) => (leaderSizeBytes === null ? '–' : formatBytes(leaderSizeBytes)),
    },
    {
      key: 'messages',
      title: t('console.topic.messages'),
      number: true,
      by: ({ availableMessages }) => availableMessages,
      cell: ({ availableMessages }) => formatCount(availableMessages),
    },
    {
      key: 'summed',
      title: t('console.topic.summedOffsets'),
      number: true,
      by: ({ summedOffsets }) => summedOffsets,
      cell: ({ summedOffsets }) => formatCount(summedOffsets),
    },
    {
      key: 'rate',
      title: t('console.topic.rate'),
      hint: t('console.topic.rateHint'),
      number: true,
      by: ({ name }) => rate(name) ?? -1,
      cell: ({ name }) => rate(name)?.toFixed(1) ?? '–',
    },
    number('customConfigs', t('console.topic.customConfigs')),
  ];
}
