/** A producer's identity and the sequence each partition is at (KIP-98, KIP-360). */
import type { Network } from '../network.ts';
import { withRetries } from '../retry.ts';
import type { Batch, ProducerId } from './batch.ts';
import { initProducerId, type ProducerIdentity } from './transaction-requests.ts';

const sequenceMax = 0x7fffffff;
const epochMax = 0x7fff;

export class Sequences {
  readonly #network: Network;
  readonly #next = new Map<string, number>();
  readonly isTransactional: boolean;
  #producer: ProducerId | null = null;
  #asking: Promise<void> | null = null;

  constructor(network: Network, options: { readonly transactional: boolean }) {
    this.isTransactional = options.transactional;
    this.#network = network;
  }

  get ready(): boolean {
    return this.#producer !== null;
  }

  /** Gets an id from the cluster; calls that come meanwhile share it. */
  init(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  stamp(batch: Batch): void {
    if (this.#producer === null || batch.sequence !== null) return;
    const key = `${batch.target.topic}-${batch.target.partition}`;
    const base = this.#next.get(key) ?? 0;
    batch.transactional = this.isTransactional;
    batch.sequence = { producer: this.#producer, base };
    const next = base + batch.count;
    this.#next.set(key, next > sequenceMax ? next - sequenceMax - 1 : next);
  }

  /** Goes on under another id or epoch, from sequence 0. */
  adopt({ producerId, producerEpoch }: ProducerIdentity): void {
    this.#producer = { id: producerId, epoch: producerEpoch };
    this.#next.clear();
  }

  /** A stamped batch was lost, so its partition's sequence has a gap: go on in a new epoch, from 0. */
  startOver(): void {
    // The coordinator gives a transactional producer its epochs; the transaction cannot be committed any more.
    if (this.isTransactional) return;
    this.#next.clear();
    if (this.#producer === null) return;
    const { id, epoch } = this.#producer;
    this.#producer = epoch < epochMax ? { id, epoch: epoch + 1 } : null;
  }

  isCurrent(batch: Batch): boolean {
    return batch.sequence === null || batch.sequence.producer === this.#producer;
  }

  async #ask(): Promise<void> {
    const options = { transactionalId: null, timeoutMs: sequenceMax };
    this.adopt(await withRetries(this.#network.limits, () => initProducerId(this.#network, 'any', options)));
  }
}
