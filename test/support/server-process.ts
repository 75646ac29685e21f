/** The real server as a process of its own, on a port and data folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  readonly dataDir: string;
  /** Everything it printed so far. */
  output(): string;
  /** SIGTERM, then waits; removes the data unless `keepData`. */
  stop(options?: { keepData?: boolean }): Promise<void>;
  /** As when the machine loses power: no goodbye. */
  kill(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface ServerOptions {
  readonly dataDir?: string;
  readonly port?: number;
  readonly arguments?: readonly string[];
  readonly readyTimeoutMs?: number;
}

export async function startServer(options: ServerOptions = {}): Promise<ServerProcess> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'brokerlab-')));
  const port = options.port ?? (await freePort());
  const child = spawn(
    process.execPath,
    [
      '--enable-source-maps',
      join(ROOT, 'dist/server/main.mjs'),
      '--port',
      String(port),
      '--data',
      dataDir,
      ...(options.arguments ?? []),
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const url = await readyUrl(child, {
    output: () => printed,
    timeoutMs: options.readyTimeoutMs ?? 30_000,
  });
  const stop = async ({ keepData = false } = {}) => {
    await end(child, 'SIGTERM');
    if (!keepData) await rm(dataDir, { recursive: true, force: true });
  };
  return {
    url,
    pid: child.pid!,
    dataDir,
    output: () => printed,
    stop,
    kill: () => end(child, 'SIGKILL'),
    [Symbol.asyncDispose]: () => stop(),
  };
}

function readyUrl(
  child: ChildProcess,
  options: { output: () => string; timeoutMs: number },
): Promise<string> {
  return new Promise((resolveUrl, reject) => {
    const finish = (action: () => void) => {
      clearTimeout(timer);
      clearInterval(poll);
      child.off('exit', onExit);
      action();
    };
    const onExit = (code: number | null) =>
      finish(() =>
        reject(new Error(`the server ended with ${code} before it was ready:\n${options.output()}`)),
      );
    const poll = setInterval(() => {
      const found = /Brokerlab ready: (\S+)/.exec(options.output());
      if (found) finish(() => resolveUrl(found[1]!));
    }, 5);
    const timer = setTimeout(
      () => finish(() => reject(new Error(`the server is not ready:\n${options.output()}`))),
      options.timeoutMs,
    );
    child.on('exit', onExit);
  });
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolveEnd) => {
    const force = setTimeout(() => child.kill('SIGKILL'), 15_000);
    child.once('exit', () => {
      clearTimeout(force);
      resolveEnd();
    });
    child.kill(signal);
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolvePort(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
