/** A partition that transactions write to, on the node that leads it: producer states judge, as the log's own do. */
import { ErrorCode } from '../../../broker/src/messages/errors.ts';
import type { BatchHeader } from '../../../broker/src/messages/records.ts';
import { ProducerStates } from '../../../broker/src/storage/producer-state.ts';
import type { Replica } from '../replica.ts';

export interface Marker {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly committed: boolean;
  readonly coordinatorEpoch: number;
  readonly transactionVersion: number;
}

export interface LedgerRecord {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly sequence: number;
  /** Which transaction it belongs to: an id of the simulation's own. */
  readonly label: string;
}

export type LedgerEntry =
  | ({ readonly kind: 'record' } & LedgerRecord)
  | ({ readonly kind: 'marker' } & Omit<Marker, 'transactionVersion'>);

export const parseEntry = (value: string): LedgerEntry => JSON.parse(value) as LedgerEntry;

export class LedgerHost {
  readonly #replica: Replica;
  readonly #states: ProducerStates;
  #noted = 0;

  constructor(replica: Replica) {
    this.#replica = replica;
    this.#states = new ProducerStates(`ledger-${replica.index}`);
  }

  write(record: LedgerRecord, done: (errorCode: number) => void): void {
    const offset = this.#catchUp();
    const verdict = this.#states.judge(header({ kind: 'record', ...record }, offset), {
      offset,
      origin: 'client',
    });
    const { bug } = this.#replica.node.world.options;
    if (verdict.kind === 'refused' && bug !== 'anyEpoch') done(verdict.errorCode);
    else if (verdict.kind === 'duplicate') this.#replica.whenCommitted(offset, done);
    else this.#append({ kind: 'record', ...record }, done);
  }

  mark({ transactionVersion, ...marker }: Marker, done: (errorCode: number) => void): void {
    const offset = this.#catchUp();
    const entry: LedgerEntry = { kind: 'marker', ...marker };
    const verdict = this.#states.judgeMarker(header(entry, offset), marker, { offset, transactionVersion });
    const { bug } = this.#replica.node.world.options;
    if (verdict.kind === 'new' || bug === 'anyMarker') this.#append(entry, done);
    else {
      const refusal = verdict.kind === 'refused' ? verdict.errorCode : ErrorCode.NONE;
      this.#replica.whenCommitted(offset, (errorCode) => done(errorCode || refusal));
    }
  }

  #append(entry: LedgerEntry, done: (errorCode: number) => void): void {
    this.#replica.produce(JSON.stringify(entry), -1, done);
  }

  /** Live appends and those of the past by one path. */
  #catchUp(): number {
    const { entries } = this.#replica.log;
    for (; this.#noted < entries.length; this.#noted++) {
      const entry = parseEntry(entries[this.#noted]!.value);
      this.#states.note(header(entry, this.#noted), entry.kind === 'marker' ? entry : undefined);
    }
    return entries.length;
  }
}

/** As much of a batch's header as producer states look at. */
function header(entry: LedgerEntry, offset: number): BatchHeader {
  return {
    baseOffset: offset,
    lastOffset: offset,
    isTransactional: true,
    isControl: entry.kind === 'marker',
    maxTimestamp: 0,
    producerId: entry.producerId,
    producerEpoch: entry.producerEpoch,
    baseSequence: entry.kind === 'record' ? entry.sequence : -1,
  } as BatchHeader; // the rest of a header is about bytes, which there are none of
}
