/**
 * What a partition remembers of its idempotent and transactional producers (KIP-98): the last five batches of
 * each, to answer a repeated one with its first offset and refuse one out of order, its epoch, to fence an older
 * instance, and where its open transaction began.
 *
 * Rebuilt from the log on start, shortened by snapshots; the same `note` serves live appends and recovery.
 */
import { ErrorCode } from '../messages/errors.ts';
import type { BatchHeader } from '../messages/records.ts';
import type { AbortedTransaction, AppendOrigin } from './log-contract.ts';

/** Batches remembered for each producer; Java clients have at most five requests in flight. */
const batchesRemembered = 5;
const sequenceMax = 0x7fff_ffff;

export interface ProducerBatch {
  readonly lastSequence: number;
  readonly lastOffset: number;
  /** Last minus first offset, which is last minus first sequence. */
  readonly offsetDelta: number;
  readonly timestamp: number;
}

export interface ProducerEntry {
  readonly producerId: number;
  epoch: number;
  /** Oldest first, at most five; empty after a transaction marker of a new epoch. */
  batches: ProducerBatch[];
  coordinatorEpoch: number;
  lastTimestamp: number;
  /** -1 when no transaction is open. */
  transactionFirstOffset: number;
}

export type SequenceVerdict =
  | { readonly kind: 'new' }
  | { readonly kind: 'duplicate'; readonly batch: ProducerBatch }
  | { readonly kind: 'refused'; readonly errorCode: number; readonly message: string };

export class ProducerStates {
  private readonly entries = new Map<number, ProducerEntry>();
  private readonly name: string;

  /** `name` is topic-partition, for messages. */
  constructor(name: string) {
    this.name = name;
  }

  get all(): Iterable<ProducerEntry> {
    return this.entries.values();
  }

  get size(): number {
    return this.entries.size;
  }

  /** Start of the oldest open transaction, which bounds what read_committed consumers see. */
  get firstOpenTransactionOffset(): number | undefined {
    let first: number | undefined;
    for (const entry of this.entries.values()) {
      const offset = entry.transactionFirstOffset;
      if (offset >= 0 && (first === undefined || offset < first)) first = offset;
    }
    return first;
  }

  /** Whether a batch of an idempotent producer may be appended at `offset`. */
  judge(header: BatchHeader, options: { offset: number; origin: AppendOrigin }): SequenceVerdict {
    const entry = this.entries.get(header.producerId);
    if (entry === undefined) return { kind: 'new' };
    const duplicate = findDuplicate(entry, header);
    if (duplicate !== undefined) return { kind: 'duplicate', batch: duplicate };
    if (header.producerEpoch < entry.epoch) {
      return {
        kind: 'refused',
        errorCode: ErrorCode.INVALID_PRODUCER_EPOCH,
        message:
          `Epoch of producer ${header.producerId} at offset ${options.offset} in ${this.name} is ` +
          `${header.producerEpoch}, which is smaller than the last seen epoch ${entry.epoch}`,
      };
    }
    return options.origin === 'client' ? this.judgeSequence(entry, header, options.offset) : { kind: 'new' };
  }

  /**
   * Whether a marker may end the producer's transaction. One of an older instance, of an older coordinator, or of the
   * transaction before (it was late, or sent again) must not end the one that is open now.
   */
  judgeMarker(
    header: BatchHeader,
    marker: TransactionMarker,
    options: { offset: number; transactionVersion: number },
  ): SequenceVerdict {
    const entry = this.entries.get(header.producerId);
    if (entry === undefined) return { kind: 'new' };
    const { producerId, producerEpoch } = header;
    const least = options.transactionVersion >= 2 ? entry.epoch + 1 : entry.epoch;
    if (producerEpoch < least) {
      return {
        kind: 'refused',
        errorCode: ErrorCode.INVALID_PRODUCER_EPOCH,
        message:
          `Epoch of producer ${producerId} at offset ${options.offset} in ${this.name} is ${producerEpoch}, ` +
          `the last seen epoch is ${entry.epoch}`,
      };
    }
    if (marker.coordinatorEpoch >= entry.coordinatorEpoch) return { kind: 'new' };
    return {
      kind: 'refused',
      errorCode: ErrorCode.TRANSACTION_COORDINATOR_FENCED,
      message:
        `Invalid coordinator epoch for producer ${producerId} at offset ${options.offset} in ${this.name}: ` +
        `${marker.coordinatorEpoch} (marker), ${entry.coordinatorEpoch} (last seen)`,
    };
  }

