/**
 * A step that needs several terminals has them side by side, named for what they are for. Once for each step, and never against
 * the trainee: a name they gave stays, and a terminal they closed stays closed.
 */
import type { StepContent, StepProgress } from '@brokerlab/server/contract';
import { useEffect, useRef } from 'react';
import { useTexts } from '../../ui/i18n.ts';
import { notifyError } from '../../ui/notify.ts';
import { type LabContextValue, useLab, useLabState } from './lab-context.tsx';
import { openTerminal } from './run-in-terminal.ts';

export function useStepTerminals(step: StepContent, progress: StepProgress | null): void {
  const t = useTexts();
  const lab = useLab();
  const ready = useLabState((state) => state.environment?.state === 'ready' && state.terminals !== null);
  const generation = useLabState((state) => state.generation);
  const arranged = useRef('');
  const open = progress?.state === 'open' && step.terminals.length > 0;
  const key = `${step.id}/${generation}`;
  useEffect(() => {
    if (!ready || !open || arranged.current === key) return;
    arranged.current = key;
    const names = numbered(step.terminals.map((role) => t(`terminal.roles.${role}`)));
    arrange(lab, names).catch(notifyError);
  }, [ready, open, key, lab, step, t]);
}

/** Two of one kind are told apart by a number. */
function numbered(names: readonly string[]): string[] {
  return names.map((name, index) => {
    const same = names.filter((other) => other === name).length;
    return same === 1
      ? name
      : `${name} ${names.slice(0, index + 1).filter((other) => other === name).length}`;
  });
}

async function arrange(lab: LabContextValue, names: readonly string[]): Promise<void> {
  const { session, workspace } = lab;
  for (const [index, name] of names.entries()) {
    const number = index + 1;
    const known = session.store.get().terminals?.find((terminal) => terminal.number === number);
    const info = known ?? (await openTerminal(lab, index > 0 ? { besideOf: index } : {}));
    if (info.title === '') await session.renameTerminal(info.id, name);
  }
  workspace.showTerminal(1);
}
