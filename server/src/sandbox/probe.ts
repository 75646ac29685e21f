/** Tries, at start, each thing that a sandbox needs of this machine, and turns each failure into advice. */
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CgroupFinding } from './cgroups.ts';
import type { SandboxFolders } from './folders.ts';
import type { OwnerRange } from './owners.ts';
import type { ProbeCheck, ProbeReport, Sentence } from './sandbox.ts';

const TRY_TIMEOUT_MS = 10_000;

export interface ProbeOptions {
  readonly asRoot: boolean;
  readonly owners: OwnerRange | undefined;
  readonly folders: () => SandboxFolders;
  readonly nodePath: string;
  readonly cgroups: CgroupFinding;
}

export async function probeBwrap(options: ProbeOptions): Promise<ProbeReport> {
  const checks: ProbeCheck[] = [];
  const add = (check: ProbeCheck): boolean => {
    checks.push(check);
    return check.state !== 'failed';
  };
  const needed =
    add(platformCheck()) &&
    add(await bubblewrapCheck()) &&
    add(ownersCheck(options)) &&
    add(programCheck(options));
  if (!needed) return { usable: false, checks };
  const owner = options.owners?.first;
  const usable =
    add(await namespacesCheck(owner)) && add(await procCheck(owner)) && add(await nestedCheck(owner));
  if (usable) checks.push(filterCheck(), cgroupCheck(options.cgroups));
  return { usable, checks };
}

function platformCheck(): ProbeCheck {
  if (process.platform === 'linux') return { name: 'platform', state: 'ok', found: 'linux' };
  return {
    name: 'platform',
    state: 'failed',
    found: process.platform,
    advice: {
      ko: 'bwrap 샌드박스는 리눅스에서만 돼요. --sandbox process 로 혼자 쓰거나 리눅스 서버에서 실행하세요.',
      en: 'The bwrap sandbox needs Linux. Use --sandbox process for yourself alone, or run the server on Linux.',
    },
  };
}

async function bubblewrapCheck(): Promise<ProbeCheck> {
  const found = await attempt(['bwrap', '--version'], undefined);
  if (found.exitCode === 0) return { name: 'bubblewrap', state: 'ok', found: found.output.trim() };
  const install = installCommand('bubblewrap');
  return {
    name: 'bubblewrap',
    state: 'failed',
    found: 'bwrap: not found',
    advice: {
      ko: `bubblewrap이 없어요. 다음 명령으로 설치하세요: ${install}`,
      en: `bubblewrap is missing. Install it with: ${install}`,
    },
  };
}

function ownersCheck({ asRoot, owners }: ProbeOptions): ProbeCheck {
  if (!asRoot) return { name: 'users', state: 'ok', found: `all cells run as user ${process.getuid?.()}` };
  if (owners === undefined) {
    return {
      name: 'users',
      state: 'failed',
      found: 'no free range',
      advice: {
        ko: '수강생마다 쓸 사용자 번호의 빈 범위를 찾지 못했어요. /etc/subuid를 확인하세요.',
        en: 'Found no unused range of user ids to run cells as. Look at /etc/subuid.',
      },
    };
  }
  const last = owners.first + owners.count - 1;
  return { name: 'users', state: 'ok', found: `cells run as users ${owners.first} to ${last}` };
}

function programCheck({ folders }: ProbeOptions): ProbeCheck {
  try {
    const { programDir } = folders();
    for (const file of ['cell/main.mjs', 'agent/main.mjs', 'agent/pty.node']) {
      accessSync(join(programDir, file), constants.R_OK);
    }
    return { name: 'program', state: 'ok', found: programDir };
  } catch (error) {
    return {
      name: 'program',
      state: 'failed',
      found: error instanceof Error ? error.message : String(error),
      advice: { ko: 'npm run build 를 먼저 실행하세요.', en: 'Run npm run build first.' },
    };
  }
}

const LAYER = ['--unshare-user', '--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts'];
const SYSTEM = ['--ro-bind', '/', '/'];

async function namespacesCheck(owner: number | undefined): Promise<ProbeCheck> {
  const tried = await attempt(['bwrap', ...LAYER, ...SYSTEM, '--dev', '/dev', '--', 'true'], owner);
  if (tried.exitCode === 0) return { name: 'namespaces', state: 'ok', found: 'user, pid, net, ipc, uts' };
  return { name: 'namespaces', state: 'failed', found: tried.output.trim(), advice: namespaceAdvice() };
}

function namespaceAdvice(): Sentence {
  if (sysctl('kernel/unprivileged_userns_clone') === '0') {
    return {
      ko: '사용자 네임스페이스가 꺼져 있어요: sudo sysctl -w kernel.unprivileged_userns_clone=1',
      en: 'User namespaces are switched off: sudo sysctl -w kernel.unprivileged_userns_clone=1',
    };
  }
  if (sysctl('user/max_user_namespaces') === '0') {
    return {
      ko: '사용자 네임스페이스의 개수가 0으로 제한되어 있어요: sudo sysctl -w user.max_user_namespaces=15000',
      en: 'No user namespaces are allowed: sudo sysctl -w user.max_user_namespaces=15000',
    };
  }
  if (sysctl('kernel/apparmor_restrict_unprivileged_userns') === '1') {
    return {
      ko: 'AppArmor가 사용자 네임스페이스를 막고 있어요(Ubuntu 23.10 이상): sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, 또는 bwrap용 AppArmor 프로필을 설치하세요.',
      en: 'AppArmor refuses user namespaces (Ubuntu 23.10 and later): sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or install an AppArmor profile for bwrap.',
    };
  }
  if (inContainer()) {
    return {
      ko: '컨테이너의 seccomp 설정이 네임스페이스를 막고 있어요. 네임스페이스를 허용하는 프로필(--security-opt seccomp=프로필.json)과 --security-opt systempaths=unconfined 로 실행하세요. --privileged 는 필요 없어요.',
      en: "The container's seccomp profile refuses namespaces. Run it with a profile that allows them (--security-opt seccomp=PROFILE.json) and --security-opt systempaths=unconfined. --privileged is not needed.",
    };
  }
  return {
    ko: '커널이 네임스페이스를 허용하지 않아요. 위 메시지를 관리자에게 보여 주거나, 혼자 쓴다면 --sandbox process 로 실행하세요.',
    en: 'The kernel refuses namespaces. Show the message above to whoever runs this machine; alone, you can use --sandbox process.',
  };
}

