/**
 * Keys the page keeps for itself while a terminal has the focus; everything else goes to the shell.
 * Copying and pasting need Shift because Ctrl+C and Ctrl+V mean something in a terminal (⌘ on a Mac needs none).
 */
import { copyText } from '../../ui/clipboard.ts';
import type { TerminalSession } from './terminal-session.ts';

/** False: xterm leaves the key alone and the page handles it. */
export function handleTerminalKey(session: TerminalSession, event: KeyboardEvent): boolean {
  if (event.type !== 'keydown') return true;
  if (event.key === 'F6') return false;
  if (event.ctrlKey && event.code === 'Backquote') return false;
  if (event.altKey && (event.key === 'PageUp' || event.key === 'PageDown')) return false;
  const command = event.ctrlKey && event.shiftKey;
  if (command && event.code === 'KeyC') return copy(session, event);
  if (command && event.code === 'KeyV') return false;
  if (command && event.code === 'KeyF') {
    event.preventDefault();
    session.view.set({ searching: true });
    return false;
  }
  if (command && event.key.startsWith('Arrow')) return false;
  return true;
}

function copy(session: TerminalSession, event: KeyboardEvent): boolean {
  event.preventDefault();
  const selected = session.xterm.getSelection();
  if (selected) void copyText(selected);
  return false;
}
