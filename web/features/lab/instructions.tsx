/** The step one reads: its text, commands and questions, then the hints and the solution opened so far. */
import type { Block, StepContent, StepProgress } from '@brokerlab/server/contract';
import { useEffect, useRef } from 'react';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { Icon } from '../../ui/icons.tsx';
import { Inline, Prose } from '../../ui/markdown.tsx';
import { usePreferences } from '../../ui/preferences.ts';
import { ClusterFigure } from '../concepts/cluster-figure.tsx';
import { StepConcepts } from '../concepts/concept-links.tsx';
import { Closing } from './closing.tsx';
import { CommandBlock } from './command-block.tsx';
import { OpenedHints, OpenedSolution } from './help.tsx';
import { useLab, useLabState } from './lab-context.tsx';
import { Missing } from './missing.tsx';
import { Mistakes } from './mistakes.tsx';
import { Notes } from './notes.tsx';
import { Quiz } from './quiz.tsx';

export function Instructions(props: { step: StepContent; number: number; progress: StepProgress | null }) {
  const t = useTexts();
  const localized = useLocalized();
  const { language } = usePreferences();
  const { content } = useLab();
  const { step, progress } = props;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (step.id) place.current?.scrollTo({ top: 0 });
  }, [step.id]);
  const locked = progress?.state === 'locked';
  const closedFrom = useLabState((state) => state.lab?.closedFrom ?? null);
  const closedAt = content.steps.findIndex(({ id }) => id === closedFrom);
  const heldBack = closedAt >= 0 && content.steps.indexOf(step) >= closedAt;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and F6 brings the focus here
    <section ref={place} className="read" data-panel="read" tabIndex={0} aria-label={t('lab.instructions')}>
      <Mistakes />
      <div className="read-kicker">
        {t('lab.step', { number: props.number })}
        {progress?.state === 'passed' && (
          <span className="read-passed">
            <Icon name="check" size={12} /> {t('lab.stepState.passed')}
          </span>
        )}
      </div>
      <h1 className="read-title">
        <Inline text={localized(step.title)} />
      </h1>
      {locked && (
        <p className="read-locked">
          <Icon name="lock" />{' '}
          {t(progress?.preparing ? 'lab.preparing' : heldBack ? 'class.part.heldBack' : 'lab.lockedStep')}
        </p>
      )}
      {progress?.state !== 'passed' && (progress?.state === 'open' || progress?.preparing) && <Missing />}
      {props.number === 1 && (
        <p className="read-summary">
          <Inline text={localized(content.summary)} />
        </p>
      )}
      {content.imported && (
        <p className="read-imported" data-testid="imported">
          <span className="badge">{t('lab.imported')}</span> {t('lab.importedHint')}
        </p>
      )}
      <StepConcepts concepts={step.concepts} labId={content.id} />
      {step.blocks[language].map((block, index) => (
        <BlockView
          // biome-ignore lint/suspicious/noArrayIndexKey: a step's blocks never move; both languages have the same
          key={`${step.id}/${index}`}
          block={block}
          step={step}
        />
      ))}
      {progress && <OpenedHints progress={progress} />}
      {progress?.solutionOpened && <OpenedSolution stepId={step.id} />}
      {progress?.state === 'passed' && step === content.steps.at(-1) && <Closing />}
      <Notes labId={content.id} />
    </section>
  );
}

function StepFigure({ figure }: { figure: Extract<Block, { kind: 'figure' }> }) {
  const { content } = useLab();
  return <ClusterFigure figure={figure} labId={content.id} />;
}

function BlockView({ block, step }: { block: Block; step: StepContent }) {
  const t = useTexts();
  switch (block.kind) {
    case 'prose':
      return <Prose text={block.markdown} />;
    case 'note':
      return (
        <aside className="note" aria-label={t('lab.note')}>
          <Prose text={block.markdown} />
        </aside>
      );
    case 'command':
      return <CommandBlock command={block.command} mode={block.mode} terminal={block.terminal} />;
    case 'output':
      return (
        <figure className="output">
          <figcaption>{t('lab.output')}</figcaption>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, so the block is focusable */}
          <pre tabIndex={0}>{block.text}</pre>
        </figure>
      );
    case 'figure':
      return <StepFigure figure={block} />;
    case 'quiz': {
      const check = step.checks.find((known) => known.id === block.check);
      return check ? <Quiz check={check} /> : null;
    }
  }
}
