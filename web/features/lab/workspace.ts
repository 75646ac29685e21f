/**
 * The right side of the lab page: panels in a dock. Terminals' panels carry the terminal's number, not its id, so that
 * a remembered layout fits the shells of tomorrow. At least one terminal panel always stands.
 */
import type { TerminalInfo } from '@brokerlab/server/contract';
import type { DockviewApi, DockviewGroupPanel, IDockviewPanel } from 'dockview-react';
import { createStore, type Store } from '../../ui/store.ts';

export interface WorkspaceState {
  /** Number of the terminal that commands of the instructions go to: the one used last. */
  readonly terminal: number;
  /** The step on the screen, whose words may point at the map. */
  readonly shownStep: string | null;
  /** Asked for by search or palette; the files' panel takes it. */
  readonly wantedFile: WantedFile | null;
  readonly palette: PaletteMode | null;
}

export interface WantedFile {
  readonly path: string;
  readonly line: number | null;
}

/** As the first character of what is typed says: a command, text in the files, or a file's name. */
export type PaletteMode = '>' | '%' | '';

export interface Workspace {
  readonly store: Store<WorkspaceState>;
  attach(api: DockviewApi): void;
  detach(): void;
  /** Opens and closes terminals' panels as the server's list says. */
  showTerminals(terminals: readonly TerminalInfo[]): void;
  show(panel: 'cluster' | 'wire' | 'files'): void;
  showTerminal(number: number): void;
  openFile(file: WantedFile): void;
  /** The next new terminal's panel stands beside that of this number. */
  splitNext(number: number): void;
  cycleTab(step: 1 | -1): void;
  growActive(axis: 'width' | 'height', pixels: number): void;
  restoreDefault(): void;
}

const layoutVersion = 2;
/** Narrower than this (62 columns), terminals share one place as tabs instead of standing side by side. */
const terminalFromPixels = 420;
/** Narrower than this, cluster and files share one place as tabs. */
const besideFromPixels = 760;
const terminalPrefix = 'terminal-';
const terminalPanelId = (number: number): string => `${terminalPrefix}${number}`;

export const numberOf = (panelId: string): number | null =>
  panelId.startsWith(terminalPrefix) ? Number(panelId.slice(terminalPrefix.length)) : null;

export function createWorkspace(storageKey: string): Workspace {
  const store = createStore<WorkspaceState>({
    terminal: 1,
    shownStep: null,
    wantedFile: null,
    palette: null,
  });
  const key = `brokerlab.layout.${layoutVersion}.${storageKey}`;
  let api: DockviewApi | null = null;
  let wanted: readonly number[] = [1];
  let splitBeside: number | null = null;
  let endings: { dispose(): void }[] = [];
  /** Of the dock, when it was last laid out. */
  let width = Number.POSITIVE_INFINITY;

  const sync = (): void => {
    if (!api) return;
    for (const panel of api.panels) {
      const number = numberOf(panel.id);
      if (number !== null && !wanted.includes(number)) api.removePanel(panel);
    }
    for (const number of wanted) {
      if (api.getPanel(terminalPanelId(number))) continue;
      addTerminal(api, number, splitBeside);
      splitBeside = null;
    }
  };
  /** Panels that the person made narrow stay so: only a narrower window folds them. */
  const foldIfNarrower = (): boolean => {
    if (!api) return false;
    const isNarrower = api.width < width;
    width = api.width;
    return isNarrower && foldNarrow(api);
  };
  const start = (dock: DockviewApi, stored: string | null): void => {
    if (!stored || !tryRestore(dock, stored)) buildDefault(dock);
    addMissing(dock);
    sync();
  };

  return {
    store,
    attach: (dock) => {
      api = dock;
      width = Number.POSITIVE_INFINITY;
      start(dock, readStored(key));
      endings = [
        dock.onDidLayoutChange(() => {
          if (!foldIfNarrower()) writeStored(key, JSON.stringify(dock.toJSON()));
        }),
        onResize(foldIfNarrower),
        dock.onDidActivePanelChange((event) => {
          const number = event.panel ? numberOf(event.panel.id) : null;
          if (number !== null) store.set({ terminal: number });
        }),
      ];
    },
    detach: () => {
      for (const ending of endings) ending.dispose();
      endings = [];
      api = null;
    },
    showTerminals: (terminals) => {
      wanted = terminals.length > 0 ? terminals.map((terminal) => terminal.number) : [1];
      sync();
      if (!wanted.includes(store.get().terminal)) store.set({ terminal: wanted[0] ?? 1 });
    },
    show: (panel) => api?.getPanel(panel)?.api.setActive(),
    showTerminal: (number) => api?.getPanel(terminalPanelId(number))?.api.setActive(),
    openFile: (file) => {
      api?.getPanel('files')?.api.setActive();
      store.set({ wantedFile: file });
    },
    splitNext: (number) => {
      splitBeside = number;
    },
    cycleTab: (step) => {
      const group = api?.activeGroup;
      if (!group) return;
      const at = group.panels.findIndex((panel) => panel.id === group.activePanel?.id);
      group.panels.at((at + step) % group.panels.length)?.api.setActive();
    },
    growActive: (axis, pixels) => {
      const group = api?.activeGroup;
      if (axis === 'width') group?.api.setSize({ width: group.api.width + pixels });
      else group?.api.setSize({ height: group.api.height + pixels });
    },
    restoreDefault: () => {
      if (!api) return;
      api.clear();
      start(api, null);
    },
  };
}

