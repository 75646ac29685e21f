/**
 * A disk in memory for simulation: it can be full, tear the last write when the machine crashes, forget what
 * was not flushed, and flip bits. Nothing happens by chance here: whoever simulates draws from its own seed
 * and says what goes wrong.
 */
import { type Disk, DiskError } from './disk.ts';

interface MemoryFile {
  bytes: Buffer;
  size: number;
  /** Content at the last flush; what a power cut leaves. */
  flushed: Buffer;
}

export class MemoryDisk implements Disk {
  private readonly files = new Map<string, MemoryFile>();
  private readonly directories = new Set<string>();
  /** Bytes that may be stored in all; writing more fails as a full disk does. */
  capacityBytes = Number.POSITIVE_INFINITY;
  /** Bytes that may still be written before the machine dies in the middle of that write. */
  private bytesUntilCrash = Number.POSITIVE_INFINITY;
  /** Operations that change something and may still be done before the machine dies instead of one. */
  private changesUntilCrash = Number.POSITIVE_INFINITY;
  private crashed = false;

  size(path: string): number | undefined {
    this.checkAlive('read', path);
    return this.files.get(path)?.size;
  }

  read(path: string, position: number, length: number): Buffer {
    this.checkAlive('read', path);
    const file = this.existing(path, 'read');
    return Buffer.from(
      file.bytes.subarray(position, Math.max(position, Math.min(position + length, file.size))),
    );
  }

  write(path: string, position: number, bytes: Uint8Array): void {
    this.checkAlive('write', path);
    const file = this.files.get(path) ?? this.create(path);
    const room = this.capacityBytes - this.usedBytes() + Math.max(0, file.size - position);
    const allowed = Math.min(bytes.length, room, this.bytesUntilCrash);
    this.store(file, position, bytes.subarray(0, allowed));
    if (allowed === bytes.length) {
      this.bytesUntilCrash -= bytes.length;
      return;
    }
    if (allowed < this.bytesUntilCrash) throw new DiskError('full', { operation: 'write', path });
    this.crashed = true;
    throw new DiskError('crashed', { operation: 'write', path });
  }

  replace(path: string, bytes: Uint8Array, options: { readonly flush?: boolean } = {}): void {
    const temporary = `${path}.tmp`;
    this.checkAlive('write', path);
    if (this.files.has(temporary)) this.truncate(temporary, 0);
    this.write(temporary, 0, bytes);
    if (options.flush !== false) this.flush(temporary);
    this.rename(temporary, path);
  }

  truncate(path: string, size: number): void {
    this.checkAlive('truncate', path);
    const file = this.existing(path, 'truncate');
    if (size < file.size) file.bytes.fill(0, size, file.size);
    else this.grow(file, size);
    file.size = size;
  }

  async flushLater(path: string): Promise<void> {
    this.flush(path);
  }

  flush(path: string): void {
    this.checkAlive('flush', path);
    const file = this.existing(path, 'flush');
    file.flushed = Buffer.from(file.bytes.subarray(0, file.size));
  }

  rename(from: string, to: string): void {
    this.checkAlive('rename', from);
    const inside = `${from}/`;
    const moved = [...this.files.keys()].filter((name) => name === from || name.startsWith(inside));
    const isDirectory = this.directories.has(from);
    if (moved.length === 0 && !isDirectory)
      throw new DiskError('notFound', { operation: 'rename', path: from });
    for (const name of moved) {
      const file = this.files.get(name) as MemoryFile;
      this.files.delete(name);
      this.files.set(to + name.slice(from.length), file);
    }
    if (!isDirectory) return;
    for (const name of [...this.directories]) {
      if (name !== from && !name.startsWith(inside)) continue;
      this.directories.delete(name);
      this.directories.add(to + name.slice(from.length));
    }
  }

  remove(path: string): void {
    this.checkAlive('remove', path);
    this.files.delete(path);
  }

  makeDirectory(path: string): void {
    this.checkAlive('create directory', path);
    const parts = path.split('/');
    for (let count = 1; count <= parts.length; count++) {
      const prefix = parts.slice(0, count).join('/');
      if (prefix !== '') this.directories.add(prefix);
    }
  }

