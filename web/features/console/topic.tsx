/** One topic: summary, partitions, messages, settings, groups, and how it lies on the brokers. */
import type { ConsoleTopicDetail } from '@brokerlab/server/contract';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Confirm } from '../../ui/confirm.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { useTexts } from '../../ui/i18n.ts';
import { Failure, Loading } from '../../ui/states.tsx';
import { AddPartitions } from './add-partitions.tsx';
import { CommandLine } from './command-line.tsx';
import { commands } from './commands.ts';
import { ConfigTable } from './configs.tsx';
import { MessagesView } from './messages.tsx';
import { Fact, Facts, skewTone, spreadTone, tellFailures } from './parts.tsx';
import { useDeleteTopics } from './topic-acts.ts';
import { PartitionTable, ShareTable, TopicGroups } from './topic-tables.tsx';
import { useAct, usePlace, useRead } from './use-console.ts';
import { useRates } from './use-samples.ts';

const tabs = ['partitions', 'messages', 'configs', 'groups', 'brokers'] as const;
type Tab = (typeof tabs)[number];

export function TopicView({ name, tab }: { name: string; tab: string | undefined }) {
  const t = useTexts();
  const { go } = usePlace();
  const detail = useRead('consoleTopic', { topic: name });
  const shown: Tab = tabs.find((one) => one === tab) ?? 'partitions';
  return (
    <>
      <h2 className="console-title">
        <button type="button" className="console-link" onClick={() => go({ view: 'topics' })}>
          {t('console.views.topics')}
        </button>{' '}
        / <span className="mono">{name}</span>
      </h2>
      {detail.isPending && <Loading />}
      {detail.error && (
        <Failure
          title={t('console.topic.gone', { topic: name })}
          error={detail.error}
          retry={() => void detail.refetch()}
        />
      )}
      {detail.data && !detail.error && (
        <>
          <Summary detail={detail.data} />
          <TopicActions detail={detail.data} />
          <div className="console-tabs" role="tablist">
            {tabs.map((one) => (
              <button
                key={one}
                type="button"
                role="tab"
                aria-selected={one === shown}
                data-testid={`console-tab-${one}`}
                onClick={() => go({ view: 'topic', name, tab: one })}
              >
                {t(`console.tabs.${one}`)}
              </button>
            ))}
          </div>
          <TabPanel tab={shown} detail={detail.data} />
        </>
      )}
    </>
  );
}

function TabPanel({ tab, detail }: { tab: Tab; detail: ConsoleTopicDetail }) {
  const { bootstrap } = usePlace();
  const { name } = detail.summary;
  switch (tab) {
    case 'partitions':
      return (
        <>
          <PartitionTable detail={detail} />
          <CommandLine command={`${commands.topic(bootstrap, name)}\n${commands.offsets(bootstrap, name)}`} />
        </>
      );
    case 'messages':
      return <MessagesView topic={name} partitions={detail.partitions} />;
    case 'configs':
      return (
        <>
          <ConfigTable configs={detail.configs} entity={{ type: 'topics', name }} />
          <CommandLine command={commands.topicConfigs(bootstrap, name)} />
        </>
      );
    case 'groups':
      return <TopicGroups detail={detail} />;
    case 'brokers':
      return <ShareTable detail={detail} />;
  }
}

