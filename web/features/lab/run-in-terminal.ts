/** Terminals opened and used on the person's behalf: by a button, a key, or a command of the instructions. */
import type { TerminalInfo } from '@brokerlab/server/contract';
import type { LabContextValue } from './lab-context.tsx';

/** Runs a command in the terminal of a number, opening one first when there is none of that number; resolves to the number it has. */
export async function runInTerminal(
  lab: LabContextValue,
  target: { number: number; command: string },
): Promise<number> {
  const running = (lab.session.store.get().terminals ?? []).find(
    (terminal) => terminal.number === target.number && terminal.state === 'running',
  );
  const info = running ?? (await openTerminal(lab));
  lab.workspace.showTerminal(info.number);
  const terminal = lab.session.hub.sessionOf(info);
  terminal.run(target.command);
  terminal.focus();
  return info.number;
}

/** A new terminal, shown and ready to be typed into; `besideOf` splits the panel of that terminal. */
export async function openTerminal(
  { session, workspace }: LabContextValue,
  options: { besideOf?: number } = {},
): Promise<TerminalInfo> {
  if (options.besideOf !== undefined) workspace.splitNext(options.besideOf);
  const info = await session.openTerminal();
  // Panels follow the pushed list, which may come a moment later than the answer.
  const terminals = session.store.get().terminals ?? [];
  if (!terminals.some((terminal) => terminal.id === info.id))
    session.store.set({ terminals: [...terminals, info] });
  workspace.showTerminal(info.number);
  session.hub.sessionOf(info).focus();
  return info;
}
