/**
 * The class this window watches: the whole on connecting, rows as they change. After a lost connection, a closed lid or a
 * change of the class it is asked for anew, so that nothing shown is older than it says.
 */
import type { ActionOutcome, ClassState, LiveClass, LiveRow } from '@brokerlab/server/contract';
import { type Connection, openConnection } from '../../../api/connection.ts';
import { CallError } from '../../../api/rest.ts';
import { createStore, type Store } from '../../../ui/store.ts';

export interface LiveClassState {
  readonly live: Omit<LiveClass, 'rows' | 'state' | 'now'> | null;
  readonly rows: readonly LiveRow[];
  readonly state: ClassState;
  readonly error: CallError | null;
  /** Of the last action on the whole class, until it is put away. */
  readonly outcome: ActionOutcome | null;
  /** Server's clock minus ours. */
  readonly clockOffsetMs: number;
}

export interface LiveClassView {
  readonly connection: Connection;
  readonly store: Store<LiveClassState>;
  /** What a REST answer said before the push came. */
  takeState(state: ClassState): void;
  showOutcome(outcome: ActionOutcome | null): void;
  close(): void;
}

const nothing: ClassState = { paused: null, locks: {}, timer: null, broadcast: null };

export function openLiveClass(classId: string): LiveClassView {
  const connection = openConnection();
  const store = createStore<LiveClassState>({
    live: null,
    rows: [],
    state: nothing,
    error: null,
    outcome: null,
    clockOffsetMs: 0,
  });
  const watch = (): void => {
    connection
      .request({ type: 'class.watch', classId })
      .then(({ rows, state, now, ...live }) =>
        store.set({ live, rows: sorted(rows), state, error: null, clockOffsetMs: now - Date.now() }),
      )
      .catch((error: unknown) => {
        if (error instanceof CallError && error.code !== 'unreachable') store.set({ error });
      });
  };
  const endings = [
    connection.onConnect(watch),
    connection.on('class.rows', (message) => {
      if (message.classId !== classId) return;
      store.set(({ rows }) => ({
        rows: merged(rows, message.rows, message.removed),
        clockOffsetMs: message.now - Date.now(),
      }));
    }),
    connection.on('class.state', (message) => {
      if (message.classId === classId) store.set({ state: message.state });
    }),
    connection.on('class.changed', (message) => {
      if (message.classId === classId) watch();
    }),
  ];
  return {
    connection,
    store,
    takeState: (state) => store.set({ state }),
    showOutcome: (outcome) => store.set({ outcome }),
    close: () => {
      for (const end of endings) end();
      connection.close();
    },
  };
}

function merged(
  known: readonly LiveRow[],
  changed: readonly LiveRow[],
  removed: readonly string[],
): LiveRow[] {
  const fresh = new Map(changed.map((row) => [row.accountId, row]));
  const kept = known
    .filter((row) => !removed.includes(row.accountId))
    .map((row) => {
      const next = fresh.get(row.accountId) ?? row;
      fresh.delete(row.accountId);
      return next;
    });
  return fresh.size === 0 ? kept : sorted([...kept, ...fresh.values()]);
}

/** By name: rows stay where they are, whatever happens in them. */
function sorted(rows: readonly LiveRow[]): LiveRow[] {
  return [...rows].sort(
    (one, other) =>
      one.displayName.localeCompare(other.displayName, 'ko', { numeric: true }) ||
      one.name.localeCompare(other.name),
  );
}
