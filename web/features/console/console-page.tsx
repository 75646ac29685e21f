/** The management console of one lab's clusters: cluster, brokers, topics, messages, groups, moves. */
import { Button, NativeSelect } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { queryClient } from '../../api/queries.ts';
import { CallError, call } from '../../api/rest.ts';
import { Header } from '../../ui/header.tsx';
import { useTexts } from '../../ui/i18n.ts';
import { notifyError } from '../../ui/notify.ts';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { AclsView } from './acls.tsx';
import { BrokerView } from './broker.tsx';
import type { ConsoleSearch } from './console-search.ts';
import { GroupView } from './group.tsx';
import { GroupsView } from './groups.tsx';
import { MirrorView } from './mirror.tsx';
import { OthersCluster } from './others-cluster.tsx';
import { OverviewView } from './overview.tsx';
import { ReassignView } from './reassign.tsx';
import { TopicView } from './topic.tsx';
import { TopicsView } from './topics.tsx';
import { type ConsolePlace, type ConsoleView, PlaceContext, useRead } from './use-console.ts';
import '../../ui/page.css';
import './console.css';

const views = ['overview', 'topics', 'groups', 'reassign', 'mirror', 'acls'] as const;

export function ConsolePage() {
  const { labId } = useParams({ from: '/signed-in/labs/$labId/console' });
  const search: ConsoleSearch = useSearch({ from: '/signed-in/labs/$labId/console' });
  const navigate = useNavigate();
  const clusterId = search.cluster ?? 'main';
  const trainee = search.trainee ?? null;
  const place = useMemo(
    (): ConsolePlace => ({
      labId,
      clusterId,
      trainee,
      bootstrap: 'localhost:9092',
      go: (to) =>
        void navigate({
          to: '/labs/$labId/console',
          params: { labId },
          search: {
            ...(search.cluster ? { cluster: search.cluster } : {}),
            ...(trainee ? { trainee } : {}),
            ...to,
          },
        }),
    }),
    [labId, clusterId, trainee, search.cluster, navigate],
  );
  return (
    <PlaceContext.Provider value={place}>
      <Console place={place} search={search} />
    </PlaceContext.Provider>
  );
}

function Console({ place, search }: { place: ConsolePlace; search: ConsoleSearch }) {
  const t = useTexts();
  const navigate = useNavigate();
  const overview = useRead('consoleOverview');
  const known = useMemo(
    () => ({ ...place, bootstrap: overview.data?.bootstrap ?? place.bootstrap }),
    [place, overview.data?.bootstrap],
  );
  const view = search.view ?? 'overview';
  const clusters = overview.data?.clusters ?? [place.clusterId];
  // Mirroring is between clusters, so it is looked at when this one is down as well.
  const mirrors = clusters.length > 1 || view === 'mirror' || overview.isError;
  const shown = views.filter((one) => one !== 'mirror' || mirrors);
  return (
    <div className="page">
      <a className="skip-link" href="#main">
        {t('app.skipToMain')}
      </a>
      <Header>
        {place.trainee === null ? (
          <Link to="/labs/$labId" params={{ labId: place.labId }} className="console-back">
            {t('console.backToLab')}
          </Link>
        ) : (
          <OthersCluster />
        )}
      </Header>
      <div className="console">
        <nav className="console-nav" aria-label={t('console.title')}>
          <h1>{t('console.title')}</h1>
          {clusters.length > 1 && (
            <NativeSelect
              size="xs"
              aria-label={t('console.cluster')}
              data={[...clusters]}
              value={clusters.includes(place.clusterId) ? place.clusterId : clusters[0]}
              onChange={(event) =>
                void navigate({
                  to: '/labs/$labId/console',
                  params: { labId: place.labId },
                  search: {
                    cluster: event.currentTarget.value,
                    ...(place.trainee ? { trainee: place.trainee } : {}),
                  },
                })
              }
            />
          )}
          {shown.map((one) => (
            <button
              key={one}
              type="button"
              aria-current={belongsTo(view) === one ? 'page' : undefined}
              data-testid={`console-${one}`}
              onClick={() => place.go({ view: one })}
            >
              {t(`console.views.${one}`)}
            </button>
          ))}
        </nav>
        <main id="main" className="console-main">
          {overview.isPending && view !== 'mirror' && <Loading />}
          {view === 'mirror' ? (
            <MirrorView />
          ) : overview.error && !overview.data ? (
            <NoCluster error={overview.error} place={place} retry={() => void overview.refetch()} />
          ) : (
            overview.data && (
              <PlaceContext.Provider value={known}>
                {overview.error && (
                  <p className="console-stale" role="status">
                    {t('console.stale')}
                  </p>
                )}
                <View view={view} name={search.name ?? ''} tab={search.tab} />
              </PlaceContext.Provider>
            )
          )}
        </main>
      </div>
    </div>
  );
}

/** The section that a screen is part of. */
function belongsTo(view: ConsoleView['view']): string {
  return { broker: 'overview', topic: 'topics', group: 'groups' }[view as string] ?? view;
}

/** Those that show one cluster. */
type ClusterView = Exclude<ConsoleView['view'], 'mirror'>;

function View({ view, name, tab }: { view: ClusterView; name: string; tab: string | undefined }) {
  switch (view) {
    case 'overview':
      return <OverviewView />;
    case 'broker':
      return <BrokerView key={name} id={Number(name)} />;
    case 'topics':
      return <TopicsView />;
    case 'topic':
      return <TopicView key={name} name={name} tab={tab} />;
    case 'groups':
      return <GroupsView />;
    case 'group':
      return <GroupView key={name} id={name} />;
    case 'reassign':
      return <ReassignView topic={name} />;
    case 'acls':
      return <AclsView />;
  }
}

function NoCluster({ error, place, retry }: { error: unknown; place: ConsolePlace; retry: () => void }) {
  const t = useTexts();
  const { labId, trainee } = place;
  const wake = useMutation({
    mutationFn: () => call('startEnvironment', { path: { labId } }),
    onError: notifyError,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['console'] }),
  });
  if (error instanceof CallError && error.code === 'environmentNotReady' && trainee !== null)
    return <Empty title={t('class.live.asleep')}>{t('class.live.asleepHint')}</Empty>;
  if (error instanceof CallError && error.code === 'environmentNotReady') {
    return (
      <Empty title={t('console.asleep')}>
        <p>{t('console.asleepHint')}</p>
        <Button variant="filled" mt="sm" loading={wake.isPending} onClick={() => wake.mutate()}>
          {t('environments.start')}
        </Button>
      </Empty>
    );
  }
  return <Failure title={t('console.unreachable')} error={error} retry={retry} />;
}