async function procCheck(owner: number | undefined): Promise<ProbeCheck> {
  const tried = await attempt(
    [
      'bwrap',
      ...LAYER,
      ...SYSTEM,
      '--dev',
      '/dev',
      '--proc',
      '/proc',
      '--',
      'test',
      '-r',
      '/proc/self/status',
    ],
    owner,
  );
  if (tried.exitCode === 0) return { name: 'proc', state: 'ok', found: 'a /proc of its own' };
  return {
    name: 'proc',
    state: 'failed',
    found: tried.output.trim(),
    advice: {
      ko: '/proc의 일부가 가려진 컨테이너라서 새 /proc 을 만들 수 없어요. --security-opt systempaths=unconfined 로 실행하세요(쿠버네티스: procMount: Unmasked).',
      en: 'Parts of /proc are masked in this container, so no new one can be mounted. Run it with --security-opt systempaths=unconfined (Kubernetes: procMount: Unmasked).',
    },
  };
}

/** The inner layer in the outer one, as a cell does it. */
async function nestedCheck(owner: number | undefined): Promise<ProbeCheck> {
  const inner = ['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--disable-userns'];
  const tried = await attempt(
    [
      ...['bwrap', ...LAYER, ...SYSTEM, '--dev', '/dev', '--proc', '/proc', '--'],
      ...[
        'bwrap',
        ...inner,
        '--uid',
        '1000',
        '--gid',
        '1000',
        ...SYSTEM,
        '--dev',
        '/dev',
        '--proc',
        '/proc',
        '--',
      ],
      'true',
    ],
    owner,
  );
  if (tried.exitCode === 0) return { name: 'nesting', state: 'ok', found: 'two layers' };
  const old = tried.output.includes('--disable-userns');
  return {
    name: 'nesting',
    state: 'failed',
    found: tried.output.trim(),
    advice: old
      ? {
          ko: 'bubblewrap이 너무 오래되었어요. 0.8 이상을 설치하세요.',
          en: 'This bubblewrap is too old. Install 0.8 or later.',
        }
      : {
          ko: '네임스페이스를 두 겹으로 만들 수 없어요. user.max_user_namespaces 와 컨테이너의 보안 설정을 확인하세요.',
          en: 'A namespace within a namespace is refused. Look at user.max_user_namespaces and the security options of the container.',
        },
  };
}

function filterCheck(): ProbeCheck {
  if (process.arch === 'x64' || process.arch === 'arm64') {
    return { name: 'system-calls', state: 'ok', found: `filter for ${process.arch}` };
  }
  return {
    name: 'system-calls',
    state: 'degraded',
    found: process.arch,
    advice: {
      ko: '이 프로세서에는 시스템 호출 필터가 없어요. 네임스페이스만으로 격리해요.',
      en: 'There is no system call filter for this processor; namespaces alone separate trainees.',
    },
  };
}

function cgroupCheck(finding: CgroupFinding): ProbeCheck {
  if (finding.usable) return { name: 'cgroups', state: 'ok', found: finding.controllers.join(', ') };
  return {
    name: 'cgroups',
    state: 'degraded',
    found: finding.reason,
    advice: {
      ko: 'cgroup v2 가 위임되지 않아 프로세서 몫을 나눌 수 없고, 메모리는 커널 대신 서버가 지켜봐요. systemd 에서 Delegate=yes 로 실행하면 해결돼요.',
      en: 'cgroup v2 is not delegated: processor shares are not enforced, and memory is watched by the server instead of the kernel. Run under systemd with Delegate=yes to have both.',
    },
  };
}

function installCommand(name: string): string {
  const managers: readonly [file: string, command: string][] = [
    ['/usr/bin/apt-get', `sudo apt-get install -y ${name}`],
    ['/usr/bin/dnf', `sudo dnf install -y ${name}`],
    ['/usr/bin/yum', `sudo yum install -y ${name}`],
    ['/usr/bin/zypper', `sudo zypper install -y ${name}`],
    ['/usr/bin/pacman', `sudo pacman -S ${name}`],
    ['/sbin/apk', `sudo apk add ${name}`],
  ];
  return managers.find(([file]) => existsSync(file))?.[1] ?? `your package manager (package ${name})`;
}

const sysctl = (name: string): string | undefined => readText(`/proc/sys/${name}`)?.trim();

function inContainer(): boolean {
  return (
    existsSync('/.dockerenv') ||
    existsSync('/run/.containerenv') ||
    existsSync('/var/run/secrets/kubernetes.io')
  );
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

interface Attempt {
  readonly exitCode: number | null;
  readonly output: string;
}

function attempt(command: readonly string[], owner: number | undefined): Promise<Attempt> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command[0]!, command.slice(1), {
      cwd: '/',
      env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: TRY_TIMEOUT_MS,
      killSignal: 'SIGKILL',
      ...(owner === undefined ? {} : { uid: owner, gid: owner }),
    });
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-1000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => resolve({ exitCode: null, output: error.message }));
    child.once('close', (exitCode) => resolve({ exitCode, output }));
  });
}
