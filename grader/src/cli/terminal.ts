/**
 * A real terminal: bash on a pty, typed into as a person would. Marks in its output (OSC 633, as in the trainee's box)
 * tell where a command's output begins and ends. One command at a time; the owner closes it.
 */
import { createRequire } from 'node:module';
import type { CommandRun } from '../checks/verdict.ts';
import type { Enclose } from './private-tmp.ts';
import { asItIs } from './private-tmp.ts';

export interface TerminalOptions {
  /** Put before the PATH. */
  readonly tools: string;
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly enclose?: Enclose;
}

/** A command that did not end: what it was, for how long, what it printed last. Its terminal is of no more use. */
export class StuckCommandError extends Error {
  override readonly name = 'StuckCommandError';
}

export interface Terminal {
  /** Rejects when the command does not end in time (`StuckCommandError`), or the terminal does. */
  type(
    command: string,
    options: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<CommandRun>;
  close(): void;
}

interface Pty {
  write(data: string): void;
  kill(signal?: string): void;
  onData(listener: (data: string) => void): { dispose(): void };
  onExit(listener: (exit: { exitCode: number }) => void): { dispose(): void };
}

interface PtyModule {
  spawn(
    file: string,
    args: string[],
    options: { cols: number; rows: number; cwd: string; env: Record<string, string> },
  ): Pty;
}

const OUTPUT_MAX = 64 * 1024;
const BEGIN = '\u001b]633;C\u0007';
const END = /\u001b\]633;D;(\d+)\u0007/;
const START_TIMEOUT_MS = 10_000;

export async function openTerminal({
  tools,
  home,
  environment,
  enclose = asItIs,
}: TerminalOptions): Promise<Terminal> {
  // Native; loaded only where a terminal is wanted, so that the other commands run anywhere.
  const { spawn } = createRequire(import.meta.url)('node-pty') as PtyModule;
  const env: Record<string, string> = {
    HOME: home,
    TERM: 'xterm-256color',
    LC_ALL: 'C.UTF-8',
    PATH: `${tools}:${environment.PATH ?? '/usr/bin:/bin'}`,
    PS1: '$ ',
    PS0: BEGIN,
    PROMPT_COMMAND: "printf '\\033]633;D;%d\\007' $?",
    HISTFILE: '/dev/null',
    INPUTRC: '/dev/null',
    ...(environment.JAVA_HOME === undefined ? {} : { JAVA_HOME: environment.JAVA_HOME }),
  };
  const { file, args } = enclose({ file: 'bash', args: ['--norc', '--noprofile', '-i'] });
  const pty = spawn(file, [...args], { cols: 200, rows: 50, cwd: home, env });
  const shell = new Shell(pty);
  await shell.ended({ timeoutMs: START_TIMEOUT_MS, what: 'The shell did not start' });
  return {
    type: (command, { timeoutMs, signal }) => shell.run(command, { timeoutMs, signal }),
    // Bash passes it on to what runs in the background, which would outlive a bash that is killed.
    close: () => pty.kill('SIGHUP'),
  };
}

/** Follows one pty's output. The buffer holds what came since the last command ended, at most its newest part. */
class Shell {
  readonly #pty: Pty;
  #buffer = '';
  #exited = false;
  #wake: () => void = () => {};

  constructor(pty: Pty) {
    this.#pty = pty;
    pty.onData((data) => {
      this.#buffer = (this.#buffer + data).slice(-OUTPUT_MAX);
      this.#wake();
    });
    pty.onExit(() => {
      this.#exited = true;
      this.#wake();
    });
  }

  async run(
    command: string,
    { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
  ): Promise<CommandRun> {
    this.#buffer = '';
    this.#pty.write(`${command.trimEnd()}\n`);
    const what = `This command did not end: ${command}`;
    const { exitCode, output } = await this.ended({ timeoutMs, what, signal });
    return { command, exitCode, output };
  }

  async ended(wait: {
    timeoutMs: number;
    what: string;
    signal?: AbortSignal;
  }): Promise<{ exitCode: number; output: string }> {
    const { timeoutMs, what, signal } = wait;
    const timeout = AbortSignal.timeout(timeoutMs);
    const stop = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
    const onStop = () => this.#wake();
    stop.addEventListener('abort', onStop);
    try {
      while (true) {
        const found = END.exec(this.#buffer);
        if (found !== null)
          return { exitCode: Number(found[1]), output: outputBefore(this.#buffer, found.index) };
        if (this.#exited) throw new StuckCommandError(`${what}: the terminal ended.`);
        if (signal?.aborted) throw new Error('Stopped.');
        if (timeout.aborted)
          throw new StuckCommandError(`${what} within ${timeoutMs / 1000} s. ${printed(this.#buffer)}`);
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      stop.removeEventListener('abort', onStop);
    }
  }
}

function printed(buffer: string): string {
  const end = outputBefore(buffer, buffer.length).trim().slice(-500);
  return end === '' ? 'It printed nothing.' : `It printed:\n${end}`;
}

function outputBefore(buffer: string, end: number): string {
  const text = buffer.slice(0, end);
  const begin = text.lastIndexOf(BEGIN);
  return (begin < 0 ? text : text.slice(begin + BEGIN.length)).replaceAll('\r\n', '\n');
}