function Summary({ detail }: { detail: ConsoleTopicDetail }) {
  const t = useTexts();
  const { summary } = detail;
  const rate = useRates([{ key: summary.name, value: summary.summedOffsets }]).get(summary.name);
  return (
    <Facts>
      <Fact label={t('console.topic.partitions')}>{formatCount(summary.partitions)}</Fact>
      <Fact label={t('console.topic.replicas')}>{summary.replicationFactor}</Fact>
      <Fact label={t('console.topic.brokers')}>{summary.brokers}</Fact>
      <Fact label={t('console.preferred')} tone={summary.preferredPercent < 100 ? 'warn' : undefined}>
        {summary.preferredPercent}%
      </Fact>
      <Fact label={t('console.topic.spread')} tone={spreadTone(summary.spreadPercent)}>
        {summary.spreadPercent}%
      </Fact>
      <Fact label={t('console.topic.skew')} tone={skewTone(summary.skewPercent)}>
        {summary.skewPercent}%
      </Fact>
      <Fact label={t('console.topic.leaderSkew')} tone={skewTone(summary.leaderSkewPercent)}>
        {summary.leaderSkewPercent}%
      </Fact>
      <Fact label={t('console.underReplicated')} tone={skewTone(summary.underReplicatedPercent)}>
        {summary.underReplicatedPercent}%
      </Fact>
      <Fact label={t('console.topic.leaderSize')}>
        {summary.leaderSizeBytes === null ? '–' : formatBytes(summary.leaderSizeBytes)}
      </Fact>
      <Fact label={t('console.topic.messages')}>{formatCount(summary.availableMessages)}</Fact>
      <Fact wide label={t('console.topic.rates')}>
        {rate
          ? [rate.mean, rate.oneMinute, rate.fiveMinutes, rate.fifteenMinutes]
              .map((one) => one.toFixed(1))
              .join(' · ')
          : '–'}
      </Fact>
    </Facts>
  );
}

function TopicActions({ detail }: { detail: ConsoleTopicDetail }) {
  const t = useTexts();
  const { bootstrap, go } = usePlace();
  const { name } = detail.summary;
  const [asking, setAsking] = useState<'delete' | 'truncate' | 'elect' | 'grow' | null>(null);
  const remove = useDeleteTopics();
  const truncate = useAct('truncateTopic', { topic: name });
  const elect = useAct('electLeaders');
  const partitions = detail.partitions.map(({ partition }) => partition);
  const unpreferred = detail.partitions
    .filter(({ preferredLeader }) => !preferredLeader)
    .map(({ partition }) => ({ topic: name, partition }));
  const close = () => setAsking(null);
  return (
    <div className="row console-tools">
      <Button size="xs" onClick={() => setAsking('grow')}>
        {t('console.topic.addPartitions')}
      </Button>
      <Button size="xs" onClick={() => go({ view: 'reassign', name })}>
        {t('console.topic.reassign')}
      </Button>
      <Button size="xs" disabled={unpreferred.length === 0} onClick={() => setAsking('elect')}>
        {t('console.elect.do')}
      </Button>
      <Button size="xs" onClick={() => setAsking('truncate')}>
        {t('console.topic.truncate')}
      </Button>
      <Button size="xs" color="red.8" onClick={() => setAsking('delete')}>
        {t('console.topic.delete')}
      </Button>
      {asking === 'grow' && <AddPartitions topic={name} now={partitions.length} close={close} />}
      <Confirm
        opened={asking === 'elect'}
        title={t('console.elect.do')}
        confirm={t('console.elect.do')}
        onClose={close}
        onConfirm={() =>
          elect.mutate(
            { partitions: unpreferred },
            { onSuccess: (answer) => tellFailures(answer, t('console.elect.done')) },
          )
        }
      >
        <p>{t('console.elect.confirm', { count: unpreferred.length })}</p>
        <CommandLine command={commands.elect(bootstrap, unpreferred)} />
      </Confirm>
      <Confirm
        opened={asking === 'truncate'}
        title={t('console.topic.truncate')}
        confirm={t('console.topic.truncate')}
        danger
        onClose={close}
        onConfirm={() =>
          truncate.mutate(
            { limits: partitions.map((partition) => ({ partition, before: -1 })) },
            { onSuccess: (answer) => tellFailures(answer, t('console.topic.truncated', { topic: name })) },
          )
        }
      >
        <p>{t('console.topic.truncateConfirm', { topic: name })}</p>
        <CommandLine command={commands.truncate(bootstrap, name, partitions)} />
      </Confirm>
      <Confirm
        opened={asking === 'delete'}
        title={t('console.topic.delete')}
        confirm={t('console.topic.delete')}
        danger
        onClose={close}
        onConfirm={() => void remove([name]).then(() => go({ view: 'topics' }))}
      >
        <p>{t('console.topic.deleteConfirm', { topics: name })}</p>
        <CommandLine command={commands.deleteTopic(bootstrap, name)} />
      </Confirm>
    </div>
  );
}
