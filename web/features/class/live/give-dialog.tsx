/** The state of a step for one or for all: from one's own lab, or from a trainee's. */
import { Button, Group, Modal, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../../api/rest.ts';
import { useLocalized, useTexts } from '../../../ui/i18n.ts';
import { Empty, Failure, Loading } from '../../../ui/states.tsx';
import { useLive, useLiveState } from './live-context.tsx';
import { useAction } from './use-action.ts';

interface Target {
  /** Null: everybody. */
  readonly to: string[] | null;
  readonly labId: string;
  readonly onClose: () => void;
}

export function GiveDialog({ opened, ...target }: Target & { opened: boolean }) {
  const t = useTexts();
  return (
    <Modal
      opened={opened}
      onClose={target.onClose}
      title={<b>{t(target.to === null ? 'class.live.giveAll' : 'class.live.giveOne')}</b>}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Choice {...target} />
    </Modal>
  );
}

/** As the server calls the state after the last step. */
const AFTER_LAST = 'after-last-step';

function Choice({ to, labId, onClose }: Target) {
  const t = useTexts();
  const localized = useLocalized();
  const act = useAction();
  const { classId, namesHidden } = useLive();
  const lab = useLiveState((state) => state.live?.labs.find(({ id }) => id === labId));
  const rows = useLiveState((state) => state.rows);
  const found = useQuery({
    queryKey: ['classes', classId, 'states', labId],
    queryFn: ({ signal }) => call('listStates', { path: { classId, labId }, signal }),
    staleTime: 0,
  });
  const [from, setFrom] = useState<string | null>(null);
  const [step, setStep] = useState<string | null>(null);
  if (found.error) return <Failure title={t('class.failed')} error={found.error} />;
  if (!found.data || !lab) return <Loading />;
  const states = found.data.states.filter((state) => to === null || !to.includes(state.from ?? ''));
  const state = states.find((one) => (one.from ?? '') === from) ?? states[0];
  if (!state) return <Empty title={t('class.live.giveNone')}>{t('class.live.giveNoneHint')}</Empty>;
  // The newest they have, until another is chosen.
  const stepId = state.stepIds.find((id) => id === step) ?? state.stepIds.at(-1) ?? '';
  const nameOf = (accountId: string | null, name: string): string =>
    accountId === null
      ? t('class.live.giveOwn')
      : namesHidden
        ? `#${rows.findIndex((row) => row.accountId === accountId) + 1}`
        : name;
  const give = (): void => {
    act('giveState', { to, labId, stepId, from: state.from });
    onClose();
  };
  return (
    <>
      <NativeSelect
        label={t('class.live.giveFrom')}
        data-testid="give-from"
        mb={10}
        value={state.from ?? ''}
        data={states.map((one) => ({ value: one.from ?? '', label: nameOf(one.from, one.name) }))}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <NativeSelect
        label={t('class.live.giveStep')}
        data-testid="give-step"
        value={stepId}
        data={[
          ...lab.steps.map(({ id, title }, index) => ({
            value: id,
            label: t('class.live.giveAt', { number: index + 1, title: localized(title) }),
          })),
          { value: AFTER_LAST, label: t('class.live.giveAfterLast') },
        ].filter(({ value }) => state.stepIds.includes(value))}
        onChange={(event) => setStep(event.currentTarget.value)}
      />
      <p className="quiet-text" style={{ marginTop: 12 }}>
        {t('class.live.giveAsk')}
      </p>
      <Group justify="flex-end" mt="md" gap={8}>
        <Button size="xs" onClick={onClose}>
          {t('app.cancel')}
        </Button>
        <Button size="xs" variant="filled" data-testid="give" onClick={give}>
          {t('class.live.giveDo')}
        </Button>
      </Group>
    </>
  );
}
