/** What a follower checks in fetched batches: they must be whole, intact and follow on what it has. */
import { type BatchHeader, isBatchIntact, readBatchHeader } from '../messages/records.ts';
import { WireError } from '../wire/wire-error.ts';
import { batchHeaderBytes, sizeOfBatch } from './batch.ts';
import { LogError } from './log-contract.ts';

export interface FetchedBatches {
  readonly headers: readonly BatchHeader[];
  /** The whole batches; a cut-off last one, which fetch answers may have, is left out. */
  readonly whole: Buffer;
}

/** Throws LogError: 'corruptBatch' is worth fetching again, 'offsetGap' means the log must be truncated first. */
export function checkFetched(batches: Buffer, at: { logEndOffset: number; name: string }): FetchedBatches {
  const headers: BatchHeader[] = [];
  let expected = at.logEndOffset;
  let position = 0;
  while (position + batchHeaderBytes <= batches.length) {
    const sizeBytes = sizeOfBatch(batches, position);
    if (sizeBytes >= batchHeaderBytes && position + sizeBytes > batches.length) break;
    const header = readIntact(batches, position, at.name);
    if (header.baseOffset < expected) {
      throw new LogError(
        'offsetGap',
        `Fetched a batch at offset ${header.baseOffset} for ${at.name}, whose next offset is ${expected}`,
      );
    }
    headers.push(header);
    expected = header.lastOffset + 1;
    position += sizeBytes;
  }
  return { headers, whole: batches.subarray(0, position) };
}

function readIntact(batches: Buffer, position: number, name: string): BatchHeader {
  try {
    const header = readBatchHeader(batches, position);
    if (isBatchIntact(batches, header)) return header;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new LogError('corruptBatch', `Fetched a damaged batch for ${name}: ${error.message}`, {
      cause: error,
    });
  }
  throw new LogError('corruptBatch', `Fetched a batch for ${name} that does not match its CRC`);
}
