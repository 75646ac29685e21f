/**
 * A `/tmp` for each scene: scripts of imported scenarios write there by its name, and scenes play beside one another.
 * Needs bubblewrap and Linux's user namespaces; without them all scenes share the machine's.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
}

/** How a program is started so that it belongs to a scene. */
export type Enclose = (program: Invocation) => Invocation;

export const asItIs: Enclose = (program) => program;
const PROBE_TIMEOUT_MS = 5_000;
let possible: boolean | undefined;

/** `folder` becomes `/tmp`; of what lies in the machine's `/tmp`, only `visible` can be seen. The owner removes `folder`. */
export function privateTmp(folder: string, visible: readonly string[]): Enclose {
  const paths = visible.filter((path) => path.startsWith('/tmp/') && existsSync(path));
  const bound = paths.flatMap((path) => ['--bind', path, path]);
  // Root stays root: scenarios install and own things.
  const rights = process.getuid?.() === 0 ? ['--cap-add', 'ALL'] : [];
  const enclose: Enclose = ({ file, args }) => ({
    file: 'bwrap',
    args: [...rights, '--dev-bind', '/', '/', '--bind', folder, '/tmp', ...bound, '--', file, ...args],
  });
  possible ??= works(enclose({ file: 'true', args: [] }));
  return possible ? enclose : asItIs;
}

function works({ file, args }: Invocation): boolean {
  return spawnSync(file, args, { stdio: 'ignore', timeout: PROBE_TIMEOUT_MS }).status === 0;
}