/** Panels that a layout of an earlier version does not have. */
function addMissing(api: DockviewApi): void {
  if (api.getPanel('wire')) return;
  const position = { referencePanel: 'cluster', direction: 'within' as const };
  api.addPanel({ id: 'wire', component: 'wire', title: 'wire', position, inactive: true });
}

/** Cluster and files above, terminals below in the whole width: tables of the tools are wide. */
function buildDefault(api: DockviewApi): void {
  const beside = api.width >= besideFromPixels;
  const cluster = api.addPanel({ id: 'cluster', component: 'cluster', title: 'cluster' });
  const terminal = api.addPanel({
    id: terminalPanelId(1),
    component: 'terminal',
    title: terminalPanelId(1),
    params: { number: 1 },
    position: { referencePanel: 'cluster', direction: 'below' },
  });
  const files = api.addPanel({
    id: 'files',
    component: 'files',
    title: 'files',
    position: { referencePanel: 'cluster', direction: beside ? 'right' : 'within' },
    inactive: !beside,
  });
  cluster.api.setSize({ height: Math.round(api.height * 0.43) });
  if (beside) files.api.setSize({ width: Math.round(api.width * 0.4) });
  terminal.api.setActive();
}

/** Beside the asked one as a group of its own where there is room for it, else as a tab next to the other terminals. */
function addTerminal(api: DockviewApi, number: number, beside: number | null): void {
  const reference: IDockviewPanel | undefined =
    (beside !== null ? api.getPanel(terminalPanelId(beside)) : undefined) ??
    api.panels.findLast((panel) => numberOf(panel.id) !== null);
  const row = terminalGroups(api);
  const rowWidth = row.reduce((sum, group) => sum + group.api.width, 0);
  const splits = beside !== null && rowWidth >= (row.length + 1) * terminalFromPixels;
  const added = api.addPanel({
    id: terminalPanelId(number),
    component: 'terminal',
    title: terminalPanelId(number),
    params: { number },
    // Opened elsewhere, it must not push away what one looks at; opened here, it is shown right after.
    inactive: true,
    position: reference
      ? { referencePanel: reference, direction: splits ? 'right' : 'within' }
      : { direction: 'below' },
  });
  if (!splits) return;
  // All alike: the new one has taken its room from one of them only.
  for (const group of [...row, added.group])
    group.api.setSize({ width: Math.round(rowWidth / (row.length + 1)) });
}

/** Where only terminals are. */
function terminalGroups(api: DockviewApi): DockviewGroupPanel[] {
  return api.groups.filter(
    (group) => group.panels.length > 0 && group.panels.every((panel) => numberOf(panel.id) !== null),
  );
}

/** Once the window has its size and the dock has taken it. */
function onResize(act: () => void): { dispose(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(act, 150);
  };
  addEventListener('resize', later);
  return {
    dispose: () => {
      clearTimeout(timer);
      removeEventListener('resize', later);
    },
  };
}

/** The window has become narrower: terminals side by side become tabs of one place. True when something was moved. */
function foldNarrow(api: DockviewApi): boolean {
  const terminals = terminalGroups(api);
  const narrow = terminals.find(
    (group) => group.api.width > 0 && group.api.width < Math.min(terminalFromPixels, api.width) - 1,
  );
  const target = narrow && terminals.find((group) => group !== narrow);
  if (!narrow || !target) return false;
  for (const panel of [...narrow.panels]) panel.api.moveTo({ group: target, position: 'center' });
  return true;
}

function tryRestore(api: DockviewApi, stored: string): boolean {
  try {
    api.fromJSON(JSON.parse(stored));
    const hasAll = ['cluster', 'files'].every((id) => api.getPanel(id));
    if (hasAll) return true;
  } catch {
    // written by another version, or damaged: the default layout follows
  }
  api.clear();
  return false;
}

function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function writeStored(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The layout is only a convenience.
  }
}
