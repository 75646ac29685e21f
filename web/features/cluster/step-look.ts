/** What the step on the screen points at. The page's instructions say which step that is. */
import type { LabContent, Look } from '@brokerlab/server/contract';
import { useStore } from '../../ui/store.ts';
import { useLab } from '../lab/lab-context.tsx';

export function useStepLook(content: LabContent): Look | null {
  const { workspace } = useLab();
  const stepId = useStore(workspace.store, (state) => state.shownStep);
  return content.steps.find((step) => step.id === stepId)?.look ?? null;
}
