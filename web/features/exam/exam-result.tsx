/** What an exam came to: points of each task, and for each check what was seen. */
import type { CheckState } from '@brokerlab/server/contract';
import { Link } from '@tanstack/react-router';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { Inline } from '../../ui/markdown.tsx';
import { useLab, useLabState } from '../lab/lab-context.tsx';
import { VerdictMark } from '../lab/verdict-mark.tsx';
import './exam.css';
import '../../ui/page.css';

export function ExamResult() {
  const t = useTexts();
  const localized = useLocalized();
  const { content } = useLab();
  const state = useLabState(({ lab }) => lab);
  if (state === null) return null;
  const all = state.steps.flatMap(({ checks }) => checks);
  const seconds = Math.round(((state.passedAt ?? 0) - (state.startedAt ?? 0)) / 1000);
  return (
    <main id="main" className="exam-result page-main" data-testid="exam-result">
      <h1 className="page-title">{t('exam.result')}</h1>
      <p className="exam-total" data-testid="exam-points">
        {t('exam.points', { points: points(all), max: most(all) })}
      </p>
      <p className="page-intro">
        {t('exam.took', { minutes: Math.floor(seconds / 60), seconds: seconds % 60 })}
      </p>
      {content.steps.map((step, index) => {
        const progress = state.steps.find(({ id }) => id === step.id);
        const checks = progress?.checks ?? [];
        return (
          <section key={step.id} className="section exam-task" data-testid={`exam-${step.id}`}>
            <h2>
              {index + 1}. <Inline text={localized(step.title)} />
              <span className="exam-task-points">
                {t('exam.points', { points: points(checks), max: most(checks) })}
              </span>
            </h2>
            <ul>
              {step.checks.map((check) => {
                const judged = checks.find(({ id }) => id === check.id);
                return (
                  <li key={check.id}>
                    <VerdictMark verdict={judged?.verdict ?? 'notYet'} />
                    <div>
                      <Inline text={localized(check.title)} />
                      <p className="quiet-text">
                        {judged?.message ? <Inline text={localized(judged.message)} /> : t('exam.notReached')}
                      </p>
                    </div>
                  </li>
                );
              })}
            </ul>
          </section>
        );
      })}
      <p>
        <Link to="/">{t('exam.back')}</Link>
      </p>
    </main>
  );
}

/** What could not be judged counts neither way. */
function counted(checks: readonly CheckState[]): readonly CheckState[] {
  return checks.filter(({ verdict }) => verdict !== 'brokenCheck');
}

function points(checks: readonly CheckState[]): number {
  return counted(checks).reduce((sum, check) => sum + check.points, 0);
}

function most(checks: readonly CheckState[]): number {
  return counted(checks).reduce((sum, check) => sum + check.pointsMax, 0);
}
