/**
 * `compression.type` of a topic: batches under another codec are compressed anew before they are stored; with `producer`,
 * the default, they stay as they came. Only the codec counts, not the level it was done with.
 */
import { type CodecName, CompressionError } from '../messages/compression.ts';
import { ErrorCode } from '../messages/errors.ts';
import { recompressBatch } from '../messages/raw-records.ts';
import { type BatchHeader, readBatchHeader } from '../messages/records.ts';
import type { Rejection } from './append-checks.ts';
import type { LogConfig } from './log-contract.ts';

export interface Converted {
  readonly kind: 'sound';
  readonly batches: Buffer;
  readonly headers: readonly BatchHeader[];
}

export function toTopicCodec(
  batches: Buffer,
  headers: readonly BatchHeader[],
  topic: { readonly config: LogConfig; readonly name: string },
): Converted | Rejection {
  const { codec, level } = topic.config.compression;
  const isKept = (header: BatchHeader) => header.isControl || header.codec === codec;
  if (codec === 'producer' || headers.every(isKept)) return { kind: 'sound', batches, headers };
  try {
    const to = level === undefined ? { codec } : { codec, level };
    const parts = headers.map((header) =>
      isKept(header)
        ? batches.subarray(header.position, header.position + header.sizeBytes)
        : recompressBatch(batches, header, to),
    );
    return sizeChecked(Buffer.concat(parts), topic);
  } catch (error) {
    if (!(error instanceof CompressionError)) throw error;
    return refused(ErrorCode.CORRUPT_MESSAGE, error.message);
  }
}

function sizeChecked(
  batches: Buffer,
  { config, name }: { readonly config: LogConfig; readonly name: string },
): Converted | Rejection {
  const headers: BatchHeader[] = [];
  for (let position = 0; position < batches.length; position += headers.at(-1)!.sizeBytes) {
    const header = readBatchHeader(batches, position);
    headers.push(header);
    if (header.sizeBytes <= config.maxMessageBytes) continue;
    return refused(
      ErrorCode.MESSAGE_TOO_LARGE,
      `Message batch size is ${header.sizeBytes} bytes in append to partition ${name} which exceeds the maximum ` +
        `configured size of ${config.maxMessageBytes}.`,
    );
  }
  return { kind: 'sound', batches, headers };
}

function refused(errorCode: number, message: string): Rejection {
  return { kind: 'rejected', errorCode, message, recordErrors: [] };
}

const levelKey: Readonly<Partial<Record<CodecName, string>>> = {
  gzip: 'compression.gzip.level',
  lz4: 'compression.lz4.level',
  zstd: 'compression.zstd.level',
};

/** The setting as a topic's configuration has it; gzip's -1 is the codec's own default. */
export function compressionSetting(type: string, number: (name: string) => number): LogConfig['compression'] {
  if (type === 'producer') return { codec: 'producer', level: undefined };
  const codec = (type === 'uncompressed' ? 'none' : type) as CodecName; // the config's validator lets only these pass
  const key = levelKey[codec];
  const level = key === undefined ? undefined : number(key);
  return { codec, level: codec === 'gzip' && level === -1 ? undefined : level };
}
