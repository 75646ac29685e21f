/**
 * The arrows between rooms. A new arrow needs a decision record in docs/decisions/ and a line here.
 */
import { describe, expect, it } from 'vitest';
import { importsOf, type Source, sources, targetOf } from './sources.ts';

/** Room → rooms it may import. A room is a folder below `<workspace>/src` (or the workspace itself). */
const PURE = ['broker/messages', 'broker/wire'];
const ARROWS: Record<string, readonly string[]> = {
  'broker/wire': [],
  'broker/messages': ['broker/wire'],
  'broker/storage': ['broker/wire', 'broker/messages'],
  'broker/raft': PURE,
  'broker/controller': PURE,
  'broker/partition': PURE,
  'broker/group': PURE,
  'broker/transaction': PURE,
  'broker/handlers': [
    ...PURE,
    'broker/raft',
    'broker/controller',
    'broker/partition',
    'broker/group',
    'broker/transaction',
    'broker/storage',
  ],
  'broker/client': PURE,
  'broker/tools': [
    ...PURE,
    'broker/client',
    'broker/group',
    'broker/controller',
    'broker/storage',
    'broker/mirror',
  ],
  'broker/mirror': [...PURE, 'broker/client'],
  'broker/node': ['broker/*'],
  broker: ['broker/*'],
  'grader/lab': ['grader/*', 'broker/client'],
  'grader/act': ['grader/*', 'broker/client'],
  'grader/program': ['grader/*', 'broker/client'],
  'grader/checks': ['grader/*'],
  'grader/observe': ['grader/*', 'broker/client'],
  'grader/cli': ['grader/*', 'broker/client'],
  grader: ['grader/*', 'broker/client'],
  'server/contract': [],
  'server/cell': ['server/*', 'broker/node', 'broker/client'],
  server: ['server/*', 'grader', 'broker/client', 'broker/mirror'],
  web: ['web', 'server/contract'],
};

const PACKAGE_ROOMS: Record<string, string> = {
  '@brokerlab/broker': 'broker/node',
  '@brokerlab/broker/client': 'broker/client',
  '@brokerlab/broker/node': 'broker/node',
  '@brokerlab/broker/messages': 'broker/messages',
  '@brokerlab/broker/mirror': 'broker/mirror',
  '@brokerlab/broker/wire': 'broker/wire',
  '@brokerlab/grader': 'grader',
  '@brokerlab/server/contract': 'server/contract',
  '@brokerlab/server/sandbox': 'server/sandbox',
};

function roomOf(path: string): string | undefined {
  const [workspace, src, folder] = path.split('/');
  if (workspace === 'web') return 'web';
  if (src !== 'src' || workspace === undefined) return undefined;
  return folder === undefined || folder.includes('.') ? workspace : `${workspace}/${folder}`;
}

function allowedFrom(room: string): readonly string[] {
  return ARROWS[room] ?? ARROWS[room.split('/')[0]!] ?? [];
}

function isAllowed(from: string, to: string): boolean {
  if (from === to) return true;
  return allowedFrom(from).some((entry) =>
    entry.endsWith('/*') ? to === entry.slice(0, -2) || to.startsWith(entry.slice(0, -1)) : entry === to,
  );
}

function crossings(source: Source): { to: string; specifier: string }[] {
  return importsOf(source).flatMap((specifier) => {
    const target = targetOf(source, specifier);
    const to = specifier.startsWith('.') ? roomOf(target) : PACKAGE_ROOMS[specifier];
    if (specifier.startsWith('@brokerlab/') && to === undefined) return [{ to: 'unknown', specifier }];
    return to === undefined ? [] : [{ to, specifier }];
  });
}

const all = sources();

describe('rooms', () => {
  it('import only along the arrows', () => {
    const wrong: string[] = [];
    for (const source of all) {
      const from = roomOf(source.path);
      if (from === undefined) continue;
      for (const { to, specifier } of crossings(source)) {
        if (!isAllowed(from, to)) wrong.push(`${source.path}: ${from} → ${to} ("${specifier}")`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('cross workspaces by package name, not by path', () => {
    const wrong: string[] = [];
    for (const source of all.filter(
      ({ path }) => !path.startsWith('test/') && !path.startsWith('scripts/'),
    )) {
      for (const specifier of importsOf(source)) {
        const target = targetOf(source, specifier);
        if (specifier.startsWith('.') && target.split('/')[0] !== source.path.split('/')[0]) {
          wrong.push(`${source.path}: "${specifier}"`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('know an unknown arrow when they see one', () => {
    expect(isAllowed('broker/raft', 'broker/node')).toBe(false);
    expect(isAllowed('web', 'server/store')).toBe(false);
    expect(isAllowed('server/http', 'broker/node')).toBe(false);
    expect(isAllowed('server/cell', 'broker/node')).toBe(true);
  });
});

describe('pure rooms', () => {
  const FORBIDDEN: readonly [what: string, pattern: RegExp][] = [
    ['a Node.js module', /from ['"]node:/],
    ['the clock', /\bDate\.now\b|\bnew Date\(\)|\bperformance\./],
    ['randomness', /\bMath\.random\b|\bcrypto\b\./],
    ['timers', /\bset(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/],
    ['the process', /\bprocess\./],
    ['async code', /\basync\b|\bawait\b|\bnew Promise\b/],
  ];
  const pure = all.filter(({ path }) =>
    /^broker\/src\/(raft|controller|partition|group|transaction)\/|^grader\/src\/checks\//.test(path),
  );

  it('have no clock, randomness, timers, process, modules of Node.js or async code', () => {
    const wrong: string[] = [];
    for (const source of pure) {
      const code = source.text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
      for (const [what, pattern] of FORBIDDEN) {
        const match = pattern.exec(code);
        if (match) wrong.push(`${source.path}: ${what} (${match[0].trim()})`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