  /** Remembers a batch that is now in the log; a control batch ends its producer's transaction. */
  note(header: BatchHeader, marker?: TransactionMarker): AbortedTransaction | undefined {
    if (header.producerId < 0) return undefined;
    const entry = this.entryFor(header);
    entry.lastTimestamp = header.maxTimestamp;
    if (header.isControl) return marker === undefined ? undefined : endTransaction(entry, header, marker);
    entry.batches.push({
      lastSequence: advance(header.baseSequence, header.lastOffset - header.baseOffset),
      lastOffset: header.lastOffset,
      offsetDelta: header.lastOffset - header.baseOffset,
      timestamp: header.maxTimestamp,
    });
    if (entry.batches.length > batchesRemembered) entry.batches.shift();
    if (header.isTransactional && entry.transactionFirstOffset < 0) {
      entry.transactionFirstOffset = header.baseOffset;
    }
    return undefined;
  }

  restore(entry: ProducerEntry): void {
    this.entries.set(entry.producerId, entry);
  }

  clear(): void {
    this.entries.clear();
  }

  /** Forgets producers that were silent too long; one with an open transaction stays. */
  expire(nowMs: number, expirationMs: number): void {
    for (const [producerId, entry] of this.entries) {
      const silentMs = nowMs - entry.lastTimestamp;
      if (entry.transactionFirstOffset < 0 && silentMs >= expirationMs) this.entries.delete(producerId);
    }
  }

  private judgeSequence(entry: ProducerEntry, header: BatchHeader, offset: number): SequenceVerdict {
    const about = `producer ${header.producerId} at offset ${offset} in partition ${this.name}`;
    const { baseSequence, producerEpoch } = header;
    const refuse = (message: string): SequenceVerdict => ({
      kind: 'refused',
      errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
      message,
    });
    if (producerEpoch !== entry.epoch) {
      if (baseSequence === 0) return { kind: 'new' };
      return refuse(
        `Invalid sequence number for new epoch of ${about}: ${producerEpoch} (request epoch), ` +
          `${baseSequence} (seq. number), ${entry.epoch} (current producer epoch)`,
      );
    }
    const last = entry.batches.at(-1)?.lastSequence ?? -1;
    if (baseSequence === advance(last, 1)) return { kind: 'new' };
    return refuse(
      `Out of order sequence number for ${about}: ${baseSequence} (incoming seq. number), ` +
        `${last} (current end sequence number)`,
    );
  }

  private entryFor(header: BatchHeader): ProducerEntry {
    const known = this.entries.get(header.producerId);
    if (known !== undefined) {
      if (known.epoch !== header.producerEpoch) {
        known.epoch = header.producerEpoch;
        known.batches = [];
      }
      return known;
    }
    const entry: ProducerEntry = {
      producerId: header.producerId,
      epoch: header.producerEpoch,
      batches: [],
      coordinatorEpoch: -1,
      lastTimestamp: header.maxTimestamp,
      transactionFirstOffset: -1,
    };
    this.entries.set(header.producerId, entry);
    return entry;
  }
}

/** What a control batch says. */
export interface TransactionMarker {
  readonly committed: boolean;
  readonly coordinatorEpoch: number;
}

function endTransaction(
  entry: ProducerEntry,
  header: BatchHeader,
  marker: TransactionMarker,
): AbortedTransaction | undefined {
  const firstOffset = entry.transactionFirstOffset;
  entry.transactionFirstOffset = -1;
  entry.coordinatorEpoch = marker.coordinatorEpoch;
  if (marker.committed || firstOffset < 0) return undefined;
  return {
    producerId: header.producerId,
    firstOffset,
    lastOffset: header.baseOffset,
    lastStableOffset: header.lastOffset + 1,
  };
}

function findDuplicate(entry: ProducerEntry, header: BatchHeader): ProducerBatch | undefined {
  if (entry.epoch !== header.producerEpoch) return undefined;
  const offsetDelta = header.lastOffset - header.baseOffset;
  const lastSequence = advance(header.baseSequence, offsetDelta);
  return entry.batches.find(
    (batch) => batch.lastSequence === lastSequence && batch.offsetDelta === offsetDelta,
  );
}

/** Sequence numbers are 31 bits and start again at 0. */
function advance(sequence: number, by: number): number {
  const sum = sequence + by;
  return sum > sequenceMax ? sum - sequenceMax - 1 : sum;
}
