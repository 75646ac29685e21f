/**
 * One opened lab in this window: what the server pushes about it, kept in a store, and what the window asks of it.
 * After every connect the lab is opened again on the server, then terminals go on where they stood.
 */
import type {
  EnvironmentState,
  LabState,
  ServerMessage,
  TerminalInfo,
  Usage,
} from '@brokerlab/server/contract';
import { type Connection, openConnection } from '../../api/connection.ts';
import { CallError, call } from '../../api/rest.ts';
import { preferences } from '../../ui/preferences.ts';
import { createStore, type Store } from '../../ui/store.ts';
import { createMapStore, type MapStore } from '../cluster/map-store.ts';
import { createTerminalHub, type TerminalHub } from '../terminal/terminal-hub.ts';

export interface LabSessionState {
  readonly environment: EnvironmentState | null;
  readonly usage: Usage | null;
  /** Null until the server has said. */
  readonly terminals: readonly TerminalInfo[] | null;
  /** Which starting of the environment the terminals belong to: a new one means new shells under old ids. */
  readonly generation: number;
  readonly exitCodes: Readonly<Record<string, number>>;
  readonly lab: LabState | null;
  readonly openError: CallError | null;
  /** Server's clock minus ours. */
  readonly clockOffsetMs: number;
}

export interface LabSession {
  readonly labId: string;
  readonly store: Store<LabSessionState>;
  readonly connection: Connection;
  readonly hub: TerminalHub;
  /** The clusters, live and through the last hour. */
  readonly map: MapStore;
  openLab(): void;
  openTerminal(): Promise<TerminalInfo>;
  closeTerminal(terminalId: string): Promise<void>;
  renameTerminal(terminalId: string, title: string): Promise<void>;
  checkNow(): void;
  restart(): Promise<void>;
  reset(): Promise<void>;
  takeLab(lab: LabState): void;
  close(): void;
}

const initial: LabSessionState = {
  environment: null,
  usage: null,
  terminals: null,
  generation: 0,
  exitCodes: {},
  lab: null,
  openError: null,
  clockOffsetMs: 0,
};
/** A new terminal's size until its panel has been measured. */
const firstSize = { cols: 100, rows: 24 };

/** Whose lab it is, when one looks at a trainee's: nothing is started, and terminals are mirrors. */
export interface Look {
  readonly classId: string;
  readonly accountId: string;
}

export function openLabSession(labId: string, theme: 'light' | 'dark', look?: Look): LabSession {
  const connection = openConnection();
  const store = createStore<LabSessionState>(initial);
  const hub = createTerminalHub(connection, { theme, mirror: look !== undefined });
  const map = createMapStore(labId, connection);
  const openLab = (): void => {
    connection
      .request(
        look
          ? { type: 'class.openTrainee', ...look, labId }
          : { type: 'lab.open', labId, language: preferences.get().language },
      )
      .then(({ environment, terminals, lab }) => {
        takeEnvironment(store, hub, environment);
        takeTerminals(store, hub, terminals);
        takeLab(store, lab);
        store.set({ openError: null });
        map.resume();
        hub.attachAll();
      })
      .catch((error: unknown) => {
        if (error instanceof CallError && error.code !== 'unreachable') store.set({ openError: error });
      });
  };
  const endings = [connection.onConnect(openLab), ...listen({ labId, connection, store, hub, map })];
  return {
    labId,
    store,
    connection,
    hub,
    map,
    openLab,
    openTerminal: async () => (await connection.request({ type: 'terminal.open', ...firstSize })).terminal,
    closeTerminal: async (terminalId) =>
      void (await connection.request({ type: 'terminal.close', terminalId })),
    renameTerminal: async (terminalId, title) =>
      void (await connection.request({ type: 'terminal.rename', terminalId, title })),
    checkNow: () => connection.tell({ type: 'lab.check' }),
    restart: async () => void (await call('restartEnvironment', { path: { labId } })),
    reset: async () => {
      const lab = await call('resetLab', { path: { labId } });
      store.set({ lab });
    },
    takeLab: (lab) => takeLab(store, lab),
    close: () => {
      for (const end of endings) end();
      map.close();
      hub.forgetAll();
      connection.close();
    },
  };
}

interface Parts {
  readonly labId: string;
  readonly connection: Connection;
  readonly store: Store<LabSessionState>;
  readonly hub: TerminalHub;
  readonly map: MapStore;
}

function listen({ labId, connection, store, hub, map }: Parts): (() => void)[] {
  const ours = (message: { labId: string }): boolean => message.labId === labId;
  return [
    connection.on('environment', (message) => {
      if (!ours(message)) return;
      const { environment } = message;
      takeEnvironment(store, hub, environment);
      // A box that is started anew leaves the clusters alone.
      if (environment.state === 'starting' && environment.why !== 'restart') map.forget();
    }),
    connection.on('usage', (message) => {
      if (ours(message)) {
        store.set({ usage: message.usage, clockOffsetMs: message.usage.at - Date.now() });
      }
    }),
    connection.on('terminals', (message) => {
      if (ours(message)) takeTerminals(store, hub, message.terminals);
    }),
    connection.on('terminal.ended', ({ terminalId, exitCode }) =>
      store.set(({ exitCodes }) => ({ exitCodes: { ...exitCodes, [terminalId]: exitCode } })),
    ),
    connection.on('lab', ({ lab }) => {
      if (ours(lab)) takeLab(store, lab);
    }),
  ];
}

/** Any state but the same `ready` means that the shells of before are gone. */
function takeEnvironment(
  store: Store<LabSessionState>,
  hub: TerminalHub,
  environment: EnvironmentState,
): void {
  const before = store.get().environment;
  const stillReady =
    before?.state === 'ready' && environment.state === 'ready' && before.since === environment.since;
  store.set({ environment });
  if (before?.state === 'ready' && !stillReady) {
    hub.forgetAll();
    store.set(({ generation }) => ({
      generation: generation + 1,
      terminals: null,
      exitCodes: {},
    }));
  }
}

function takeTerminals(store: Store<LabSessionState>, hub: TerminalHub, terminals: TerminalInfo[]): void {
  hub.keepOnly(terminals);
  store.set({ terminals });
}

/** Pushes and answers may cross: the higher revision is the newer one. A reset starts revisions anew. */
function takeLab(store: Store<LabSessionState>, lab: LabState): void {
  const known = store.get().lab;
  if (known && lab.revision < known.revision) return;
  store.set({ lab });
}

export type LimitMessage = Extract<ServerMessage, { type: 'limit' }>;
