/** How the box is started: the inner bubblewrap's arguments, its limits, its environment. */

import { environmentArguments, systemMounts } from './mounts.ts';
import type { BoxSettings } from './protocol.ts';

const BOX_HOME = '/home/trainee';
const BOX_PROGRAM = '/opt/brokerlab';
const SHARED_MEMORY_BYTES = 16 * 1024 * 1024;
/** Per process. Not RLIMIT_AS, which Node and WebAssembly cannot live with. */
const DATA_BYTES_MAX = 1024 * 1024 * 1024;

/** Whatever the server was started with stays outside; 3 is the channel. */
const CLOSE_OTHER_FILES = `for fd in /proc/self/fd/*; do fd=\${fd##*/}; [ "$fd" -gt 3 ] && eval "exec $fd>&-"; done`;

export interface BoxFolders {
  /** passwd, group, hosts. */
  readonly etcDir: string;
}

export function boxArguments(settings: BoxSettings, folders: BoxFolders): string[] {
  const { limits, programDir } = settings;
  const list = [
    ...['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
    ...['--disable-userns', '--assert-userns-disabled'],
    ...['--uid', '1000', '--gid', '1000', '--hostname', settings.hostName],
    ...['--die-with-parent', '--new-session'],
    ...environmentArguments(boxEnvironment(settings)),
    ...systemMounts(),
    ...['passwd', 'group', 'hosts'].flatMap((name) => [
      '--ro-bind',
      `${folders.etcDir}/${name}`,
      `/etc/${name}`,
    ]),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...['--size', String(SHARED_MEMORY_BYTES), '--perms', '1777', '--tmpfs', '/dev/shm'],
    ...['--remount-ro', '/dev'],
    ...['--size', String(limits.temporaryBytes), '--perms', '1777', '--tmpfs', '/tmp'],
    ...['--symlink', '../tmp', '/var/tmp'],
    ...['--bind', settings.homeDir, BOX_HOME],
    // Node looks for packages in the folders above a program: the home's own first, then these.
    ...['--symlink', `${BOX_PROGRAM}/node_modules`, '/home/node_modules'],
  ];
  for (const folder of ['agent', 'shell', 'tools', 'node_modules']) {
    list.push('--ro-bind-try', `${programDir}/${folder}`, `${BOX_PROGRAM}/${folder}`);
  }
  for (const path of settings.extraReadOnly) list.push('--ro-bind', path, path);
  list.push('--remount-ro', '/', '--chdir', BOX_HOME, '--cap-drop', 'ALL');
  return list;
}

export function boxEnvironment(settings: BoxSettings): Record<string, string> {
  const namespace = settings.isolation === 'namespace';
  const program = namespace ? BOX_PROGRAM : settings.programDir;
  const nodeFolder = settings.nodePath.slice(0, settings.nodePath.lastIndexOf('/'));
  const system = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'];
  const path = [`${program}/shell/bin`, `${program}/tools/bin`, ...system];
  if (!system.includes(nodeFolder)) path.splice(2, 0, nodeFolder);
  return {
    PATH: path.join(':'),
    HOME: namespace ? BOX_HOME : settings.homeDir,
    USER: 'trainee',
    LOGNAME: 'trainee',
    SHELL: '/bin/bash',
    // The C library needs a locale that exists everywhere for width and encoding; programs of ours read LANG.
    LC_CTYPE: 'C.UTF-8',
    LANG: settings.language === 'ko' ? 'ko_KR.UTF-8' : 'en_US.UTF-8',
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    BROKERLAB_SHELL: `${program}/shell`,
    BROKERLAB_NODE: settings.nodePath,
    BROKERLAB_HOST: settings.hostName,
    // Where running MirrorMakers say on which port they serve their metrics.
    BROKERLAB_MIRRORS: namespace ? '/tmp/.mirrors' : `${settings.homeDir}/.mirrors`,
    BOOTSTRAP: 'localhost:9092',
    UV_THREADPOOL_SIZE: '2',
  };
}

/**
 * What bubblewrap runs. Limits are set by bash, which is there in any case, and by the box's own user namespace,
 * so that the kernel counts this box's processes only.
 */
export function boxCommand(settings: BoxSettings): string[] {
  const { limits } = settings;
  const namespace = settings.isolation === 'namespace';
  const agent = `${namespace ? BOX_PROGRAM : settings.programDir}/agent/main.mjs`;
  const script = namespace
    ? [
        'umask 022',
        'ulimit -c 0',
        `ulimit -u ${limits.processes}`,
        `ulimit -n ${limits.openFiles}`,
        `ulimit -f ${Math.ceil(limits.fileBytes / 1024)}`,
        `ulimit -d ${Math.ceil(DATA_BYTES_MAX / 1024)}`,
        // When memory runs out, the kernel shall end something of the box, not a broker or the server.
        'echo 500 > /proc/self/oom_score_adj 2>/dev/null',
        CLOSE_OTHER_FILES,
        'exec "$@"',
      ].join('; ')
    : 'exec "$@"';
  return [
    ...['bash', '-c', script, 'box', settings.nodePath],
    ...['--max-semi-space-size=1', '--max-old-space-size=64', agent],
  ];
}

export function etcFiles(settings: BoxSettings): Record<'passwd' | 'group' | 'hosts', string> {
  return {
    passwd: `trainee:x:1000:1000:Trainee:${BOX_HOME}:/bin/bash\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n`,
    group: 'trainee:x:1000:\nnogroup:x:65534:\n',
    hosts: `127.0.0.1 localhost ${settings.hostName}\n::1 localhost\n`,
  };
}
