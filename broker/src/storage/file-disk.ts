/** The real disk, over node:fs. Handles are opened when needed and the least recently used ones closed. */
import {
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { type Disk, DiskError, type DiskErrorCode } from './disk.ts';

export interface FileDiskOptions {
  /** Most handles kept open at once. Default 64. */
  readonly handlesMax?: number;
  /** false leaves flushing to the operating system: a kill -9 loses nothing, a power cut may. Default true. */
  readonly flush?: boolean;
}

export class FileDisk implements Disk {
  /** Most recently used last. Invariant: never more than `handlesMax` entries. */
  private readonly handles = new Map<string, number>();
  /** Being flushed; closed only after that, or another file might be flushed by the same number. */
  private readonly flushing = new Set<number>();
  private readonly closing = new Set<number>();
  private readonly handlesMax: number;
  private readonly flushes: boolean;

  constructor(options: FileDiskOptions = {}) {
    this.handlesMax = options.handlesMax ?? 64;
    this.flushes = options.flush ?? true;
  }

  size(path: string): number | undefined {
    return this.attempt('look at', path, () => statSync(path, { throwIfNoEntry: false })?.size);
  }

  read(path: string, position: number, length: number): Buffer {
    return this.attempt('read', path, () => {
      const handle = this.handle(path, constants.O_RDWR);
      const buffer = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const count = readSync(handle, buffer, filled, length - filled, position + filled);
        if (count === 0) break;
        filled += count;
      }
      return filled === length ? buffer : buffer.subarray(0, filled);
    });
  }

  write(path: string, position: number, bytes: Uint8Array): void {
    this.attempt('write', path, () => {
      const handle = this.handle(path, constants.O_RDWR | constants.O_CREAT);
      writeAll(handle, bytes, position);
    });
  }

  replace(path: string, bytes: Uint8Array, options: { readonly flush?: boolean } = {}): void {
    const temporary = `${path}.tmp`;
    this.attempt('write', temporary, () => {
      const handle = openSync(temporary, 'w', 0o644);
      try {
        writeAll(handle, bytes, 0);
        if (this.flushes && options.flush !== false) fdatasyncSync(handle);
      } finally {
        closeSync(handle);
      }
    });
    this.rename(temporary, path);
  }

  truncate(path: string, size: number): void {
    this.attempt('truncate', path, () => ftruncateSync(this.handle(path, constants.O_RDWR), size));
  }

  flush(path: string): void {
    if (!this.flushes) return;
    this.attempt('flush', path, () => fdatasyncSync(this.handle(path, constants.O_RDWR)));
  }

  flushLater(path: string): Promise<void> {
    if (!this.flushes) return Promise.resolve();
    const handle = this.attempt('flush', path, () => this.handle(path, constants.O_RDWR));
    // Two at once on one file: the first to end must not let the handle go.
    if (this.flushing.has(handle)) return Promise.resolve().then(() => this.flush(path));
    this.flushing.add(handle);
    return new Promise((resolve, reject) => {
      fdatasync(handle, (cause) => {
        this.flushing.delete(handle);
        if (this.closing.delete(handle)) closeSync(handle);
        if (cause === null) resolve();
        else reject(new DiskError(codeOf(errnoOf(cause)), { operation: 'flush', path, cause }));
      });
    });
  }

  rename(from: string, to: string): void {
    this.forget(from);
    this.forget(to);
    this.attempt('rename', from, () => renameSync(from, to));
  }

  remove(path: string): void {
    this.forget(path);
    this.attempt('remove', path, () => rmSync(path, { force: true }));
  }

  makeDirectory(path: string): void {
    this.attempt('create directory', path, () => mkdirSync(path, { recursive: true }));
  }

  removeDirectory(path: string): void {
    this.forget(path);
    this.attempt('remove directory', path, () => rmSync(path, { recursive: true, force: true }));
  }

  list(path: string): string[] {
    return this.attempt('list', path, () => {
      try {
        return readdirSync(path).sort();
      } catch (error) {
        if (errnoOf(error) === 'ENOENT') return [];
        throw error;
      }
    });
  }

  close(): void {
    for (const handle of this.handles.values()) this.letGo(handle);
    this.handles.clear();
  }

  private handle(path: string, flags: number): number {
    const open = this.handles.get(path);
    if (open !== undefined) {
      this.handles.delete(path);
      this.handles.set(path, open);
      return open;
    }
    const handle = openSync(path, flags, 0o644);
    this.handles.set(path, handle);
    if (this.handles.size > this.handlesMax) {
      const [oldest, oldestHandle] = this.handles.entries().next().value as [string, number];
      this.handles.delete(oldest);
      this.letGo(oldestHandle);
    }
    return handle;
  }

  /** Closes the handles of a file, or of everything in a directory, that goes away under this name. */
  private forget(path: string): void {
    const inside = `${path}/`;
    for (const [name, handle] of this.handles) {
      if (name !== path && !name.startsWith(inside)) continue;
      this.handles.delete(name);
      this.letGo(handle);
    }
  }

  private letGo(handle: number): void {
    if (this.flushing.has(handle)) this.closing.add(handle);
    else closeSync(handle);
  }

  private attempt<T>(operation: string, path: string, action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (error instanceof DiskError) throw error;
      throw new DiskError(codeOf(errnoOf(error)), { operation, path, cause: error });
    }
  }
}

function writeAll(handle: number, bytes: Uint8Array, position: number): void {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(handle, bytes, written, bytes.length - written, position + written);
  }
}

function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function codeOf(errno: string): DiskErrorCode {
  switch (errno) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return 'full';
    case 'ENOENT':
    case 'ENOTDIR':
      return 'notFound';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'denied';
    default:
      return 'io';
  }
}
