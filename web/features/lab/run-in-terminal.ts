/** Runs a command in the terminal of a number, opening one first when there is none of that number. */
import type { TerminalInfo } from '@brokerlab/server/contract';
import type { LabContextValue } from './lab-context.tsx';

export async function runInTerminal(
  { session, workspace }: LabContextValue,
  target: { number: number; command: string },
): Promise<void> {
  const info = find(session.store.get().terminals ?? [], target.number) ?? (await session.openTerminal());
  // The panel follows the pushed list; a terminal just opened may be told of a moment later.
  if (!find(session.store.get().terminals ?? [], info.number)) {
    const terminals = session.store.get().terminals ?? [];
    session.store.set({ terminals: [...terminals, info] });
  }
  workspace.showTerminal(info.number);
  const terminal = session.hub.sessionOf(info);
  terminal.run(target.command);
  terminal.focus();
}

function find(terminals: readonly TerminalInfo[], number: number): TerminalInfo | undefined {
  return terminals.find((terminal) => terminal.number === number && terminal.state === 'running');
}
