/** What an action on the whole class did, trainee by trainee: those it did not reach first. */
import { Button, Modal } from '@mantine/core';
import { useTexts } from '../../../ui/i18n.ts';
import { useLive, useLiveState, useNameOf } from './live-context.tsx';
import { whyNot } from './use-action.ts';

export function OutcomeDialog() {
  const t = useTexts();
  const { view } = useLive();
  const nameOf = useNameOf();
  const rows = useLiveState((state) => state.rows);
  const outcome = useLiveState((state) => state.outcome);
  const close = (): void => view.showOutcome(null);
  const name = (accountId: string): string => {
    const row = rows.find((one) => one.accountId === accountId);
    return row ? nameOf(row) : '';
  };
  const woken = new Set(outcome?.woken);
  return (
    <Modal opened={outcome !== null} onClose={close} title={t('class.live.outcome')} centered>
      {outcome && (
        <>
          <p className="quiet-text">
            {t('class.live.outcomeSums', { done: outcome.done.length, missed: outcome.notDone.length })}
          </p>
          <ul className="outcomes" data-testid="outcomes">
            {outcome.notDone.map((one) => (
              <li key={one.accountId} data-done="false">
                <b>{name(one.accountId)}</b>
                <span>✕ {whyNot(one, t)}</span>
              </li>
            ))}
            {outcome.done.map((accountId) => (
              <li key={accountId} data-done="true">
                <b>{name(accountId)}</b>
                <span>✓ {t(woken.has(accountId) ? 'class.live.doneWoken' : 'class.live.doneOne')}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <Button variant="filled" mt="md" onClick={close}>
        {t('app.close')}
      </Button>
    </Modal>
  );
}
