/** bubblewrap arguments that both layers share: the system's programs, read-only, and nothing of its state. */
import { lstatSync, readlinkSync } from 'node:fs';

/** Of /etc, only what programs need to run: names, libraries' addresses, alternatives, time, Java's and editors' settings. */
const ETC = [
  '/etc/alternatives',
  '/etc/ld.so.cache',
  '/etc/ld.so.conf',
  '/etc/ld.so.conf.d',
  '/etc/localtime',
  '/etc/nsswitch.conf',
  '/etc/terminfo',
  '/etc/vim',
  '/etc/nanorc',
];
const JAVA_ETC = [
  '/etc/java-11-openjdk',
  '/etc/java-17-openjdk',
  '/etc/java-21-openjdk',
  '/etc/java-25-openjdk',
];
const TOP_FOLDERS = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];

export function systemMounts(): string[] {
  const mounts = ['--ro-bind', '/usr', '/usr'];
  for (const folder of TOP_FOLDERS) {
    const status = lstatSync(folder, { throwIfNoEntry: false });
    if (status?.isSymbolicLink() === true) mounts.push('--symlink', readlinkSync(folder), folder);
    else if (status?.isDirectory() === true) mounts.push('--ro-bind', folder, folder);
  }
  mounts.push('--ro-bind-try', '/nix/store', '/nix/store');
  for (const path of [...ETC, ...JAVA_ETC]) mounts.push('--ro-bind-try', path, path);
  return mounts;
}

export function environmentArguments(environment: Readonly<Record<string, string>>): string[] {
  return ['--clearenv', ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value])];
}

/** For `--args FD`: an argument list no other process can read off the process table. */
export function encodeArguments(list: readonly string[]): Buffer {
  return Buffer.from(`${list.join('\0')}\0`);
}
