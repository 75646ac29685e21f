/** The outer layer: a network of its own, our code and one trainee's folders; nothing else of the machine. */
import { environmentArguments, systemMounts } from '../cell/mounts.ts';

export const CELL_PATHS = {
  home: '/data/home',
  cluster: '/data/cluster',
  snapshots: '/data/snapshots',
  sockets: '/run/cell',
  program: '/opt/brokerlab',
} as const;

const TEMPORARY_BYTES = 16 * 1024 * 1024;

export interface CellFolders {
  readonly dataDir: string;
  readonly runDir: string;
  readonly programDir: string;
  readonly extraReadOnly: readonly string[];
  /** Where /etc/hosts is read from. */
  readonly hostsFd: number;
}

export function cellArguments(folders: CellFolders): string[] {
  return [
    ...['--unshare-user', '--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts'],
    ...['--unshare-cgroup-try', '--hostname', 'cell', '--die-with-parent', '--new-session'],
    ...environmentArguments({
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: '/data',
      LANG: 'C.UTF-8',
      UV_THREADPOOL_SIZE: '2',
      // Small heaps are returned to the system sooner; a cell is idle nearly always.
      MALLOC_ARENA_MAX: '1',
    }),
    ...systemMounts(),
    ...['--proc', '/proc', '--dev', '/dev', '--size', String(TEMPORARY_BYTES), '--tmpfs', '/tmp'],
    ...['--bind', folders.dataDir, '/data', '--bind', folders.runDir, CELL_PATHS.sockets],
    ...['--ro-bind', folders.programDir, CELL_PATHS.program],
    ...folders.extraReadOnly.flatMap((path) => ['--ro-bind', path, path]),
    ...['--ro-bind-data', String(folders.hostsFd), '/etc/hosts'],
    ...['--chdir', '/data', '--cap-drop', 'ALL'],
  ];
}

export function cellCommand(nodePath: string, programDir: string): string[] {
  return [nodePath, '--max-semi-space-size=1', '--max-old-space-size=256', `${programDir}/cell/main.mjs`];
}
