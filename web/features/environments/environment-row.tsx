/** One environment: state, use against quota, actions. */
import type { EnvironmentUse, OwnEnvironment } from '@brokerlab/server/contract';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { environmentsQuery, queryClient } from '../../api/queries.ts';
import { call } from '../../api/rest.ts';
import { formatBytes, useNow } from '../../ui/format.ts';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { notifyError } from '../../ui/notify.ts';
import { EnvironmentMenu } from './environment-menu.tsx';
import { type CpuReading, coresInUse, runningTime } from './running-time.ts';

export function EnvironmentRow({ environment }: { environment: OwnEnvironment }) {
  const t = useTexts();
  const localized = useLocalized();
  const { labId, state, use } = environment;
  const cores = useCores(use);
  const path = { labId };
  const turn = useMutation({
    mutationFn: (to: 'startEnvironment' | 'stopEnvironment') => call(to, { path }),
    onError: notifyError,
    onSettled: () => queryClient.invalidateQueries(environmentsQuery),
  });
  const runs = state === 'ready' || state === 'starting';
  return (
    <tr data-testid={`environment-${labId}`} data-state={state}>
      <td>
        <State environment={environment} />
      </td>
      <td>
        <span className="environments-lab">{localized(environment.title)}</span>
        <span className="environments-class">{environment.className ?? t('environments.noClass')}</span>
      </td>
      <td>
        {use && (
          <Gauge
            share={(cores ?? 0) / use.cpus}
            text={t('environments.cores', { used: (cores ?? 0).toFixed(2), max: use.cpus })}
          />
        )}
      </td>
      <td>{use && <Bytes used={use.memoryBytes} max={use.memoryLimitBytes} />}</td>
      <td>{use && <Bytes used={use.diskBytes} max={use.diskLimitBytes} />}</td>
      <td>
        <div className="environments-buttons">
          <Button component={Link} to={`/labs/${labId}`} size="compact-sm" variant="filled">
            {t('environments.open')}
          </Button>
          <Button
            size="compact-sm"
            disabled={state === 'stopping' || turn.isPending}
            onClick={() => turn.mutate(runs ? 'stopEnvironment' : 'startEnvironment')}
          >
            {runs ? t('environments.stop') : t('environments.start')}
          </Button>
          <EnvironmentMenu environment={environment} />
        </div>
      </td>
    </tr>
  );
}

function State({ environment: { state, since } }: { environment: OwnEnvironment }) {
  const t = useTexts();
  const now = useNow(1000);
  const text =
    state === 'ready' && since !== null
      ? t('environments.running', { time: runningTime(now - since) })
      : t(`environments.state.${state}`);
  return (
    <span className="environments-mark" data-state={state}>
      <i aria-hidden="true" />
      {text}
    </span>
  );
}

function Bytes({ used, max }: { used: number; max: number }) {
  const t = useTexts();
  const text = t('environments.ofMax', { used: formatBytes(used), max: formatBytes(max) });
  return <Gauge share={used / max} text={text} />;
}

function Gauge({ share, text }: { share: number; text: string }) {
  const width = `${Math.min(100, Math.max(0, share * 100))}%`;
  return (
    <span className="environments-gauge" data-full={share > 0.85}>
      <span>{text}</span>
      <i aria-hidden="true">
        <b style={{ width }} />
      </i>
    </span>
  );
}

/** Between this reading and the one before. */
function useCores(use: EnvironmentUse | null): number | null {
  const before = useRef<CpuReading | undefined>(undefined);
  const [cores, setCores] = useState<number | null>(null);
  useEffect(() => {
    if (use === null) {
      before.current = undefined;
      setCores(null);
      return;
    }
    if (before.current?.at === use.at) return;
    const now = coresInUse(before.current, use);
    before.current = use;
    if (now !== null) setCores(now);
  }, [use]);
  return cores;
}
