/**
 * How the backup command reaches a server that runs: a Unix socket in the data folder, for the server's own user only. It
 * takes one request, `backup`, and answers with the path of a copy of the database, whole and at one moment.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Store } from '../store/store.ts';

export const CONTROL_SOCKET = 'control.sock';
const REQUEST_MAX = 64;
const REQUEST_MS_MAX = 5_000;

export interface Control {
  close(): Promise<void>;
}

export interface ControlOptions {
  readonly dataDirectory: string;
  readonly store: Store;
  /** Writes what is still only in memory. */
  readonly flush: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** A data folder whose path is too long for a socket has none: the backup command then wants the server stopped. */
export async function openControl(options: ControlOptions): Promise<Control> {
  const path = join(options.dataDirectory, CONTROL_SOCKET);
  rmSync(path, { force: true });
  const server = createServer((socket) => {
    socket.setTimeout(REQUEST_MS_MAX, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8');
      if (text.length > REQUEST_MAX) socket.destroy();
      if (!text.includes('\n')) return;
      const answering =
        text.trim() === 'backup' ? copyDatabase(options) : Promise.reject(new Error('unknown request'));
      answering
        .then((copy) => socket.end(`${JSON.stringify({ copy })}\n`))
        .catch((error: unknown) => {
          options.onError(error);
          socket.end(
            `${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`,
          );
        });
    });
  });
  const listening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(path, () => resolve(true));
  });
  if (listening) chmodSync(path, 0o600);
  return { close: () => end(server, path) };
}

async function copyDatabase({ dataDirectory, store, flush }: ControlOptions): Promise<string> {
  await flush();
  const copy = join(dataDirectory, `backup-${randomBytes(6).toString('hex')}.db`);
  await sql`vacuum into ${copy}`.execute(store);
  return copy;
}

function end(server: Server, path: string): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      rmSync(path, { force: true });
      resolve();
    });
  });
}
