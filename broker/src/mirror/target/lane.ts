/**
 * The batches of one target partition, in order. Several may be under way; when one fails, those sent after it fail too,
 * so the lane waits until all have come back and sends again from the first that was not acknowledged (KIP-98).
 */
import { stampProducer, type TargetBatch } from '../batches/target-batch.ts';

export interface Place {
  readonly topic: string;
  readonly partition: number;
}

export interface Delivery {
  readonly batch: TargetBatch;
  /**
   * Told once the batch is there for good, or each part of it when it had to be cut. `baseOffset` is -1 when the broker
   * knew the batch already and does not say where it is.
   */
  readonly onAcked: (batch: TargetBatch, baseOffset: number) => void;
}

interface Sent {
  readonly delivery: Delivery;
  sequence: number;
  state: 'underWay' | 'acked' | 'failed';
  baseOffset: number;
}

export interface LaneIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly transactional: boolean;
}

const sequenceSpan = 2 ** 31;

export class Lane {
  readonly place: Place;
  readonly #pending: Delivery[] = [];
  #sent: Sent[] = [];
  #nextSequence = 0;
  #broken = false;
  /** Acknowledged within a transaction that is still open, so that it may have to be sent again. */
  #uncommitted: Sent[] = [];
  readonly #keepsUncommitted: boolean;
  /** Not sent before this time. */
  notBeforeMs = 0;
  /** Failures without a success between. */
  failures = 0;
  /** What the last failure said; `null` after a success. */
  problem: string | null = null;
  heldBytes = 0;

  constructor(place: Place, options: { readonly transactional: boolean }) {
    this.place = place;
    this.#keepsUncommitted = options.transactional;
  }

  get idle(): boolean {
    return this.#pending.length === 0 && this.#sent.length === 0;
  }

  get underWay(): number {
    return this.#sent.filter((sent) => sent.state === 'underWay').length;
  }

  push(delivery: Delivery): void {
    this.#pending.push(delivery);
    this.heldBytes += delivery.batch.bytes.length;
  }

  /** Size of the batch that could go now; `null`: none can. */
  readyBytes(nowMs: number, underWayMax: number): number | null {
    const first = this.#pending[0];
    if (first === undefined || this.#broken || nowMs < this.notBeforeMs) return null;
    return this.#sent.length >= underWayMax ? null : first.batch.bytes.length;
  }

  /** Stamps the next batch and counts it as under way. `identity` null: a producer without sequences. */
  take(identity: LaneIdentity | null): Sent {
    const delivery = this.#pending.shift()!;
    const sent: Sent = { delivery, sequence: this.#nextSequence, state: 'underWay', baseOffset: -1 };
    this.#nextSequence = (this.#nextSequence + delivery.batch.recordCount) % sequenceSpan;
    stampProducer(delivery.batch, identity === null ? null : { ...identity, baseSequence: sent.sequence });
    this.#sent.push(sent);
    return sent;
  }

  /** Acknowledged batches leave in their order, when no transaction holds them back. */
  acknowledge(sent: Sent, baseOffset: number): void {
    sent.state = 'acked';
    sent.baseOffset = baseOffset;
    this.failures = 0;
    this.problem = null;
    this.#settle();
  }

  /** Batches written in the open transaction. */
  get uncommitted(): readonly Delivery[] {
    return this.#uncommitted.map((sent) => sent.delivery);
  }

  /** The transaction was committed. */
  release(): void {
    for (const sent of this.#uncommitted.splice(0)) this.#leave(sent);
  }

  /** True: this is the first failure since the lane last went well. */
  fail(sent: Sent, problem: string): boolean {
    const first = !this.#broken;
    sent.state = 'failed';
    this.#broken = true;
    if (first) {
      this.failures++;
      this.problem = problem;
    }
    this.#settle();
    return first;
  }

  isFirst(sent: Sent): boolean {
    return this.#sent[0] === sent;
  }

  /** Replaces a batch that was refused by parts of it. */
  replace(sent: Sent, parts: readonly TargetBatch[]): void {
    const { onAcked, batch } = sent.delivery;
    const stand: Sent[] = parts.map((part) => ({
      delivery: { batch: part, onAcked },
      sequence: sent.sequence,
      state: 'failed',
      baseOffset: -1,
    }));
    this.#sent.splice(this.#sent.indexOf(sent), 1, ...stand);
    this.heldBytes += parts.reduce((sum, part) => sum + part.bytes.length, 0) - batch.bytes.length;
    this.#broken = true;
    this.#settle();
  }

  /** Under a new producer id sequences begin anew. */
  startOver(): void {
    this.#sent.unshift(...this.#uncommitted.splice(0));
    this.#takeBack();
    this.#nextSequence = 0;
    this.notBeforeMs = 0;
  }

  #settle(): void {
    while (this.#sent[0]?.state === 'acked') {
      const sent = this.#sent.shift()!;
      if (this.#keepsUncommitted) this.#uncommitted.push(sent);
      else this.#leave(sent);
    }
    if (this.#broken && this.underWay === 0) this.#takeBack();
  }

  #leave({ delivery, baseOffset }: Sent): void {
    this.heldBytes -= delivery.batch.bytes.length;
    delivery.onAcked(delivery.batch, baseOffset);
  }

  #takeBack(): void {
    const first = this.#sent[0];
    if (first !== undefined) this.#nextSequence = first.sequence;
    this.#pending.unshift(...this.#sent.map((sent) => sent.delivery));
    this.#sent = [];
    this.#broken = false;
  }
}

export type { Sent };
