/** Help by degrees: hints one after the other, then the solution. What was opened stays open, also after a reload. */
import type { StepProgress } from '@brokerlab/server/contract';
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { call } from '../../api/rest.ts';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { Prose } from '../../ui/markdown.tsx';
import { notifyError } from '../../ui/notify.ts';
import { Failure, Loading } from '../../ui/states.tsx';
import { CommandBlock } from './command-block.tsx';
import { useLab, useLabState } from './lab-context.tsx';

const Comparison = lazy(() => import('./comparison.tsx').then((module) => ({ default: module.Comparison })));

export function OpenedHints({ progress }: { progress: StepProgress }) {
  const t = useTexts();
  const localized = useLocalized();
  const count = progress.hints.length;
  const last = useRef<HTMLElement>(null);
  const shown = useRef({ step: progress.id, count });
  useEffect(() => {
    // Brings a hint just opened into view; those of before stay where they are.
    if (shown.current.step === progress.id && count > shown.current.count) {
      last.current?.scrollIntoView({ block: 'nearest' });
    }
    shown.current = { step: progress.id, count };
  }, [progress.id, count]);
  return progress.hints.map((hint, index) => (
    <aside
      // biome-ignore lint/suspicious/noArrayIndexKey: hints open in order and never move
      key={`${progress.id}/${index}`}
      ref={index === count - 1 ? last : null}
      className="opened-hint"
      data-testid={`hint-${index + 1}`}
    >
      <h2>{t('lab.hintNumber', { number: index + 1 })}</h2>
      <Prose text={localized(hint)} />
    </aside>
  ));
}

const solutionKey = (labId: string, stepId: string) => ['labs', labId, 'solution', stepId] as const;

export function OpenedSolution({ stepId }: { stepId: string }) {
  const t = useTexts();
  const localized = useLocalized();
  const { session } = useLab();
  const terminal = useLabState((state) => state.terminals?.[0]?.number ?? 1);
  const solution = useQuery({
    queryKey: solutionKey(session.labId, stepId),
    queryFn: () => call('openSolution', { path: { labId: session.labId, stepId } }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const place = useRef<HTMLElement>(null);
  const loaded = solution.data !== undefined;
  useEffect(() => {
    if (loaded) place.current?.scrollIntoView({ block: 'nearest' });
  }, [loaded]);
  return (
    <aside ref={place} className="opened-solution" data-testid="solution-text">
      <h2>{t('lab.solutionTitle')}</h2>
      {solution.isPending && <Loading />}
      {solution.error && (
        <Failure title={t('app.unreachable')} error={solution.error} retry={() => void solution.refetch()} />
      )}
      {solution.data && (
        <>
          {solution.data.commands.map((command) => (
            <CommandBlock key={command.command} command={command.command} mode="run" terminal={terminal} />
          ))}
          <Prose text={localized(solution.data.explanation)} />
        </>
      )}
    </aside>
  );
}

export function HelpButtons(props: { progress: StepProgress; hintsTotal: number }) {
  const t = useTexts();
  const { session } = useLab();
  const { progress } = props;
  const opened = progress.hints.length;
  const path = { labId: session.labId, stepId: progress.id };
  const openHint = useMutation({
    mutationFn: () => call('openHint', { path, body: { opened } }),
    onSuccess: session.takeLab,
    onError: notifyError,
  });
  const openSolution = (): void => {
    // Shown at once; the server's state, pushed after it has answered, says the same.
    const { lab } = session.store.get();
    if (!lab) return;
    const steps = lab.steps.map((step) =>
      step.id === progress.id ? { ...step, solutionOpened: true } : step,
    );
    session.store.set({ lab: { ...lab, steps } });
  };
  const locked = progress.state === 'locked';
  const [comparing, setComparing] = useState(false);
  if (progress.state === 'passed' && !progress.given) {
    return (
      <>
        <Button data-testid="compare" onClick={() => setComparing(true)}>
          {t('lab.compare')}
        </Button>
        {comparing && (
          <Suspense fallback={null}>
            <Comparison stepId={progress.id} onClose={() => setComparing(false)} />
          </Suspense>
        )}
      </>
    );
  }
  return (
    <>
      <Button
        data-testid="hint"
        disabled={locked || opened >= props.hintsTotal}
        loading={openHint.isPending}
        title={opened >= props.hintsTotal ? t('lab.noMoreHints') : undefined}
        onClick={() => openHint.mutate()}
      >
        {props.hintsTotal === 0 ? t('lab.noHints') : t('lab.hintCount', { opened, total: props.hintsTotal })}
      </Button>
      <Button
        variant="subtle"
        color="gray"
        data-testid="solution"
        disabled={locked || progress.solutionOpened}
        onClick={openSolution}
      >
        {t('lab.solution')}
      </Button>
    </>
  );
}
