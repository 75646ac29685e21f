/** The steps in the header: where one is, what is done, what is still locked; a click shows that step. */
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { useLab, useLabState } from './lab-context.tsx';
import '../../ui/step-bar.css';

export function StepNav({ shown, onShow }: { shown: string; onShow: (stepId: string) => void }) {
  const t = useTexts();
  const localized = useLocalized();
  const { content } = useLab();
  const progress = useLabState((state) => state.lab?.steps);
  const at = content.steps.findIndex((step) => step.id === shown) + 1;
  return (
    <nav className="steps" aria-label={t('lab.steps')}>
      {content.steps.map((step, index) => {
        const state = progress?.find((known) => known.id === step.id)?.state ?? 'locked';
        const label = t('lab.stepLabel', {
          number: index + 1,
          title: localized(step.title),
          state: t(`lab.stepState.${state}`),
        });
        return (
          <button
            key={step.id}
            type="button"
            className="step-mark"
            data-testid={`step-${step.id}`}
            data-state={state}
            aria-current={step.id === shown ? 'step' : undefined}
            aria-label={label}
            title={label}
            onClick={() => onShow(step.id)}
          >
            <i />
          </button>
        );
      })}
      <span className="steps-count">{t('lab.stepOf', { number: at, total: content.steps.length })}</span>
    </nav>
  );
}
