/** What happens to an environment → what the windows of its lab are told. */
import type { ServerMessage } from '../contract/main.ts';
import type { Cell } from '../sandbox/main.ts';
import type { EnvironmentListener } from './environment.ts';

export function environmentListener(to: {
  readonly labId: string;
  readonly now: () => number;
  readonly broadcast: (message: ServerMessage) => void;
  readonly onChanged: () => void;
  readonly onCell: (cell: Cell) => void;
  readonly onCellGone: () => void;
}): EnvironmentListener {
  const { labId, now, broadcast, onChanged, onCell, onCellGone } = to;
  return {
    onState: (environment) => {
      broadcast({ type: 'environment', labId, environment });
      onChanged();
    },
    onTerminals: (terminals) => broadcast({ type: 'terminals', labId, terminals: [...terminals] }),
    onLimit: (limit, message) => broadcast({ type: 'limit', labId, limit, message, at: now() }),
    onFiles: (folders) => broadcast({ type: 'files.changed', labId, folders: [...folders] }),
    onCell,
    onCellGone,
  };
}
