/** What both drivers have in common: limits, one open cell per id, and the ending of a cell's process. */
import type { ChildProcess } from 'node:child_process';
import { type Cell, CellError, type CellLimits, type CellOptions } from './sandbox.ts';

const MEGABYTE = 1024 * 1024;

export const DEFAULT_LIMITS: CellLimits = {
  processes: 256,
  memoryBytes: 1024 * MEGABYTE,
  homeBytes: 512 * MEGABYTE,
  homeFiles: 20_000,
  clusterBytes: 2048 * MEGABYTE,
  temporaryBytes: 64 * MEGABYTE,
  fileBytes: 256 * MEGABYTE,
  openFiles: 1024,
  cpus: 2,
};

const GRACE_MS = 1_500;
const END_TIMEOUT_MS = 5_000;
const LAST_WORDS_CHARACTERS_MAX = 4_000;

export function checkCellId(id: string): void {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(id))
    throw new CellError('badRequest', `not a cell id: ${id.slice(0, 60)}`);
}

/** A host name that bash can show and the kernel takes. */
export function safeHostName(name: string): string {
  const safe = name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
  return safe === '' ? 'lab' : safe;
}

export function nodeIdsOf(options: CellOptions): number[] {
  return Array.from({ length: options.brokers ?? 3 }, (_, index) => index + 1);
}

/** The cells that are open. Opening one twice at once would mix two boxes' homes, so the second is refused. */
export interface OpenCells {
  open(id: string, start: () => Promise<Cell>): Promise<Cell>;
  isOpen(id: string): boolean;
  readonly count: number;
  closeAll(): Promise<void>;
}

export function createOpenCells(): OpenCells {
  const cells = new Map<string, Promise<Cell>>();
  return {
    open(id, start) {
      if (cells.has(id)) return Promise.reject(new CellError('exists', `the cell ${id} is open already`));
      const opening = start();
      cells.set(id, opening);
      opening.then(
        (cell) => {
          if (cell.state.kind === 'closed') cells.delete(id);
          cell.onState((state) => {
            if (state.kind === 'closed') cells.delete(id);
          });
        },
        () => cells.delete(id),
      );
      return opening;
    },
    isOpen: (id) => cells.has(id),
    get count() {
      return cells.size;
    },
    async closeAll() {
      const open = await Promise.allSettled([...cells.values()]);
      await Promise.all(
        open.map((result) => (result.status === 'fulfilled' ? result.value.close() : undefined)),
      );
    },
  };
}

export interface CellProcess {
  /** Waits for it to end after its channel was closed, and kills it if it does not. May be called more than once. */
  end(): Promise<void>;
  lastWords(): string;
}

export function watchProcess(child: ChildProcess, afterEnd: () => void): CellProcess {
  let words = '';
  const ended = new Promise<void>((resolve) => {
    const finish = (): void => {
      afterEnd();
      resolve();
    };
    child.once('exit', finish);
    child.once('error', (error) => {
      words += error.message;
      finish();
    });
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString('utf8')).slice(-LAST_WORDS_CHARACTERS_MAX);
    });
  }
  return {
    async end() {
      // The cell ends by itself when its channel closes, and bubblewrap then reaps what was in it. Killed at once,
      // bubblewrap would leave that to the machine's init, which in a container may be us, who reap nobody.
      const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await Promise.race([ended, after(END_TIMEOUT_MS)]);
      clearTimeout(timer);
    },
    lastWords: () => words,
  };
}

const after = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
