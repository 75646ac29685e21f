/** The palette while it is asked for. */
import type { StepContent } from '@brokerlab/server/contract';
import { lazy, Suspense, useCallback } from 'react';
import { useStore } from '../../ui/store.ts';
import type { ClassPart } from '../class/trainee/class-part.ts';
import { useLab } from './lab-context.tsx';
import { usePaletteCommands } from './palette-commands.ts';
import type { PaletteMode } from './workspace.ts';

const Palette = lazy(() => import('./palette.tsx').then((module) => ({ default: module.Palette })));

interface Surroundings {
  readonly part: ClassPart;
  readonly shown: StepContent;
  readonly onStep: (stepId: string) => void;
}

export function LabPalette(props: Surroundings) {
  const { workspace } = useLab();
  const mode = useStore(workspace.store, (state) => state.palette);
  return mode === null ? null : <Asked key={mode} mode={mode} {...props} />;
}

function Asked({ mode, part, shown, onStep }: Surroundings & { mode: PaletteMode }) {
  const { content, workspace } = useLab();
  const toStep = useCallback(
    (by: 1 | -1) => {
      const step = content.steps[content.steps.indexOf(shown) + by];
      if (step) onStep(step.id);
    },
    [content, shown, onStep],
  );
  const inClass = part.state?.inClass === true;
  const commands = usePaletteCommands({
    toStep,
    raiseHand: inClass ? () => part.raiseHand(true) : null,
  });
  return (
    <Suspense fallback={null}>
      <Palette mode={mode} commands={commands} onClose={() => workspace.store.set({ palette: null })} />
    </Suspense>
  );
}
