/** The files the tool reads, a piece at a time, and the record batches in them. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { type BatchHeader, readBatchHeader } from '../../messages/records.ts';
import { JavaError, kafkaError } from '../java/java-error.ts';

/** Bytes up to and with a batch's magic, and up to and with its length: less is no batch. */
const magicEnd = 17;
const prefixBytes = 12;
const recordBytesMin = 14;
const blockBytes = 256 * 1024;

export class DumpFile {
  readonly path: string;
  readonly sizeBytes: number;
  private readonly handle: number;
  private block: Buffer = Buffer.alloc(0);
  private blockPosition = 0;

  private constructor(path: string, handle: number) {
    this.path = path;
    this.handle = handle;
    this.sizeBytes = fstatSync(handle).size;
  }

  /** Throws Java's NoSuchFileException (or AccessDeniedException). */
  static open(path: string): DumpFile {
    try {
      return new DumpFile(path, openSync(path, 'r'));
    } catch (error) {
      const isDenied = (error as { code?: string }).code === 'EACCES';
      throw new JavaError(`java.nio.file.${isDenied ? 'AccessDenied' : 'NoSuchFile'}Exception`, path);
    }
  }

  get absolutePath(): string {
    return resolve(this.path);
  }

  read(position: number, length: number): Buffer {
    const start = position - this.blockPosition;
    if (start >= 0 && start + length <= this.block.length) return this.block.subarray(start, start + length);
    const wanted = Math.min(Math.max(length, blockBytes), Math.max(0, this.sizeBytes - position));
    this.block = Buffer.allocUnsafe(wanted);
    const count = readSync(this.handle, this.block, 0, wanted, position);
    this.block = this.block.subarray(0, count);
    this.blockPosition = position;
    return this.block.subarray(0, length);
  }

  /** Batches from `position`, within `bytesMax`; ends before one that is cut off. Throws CorruptRecordException. */
  *batches(position: number, bytesMax: number): Generator<{ buffer: Buffer; header: BatchHeader }> {
    const end = Math.min(this.sizeBytes, position + bytesMax);
    while (position < end - magicEnd) {
      const bodyBytes = this.read(position, magicEnd).readInt32BE(8);
      if (bodyBytes < recordBytesMin) throw this.corrupt(bodyBytes);
      if (position > end - prefixBytes - bodyBytes) return;
      const buffer = this.read(position, prefixBytes + bodyBytes);
      yield { buffer, header: readBatchHeader(buffer) };
      position += prefixBytes + bodyBytes;
    }
  }

  close(): void {
    closeSync(this.handle);
  }

  private corrupt(bodyBytes: number): JavaError {
    return kafkaError(
      'CorruptRecordException',
      `Found record size ${bodyBytes} smaller than minimum record overhead (${recordBytesMin}) in file ${this.path}.`,
    );
  }
}
