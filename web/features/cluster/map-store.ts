/**
 * The map in this page: the live state as the server's feed tells it, the last hour, and the moment one looks at. Whoever
 * needs the cluster live (map, console) calls `watch` while it is on the screen and reads `store`.
 */
import type { MapState, MapUpdate } from '@brokerlab/server/contract';
import type { Connection } from '../../api/connection.ts';
import { createStore, type Store } from '../../ui/store.ts';
import { type Frame, frameAt, stateAfter, type Timeline, timelineOf, withFrame } from './timeline.ts';

export interface MapStoreState {
  /** Null: nothing has been told yet. */
  readonly live: MapState | null;
  readonly timeline: Timeline;
  /** The server's time one looks at; null: now. */
  readonly moment: number | null;
}

export interface MapStore {
  readonly store: Store<MapStoreState>;
  /** Call the result to stop. */
  watch(): () => void;
  /** After a reconnect. */
  resume(): void;
  /** The environment is not there any more. */
  forget(): void;
  lookAt(moment: number | null): void;
  close(): void;
}

const nothing: MapStoreState = { live: null, timeline: [], moment: null };

export function createMapStore(labId: string, connection: Connection): MapStore {
  const store = createStore<MapStoreState>(nothing);
  let revision = 0;
  let watchers = 0;
  let historyAsked = false;

  const take = (update: MapUpdate): void => {
    const { live, timeline } = store.get();
    const state = stateAfter(live && { revision, state: live }, update);
    if (state === null) {
      connection.tell({ type: 'map.watch', on: true });
      return;
    }
    revision = update.revision;
    store.set({ live: state, timeline: withFrame(timeline, update.at, state) });
    if (update.kind === 'whole' && !historyAsked) askHistory();
  };

  /** What was watched before this page was opened, or while it was not connected. */
  const askHistory = (): void => {
    historyAsked = true;
    connection
      .request({ type: 'map.history' })
      .then((history) => {
        const past = timelineOf(history);
        const known = store.get().timeline;
        const last = past.at(-1);
        const since = last ? known.filter((frame) => frame.at > last.at) : known;
        if (last) store.set({ timeline: [...past, ...since] });
      })
      .catch(() => {
        historyAsked = false;
      });
  };

  const end = connection.on('map', (message) => {
    if (message.labId === labId) take(message.update);
  });
  return {
    store,
    watch: () => {
      watchers += 1;
      if (watchers === 1) connection.tell({ type: 'map.watch', on: true });
      return () => {
        watchers -= 1;
        if (watchers === 0) connection.tell({ type: 'map.watch', on: false });
      };
    },
    resume: () => {
      historyAsked = false;
      if (watchers > 0) connection.tell({ type: 'map.watch', on: true });
    },
    forget: () => {
      historyAsked = false;
      store.set(nothing);
    },
    lookAt: (moment) => store.set({ moment }),
    close: end,
  };
}

/** What is drawn: the live state, or that of the moment chosen. */
export function shownFrame({ live, timeline, moment }: MapStoreState): Pick<Frame, 'at' | 'state'> | null {
  if (moment !== null) return frameAt(timeline, moment);
  return live && { at: timeline.at(-1)?.at ?? 0, state: live };
}
