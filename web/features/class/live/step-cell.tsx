/** One step of one trainee: told by shape and word as well as by colour. */
import { useTexts } from '../../../ui/i18n.ts';

export type CellState = 'passed' | 'open' | 'look' | 'stuck' | 'later' | 'locked';

const marks: Record<CellState, string> = {
  passed: '✓',
  open: '·',
  look: '!',
  stuck: '✕',
  later: '',
  locked: '–',
};

export function StepCell({ state, helped }: { state: CellState; helped: boolean }) {
  const t = useTexts();
  const label = t(`class.live.cell.${state}`);
  return (
    <span
      className="step-cell"
      data-state={state}
      data-helped={helped}
      role="img"
      aria-label={label}
      title={helped ? `${label} · ${t('class.live.helped')}` : label}
    >
      {marks[state]}
    </span>
  );
}
