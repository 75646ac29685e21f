/** How far one trainee may go, whatever holds for the class. */
import type { LiveRow } from '@brokerlab/server/contract';
import { Button, Menu } from '@mantine/core';
import { call } from '../../../api/rest.ts';
import { useLocalized, useTexts } from '../../../ui/i18n.ts';
import { Inline } from '../../../ui/markdown.tsx';
import { notifyError } from '../../../ui/notify.ts';
import { useLive, useLiveState } from './live-context.tsx';

export function TraineeLocks({ row }: { row: LiveRow }) {
  const t = useTexts();
  const localized = useLocalized();
  const { classId } = useLive();
  const { accountId, labId } = row;
  const lab = useLiveState((state) => state.live?.labs.find(({ id }) => id === labId));
  if (labId === null || !lab) return <Button disabled>{t('class.live.locksOfOne')}</Button>;
  const own = row.locks[labId];
  const at = lab.steps.findIndex(({ id }) => id === own);
  const set = (stepId: string | null, asClass = false): void => {
    const body = { labId, stepId, asClass };
    call('lockTraineeSteps', { path: { classId, accountId }, body }).catch(notifyError);
  };
  const mark = (on: boolean): string => (on ? '✓ ' : '');
  return (
    <Menu position="top-start" shadow="md">
      <Menu.Target>
        <Button data-testid="lock-one">
          {own === undefined
            ? t('class.live.locksOfOne')
            : own === null
              ? t('class.live.allOpenToOne')
              : t('class.live.lockedAt', { number: at })}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah="50vh" style={{ overflowY: 'auto' }}>
        <Menu.Label>{t('class.live.locksOfOneHint')}</Menu.Label>
        <Menu.Item onClick={() => set(null, true)}>
          {mark(own === undefined)}
          {t('class.live.asClass')}
        </Menu.Item>
        <Menu.Item data-testid="open-all-to-one" onClick={() => set(null)}>
          {mark(own === null)}
          {t('class.live.openAll')}
        </Menu.Item>
        {lab.steps.slice(1).map((step, index) => (
          <Menu.Item key={step.id} onClick={() => set(step.id)}>
            {mark(own === step.id)}
            {t('class.live.openUpTo', { number: index + 1 })}{' '}
            <span className="quiet-text">
              <Inline text={localized(lab.steps[index]!.title)} />
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
