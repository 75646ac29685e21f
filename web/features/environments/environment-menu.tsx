/** What one does to an environment seldom, each asked for once more: restart by force, go back to a step, delete. */
import type { OwnEnvironment, StepStart } from '@brokerlab/server/contract';
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
  | { readonly what: 'rewind'; readonly start: StepStart };

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
        onConfirm={() => after(call('rewindLab', { path, body: { stepId: start?.stepId ?? '' } }))}
        onClose={close}
      >
        {start &&
          t('environments.rewindConfirm', {
            step: localized(start.title),
            ago: formatAgo(Date.now() - start.takenAt, t),
          })}
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
