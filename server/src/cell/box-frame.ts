/** Which of the box's processes are its own frame, and which are the trainee's. */
import type { BoxProcess } from './processes.ts';

export interface Sorted {
  /** bubblewrap (our child), the box's init (its child), the agent (that one's first child; later ones are orphans). */
  readonly frame: readonly BoxProcess[];
  /** What the agent started: the terminals' shells and commands run for the server. */
  readonly shells: readonly BoxProcess[];
  readonly programs: readonly BoxProcess[];
}

export function sortProcesses(processes: readonly BoxProcess[], cellPid: number): Sorted {
  const childrenOf = (parent: number | undefined): BoxProcess[] =>
    processes
      .filter((process) => process.parent === parent)
      .sort((one, other) => one.startedTicks - other.startedTicks);
  const outer = childrenOf(cellPid)[0];
  const init = childrenOf(outer?.pid)[0];
  const agent = childrenOf(init?.pid)[0];
  const frame = [outer, init, agent].filter((process) => process !== undefined);
  const shells = agent === undefined ? [] : childrenOf(agent.pid);
  const known = new Set([...frame, ...shells]);
  return { frame, shells, programs: processes.filter((process) => !known.has(process)) };
}
