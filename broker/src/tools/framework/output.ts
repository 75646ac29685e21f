/** Standard output without loading Node's stream for it: whole lines at once, patient with a full pipe. */
import { write, writeSync } from 'node:fs';

const heldBytesMax = 64 * 1024;
const pauseMs = 5;

export interface Output {
  /** Held until it is much, or until `flush`. */
  text(text: string): void;
  /** Resolves when taken; false when nobody listens any more. */
  bytes(bytes: Buffer): Promise<boolean>;
  flush(): void;
}

export function createOutput(fd: number): Output {
  let held: string[] = [];
  let heldBytes = 0;
  let broken = false;
  const flush = () => {
    if (held.length === 0) return;
    const bytes = Buffer.from(held.join(''));
    held = [];
    heldBytes = 0;
    if (!broken) broken = !writeAllSync(fd, bytes);
  };
  return {
    flush,
    text(text) {
      held.push(text);
      heldBytes += text.length;
      if (heldBytes >= heldBytesMax) flush();
    },
    async bytes(bytes) {
      flush();
      if (!broken) broken = !(await writeAll(fd, bytes));
      return !broken;
    },
  };
}

/** False: the reader is gone (EPIPE), which is no error of ours. */
function writeAllSync(fd: number, bytes: Buffer): boolean {
  let position = 0;
  while (position < bytes.length) {
    try {
      position += writeSync(fd, bytes, position);
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') return false;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
  return true;
}

async function writeAll(fd: number, bytes: Buffer): Promise<boolean> {
  let position = 0;
  while (position < bytes.length) {
    const result = await new Promise<number | string>((resolve) => {
      write(fd, bytes, position, (error, written) => resolve(error ? (error.code ?? 'EIO') : written));
    });
    if (typeof result === 'number') position += result;
    else if (result === 'EAGAIN') await new Promise((resolve) => setTimeout(resolve, pauseMs));
    else return false;
  }
  return true;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
