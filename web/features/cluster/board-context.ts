/** What every part of one cluster's drawing needs to know besides its own data. */
import type { Look } from '@brokerlab/server/contract';
import { createContext, useContext } from 'react';
import type { MapEvent } from './map-events.ts';

export interface BoardContextValue {
  readonly place: { readonly cluster: string; readonly first: boolean };
  /** What the shown step points at. */
  readonly look: Look | null;
  /** What has happened in the last moments. */
  readonly fresh: readonly MapEvent[];
  /** A cell has the focus or the pointer; null: none. */
  readonly point: (words: string | null) => void;
}

export const BoardContext = createContext<BoardContextValue | null>(null);

export function useBoard(): BoardContextValue {
  const value = useContext(BoardContext);
  if (!value) throw new Error('a part of the map outside of a board');
  return value;
}
