/**
 * Keys that work anywhere on the lab page, terminals and editor included: they are taken before either sees them.
 * F6 goes from panel to panel, so that nobody is caught in a terminal or an editor, where Tab means something else.
 */
import type { LabContextValue } from './lab-context.tsx';
import type { PaletteMode } from './workspace.ts';

const growPixels = 40;

export interface LabKeyActions {
  readonly newTerminal: () => void;
  readonly splitTerminal: () => void;
}

export function listenToLabKeys(lab: LabContextValue, actions: LabKeyActions): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || !handle(event, lab, actions)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener('keydown', onKeyDown, { capture: true });
  return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
}

function handle(event: KeyboardEvent, { workspace }: LabContextValue, actions: LabKeyActions): boolean {
  if (document.querySelector('[role="dialog"]')) return false;
  if (event.key === 'F6') {
    focusPanel(event.shiftKey ? -1 : 1);
    return true;
  }
  const mode = paletteModeOf(event);
  if (mode !== null) {
    workspace.store.set({ palette: mode });
    return true;
  }
  if (event.ctrlKey && event.shiftKey && event.code === 'KeyE') {
    workspace.show('files');
    return true;
  }
  if (event.ctrlKey && event.shiftKey && event.code === 'Digit5') {
    actions.splitTerminal();
    return true;
  }
  if (event.ctrlKey && event.code === 'Backquote') {
    if (event.shiftKey) actions.newTerminal();
    else focusTerminal(workspace.store.get().terminal);
    return true;
  }
  if (event.altKey && !event.ctrlKey && (event.key === 'PageUp' || event.key === 'PageDown')) {
    workspace.cycleTab(event.key === 'PageDown' ? 1 : -1);
    // The panel that had the focus has left the page; the one that came takes it.
    requestAnimationFrame(() => {
      const group = document.querySelector('.dv-groupview.dv-active-group');
      if (group) focusInside(group);
    });
    return true;
  }
  const inEditor = event.target instanceof Element && event.target.closest('.monaco-editor') !== null;
  if (event.altKey && event.shiftKey && event.key.startsWith('Arrow') && !inEditor) {
    const grow = event.key === 'ArrowUp' || event.key === 'ArrowRight' ? growPixels : -growPixels;
    workspace.growActive(event.key === 'ArrowUp' || event.key === 'ArrowDown' ? 'height' : 'width', grow);
    return true;
  }
  return false;
}

/** As in VS Code, but that a shell keeps Ctrl+P, and a terminal finds in itself by Ctrl+Shift+F. */
function paletteModeOf(event: KeyboardEvent): PaletteMode | null {
  const command = event.ctrlKey || event.metaKey;
  const inTerminal = event.target instanceof Element && event.target.closest('.terminal-panel') !== null;
  if (event.key === 'F1' || (command && event.shiftKey && event.code === 'KeyP')) return '>';
  if (!command || event.altKey || inTerminal) return null;
  if (event.shiftKey) return event.code === 'KeyF' ? '%' : null;
  return event.code === 'KeyP' ? '' : null;
}

export function focusTerminal(number: number): void {
  const panel = document.querySelector(`[data-testid="terminal-${number}"]`);
  if (panel) focusInside(panel);
}

/** Panels in the order they are read: instructions, checks, groups of the dock, footer, header. */
function focusPanel(step: 1 | -1): void {
  const panels = [
    ...document.querySelectorAll('[data-panel="read"], [data-panel="checks"]'),
    ...document.querySelectorAll('.dv-groupview'),
    ...document.querySelectorAll('[data-panel="footer"], [data-panel="header"]'),
  ];
  const at = panels.findIndex((panel) => panel.contains(document.activeElement));
  const next = at < 0 ? (step > 0 ? 0 : panels.length - 1) : (at + step + panels.length) % panels.length;
  const panel = panels[next];
  if (panel) focusInside(panel);
}

const insideTargets = [
  '.xterm-helper-textarea',
  '.monaco-editor .native-edit-context',
  '.monaco-editor textarea',
  '[data-panel-focus]',
  '[role="treeitem"][tabindex="0"]',
  '.dv-tab',
  'button:not([disabled]), a[href]',
];

function focusInside(panel: Element): void {
  if (panel instanceof HTMLElement && (panel.dataset.panel === 'read' || panel.dataset.panel === 'checks')) {
    panel.focus();
    return;
  }
  for (const selector of insideTargets) {
    const target = [...panel.querySelectorAll<HTMLElement>(selector)].find(
      (element) => element.offsetParent !== null || element.matches('.xterm-helper-textarea'),
    );
    if (target) {
      target.focus();
      return;
    }
  }
}
