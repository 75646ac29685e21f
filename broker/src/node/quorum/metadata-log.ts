/**
 * The metadata log on disk, `__cluster_metadata-0`, and the `quorum-state` file beside its segments. What Raft
 * wants durable is written when a call returns, and on the medium, if the policy says so, after `flush`.
 */
import { decodeMetadataRecord, type MetadataRecord } from '../../messages/metadata/records.ts';
import { isBatchIntact, iterateBatches, iterateRecords } from '../../messages/records.ts';
import { encodeAppend } from '../../raft/batches.ts';
import { formatQuorumState, parseQuorumState } from '../../raft/quorum-state.ts';
import type {
  Append,
  EpochStart,
  LogState,
  OffsetAndEpoch,
  OutgoingReply,
  QuorumState,
  RaftResponse,
  SnapshotPart,
} from '../../raft/types.ts';
import type { Disk } from '../../storage/disk.ts';
import { Log } from '../../storage/log.ts';
import { LogError, type LogOpenOptions, type PartitionLog } from '../../storage/log-contract.ts';
import type { MetadataSnapshots } from './snapshots.ts';

export interface CommittedBatch {
  readonly baseOffset: number;
  readonly endOffset: number;
  readonly epoch: number;
  readonly timestampMs: number;
  readonly records: readonly MetadataRecord[];
  readonly sizeBytes: number;
}

/** The metadata at the end of a snapshot, as records that make it from nothing. */
export interface LoadedSnapshot {
  readonly id: OffsetAndEpoch;
  readonly records: readonly MetadataRecord[];
}

const readBytesMax = 1024 * 1024;

export class MetadataLog {
  readonly #log: PartitionLog;
  readonly #disk: Disk;
  readonly #flushes: boolean;
  readonly #voterIds: readonly number[];
  readonly #snapshots: MetadataSnapshots;

  constructor(options: {
    log: PartitionLog;
    snapshots: MetadataSnapshots;
    disk: Disk;
    flushes: boolean;
    voterIds: readonly number[];
  }) {
    this.#log = options.log;
    this.#snapshots = options.snapshots;
    this.#disk = options.disk;
    this.#flushes = options.flushes;
    this.#voterIds = options.voterIds;
    // The node stopped between taking over a snapshot and emptying its log.
    const { latest } = this.#snapshots;
    if (latest !== null && this.#log.logEndOffset < latest.offset) this.restore(latest);
  }

  get state(): LogState {
    const { logStartOffset: startOffset, logEndOffset: endOffset } = this.#log;
    return { startOffset, endOffset, epochs: epochsOf(this.#log), snapshot: this.#snapshots.latest };
  }

  get quorumState(): QuorumState | null {
    const size = this.#disk.size(this.#quorumStatePath);
    if (size === undefined) return null;
    const state = parseQuorumState(this.#disk.read(this.#quorumStatePath, 0, size).toString('utf8'));
    if (state !== null) return state;
    throw new LogError(
      'unreadableSegment',
      `${this.#quorumStatePath} is damaged: it does not say how this controller voted, and voting twice could lose metadata. ${cure}`,
    );
  }

  saveQuorumState(state: QuorumState): void {
    this.#disk.replace(this.#quorumStatePath, Buffer.from(formatQuorumState(state, this.#voterIds)));
  }

  get snapshot(): LoadedSnapshot | null {
    const id = this.#snapshots.latest;
    return id === null ? null : { id, records: this.#snapshots.load() };
  }

  saveSnapshot(id: OffsetAndEpoch, file: Buffer): void {
    this.#snapshots.save(id, file);
  }

  writeSnapshotParts(parts: readonly SnapshotPart[]): void {
    for (const part of parts) this.#snapshots.writePart(part);
  }

  /** The log begins anew behind a snapshot. */
  restore(id: OffsetAndEpoch): void {
    this.#log.truncateFullyAndStartAt(id.offset);
    this.#snapshots.dropBefore(id.offset);
  }

  dropBefore(offset: number): void {
    this.#log.deleteRecordsBefore(offset);
    this.#log.dropSegmentsBelowStart();
    this.#snapshots.dropBefore(offset);
  }

  /** Raft's reply with the snapshot's bytes in it. */
  withSnapshotBytes(response: RaftResponse, read: OutgoingReply['snapshotRead']): RaftResponse {
    if (response.kind !== 'fetchSnapshotResponse' || read === null) return response;
    const found = this.#snapshots.read(read);
    return found === null ? { ...response, error: 'POSITION_OUT_OF_RANGE' } : { ...response, ...found };
  }

  truncateTo(offset: number): void {
    this.#log.truncateTo(offset);
  }

  append(appends: readonly Append[]): void {
    for (const append of appends) {
      // What was stored before the disk refused the rest is not stored again.
      if (append.baseOffset < this.#log.logEndOffset) continue;
      this.#log.appendAsFollower(encodeAppend(append));
    }
  }

  /** Null: what was appended need not be flushed, or is. Nothing may be appended or cut until it resolves. */
  flush(): Promise<void> | null {
    return this.#flushes && this.#log.recoveryPoint < this.#log.logEndOffset ? this.#log.flushLater() : null;
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
        if (!isBatchIntact(records, header)) throw this.#damagedAt(header.baseOffset);
        next = header.lastOffset + 1;
        yield {
          baseOffset: header.baseOffset,
          endOffset: next,
          epoch: header.partitionLeaderEpoch,
          timestampMs: header.maxTimestamp,
          sizeBytes: header.sizeBytes,
          records: header.isControl ? [] : [...iterateRecords(records, header)].flatMap(decode),
        };
      }
    }
  }

  close(): void {
    this.#log.close();
  }

  #damagedAt(offset: number): LogError {
    return new LogError(
      'unreadableSegment',
      `${this.#log.directory} is damaged at offset ${offset}, in metadata that had been stored safely. ${cure}`,
    );
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

const cure =
  'Restore it from a backup; where other controllers have the metadata, empty this folder and start again.';

/** Opens the files of the metadata log. Throws LogError that says what to do where they are damaged. */
export function openMetadataFiles(options: LogOpenOptions): Log {
  try {
    return Log.open(options);
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    throw new LogError(error.code, `${error.message}. ${cure}`, { cause: error });
  }
}
