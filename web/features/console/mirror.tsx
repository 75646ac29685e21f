/** MirrorMaker's flows between the clusters of the lab: who drives them, how far they are, what their programs say. */
import type { ConsoleMirror, MirrorFlow, ToldFlow } from '@brokerlab/server/contract';
import { formatAgo, formatCount } from '../../ui/format.ts';
import { type Translate, useTexts } from '../../ui/i18n.ts';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { CommandLine } from './command-line.tsx';
import { commands } from './commands.ts';
import { CheckpointTable, ProgressTable, ToldTable } from './mirror-tables.tsx';
import { Fact, Facts, type Tone } from './parts.tsx';
import { useRead } from './use-console.ts';
import { useRates } from './use-samples.ts';

const everyMs = 1_000;

export function MirrorView() {
  const t = useTexts();
  const mirror = useRead('consoleMirror', {}, { everyMs });
  const { data } = mirror;
  const down = data?.clusters.filter(({ answers }) => !answers).map(({ id }) => id) ?? [];
  return (
    <>
      <h2 className="console-title">{t('console.mirror.title')}</h2>
      {mirror.isPending && <Loading />}
      {mirror.error && !data && (
        <Failure title={t('console.failed')} error={mirror.error} retry={() => void mirror.refetch()} />
      )}
      {mirror.error && data && (
        <p className="console-stale" role="status">
          {t('console.stale')}
        </p>
      )}
      {down.length > 0 && (
        <p className="notice notice-bad" role="alert">
          {t('console.mirror.down', { clusters: down.join(', ') })}
        </p>
      )}
      {data && data.flows.length === 0 && down.length === 0 && (
        <Empty title={t('console.mirror.none')}>{t('console.mirror.noneHint')}</Empty>
      )}
      {data?.flows.map((flow) => (
        <FlowPart key={`${flow.source}/${flow.target}`} flow={flow} data={data} />
      ))}
      {data?.flows.length === 0 && <CommandLine command={commands.mirrors()} />}
    </>
  );
}

function FlowPart({ flow, data }: { flow: MirrorFlow; data: ConsoleMirror }) {
  const t = useTexts();
  const { source, target } = flow;
  const told = toldOf(data.told, flow);
  const bootstrap = data.clusters.find(({ id }) => id === target)?.bootstrap ?? '';
  const groups = [...new Set(flow.checkpoints.map(({ group }) => group))];
  return (
    <section
      className="console-flow"
      data-testid={`mirror-${source}-${target}`}
      aria-label={t('console.mirror.flow', { source, target })}
    >
      <h3 className="console-flow-title">
        {source} <span aria-hidden="true">→</span> {target}
      </h3>
      <FlowFacts flow={flow} atMs={data.atMs} told={told} />
      {flow.partitions.length > 0 && (
        <>
          <h4>{t('console.mirror.fromClusters')}</h4>
          <ProgressTable flow={flow} atMs={data.atMs} />
        </>
      )}
      <h4>{t('console.mirror.told')}</h4>
      <p className="quiet-text">
        {told === null ? t('console.mirror.toldNone') : t('console.mirror.toldHint')}
      </p>
      {told?.waiting && <p className="quiet-text">{t('console.mirror.toldWaiting')}</p>}
      {told && told.progress.length > 0 && <ToldTable told={told} flow={flow} />}
      <h4>{t('console.mirror.checkpoints')}</h4>
      {flow.checkpoints.length === 0 ? (
        <p className="quiet-text">{t('console.mirror.noCheckpoints')}</p>
      ) : (
        <CheckpointTable flow={flow} told={told} atMs={data.atMs} />
      )}
      {flow.left > 0 && <p className="quiet-text">{t('console.mirror.left', { count: flow.left })}</p>}
      <CommandLine command={commands.mirror({ source, target, bootstrap, groups })} />
    </section>
  );
}

/** Of several, the one that drives. */
function toldOf(all: readonly ToldFlow[], { source, target }: MirrorFlow): ToldFlow | null {
  const own = all.filter((told) => told.source === source && told.target === target);
  return own.find(({ waiting }) => !waiting) ?? own[0] ?? null;
}

function FlowFacts({ flow, atMs, told }: { flow: MirrorFlow; atMs: number; told: ToldFlow | null }) {
  const t = useTexts();
  const { source, target, makers, heartbeatMs, partitions } = flow;
  const rates = useRates(
    partitions.flatMap(({ remote, partition, records }) =>
      records === null ? [] : [{ key: `${remote}/${partition}`, value: records }],
    ),
  );
  const seen = [...rates.values()].reduce((sum, { oneMinute }) => sum + oneMinute, 0);
  const said = told?.figures.partitions.reduce((sum, { recordRate }) => sum + recordRate, 0) ?? 0;
  const lag = lagText(flow, t);
  const hosts = (makers ?? []).map(({ clientId, host }) => `${clientId} ${host}`.trim()).join(', ');
  return (
    <Facts>
      <Fact wide label={t('console.mirror.maker')} tone={makerTone(flow)}>
        <span title={t('console.mirror.makerHint', { group: `${source}-mm2` })}>
          {makers === null
            ? t('console.mirror.makerUnknown')
            : makers.length === 0
              ? t('console.mirror.makerGone')
              : `${t('console.mirror.makerRuns')} · ${hosts}`}
        </span>
      </Fact>
      <Fact label={t('console.mirror.lagTotal')} tone={lag.behind ? 'warn' : undefined}>
        <span data-testid={`mirror-lag-${source}-${target}`}>{lag.text}</span>
      </Fact>
      <Fact label={t('console.mirror.rate')}>{formatCount(Math.round(seen || said))}</Fact>
      <Fact label={t('console.mirror.heartbeat')}>
        {heartbeatMs === null
          ? t('console.mirror.noHeartbeat')
          : formatAgo(Math.max(0, atMs - heartbeatMs), t)}
      </Fact>
    </Facts>
  );
}

function makerTone({ makers, partitions }: MirrorFlow): Tone {
  return makers?.length === 0 && partitions.length > 0 ? 'bad' : undefined;
}

function lagText({ partitions }: MirrorFlow, t: Translate): { text: string; behind: boolean } {
  const known = partitions.filter(({ lag }) => lag !== null);
  if (known.length === 0) return { text: '–', behind: false };
  const sum = known.reduce((total, { lag }) => total + (lag ?? 0), 0);
  const exact = known.length === partitions.length && known.every((one) => one.exact);
  const records = formatCount(sum);
  return { text: exact ? records : t('console.mirror.lagAbout', { records }), behind: sum > 0 };
}
