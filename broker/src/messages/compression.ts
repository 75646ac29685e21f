/**
 * The codecs of record batches (KIP-110 adds zstd): gzip, snappy in the framing of Java's xerial library, lz4 frames,
 * zstd. Modules are loaded when a batch first needs them. zstd is WebAssembly on Node 20 and must be readied with
 * `loadCodec` before the synchronous calls; newer Node versions have it built in.
 */
import { createRequire } from 'node:module';
import * as zlib from 'node:zlib';

export const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type CodecName = (typeof CODECS)[number];

/** A batch says it is compressed so, but the bytes are not; or the codec cannot be had on this platform. */
export class CompressionError extends Error {
  readonly codec: CodecName;

  constructor(codec: CodecName, reason: string, cause?: unknown) {
    super(`${codec}: ${reason}`, { cause });
    this.name = 'CompressionError';
    this.codec = codec;
  }
}

interface Implementation {
  /** `level` is the codec's own; those without levels ignore it. */
  compress(data: Uint8Array, level?: number): Buffer;
  /** Throws when the result would be larger than `bytesMax` or the data is corrupt. */
  decompress(data: Uint8Array, bytesMax: number): Buffer;
}

/** What a small hostile batch may swell to, unless the caller knows better. */
const DECOMPRESSED_BYTES_MAX = 256 * 1024 * 1024;

const loaded = new Map<CodecName, Implementation>();
const require = createRequire(import.meta.url);

/** Readies a codec for the synchronous calls below. Needed for zstd only; harmless for the others. */
export async function loadCodec(codec: CodecName): Promise<void> {
  if (loaded.has(codec)) return;
  if (codec === 'zstd' && !hasBuiltInZstd(zlib)) loaded.set('zstd', await loadWasmZstd());
  else implementation(codec);
}

export function isCodecReady(codec: CodecName): boolean {
  return codec !== 'zstd' || loaded.has('zstd') || hasBuiltInZstd(zlib);
}

export function compress(codec: CodecName, data: Uint8Array, level?: number): Buffer {
  return run(codec, () => implementation(codec).compress(data, level));
}

export function decompress(codec: CodecName, data: Uint8Array, bytesMax = DECOMPRESSED_BYTES_MAX): Buffer {
  return run(codec, () => implementation(codec).decompress(data, bytesMax));
}

function run(codec: CodecName, action: () => Buffer): Buffer {
  try {
    return action();
  } catch (error) {
    if (error instanceof CompressionError) throw error;
    throw new CompressionError(codec, error instanceof Error ? error.message : String(error), error);
  }
}

function implementation(codec: CodecName): Implementation {
  let found = loaded.get(codec);
  if (found === undefined) {
    found = load(codec);
    loaded.set(codec, found);
  }
  return found;
}

function load(codec: CodecName): Implementation {
  switch (codec) {
    case 'none':
      return { compress: asBuffer, decompress: asBuffer };
    case 'gzip':
      return {
        compress: (data, level) =>
          zlib.gzipSync(data, { level: level ?? zlib.constants.Z_DEFAULT_COMPRESSION }),
        decompress: (data, bytesMax) => zlib.gunzipSync(data, { maxOutputLength: bytesMax }),
      };
    case 'snappy':
      return xerialSnappy(require('snappy') as SnappyModule);
    case 'lz4':
      return lz4(require('lz4-napi') as Lz4Module);
    case 'zstd':
      return builtInZstd();
  }
}

function asBuffer(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.length);
}

function refuseSize(codec: CodecName, bytesMax: number): never {
  throw new CompressionError(codec, `decompresses to more than ${bytesMax} bytes`);
}

interface SnappyModule {
  compressSync(data: Uint8Array): Buffer;
  uncompressSync(data: Uint8Array, options: { asBuffer: true }): Buffer;
}

const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER = Buffer.concat([XERIAL_MAGIC, Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])]);
const XERIAL_BLOCK_BYTES = 32 * 1024;

/** Java frames snappy blocks by itself; librdkafka and others send one bare block. Both are read. */
function xerialSnappy(snappy: SnappyModule): Implementation {
  return {
    compress(data) {
      const parts: Buffer[] = [XERIAL_HEADER];
      for (let start = 0; start < data.length; start += XERIAL_BLOCK_BYTES) {
        const block = snappy.compressSync(data.subarray(start, start + XERIAL_BLOCK_BYTES));
        const length = Buffer.alloc(4);
        length.writeInt32BE(block.length);
        parts.push(length, block);
      }
      return Buffer.concat(parts);
    },
    decompress(data, bytesMax) {
      const input = asBuffer(data);
      if (!input.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) {
        return uncompressBlock(snappy, input, bytesMax);
      }
      const parts: Buffer[] = [];
      let total = 0;
      let position = XERIAL_HEADER.length;
      while (position < input.length) {
        const length = input.readInt32BE(position);
        if (length < 0 || length > input.length - position - 4) {
          throw new CompressionError('snappy', 'a block is longer than the batch');
        }
        const block = uncompressBlock(
          snappy,
          input.subarray(position + 4, position + 4 + length),
          bytesMax - total,
        );
        parts.push(block);
        total += block.length;
        position += 4 + length;
      }
      return Buffer.concat(parts, total);
    },
  };
}

