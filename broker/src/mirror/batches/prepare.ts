/**
 * What a Fetch brought for one partition → batches for the target. A batch goes on as it is where the target takes it so:
 * records numbered without gaps, with times of their own, in the codec wanted, and not too small. All else is rewritten
 * frame by frame: compacted batches, LogAppendTime, a start in mid-batch, another codec; small plain batches become one.
 */
import { type CodecName, decompress } from '../../messages/compression.ts';
import {
  BATCH_HEADER_BYTES,
  type BatchHeader,
  isBatchIntact,
  readBatchHeader,
} from '../../messages/records.ts';
import { WireError } from '../../wire/wire-error.ts';
import { type FrameSource, rewriteFrames } from './record-frames.ts';
import { adoptBatch, composeBatch, type TargetBatch } from './target-batch.ts';

export interface PrepareOptions {
  /** Records before this offset were mirrored already. */
  readonly from: number;
  /** `null`: each batch keeps its codec. */
  readonly codec: CodecName | null;
  readonly batchBytes: number;
}

/** Plain batches of at least this size are not worth copying together. */
const largeBytes = 64 * 1024;

export function prepareBatches(
  buffer: Buffer,
  headers: readonly BatchHeader[],
  options: PrepareOptions,
): TargetBatch[] {
  const batches: TargetBatch[] = [];
  let together: BatchHeader[] = [];
  let togetherBytes = 0;
  const close = () => {
    if (together.length > 0) maybePush(batches, rewrite(buffer, together, options));
    together = [];
    togetherBytes = 0;
  };
  for (const header of headers) {
    if (!isBatchIntact(buffer, header)) {
      throw new WireError(
        'bad-value',
        `the batch at offset ${header.baseOffset} is damaged (CRC)`,
        header.position,
      );
    }
    const small = header.codec === 'none' && header.sizeBytes < largeBytes;
    if (goesAsItIs(header, options) && !small) {
      close();
      batches.push(adoptBatch(buffer, header));
      continue;
    }
    const joins = small && (options.codec ?? 'none') === 'none';
    if (togetherBytes + header.sizeBytes > options.batchBytes || !joins) close();
    together.push(header);
    togetherBytes += header.sizeBytes;
    if (!joins) close();
  }
  close();
  return batches;
}

/** Cuts a batch in two, for a target that found it too large. `null`: it holds one record only. */
export function splitBatch(batch: TargetBatch): [TargetBatch, TargetBatch] | null {
  if (batch.recordCount < 2) return null;
  const header = readBatchHeader(batch.bytes);
  const half = Math.ceil(batch.recordCount / 2);
  const source = frameSource(batch.bytes, header);
  const first = rewriteFrames([{ ...source, recordCount: half }], 0);
  const second = rewriteFrames([source], half);
  if (first === null || second === null) return null;
  const [before, after] = splitStretches(batch.stretches, half);
  return [
    composeBatch({ ...first, stretches: before }, header.codec),
    composeBatch({ ...second, stretches: after }, header.codec),
  ];
}

function splitStretches(
  stretches: TargetBatch['stretches'],
  half: number,
): [TargetBatch['stretches'], TargetBatch['stretches']] {
  const before: { offset: number; count: number }[] = [];
  const after: { offset: number; count: number }[] = [];
  let left = half;
  for (const { offset, count } of stretches) {
    const taken = Math.min(left, count);
    if (taken > 0) before.push({ offset, count: taken });
    if (count > taken) after.push({ offset: offset + taken, count: count - taken });
    left -= taken;
  }
  return [before, after];
}

function goesAsItIs(header: BatchHeader, { from, codec }: PrepareOptions): boolean {
  const whole = header.lastOffset - header.baseOffset + 1 === header.recordCount;
  const ownTimes = header.timestampType === 'CreateTime' && !header.hasDeleteHorizon;
  return whole && ownTimes && header.baseOffset >= from && (codec === null || codec === header.codec);
}

function rewrite(
  buffer: Buffer,
  headers: readonly BatchHeader[],
  options: PrepareOptions,
): TargetBatch | null {
  const rewritten = rewriteFrames(
    headers.map((header) => frameSource(buffer, header)),
    options.from,
  );
  return rewritten === null ? null : composeBatch(rewritten, options.codec ?? headers[0]!.codec);
}

function frameSource(buffer: Buffer, header: BatchHeader): FrameSource {
  const body = buffer.subarray(header.position + BATCH_HEADER_BYTES, header.position + header.sizeBytes);
  return {
    records: header.codec === 'none' ? body : decompress(header.codec, body),
    recordCount: header.recordCount,
    baseOffset: header.baseOffset,
    baseTimestamp: header.baseTimestamp,
    appendTime: header.timestampType === 'LogAppendTime' ? header.maxTimestamp : null,
  };
}

function maybePush(batches: TargetBatch[], batch: TargetBatch | null): void {
  if (batch !== null) batches.push(batch);
}
