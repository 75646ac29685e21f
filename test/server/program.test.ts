/** The program as a person starts it: one sentence for what is wrong, nothing left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';

const ROOT = join(import.meta.dirname, '..', '..');
let data: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'brokerlab-program-'));
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(data, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  printed(): string;
  readonly ended: Promise<number | null>;
}

function start(...args: string[]): Run {
  const child = spawn(process.execPath, [join(ROOT, 'dist/server/main.mjs'), '--data', data, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let printed = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, printed: () => printed, ended };
}

async function ready(run: Run): Promise<string> {
  return eventually(
    () => {
      const url = /Brokerlab ready: (\S+)\n$/.exec(run.printed())?.[1];
      if (url === undefined) throw new Error(`not ready:\n${run.printed()}`);
      return url;
    },
    { timeoutMs: 30_000 },
  );
}

async function refused(run: Run): Promise<string> {
  expect(await run.ended).toBe(1);
  const lines = run.printed().trim().split('\n');
  // What the sandbox's probe says of this machine stands above.
  const sentences = lines.filter((line) => !line.startsWith('Sandbox,') && !/^The bwrap sandbox/.test(line));
  expect(sentences).toHaveLength(1);
  return sentences[0]!;
}

describe('what is wrong is said in one sentence, with exit code 1', () => {
  test('an unknown option', async () => {
    expect(await refused(start('--prot', '1'))).toMatch(/^Unknown option --prot\./);
  });

  test('a port in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, 'localhost', resolve));
    const { port } = other.address() as { port: number };
    const sentence = await refused(start('--port', String(port)));
    expect(sentence).toBe(
      `Port ${port} is in use by another program. Stop it, or choose another with --port N.`,
    );
    other.close();
  });

  test('a host that is not this machine’s', async () => {
    expect(await refused(start('--host', '203.0.113.7', '--port', '0'))).toContain('203.0.113.7');
  });

  test('a damaged database, which stays as it is', async () => {
    const file = join(data, 'brokerlab.db');
    writeFileSync(file, 'no database '.repeat(1_000));
    expect(await refused(start('--port', '0'))).toContain(file);
    expect(readFileSync(file, 'utf8')).toBe('no database '.repeat(1_000));
  });

  test('a sandbox without isolation where others can come in', async () => {
    const sentence = await refused(start('--sandbox', 'process', '--host', '0.0.0.0'));
    expect(sentence).toContain('--sandbox bwrap');
  });
});

describe('once it serves', () => {
  test('the last line says where, and the one-time link stands on the console only', async () => {
    const run = start('--port', '0');
    const url = await ready(run);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const token = /\/setup#(\S+)/.exec(run.printed())?.[1];
    expect(token).toMatch(/^[A-Za-z0-9_-]{32}$/);
    run.child.kill('SIGTERM');
    await run.ended;
    expect(readFileSync(join(data, 'logs/server.log'), 'utf8')).not.toContain(token);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it within five seconds, with code 0', async (signal) => {
    const run = start('--port', '0');
    await ready(run);
    const askedAt = performance.now();
    run.child.kill(signal);
    expect(await run.ended).toBe(0);
    expect(performance.now() - askedAt).toBeLessThan(5_000);
  });

  test('after being killed it starts again on the same data', async () => {
    const first = start('--port', '0');
    await ready(first);
    first.child.kill('SIGKILL');
    await first.ended;
    const second = start('--port', '0');
    await ready(second);
  });

  test('a second one on the same data is refused', async () => {
    await ready(start('--port', '0'));
    expect(await refused(start('--port', '0'))).toMatch(/^Another Brokerlab is using/);
  });
});
