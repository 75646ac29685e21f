/** The terminals of one lab in this window, by their ids on the server. */
import type { TerminalInfo } from '@brokerlab/server/contract';
import type { Connection } from '../../api/connection.ts';
import { TerminalSession } from './terminal-session.ts';

export interface TerminalHub {
  /** The session of a terminal the server has; made when first asked for. */
  sessionOf(info: TerminalInfo): TerminalSession;
  /** Those the server no longer has are disposed of. */
  keepOnly(terminals: readonly TerminalInfo[]): void;
  /** After a reconnect: everything that was shown goes on where it stood. */
  attachAll(): void;
  /** The environment was started anew: ids may come again and mean other shells. */
  forgetAll(): void;
  setTheme(theme: 'light' | 'dark'): void;
  /** Mirrors only: somebody else's terminals take what is typed here. */
  allowTyping(allowed: boolean): void;
}

export function createTerminalHub(
  connection: Connection,
  options: { theme: 'light' | 'dark'; mirror: boolean },
): TerminalHub {
  const sessions = new Map<string, TerminalSession>();
  const { mirror } = options;
  let { theme } = options;
  let typing = false;
  const drop = (id: string): void => {
    sessions.get(id)?.dispose();
    sessions.delete(id);
  };
  return {
    sessionOf: (info) => {
      const known = sessions.get(info.id);
      if (known) return known;
      const session = new TerminalSession({ id: info.id, connection, theme, mirror });
      session.typingAllowed = typing;
      sessions.set(info.id, session);
      return session;
    },
    keepOnly: (terminals) => {
      const ids = new Set(terminals.map((terminal) => terminal.id));
      for (const id of [...sessions.keys()]) if (!ids.has(id)) drop(id);
    },
    attachAll: () => {
      for (const session of sessions.values()) session.attach();
    },
    forgetAll: () => {
      for (const id of [...sessions.keys()]) drop(id);
    },
    setTheme: (next) => {
      theme = next;
      for (const session of sessions.values()) session.setTheme(next);
    },
    allowTyping: (allowed) => {
      typing = allowed;
      for (const session of sessions.values()) session.typingAllowed = allowed;
    },
  };
}
