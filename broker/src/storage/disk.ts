/**
 * The disk as storage sees it: synchronous and addressed by path. An implementation may keep file handles
 * open between calls, but callers never hold one, so any number of idle logs costs no handle.
 *
 * Every method throws `DiskError` when the disk refuses. A `write` that throws may have written a prefix:
 * the caller knows the size it wants and truncates back to it.
 */
export interface Disk {
  /** Bytes in the file, or undefined when there is no such file. */
  size(path: string): number | undefined;
  /** Up to `length` bytes from `position`; shorter only at the end of the file. */
  read(path: string, position: number, length: number): Buffer;
  /** Writes at `position`, creating the file when absent. */
  write(path: string, position: number, bytes: Uint8Array): void;
  /**
   * Replaces the whole file so that a crash leaves the old content or the new, never a mixture. Flushed first, unless
   * `flush` is false: for what can be rebuilt, and where a power cut may leave it empty.
   */
  replace(path: string, bytes: Uint8Array, options?: { readonly flush?: boolean }): void;
  truncate(path: string, size: number): void;
  /** Forces file content to the medium, when the flush policy wants that. */
  flush(path: string): void;
  /** The same without keeping others waiting meanwhile; what is written before it resolves may be flushed or not. */
  flushLater(path: string): Promise<void>;
  rename(from: string, to: string): void;
  /** Removes a file; absent is fine. */
  remove(path: string): void;
  /** Creates a directory and its parents; present is fine. */
  makeDirectory(path: string): void;
  /** Removes a directory with all in it; absent is fine. */
  removeDirectory(path: string): void;
  /** Names of files and directories in `path`, sorted; empty when there is no such directory. */
  list(path: string): string[];
  /** Closes every handle kept open. The disk stays usable. */
  close(): void;
}

export type DiskErrorCode = 'full' | 'notFound' | 'denied' | 'crashed' | 'io';

/** The disk refused an operation; `message` names the path and the reason. */
export class DiskError extends Error {
  readonly code: DiskErrorCode;
  readonly path: string;

  constructor(code: DiskErrorCode, options: { operation: string; path: string; cause?: unknown }) {
    super(`${messageOf[code]} while trying to ${options.operation} ${options.path}`, {
      cause: options.cause,
    });
    this.name = 'DiskError';
    this.code = code;
    this.path = options.path;
  }
}

/** A disk that refuses now and may take it later; not a machine that is no more. */
export function isRefusal(error: unknown): error is DiskError {
  return error instanceof DiskError && error.code !== 'crashed';
}

const messageOf: Record<DiskErrorCode, string> = {
  full: 'no space left on the disk',
  notFound: 'no such file or directory',
  denied: 'access refused',
  crashed: 'the simulated machine has crashed',
  io: 'input/output error',
};
