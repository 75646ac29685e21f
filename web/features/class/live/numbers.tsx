/** The class in numbers: there, stuck, hands up, how far the middle one is. */
import { useTexts } from '../../../ui/i18n.ts';
import { useLiveState } from './live-context.tsx';
import { needOf } from './needs.ts';

export function Numbers({ labId }: { labId: string | null }) {
  const t = useTexts();
  const rows = useLiveState((state) => state.rows);
  const connected = rows.filter(({ online }) => online).length;
  const stuck = rows.filter((row) => needOf(row)?.level === 'stuck').length;
  const hands = rows.filter(({ handAt }) => handAt !== null).length;
  const passed = rows
    .flatMap((row) => (labId !== null && row.labs[labId] !== undefined ? [countPassed(row.labs[labId])] : []))
    .sort((one, other) => one - other);
  const median = passed.length === 0 ? null : (passed[Math.floor((passed.length - 1) / 2)] ?? 0);
  return (
    <div className="live-numbers" role="status" aria-label={t('class.live.numbers')}>
      <span>
        <b>{connected}</b> {t('class.live.connected', { total: rows.length })}
      </span>
      <span data-tone={stuck > 0 ? 'bad' : undefined}>
        <b>{stuck}</b> {t('class.live.stuckCount')}
      </span>
      <span data-tone={hands > 0 ? 'warn' : undefined}>
        <b>{hands}</b> {t('class.live.handCount')}
      </span>
      <span>
        <b>{median ?? '–'}</b> {t('class.live.median')}
      </span>
    </div>
  );
}

export function countPassed(letters: string): number {
  return [...letters].filter((letter) => letter === 'p').length;
}
