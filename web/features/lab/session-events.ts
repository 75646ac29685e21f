/** What the socket says once and a person must hear: a limit was met, the session ended, the page is out of date. */
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { forgetEverything } from '../../api/queries.ts';
import { pick, useTexts } from '../../ui/i18n.ts';
import { notify } from '../../ui/notify.ts';
import { preferences } from '../../ui/preferences.ts';
import { useLab } from './lab-context.tsx';

export function useSessionEvents(): void {
  const t = useTexts();
  const navigate = useNavigate();
  const { session } = useLab();
  useEffect(() => {
    const toSignIn = (): void => {
      const to = `${location.pathname}${location.search}`;
      void forgetEverything().finally(() => navigate({ to: '/sign-in', search: { to, ended: true } }));
    };
    const endings = [
      session.connection.on('limit', (limit) => {
        if (limit.labId !== session.labId) return;
        notify(pick(limit.message, preferences.get().language), {
          title: t('environment.limitTitle'),
          tone: 'warn',
        });
      }),
      session.connection.on('signedOut', toSignIn),
      session.connection.store.subscribe(() => {
        const { error } = session.connection.store.get();
        if (error?.code === 'notSignedIn' || error?.code === 'accountDisabled') toSignIn();
        // The server was updated under this page: the new page speaks its protocol.
        if (error?.code === 'protocolMismatch') reloadOnce();
      }),
    ];
    return () => {
      for (const end of endings) end();
    };
  }, [session, navigate, t]);
}

function reloadOnce(): void {
  const key = 'brokerlab.reloaded-at';
  const last = Number(sessionStorage.getItem(key) ?? 0);
  if (Date.now() - last < 30_000) return;
  sessionStorage.setItem(key, String(Date.now()));
  location.reload();
}
