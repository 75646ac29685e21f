/** What one does to an environment seldom, each asked for once more: restart by force, go back to a step, delete. */
import type { KeptState, OwnEnvironment, StepStart } from '@brokerlab/server/contract';
import { Button, Menu } from '@mantine/core';
import { useState } from 'react';
import { queryClient } from '../../api/queries.ts';
import { call } from '../../api/rest.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { formatAgo } from '../../ui/format.ts';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { Icon } from '../../ui/icons.tsx';
import { notifyError } from '../../ui/notify.ts';

type Asking =
  | { readonly what: 'forceRestart' | 'remove' }
  | { readonly what: 'rewind'; readonly start: StepStart }
  | { readonly what: 'kept'; readonly state: KeptState };

export function EnvironmentMenu({ environment }: { environment: OwnEnvironment }) {
  const t = useTexts();
  const localized = useLocalized();
  const [asking, setAsking] = useState<Asking | null>(null);
  const path = { labId: environment.labId };
  const after = (work: Promise<unknown>): void => {
    void work
      .catch(notifyError)
      .finally(() =>
        Promise.all(
          ['environments', 'labs'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
        ),
      );
  };
  const close = () => setAsking(null);
  const start = asking?.what === 'rewind' ? asking.start : null;
  const kept = asking?.what === 'kept' ? asking.state : null;
  const titleOf = ({ what }: KeptState): string =>
    t(what === 'afterLast' ? 'environments.finished' : 'environments.kept');
  const agoOf = (at: number): string => formatAgo(Date.now() - at, t);
  const rewind = (name: string): void => after(call('rewindLab', { path, body: { stepId: name } }));
  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            aria-label={t('environments.more', { lab: localized(environment.title) })}
          >
            <Icon name="more" />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {environment.starts.length === 0 && <Menu.Label>{t('environments.noStarts')}</Menu.Label>}
          {environment.starts.map((step) => (
            <Menu.Item key={step.stepId} onClick={() => setAsking({ what: 'rewind', start: step })}>
              {t('environments.rewind', { number: step.number })}
              <span className="environments-step">{localized(step.title)}</span>
            </Menu.Item>
          ))}
          {environment.kept.map((state) => (
            <Menu.Item key={state.id} onClick={() => setAsking({ what: 'kept', state })}>
              {titleOf(state)}
              <span className="environments-step">
                {t('environments.keptAt', { ago: agoOf(state.takenAt), count: state.stepsPassed })}
              </span>
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => setAsking({ what: 'forceRestart' })}>
            {t('environments.forceRestart')}
          </Menu.Item>
          <Menu.Item color="red" onClick={() => setAsking({ what: 'remove' })}>
            {t('environments.remove')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={asking?.what === 'forceRestart'}
        title={t('environments.forceRestart')}
        confirm={t('environments.forceRestartDo')}
        onConfirm={() => after(call('forceRestartEnvironment', { path }))}
        onClose={close}
      >
        {t('environments.forceRestartConfirm')}
      </Confirm>
      <Confirm
        opened={start !== null}
        title={t('environments.rewindTitle', { number: start?.number ?? 0 })}
        confirm={t('environments.rewindDo')}
        danger
        onConfirm={() => rewind(start?.stepId ?? '')}
        onClose={close}
      >
        {start &&
          t('environments.rewindConfirm', {
            step: localized(start.title),
            ago: agoOf(start.takenAt),
          })}
      </Confirm>
      <Confirm
        opened={kept !== null}
        title={kept ? titleOf(kept) : ''}
        confirm={t('environments.rewindDo')}
        danger
        onConfirm={() => rewind(kept?.id ?? '')}
        onClose={close}
      >
        {kept && t('environments.keptConfirm', { ago: agoOf(kept.takenAt) })}
      </Confirm>
      <Confirm
        opened={asking?.what === 'remove'}
        title={t('environments.remove')}
        confirm={t('environments.removeDo')}
        danger
        onConfirm={() => after(call('deleteEnvironment', { path }))}
        onClose={close}
      >
        {t('environments.removeConfirm')}
      </Confirm>
    </>
  );
}
