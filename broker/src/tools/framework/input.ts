/** Standard input piece by piece, read on a worker thread, so that the event loop goes on meanwhile. */
import { read } from 'node:fs';

const pieceBytes = 64 * 1024;
const pauseMs = 20;

export async function* readInput(fd: number): AsyncGenerator<Buffer> {
  for (;;) {
    const buffer = Buffer.allocUnsafe(pieceBytes);
    const result = await new Promise<number | string>((resolve) => {
      read(fd, buffer, 0, pieceBytes, null, (error, count) => resolve(error ? (error.code ?? 'EIO') : count));
    });
    if (typeof result === 'number') {
      if (result === 0) return;
      yield buffer.subarray(0, result);
    } else if (result === 'EAGAIN') {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    } else {
      return;
    }
  }
}
