/**
 * One pseudo-terminal, straight on node-pty's native part. node-pty's own JavaScript writes to the terminal
 * blocking, so that one program which does not read its input would stop every other terminal of the box; here
 * input waits in a bounded queue.
 */
import { write as writeFile } from 'node:fs';
import { createRequire } from 'node:module';
import { ReadStream } from 'node:tty';

const INPUT_BYTES_MAX = 1024 * 1024;
const RETRY_MS = 8;
/** After the shell's end, what it printed last may still be on its way. */
const LAST_OUTPUT_MS = 150;

interface NativePty {
  fork(
    file: string,
    args: readonly string[],
    environment: readonly string[],
    directory: string,
    cols: number,
    rows: number,
    uid: number,
    gid: number,
    utf8: boolean,
    helperPath: string,
    onExit: (exitCode: number, signal: number) => void,
  ): { readonly fd: number; readonly pid: number };
  resize(fd: number, cols: number, rows: number): void;
}

export interface PtyOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  readonly cols: number;
  readonly rows: number;
  onData(data: Buffer): void;
  onExit(exitCode: number): void;
}

export interface Pty {
  readonly pid: number;
  /** False: too much input already waits, and this was dropped. */
  write(data: Buffer): boolean;
  resize(cols: number, rows: number): void;
  pause(): void;
  resume(): void;
  kill(): void;
}

let native: NativePty | undefined;

function loadNative(): NativePty {
  native ??= createRequire(import.meta.url)('./pty.node') as NativePty;
  return native;
}

export function openPty(options: PtyOptions): Pty {
  const pty = loadNative();
  let exitCode: number | undefined;
  let ended = false;
  const { fd, pid } = pty.fork(
    options.file,
    options.args,
    Object.entries(options.environment).map(([name, value]) => `${name}=${value}`),
    options.directory,
    options.cols,
    options.rows,
    -1,
    -1,
    true,
    '',
    (code, signal) => {
      exitCode = signal === 0 ? code : 128 + signal;
      // A background program may hold the terminal open for ever; the shell's end is the terminal's end.
      setTimeout(end, LAST_OUTPUT_MS);
    },
  );
  const output = new ReadStream(fd);
  const input = createInput(fd, () => ended);
  output.on('data', options.onData);
  // EIO: nobody holds the terminal's other side any more.
  output.on('error', () => undefined);
  output.once('close', () => {
    if (exitCode !== undefined) end();
  });

  function end(): void {
    if (ended) return;
    ended = true;
    output.destroy();
    options.onExit(exitCode ?? 0);
  }

  return {
    pid,
    write: input.write,
    resize(cols, rows) {
      if (!ended) pty.resize(fd, cols, rows);
    },
    pause: () => void output.pause(),
    resume: () => void output.resume(),
    kill() {
      try {
        process.kill(pid, 'SIGHUP');
      } catch {
        // Gone already.
      }
    },
  };
}

function createInput(fd: number, isEnded: () => boolean): { write(data: Buffer): boolean } {
  const queue: Buffer[] = [];
  let bytes = 0;
  let writing = false;

  function next(): void {
    const first = queue[0];
    if (first === undefined || isEnded()) {
      writing = false;
      return;
    }
    writing = true;
    writeFile(fd, first, (error, written) => {
      if (error === null || error === undefined) {
        bytes -= written;
        if (written === first.length) queue.shift();
        else queue[0] = first.subarray(written);
        next();
      } else if (error.code === 'EAGAIN') {
        setTimeout(next, RETRY_MS);
      } else {
        queue.length = 0;
        bytes = 0;
        writing = false;
      }
    });
  }

  return {
    write(data) {
      if (bytes + data.length > INPUT_BYTES_MAX) return false;
      queue.push(data);
      bytes += data.length;
      if (!writing) next();
      return true;
    },
  };
}
