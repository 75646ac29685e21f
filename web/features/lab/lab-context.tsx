/** The opened lab, for every panel of its page. */
import type { LabContent } from '@brokerlab/server/contract';
import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from '../../ui/store.ts';
import type { LabSession, LabSessionState } from './lab-session.ts';
import type { Workspace } from './workspace.ts';

export interface LabContextValue {
  readonly session: LabSession;
  readonly content: LabContent;
  readonly workspace: Workspace;
}

const LabContext = createContext<LabContextValue | null>(null);

export function LabProvider(props: { value: LabContextValue; children: ReactNode }) {
  return <LabContext value={props.value}>{props.children}</LabContext>;
}

export function useLab(): LabContextValue {
  const value = useContext(LabContext);
  if (!value) throw new Error('useLab outside of a lab page');
  return value;
}

export function useLabState<Selected>(select: (state: LabSessionState) => Selected): Selected {
  return useStore(useLab().session.store, select);
}
