/**
 * Structured logs, one JSON object a line, in `<data>/logs/server.log`, kept to a bounded size. What is logged is chosen where
 * it is logged: never bodies, queries, cookies, tokens or what people type.
 */
import { mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';

const FILE_BYTES_MAX = 20 * 1024 * 1024;
const CHECK_EVERY_MS = 60_000;

export interface Logging {
  readonly log: Logger;
  close(): void;
}

export function openLog(dataDirectory: string): Logging {
  const directory = join(dataDirectory, 'logs');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, 'server.log');
  const destination = pino.destination({ dest: file, append: true, sync: false, mode: 0o600 });
  // A full disk must not end the server for want of a line in its log.
  destination.on('error', () => undefined);
  const log = pino(
    { base: null, level: 'info', redact: ['*.password', '*.token', '*.cookie', '*.authorization'] },
    destination,
  );
  const turn = () => {
    try {
      if (statSync(file).size < FILE_BYTES_MAX) return;
      renameSync(file, `${file}.1`);
      destination.reopen();
    } catch {
      // Tried again at the next turn.
    }
  };
  turn();
  const timer = setInterval(turn, CHECK_EVERY_MS);
  timer.unref();
  return {
    log,
    close() {
      clearInterval(timer);
      try {
        destination.flushSync();
      } catch {
        // Nothing was written yet.
      }
    },
  };
}
