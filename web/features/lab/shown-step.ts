/** Which step is on the screen: the open one (or the one that is being prepared) at first; then it changes only when the person wants it to. */
import type { StepContent } from '@brokerlab/server/contract';
import { useState } from 'react';
import { useLab, useLabState } from './lab-context.tsx';

export interface ShownStep {
  readonly shown: StepContent;
  readonly isLast: boolean;
  show(stepId: string): void;
  next(): void;
}

export function useShownStep(): ShownStep {
  const { content } = useLab();
  const openId = useLabState((state) => state.lab?.steps.find((step) => step.state !== 'passed')?.id);
  const known = useLabState((state) => state.lab !== null);
  const [chosen, setChosen] = useState<string | null>(null);
  // What was open when the state first came stays shown when it passes.
  if (chosen === null && known) setChosen(openId ?? content.steps.at(-1)?.id ?? null);
  const shown = content.steps.find((step) => step.id === (chosen ?? openId)) ?? content.steps[0];
  if (!shown) throw new Error(`lab ${content.id} has no steps`);
  const at = content.steps.indexOf(shown);
  return {
    shown,
    isLast: at === content.steps.length - 1,
    show: setChosen,
    next: () => setChosen(content.steps[at + 1]?.id ?? shown.id),
  };
}
