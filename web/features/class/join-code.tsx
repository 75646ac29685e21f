/** The code on the projector: large, and where to enter it. */
import type { ClassDetail } from '@brokerlab/server/contract';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { classQuery, queryClient } from '../../api/queries.ts';
import { call } from '../../api/rest.ts';
import { useTexts } from '../../ui/i18n.ts';
import { notifyError } from '../../ui/notify.ts';

export function JoinCode({ detail }: { detail: ClassDetail }) {
  const t = useTexts();
  const set = useMutation({
    mutationFn: (open: boolean) => call('setJoinCode', { path: { classId: detail.id }, body: { open } }),
    onSuccess: (answer) => queryClient.setQueryData(classQuery(detail.id).queryKey, answer),
    onError: notifyError,
  });
  return (
    <section className="section join-code" aria-label={t('class.joinCode')}>
      <div>
        <h2>{t('class.joinCode')}</h2>
        {detail.joinCode === null ? (
          <p>{t('class.joinClosed')}</p>
        ) : (
          <>
            <p>{t('class.joinAddress', { address: `${location.origin}/join` })}</p>
            <p className="quiet-text">{t(detail.guests ? 'class.guestsOn' : 'class.guestsOff')}</p>
          </>
        )}
      </div>
      <span className="join-code-shown" data-testid="join-code">
        {detail.joinCode ?? '–'}
      </span>
      {detail.role !== 'assistant' && (
        <div className="join-code-actions">
          <Button onClick={() => set.mutate(true)} loading={set.isPending}>
            {t(detail.joinCode === null ? 'class.joinOpen' : 'class.joinRenew')}
          </Button>
          {detail.joinCode !== null && (
            <Button variant="subtle" color="gray" onClick={() => set.mutate(false)}>
              {t('class.joinClose')}
            </Button>
          )}
        </div>
      )}
    </section>
  );
}
