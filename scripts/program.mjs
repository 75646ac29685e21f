import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Runs a program in the foreground with our terminal, hands signals on, and exits as it did. */
export function runProgram(command, args, options = {}) {
  const child = spawn(command, args, { stdio: 'inherit', ...options });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'])
    process.on(signal, () => child.kill(signal));
  return new Promise((_resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      process.exit(code ?? 128 + (signal ? (constants.signals[signal] ?? 0) : 0));
    });
  });
}
