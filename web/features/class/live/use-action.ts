/** Does something to trainees, and says how it went: to whom it got, and why not to the others. */
import type { ActionOutcome, RouteName } from '@brokerlab/server/contract';
import { type CallOptions, call } from '../../../api/rest.ts';
import { useTexts } from '../../../ui/i18n.ts';
import { notify, notifyError } from '../../../ui/notify.ts';
import { useLive, useLiveState, useNameOf } from './live-context.tsx';

/** Fifty boxes that start anew, a few at a time. */
const WHOLE_CLASS_MS = 180_000;

export type ActionRoute = Extract<
  RouteName,
  | 'sendClassMessage'
  | 'sendClassFile'
  | 'openClassHint'
  | 'actOnEnvironments'
  | 'giveState'
  | 'extendClassTime'
>;

export function useAction(): <Name extends ActionRoute>(
  name: Name,
  body: NonNullable<CallOptions<Name>['body']>,
) => void {
  const t = useTexts();
  const { classId } = useLive();
  const nameOf = useNameOf();
  const rows = useLiveState((state) => state.rows);
  const tell = ({ done, notDone }: ActionOutcome): void => {
    const reached = t('class.live.done', { count: done.length });
    if (notDone.length === 0) {
      notify(reached, { tone: 'ok' });
      return;
    }
    const missed = notDone.map(({ accountId, why }) => {
      const row = rows.find((one) => one.accountId === accountId);
      const name = row ? nameOf(row) : '';
      return `${name} (${t(`class.live.notDone.${why}`)})`;
    });
    const shown = missed.slice(0, 5).join(', ');
    const more = missed.length > 5 ? ` … ${t('class.live.moreNeeds', { count: missed.length - 5 })}` : '';
    notify(`${reached} · ${t('class.live.missed')}: ${shown}${more}`, { tone: 'warn' });
  };
  return (name, body) => {
    call(name, { path: { classId }, body, timeoutMs: WHOLE_CLASS_MS } as CallOptions<typeof name>)
      .then((outcome) => tell(outcome as ActionOutcome)) // all of ActionRoute's answer so
      .catch(notifyError);
  };
}
