/** Who needs somebody now, ranked; its place is kept when nobody does, so that the table below never moves. */
import { useLocalized, useTexts } from '../../../ui/i18n.ts';
import { Icon } from '../../../ui/icons.tsx';
import { useLiveState, useNameOf } from './live-context.tsx';
import { needsOf } from './needs.ts';

const shownMax = 8;

export function NeedsStrip(props: { chosen: string | null; onChoose: (accountId: string) => void }) {
  const t = useTexts();
  const localized = useLocalized();
  const nameOf = useNameOf();
  const needs = needsOf(useLiveState((state) => state.rows));
  return (
    <section className="live-needs" aria-label={t('class.live.needs')}>
      <ol>
        {needs.slice(0, shownMax).map(({ row, level, why }) => (
          <li key={row.accountId}>
            <button
              type="button"
              className="need"
              data-level={level}
              data-testid={`need-${row.name}`}
              aria-pressed={props.chosen === row.accountId}
              onClick={() => props.onChoose(row.accountId)}
            >
              <span className="need-mark" aria-hidden="true">
                {level === 'stuck' ? '✕' : level === 'hand' ? <Icon name="hand" /> : '!'}
              </span>
              <b>{nameOf(row)}</b>
              <span className="need-why">{why ? localized(why) : t('class.live.hand')}</span>
            </button>
          </li>
        ))}
      </ol>
      {needs.length === 0 && <span className="quiet-text">{t('class.live.noNeeds')}</span>}
      {needs.length > shownMax && (
        <span className="quiet-text">{t('class.live.moreNeeds', { count: needs.length - shownMax })}</span>
      )}
    </section>
  );
}
