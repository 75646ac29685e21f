/**
 * What a clone needs before anything runs: npm packages, and system packages where we may install them.
 * Plain JavaScript without dependencies: it runs before they exist.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const NODE_MIN = [20, 19, 4];

const SYSTEM_PACKAGES = {
  bubblewrap: {
    command: 'bwrap',
    lost: 'trainees have no isolation (only "--sandbox process", for one local person)',
  },
  chromium: { command: 'chromium', lost: 'browser tests are skipped' },
  kcat: { command: 'kcat', lost: 'interoperability tests with librdkafka are skipped' },
};

/** Stops with one sentence when this Node.js is too old. */
export function requireNode() {
  const have = process.versions.node.split('.').map(Number);
  const differs = NODE_MIN.findIndex((part, index) => have[index] !== part);
  if (differs >= 0 && have[differs] < NODE_MIN[differs]) {
    fail(`Brokerlab needs Node.js ${NODE_MIN.join('.')} or newer, and this is ${process.versions.node}.`);
  }
}

/** Runs `npm ci` when node_modules does not match the lock file. */
export function installPackages() {
  const stamp = join(ROOT, 'node_modules', '.brokerlab-lock');
  const wanted = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Installing packages (npm ci) …');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync('npm', ['ci', ...flags], {
    cwd: ROOT,
    stdio: ['ignore', process.stderr, 'inherit'],
  });
  if (result.error) fail(`npm could not be started (${result.error.message}): install npm and try again.`);
  if (result.status !== 0) fail('npm ci failed; its reason stands above. Mend that and try again.');
  writeFileSync(stamp, wanted);
}

/** Installs missing system packages as root on Debian or Ubuntu; elsewhere says what to do and what is lost. */
export function installSystemPackages(names) {
  if (process.platform !== 'linux') return;
  const isMissing = (name) => !hasCommand(SYSTEM_PACKAGES[name].command);
  const missing = names.filter(isMissing);
  if (missing.length > 0 && process.getuid() === 0 && hasCommand('apt-get')) {
    say(`Installing ${missing.join(', ')} (apt-get) …`);
    if (aptGet(['install', '-y', '--no-install-recommends', ...missing]).status !== 0) {
      aptGet(['update']);
      const retry = aptGet(['install', '-y', '--no-install-recommends', ...missing]);
      if (retry.status !== 0) say(`apt-get refused: ${String(retry.stderr).trim().split('\n').at(-1)}`);
    }
  }
  for (const name of missing.filter(isMissing)) {
    const { lost } = SYSTEM_PACKAGES[name];
    say(`${name} is missing: "sudo apt-get install ${name}" installs it; without it ${lost}.`);
  }
}

function aptGet(args) {
  return spawnSync('apt-get', args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 600_000,
  });
}

function hasCommand(command) {
  try {
    execFileSync('/bin/sh', ['-c', `command -v ${command}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** On stderr: what a command prints on stdout may go into a file. */
export function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}

/** @returns {never} */
export function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
