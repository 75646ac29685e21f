/** A trainee's instructions as they see them, with what each check says, the help they opened and their answers. Nothing to click. */
import type { Block, CheckState, StepContent, StepProgress } from '@brokerlab/server/contract';
import { useEffect, useState } from 'react';
import { useLocalized, useTexts } from '../../../ui/i18n.ts';
import { Inline, Prose } from '../../../ui/markdown.tsx';
import { usePreferences } from '../../../ui/preferences.ts';
import { Words } from '../../../ui/words.tsx';
import { useLab, useLabState } from '../../lab/lab-context.tsx';

export function TraineeSteps() {
  const t = useTexts();
  const { content } = useLab();
  const steps = useLabState((state) => state.lab?.steps);
  const open = steps?.find(({ state }) => state === 'open')?.id ?? content.steps.at(-1)?.id ?? '';
  const [shown, setShown] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the trainee goes on, so does what is shown
  useEffect(() => setShown(null), [open]);
  const step = content.steps.find(({ id }) => id === (shown ?? open));
  const progress = steps?.find(({ id }) => id === step?.id);
  return (
    <section className="look-steps" aria-label={t('lab.instructions')}>
      <nav className="look-nav" aria-label={t('lab.steps')}>
        {content.steps.map((one, index) => (
          <button
            key={one.id}
            type="button"
            className="look-step"
            data-state={steps?.find(({ id }) => id === one.id)?.state ?? 'locked'}
            aria-pressed={one.id === step?.id}
            onClick={() => setShown(one.id)}
          >
            {index + 1}
          </button>
        ))}
      </nav>
      {step && <Step step={step} progress={progress} />}
    </section>
  );
}

function Step({ step, progress }: { step: StepContent; progress: StepProgress | undefined }) {
  const t = useTexts();
  const localized = useLocalized();
  const { language } = usePreferences();
  const answers = useLabState((state) => state.lab?.quizAnswers);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <div className="look-read" tabIndex={0}>
      <h2>
        <Inline text={localized(step.title)} />
      </h2>
      <ul className="look-checks">
        {step.checks.map((check) => (
          <Check
            key={check.id}
            title={localized(check.title)}
            state={progress?.checks.find(({ id }) => id === check.id)}
            answer={answers?.find(({ checkId }) => checkId === check.id)?.answer}
          />
        ))}
      </ul>
      {progress && progress.hints.length > 0 && (
        <p className="quiet-text">
          {t('lab.hintCount', { opened: progress.hints.length, total: step.hintsTotal })}
          {progress.solutionOpened && ` · ${t('lab.solutionTitle')}`}
        </p>
      )}
      {step.blocks[language].map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step's blocks never move
        <ReadBlock key={`${step.id}/${index}`} block={block} />
      ))}
    </div>
  );
}

function Check(props: { title: string; state: CheckState | undefined; answer: string | undefined }) {
  const t = useTexts();
  const localized = useLocalized();
  const { state } = props;
  const verdict = state?.verdict ?? 'notYet';
  return (
    <li data-verdict={verdict}>
      <b>
        {verdict === 'passed' ? '✓' : verdict === 'brokenCheck' ? '?' : '○'} <Inline text={props.title} />
      </b>
      {state?.message && verdict !== 'passed' && (
        <p>
          <Inline text={localized(state.message)} />
        </p>
      )}
      {props.answer !== undefined && (
        <p className="quiet-text">
          {t('lab.answer')}: {props.answer}
        </p>
      )}
    </li>
  );
}

function ReadBlock({ block }: { block: Block }) {
  switch (block.kind) {
    case 'prose':
    case 'note':
      return <Prose text={block.markdown} />;
    case 'command':
      return (
        <pre className="look-code">
          $ <Words text={block.command} />
        </pre>
      );
    case 'output':
      return <pre className="look-code quiet-text">{block.text}</pre>;
    case 'quiz':
      return null;
  }
}