  removeDirectory(path: string): void {
    this.checkAlive('remove directory', path);
    const inside = `${path}/`;
    for (const name of [...this.files.keys()]) if (name.startsWith(inside)) this.files.delete(name);
    for (const name of [...this.directories])
      if (name === path || name.startsWith(inside)) this.directories.delete(name);
  }

  list(path: string): string[] {
    this.checkAlive('list', path);
    const inside = `${path}/`;
    const names = new Set<string>();
    for (const name of [...this.files.keys(), ...this.directories]) {
      if (name.startsWith(inside)) names.add(name.slice(inside.length).split('/')[0] as string);
    }
    return [...names].sort();
  }

  close(): void {}

  /** The machine dies in the middle of a write, after this many more bytes. */
  crashAfter(bytes: number): void {
    this.bytesUntilCrash = bytes;
  }

  /** The machine dies instead of a write, flush, rename or removal, after this many more of them. */
  crashAfterChanges(count: number): void {
    this.changesUntilCrash = count;
  }

  /**
   * The machine is up again. `keepUnflushed` true is a killed process (the page cache survives); false is a
   * power cut: each file keeps what was flushed plus `tornBytes` of what was not.
   */
  restart(options: { keepUnflushed: boolean; tornBytes?: number }): void {
    this.crashed = false;
    this.bytesUntilCrash = Number.POSITIVE_INFINITY;
    this.changesUntilCrash = Number.POSITIVE_INFINITY;
    if (options.keepUnflushed) return;
    for (const file of this.files.values()) {
      const kept = Math.min(file.size, file.flushed.length + (options.tornBytes ?? 0));
      const bytes = Buffer.alloc(kept);
      file.bytes.copy(bytes, 0, 0, kept);
      file.flushed.copy(bytes, 0, 0, kept);
      file.bytes = bytes;
      file.size = kept;
    }
  }

  /** Turns one bit of a file over, as a failing medium would. */
  flipBit(path: string, bit: number): void {
    const file = this.existing(path, 'damage');
    const byte = Math.floor(bit / 8);
    file.bytes[byte] = (file.bytes[byte] as number) ^ (1 << (bit % 8));
  }

  /** A copy of everything, to try several fates of one history. */
  clone(): MemoryDisk {
    const copy = new MemoryDisk();
    for (const name of this.directories) copy.directories.add(name);
    for (const [name, file] of this.files) {
      copy.files.set(name, { ...file, bytes: Buffer.from(file.bytes), flushed: Buffer.from(file.flushed) });
    }
    copy.capacityBytes = this.capacityBytes;
    return copy;
  }

  private usedBytes(): number {
    let sum = 0;
    for (const file of this.files.values()) sum += file.size;
    return sum;
  }

  private create(path: string): MemoryFile {
    const parent = path.slice(0, path.lastIndexOf('/'));
    if (parent !== '' && !this.directories.has(parent)) {
      throw new DiskError('notFound', { operation: 'write', path });
    }
    const file: MemoryFile = { bytes: Buffer.alloc(0), size: 0, flushed: Buffer.alloc(0) };
    this.files.set(path, file);
    return file;
  }

  private existing(path: string, operation: string): MemoryFile {
    const file = this.files.get(path);
    if (file === undefined) throw new DiskError('notFound', { operation, path });
    return file;
  }

  private store(file: MemoryFile, position: number, bytes: Uint8Array): void {
    this.grow(file, position + bytes.length);
    file.bytes.set(bytes, position);
    file.size = Math.max(file.size, position + bytes.length);
  }

  private grow(file: MemoryFile, size: number): void {
    if (file.bytes.length >= size) return;
    const bytes = Buffer.alloc(Math.max(size, file.bytes.length * 2));
    file.bytes.copy(bytes, 0, 0, file.size);
    file.bytes = bytes;
  }

  private checkAlive(operation: string, path: string): void {
    if (operation !== 'read' && operation !== 'list' && this.changesUntilCrash-- <= 0) this.crashed = true;
    if (this.crashed) throw new DiskError('crashed', { operation, path });
  }
}
