/** Runs one command in the box, with a deadline and a bound on what it prints. */
import { spawn } from 'node:child_process';
import type { BoxReplies } from '../cell/protocol.ts';
import { CellError, type ExecOptions } from '../sandbox/sandbox.ts';

const RUNNING_MAX = 16;
/** Terminals' own descriptors do not belong to the command. */
const START = `for fd in /proc/self/fd/*; do fd=\${fd##*/}; [ "$fd" -gt 2 ] && eval "exec $fd>&-"; done; eval "$1"`;
let running = 0;

export function execInBox(
  options: ExecOptions,
  place: { readonly home: string; readonly environment: Readonly<Record<string, string>> },
): Promise<BoxReplies['exec']> {
  if (running >= RUNNING_MAX) {
    return Promise.reject(new CellError('limit', `${RUNNING_MAX} commands are running already`));
  }
  running++;
  return new Promise<BoxReplies['exec']>((resolve, reject) => {
    const child = spawn('bash', ['-c', START, 'bash', options.command], {
      cwd: place.home,
      env: { ...place.environment, ...options.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      // A process group of its own, so that what it started ends with it.
      detached: true,
    });
    let timedOut = false;
    const stdout = collect(child.stdout, options.outputBytesMax);
    const stderr = collect(child.stderr, options.outputBytesMax);
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child.pid);
      // A program that left its group may hold the pipes; it shall not hold the answer.
      child.stdout.destroy();
      child.stderr.destroy();
    }, options.timeoutMs);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(new CellError('failed', `could not run the command: ${error.message}`, { cause: error }));
    });
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      const truncated = stdout.truncated() || stderr.truncated();
      resolve({ exitCode, stdout: stdout.text(), stderr: stderr.text(), timedOut, truncated });
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  }).finally(() => {
    running--;
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

function collect(stream: NodeJS.ReadableStream, bytesMax: number) {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let truncated = false;
  stream.on('data', (chunk: Buffer) => {
    const room = bytesMax - bytes;
    if (chunk.length > room) truncated = true;
    if (room <= 0) return;
    chunks.push(chunk.subarray(0, room));
    bytes += Math.min(room, chunk.length);
  });
  return { text: () => Buffer.concat(chunks).toString('utf8'), truncated: () => truncated };
}
