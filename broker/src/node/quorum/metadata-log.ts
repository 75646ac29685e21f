/**
 * The metadata log on disk, `__cluster_metadata-0`, and the `quorum-state` file beside its segments. Synchronous: what
 * Raft wants durable is written (and flushed, if the policy says so) when a call returns.
 */
import { decodeMetadataRecord, type MetadataRecord } from '../../messages/metadata/records.ts';
import { iterateBatches, iterateRecords } from '../../messages/records.ts';
import { encodeAppend } from '../../raft/batches.ts';
import { formatQuorumState, parseQuorumState } from '../../raft/quorum-state.ts';
import type { Append, EpochStart, LogState, QuorumState } from '../../raft/types.ts';
import type { Disk } from '../../storage/disk.ts';
import type { PartitionLog } from '../../storage/log-contract.ts';

export interface CommittedBatch {
  readonly baseOffset: number;
  readonly endOffset: number;
  readonly epoch: number;
  readonly timestampMs: number;
  readonly records: readonly MetadataRecord[];
}

const readBytesMax = 1024 * 1024;

export class MetadataLog {
  readonly #log: PartitionLog;
  readonly #disk: Disk;
  readonly #flushes: boolean;
  readonly #voterIds: readonly number[];

  constructor(options: { log: PartitionLog; disk: Disk; flushes: boolean; voterIds: readonly number[] }) {
    this.#log = options.log;
    this.#disk = options.disk;
    this.#flushes = options.flushes;
    this.#voterIds = options.voterIds;
  }

  get state(): LogState {
    const { logStartOffset: startOffset, logEndOffset: endOffset } = this.#log;
    return { startOffset, endOffset, epochs: epochsOf(this.#log), snapshot: null };
  }

  get quorumState(): QuorumState | null {
    const size = this.#disk.size(this.#quorumStatePath);
    if (size === undefined) return null;
    return parseQuorumState(this.#disk.read(this.#quorumStatePath, 0, size).toString('utf8'));
  }

  saveQuorumState(state: QuorumState): void {
    this.#disk.replace(this.#quorumStatePath, Buffer.from(formatQuorumState(state, this.#voterIds)));
  }

  truncateTo(offset: number): void {
    this.#log.truncateTo(offset);
  }

  append(appends: readonly Append[]): void {
    for (const append of appends) this.#log.appendAsFollower(encodeAppend(append));
    if (this.#flushes && appends.length > 0) this.#log.flush();
  }

  /** Whole batches from `fromOffset`, below `toOffset`, about `maxBytes` of them. */
  readRange(fromOffset: number, toOffset: number, maxBytes: number): Buffer {
    const result = this.#log.read(fromOffset, { maxBytes, upTo: toOffset });
    return result.kind === 'records' ? result.records : Buffer.alloc(0);
  }

  *committed(fromOffset: number, toOffset: number): Generator<CommittedBatch> {
    for (let next = fromOffset; next < toOffset; ) {
      const records = this.readRange(next, toOffset, readBytesMax);
      if (records.length === 0) return;
      for (const header of iterateBatches(records)) {
        next = header.lastOffset + 1;
        yield {
          baseOffset: header.baseOffset,
          endOffset: next,
          epoch: header.partitionLeaderEpoch,
          timestampMs: header.maxTimestamp,
          records: header.isControl ? [] : [...iterateRecords(records, header)].flatMap(decode),
        };
      }
    }
  }

  close(): void {
    this.#log.close();
  }

  get #quorumStatePath(): string {
    return `${this.#log.directory}/quorum-state`;
  }
}

function decode(record: { readonly value: Buffer | null }): MetadataRecord[] {
  return record.value === null ? [] : [decodeMetadataRecord(record.value)];
}

function epochsOf(log: PartitionLog): EpochStart[] {
  const starts: EpochStart[] = [];
  for (let offset = log.logStartOffset; offset < log.logEndOffset; ) {
    const epoch = log.epochAt(offset);
    starts.push({ epoch, startOffset: offset });
    const { endOffset } = log.endOffsetForEpoch(epoch);
    if (endOffset <= offset) break;
    offset = endOffset;
  }
  return starts;
}
