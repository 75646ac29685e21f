/** The box's terminals: each a shell on a pty, named by the number that the server gave it. */
import { accessSync, constants, statSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { setPriority } from 'node:os';
import type { BoxNews } from '../cell/protocol.ts';
import { CellError } from '../sandbox/sandbox.ts';
import { createMarkReader } from './marks.ts';
import { openPty, type Pty } from './pty.ts';
import { plainTail } from './tail.ts';

const TERMINALS_MAX = 16;
const SHELL_PRIORITY = 5;
const OUTPUT_TAIL_BYTES = 8 * 1024;

export interface OpenTerminal {
  readonly terminal: number;
  readonly cols: number;
  readonly rows: number;
  readonly name: string;
  readonly directory?: string;
}

export interface Terminals {
  open(options: OpenTerminal): void;
  /** Where its shell is; null: it is gone, or somewhere that is gone. */
  directory(terminal: number): Promise<string | null>;
  write(terminal: number, data: Buffer): void;
  resize(terminal: number, cols: number, rows: number): void;
  flow(terminal: number, paused: boolean): void;
  kill(terminal: number): void;
  /** The channel is full, or has room again. */
  holdAll(held: boolean): void;
}

export interface TerminalsOptions {
  readonly shell: { readonly file: string; readonly args: readonly string[] };
  readonly environment: Readonly<Record<string, string>>;
  readonly home: string;
  /** False: hold all terminals until there is room. */
  sendData(terminal: number, data: Buffer): boolean;
  sendEvent(event: BoxNews): void;
}

interface Terminal {
  readonly pty: Pty;
  paused: boolean;
}

export function createTerminals(options: TerminalsOptions): Terminals {
  const terminals = new Map<number, Terminal>();
  let held = false;

  function holdAll(next: boolean): void {
    if (held === next) return;
    held = next;
    for (const terminal of terminals.values()) applyFlow(terminal);
  }

  function applyFlow(terminal: Terminal): void {
    if (held || terminal.paused) terminal.pty.pause();
    else terminal.pty.resume();
  }

  return {
    open({ terminal, cols, rows, name, directory }) {
      if (terminals.has(terminal)) throw new CellError('badRequest', `terminal ${terminal} is open already`);
      if (terminals.size >= TERMINALS_MAX) {
        throw new CellError('limit', `at most ${TERMINALS_MAX} terminals can be open`);
      }
      const output = createOutput({
        send: (data) => {
          if (!options.sendData(terminal, data)) holdAll(true);
        },
        onBegin: (command) =>
          options.sendEvent({ kind: 'began', terminal, command: command.slice(0, BEGAN_CHARACTERS_MAX) }),
        onCommand: (command) => options.sendEvent({ kind: 'command', terminal, ...command }),
      });
      const pty = openPty({
        ...options.shell,
        environment: { ...options.environment, BROKERLAB_TERMINAL: name },
        directory: directory !== undefined && isFolder(directory) ? directory : options.home,
        cols,
        rows,
        onData: output.push,
        onExit(exitCode) {
          terminals.delete(terminal);
          output.flush();
          options.sendEvent({ kind: 'exit', terminal, exitCode });
        },
      });
      terminals.set(terminal, { pty, paused: false });
      // What trainees run yields to what serves them all: agents, brokers, the server.
      setPriority(pty.pid, SHELL_PRIORITY);
    },
    async directory(number) {
      const pid = terminals.get(number)?.pty.pid;
      if (pid === undefined) return null;
      return await readlink(`/proc/${pid}/cwd`).catch(() => null);
    },
    write: (terminal, data) => void terminals.get(terminal)?.pty.write(data),
    resize: (terminal, cols, rows) => terminals.get(terminal)?.pty.resize(cols, rows),
    flow(number, paused) {
      const terminal = terminals.get(number);
      if (terminal === undefined) return;
      terminal.paused = paused;
      applyFlow(terminal);
    },
    kill: (terminal) => terminals.get(terminal)?.pty.kill(),
    holdAll,
  };
}

/** Enough to tell which command runs. */
const BEGAN_CHARACTERS_MAX = 500;

interface Output {
  push(data: Buffer): void;
  flush(): void;
}

interface EndedCommand {
  readonly command: string;
  readonly exitCode: number;
  readonly output: string;
  readonly durationMs: number;
}

/** Takes marks out, joins what arrives in one turn of the event loop, and keeps the running command's tail. */
function createOutput(options: {
  send(data: Buffer): void;
  onBegin(command: string): void;
  onCommand(command: EndedCommand): void;
}): Output {
  let pending: Buffer[] = [];
  let scheduled = false;
  let running: { tail: Buffer[]; bytes: number; startedMs: number } | undefined;

  function flush(): void {
    scheduled = false;
    if (pending.length === 0) return;
    const data = pending.length === 1 ? pending[0]! : Buffer.concat(pending);
    pending = [];
    options.send(data);
  }

  const marks = createMarkReader({
    onData(data) {
      pending.push(data);
      if (!scheduled) {
        scheduled = true;
        setImmediate(flush);
      }
      if (running === undefined) return;
      running.tail.push(data);
      running.bytes += data.length;
      while (running.bytes - running.tail[0]!.length >= OUTPUT_TAIL_BYTES) {
        running.bytes -= running.tail.shift()!.length;
      }
    },
    onMark(mark) {
      if (mark.kind === 'begin') {
        running = { tail: [], bytes: 0, startedMs: performance.now() };
        if (mark.command !== '') options.onBegin(mark.command);
      } else if (running !== undefined) {
        const { tail, startedMs } = running;
        running = undefined;
        // What the command printed must be on its way before the news of its end.
        flush();
        options.onCommand({
          command: mark.command,
          exitCode: mark.exitCode,
          output: plainTail(Buffer.concat(tail), OUTPUT_TAIL_BYTES),
          durationMs: Math.round(performance.now() - startedMs),
        });
      }
    },
  });
  return { push: marks.push, flush };
}

function isFolder(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
