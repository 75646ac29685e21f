/** Starts a trainee's program on this machine, in the home of a proof. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { RunningProgram } from '../program/run-program.ts';
import type { Enclose } from './private-tmp.ts';
import { asItIs } from './private-tmp.ts';

const PRINTED_MAX = 8_000;

export function startProgram(
  command: string,
  {
    home,
    tools,
    environment,
    enclose = asItIs,
  }: {
    home: string;
    tools: string;
    environment: Readonly<Record<string, string | undefined>>;
    enclose?: Enclose;
  },
): Promise<RunningProgram> {
  const { file, args } = enclose({ file: 'bash', args: ['-c', command] });
  const child = spawn(file, args, {
    cwd: home,
    env: {
      ...environment,
      HOME: home,
      PATH: `${join(home, '.lab')}:${tools}:${environment.PATH ?? '/usr/bin:/bin'}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what it started ends with it.
    detached: true,
  });
  let printed = '';
  const read = (data: Buffer) => {
    printed = (printed + data.toString()).slice(-PRINTED_MAX);
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  const ended = new Promise<{ exitCode: number | null; printed: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, printed }));
  });
  const kill = async (): Promise<void> => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
    await ended.catch(() => undefined);
  };
  return Promise.resolve({ ended, kill });
}
