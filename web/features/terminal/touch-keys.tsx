/** Keys that the keyboard of a touch screen does not have. Ctrl holds for the next key only. */
import { useTexts } from '../../ui/i18n.ts';
import { useStore } from '../../ui/store.ts';
import { useTouch } from '../../ui/use-touch.ts';
import type { TerminalKey, TerminalSession } from './terminal-session.ts';

const keys = [
  ['escape', 'Esc'],
  ['tab', 'Tab'],
  ['interrupt', 'Ctrl+C'],
  ['up', '↑'],
  ['down', '↓'],
  ['left', '←'],
  ['right', '→'],
  ['-', '-'],
  ['/', '/'],
  ['|', '|'],
  ['end', 'Ctrl+D'],
] as const satisfies readonly (readonly [TerminalKey, string])[];

export function TouchKeys({ session }: { session: TerminalSession }) {
  const t = useTexts();
  const touch = useTouch();
  const ctrl = useStore(session.view, (view) => view.ctrl);
  if (!touch) return null;
  return (
    <div className="touch-keys" role="toolbar" aria-label={t('terminal.touchKeys')} data-testid="touch-keys">
      <button
        type="button"
        aria-pressed={ctrl}
        // The terminal keeps the focus, and with it the screen's keyboard.
        onPointerDown={(event) => event.preventDefault()}
        onClick={() => session.view.set({ ctrl: !ctrl })}
      >
        Ctrl
      </button>
      {keys.map(([key, label]) => (
        <button
          key={key}
          type="button"
          data-testid={`key-${key}`}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => session.press(key)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
