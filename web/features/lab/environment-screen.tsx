/** What stands where the terminal will be: how far the environment is, or why it is not there and what helps. */
import type { EnvironmentState, StartStage } from '@brokerlab/server/contract';
import { Button } from '@mantine/core';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { notifyError } from '../../ui/notify.ts';
import { useLab, useLabState } from './lab-context.tsx';

const stages: readonly StartStage[] = ['queued', 'box', 'brokers', 'terminals'];

export function EnvironmentScreen() {
  const environment = useLabState((state) => state.environment);
  switch (environment?.state) {
    case undefined:
    case 'ready':
      return null;
    case 'asleep':
      return <Asleep />;
    case 'starting':
      return <Starting environment={environment} />;
    case 'stopping':
      return <Stopping />;
    case 'failed':
      return <Failed environment={environment} />;
  }
}

type Of<State extends EnvironmentState['state']> = Extract<EnvironmentState, { state: State }>;

/** Usually over in half a second: nothing is shown before a person would wonder. */
function Starting({ environment }: { environment: Of<'starting'> }) {
  const t = useTexts();
  const now = stages.indexOf(environment.stage);
  const title = {
    open: t('environment.starting'),
    restart: t('environment.restarting'),
    reset: t('environment.resetting'),
  }[environment.why];
  return (
    <div className="environment environment-quiet" role="status">
      <p className="environment-title">{title}</p>
      <div
        className="environment-bar"
        role="progressbar"
        aria-label={title}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(environment.progress * 100)}
      >
        <i style={{ width: `${Math.max(3, environment.progress * 100)}%` }} />
      </div>
      <ol className="environment-stages">
        {stages.slice(environment.stage === 'queued' ? 0 : 1).map((stage) => {
          const at = stages.indexOf(stage);
          const state = at < now ? 'done' : at === now ? 'now' : 'later';
          return (
            <li key={stage} data-state={state}>
              <span aria-hidden="true">{{ done: '✓', now: '●', later: '○' }[state]}</span>{' '}
              {t(`environment.stage.${stage}`)}
            </li>
          );
        })}
      </ol>
      {environment.stage === 'queued' && (
        <p className="environment-text">
          {environment.ahead > 0
            ? t('environment.ahead', { count: environment.ahead })
            : t('environment.soon')}
        </p>
      )}
    </div>
  );
}

function Asleep() {
  const t = useTexts();
  const { session } = useLab();
  return (
    <div className="environment">
      <p className="environment-title">{t('environment.asleep')}</p>
      <p className="environment-text">{t('environment.asleepHint')}</p>
      <Button variant="filled" onClick={session.openLab}>
        {t('environment.wake')}
      </Button>
    </div>
  );
}

function Stopping() {
  const t = useTexts();
  return (
    <div className="environment environment-quiet" role="status">
      <p className="environment-title">{t('environment.stopping')}</p>
    </div>
  );
}

function Failed({ environment }: { environment: Of<'failed'> }) {
  const t = useTexts();
  const localized = useLocalized();
  const { session } = useLab();
  return (
    <div className="environment" role="alert">
      <p className="environment-title">{t('environment.failed')}</p>
      <p>{localized(environment.message)}</p>
      <p className="environment-text">{localized(environment.advice)}</p>
      <Button variant="filled" onClick={() => void session.restart().catch(notifyError)}>
        {t('environment.tryAgain')}
      </Button>
    </div>
  );
}