function uncompressBlock(snappy: SnappyModule, block: Buffer, bytesMax: number): Buffer {
  if (declaredSnappySize(block) > bytesMax) refuseSize('snappy', bytesMax);
  return snappy.uncompressSync(block, { asBuffer: true });
}

/** A snappy block begins with its uncompressed length as a varint. */
function declaredSnappySize(block: Buffer): number {
  let size = 0;
  for (let index = 0; index < Math.min(5, block.length); index++) {
    size += (block[index]! & 0x7f) * 2 ** (7 * index);
    if ((block[index]! & 0x80) === 0) return size;
  }
  throw new CompressionError('snappy', 'the block has no length');
}

interface Lz4Module {
  compressFrameSync(data: Buffer): Buffer;
  decompressFrameSync(data: Buffer): Buffer;
}

function lz4(module: Lz4Module): Implementation {
  return {
    compress: (data) => module.compressFrameSync(asBuffer(data)),
    decompress(data, bytesMax) {
      if (data.length > bytesMax) refuseSize('lz4', bytesMax);
      const result = module.decompressFrameSync(asBuffer(data));
      if (result.length > bytesMax) refuseSize('lz4', bytesMax);
      return result;
    },
  };
}

interface ZstdZlib {
  zstdCompressSync(data: Uint8Array, options: { params: Record<number, number> }): Buffer;
  zstdDecompressSync(data: Uint8Array, options: { maxOutputLength: number }): Buffer;
}

function hasBuiltInZstd(module: object): module is ZstdZlib {
  return 'zstdCompressSync' in module;
}

function builtInZstd(): Implementation {
  const module: object = zlib;
  if (!hasBuiltInZstd(module)) {
    throw new CompressionError('zstd', 'not readied: await loadCodec("zstd") before the first use');
  }
  return {
    compress: (data, level = ZSTD_LEVEL) =>
      module.zstdCompressSync(data, { params: { [ZSTD_LEVEL_PARAMETER]: level } }),
    decompress: (data, bytesMax) => module.zstdDecompressSync(data, { maxOutputLength: bytesMax }),
  };
}

interface WasmZstd {
  init(): Promise<void>;
  compress(data: Uint8Array, level?: number): Uint8Array;
  decompress(data: Uint8Array, options?: { defaultHeapSize?: number }): Uint8Array;
}

const ZSTD_LEVEL = 3;
/** ZSTD_c_compressionLevel. */
const ZSTD_LEVEL_PARAMETER = 100;

async function loadWasmZstd(): Promise<Implementation> {
  const module = require('@bokuweb/zstd-wasm') as WasmZstd;
  await module.init();
  return {
    compress: (data, level = ZSTD_LEVEL) => asBuffer(module.compress(data, level)),
    decompress(data, bytesMax) {
      const declared = declaredZstdSize(asBuffer(data));
      if (declared !== undefined && declared > bytesMax) refuseSize('zstd', bytesMax);
      // A streamed frame does not declare its size; the module then takes this much and no more.
      const defaultHeapSize = Math.min(bytesMax, Math.max(1 << 20, data.length * 64));
      const result = asBuffer(module.decompress(data, { defaultHeapSize }));
      if (result.length > bytesMax) refuseSize('zstd', bytesMax);
      return result;
    },
  };
}

/** Frame_Content_Size of a zstd frame (RFC 8878, 3.1.1.1.4), where the frame declares it. */
function declaredZstdSize(frame: Buffer): number | undefined {
  if (frame.length < 6 || frame.readUInt32LE(0) !== 0xfd2fb528) {
    throw new CompressionError('zstd', 'this is not a zstd frame');
  }
  const descriptor = frame[4]!;
  const sizeFlag = descriptor >> 6;
  const singleSegment = (descriptor >> 5) & 1;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!;
  const position = 5 + (singleSegment ? 0 : 1) + dictionaryBytes;
  const sizeBytes = sizeFlag === 0 ? singleSegment : 1 << sizeFlag;
  if (sizeBytes === 0 || frame.length < position + sizeBytes) return undefined;
  if (sizeBytes === 1) return frame[position]!;
  if (sizeBytes === 2) return frame.readUInt16LE(position) + 256;
  if (sizeBytes === 4) return frame.readUInt32LE(position);
  return Number(frame.readBigUInt64LE(position));
}
