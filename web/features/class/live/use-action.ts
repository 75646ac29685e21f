/** Does something to trainees, and says how it went: in a line of one, in a list of the class when not all was alike. */
import type { ActionOutcome, RouteName } from '@brokerlab/server/contract';
import { type CallOptions, call } from '../../../api/rest.ts';
import { type Translate, useTexts } from '../../../ui/i18n.ts';
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
  const { view } = useLive();
  const nameOf = useNameOf();
  const rows = useLiveState((state) => state.rows);
  const tell = (outcome: ActionOutcome, toAll: boolean): void => {
    const { done, notDone, woken } = outcome;
    if (toAll && notDone.length + woken.length > 0) {
      view.showOutcome(outcome);
      return;
    }
    const reached = t('class.live.done', { count: done.length });
    if (notDone.length === 0) {
      notify(reached, { tone: 'ok' });
      return;
    }
    const missed = notDone.map((one) => {
      const row = rows.find(({ accountId }) => accountId === one.accountId);
      return `${row ? nameOf(row) : ''} (${whyNot(one, t)})`;
    });
    const shown = missed.slice(0, 5).join(', ');
    const more = missed.length > 5 ? ` … ${t('class.live.moreNeeds', { count: missed.length - 5 })}` : '';
    notify(`${reached} · ${t('class.live.missed')}: ${shown}${more}`, { tone: 'warn' });
  };
  return (name, body) => {
    call(name, { path: { classId }, body, timeoutMs: WHOLE_CLASS_MS } as CallOptions<typeof name>)
      // all of ActionRoute's bodies say to whom, and all answer so
      .then((outcome) => tell(outcome as ActionOutcome, (body as { to: unknown }).to === null))
      .catch(notifyError);
  };
}

export function whyNot(
  { why, by, doing }: Pick<ActionOutcome['notDone'][number], 'why' | 'by' | 'doing'>,
  t: Translate,
): string {
  if (why !== 'busy') return t(`class.live.notDone.${why}`);
  return `${by ?? ''}: ${t(`class.live.doing.${doing ?? 'look'}`)}`;
}
