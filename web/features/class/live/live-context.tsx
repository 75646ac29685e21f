/** The watched class, for every part of its screen; and whether names are hidden for the projector. */
import type { LiveRow } from '@brokerlab/server/contract';
import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from '../../../ui/store.ts';
import type { LiveClassState, LiveClassView } from './live-class.ts';

export interface LiveContextValue {
  readonly classId: string;
  readonly view: LiveClassView;
  readonly namesHidden: boolean;
}

const LiveContext = createContext<LiveContextValue | null>(null);

export function LiveProvider(props: { value: LiveContextValue; children: ReactNode }) {
  return <LiveContext value={props.value}>{props.children}</LiveContext>;
}

export function useLive(): LiveContextValue {
  const value = useContext(LiveContext);
  if (!value) throw new Error('useLive outside of a class screen');
  return value;
}

export function useLiveState<Selected>(select: (state: LiveClassState) => Selected): Selected {
  return useStore(useLive().view.store, select);
}

/** Hidden, a trainee is their place in the list: it says who without saying who. */
export function useNameOf(): (row: LiveRow) => string {
  const { namesHidden } = useLive();
  const rows = useLiveState((state) => state.rows);
  return (row) =>
    namesHidden ? `#${rows.findIndex(({ accountId }) => accountId === row.accountId) + 1}` : row.displayName;
}
