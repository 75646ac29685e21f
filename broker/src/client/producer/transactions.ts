/**
 * A producer's transactions (KIP-98, KIP-447, KIP-890).
 *
 *   uninitialized ──initialize──▶ ready ──begin──▶ open ──commit, abort──▶ ready
 *   open ──a record or call fails──▶ broken ──abort──▶ ready
 *   any ──another producer took over──▶ fatal
 */
import { ClientError } from '../client-error.ts';
import type { Network } from '../network.ts';
import { withRetries } from '../retry.ts';
import type { OffsetToCommit, TopicPartition } from '../types.ts';
import type { ResolvedProducerOptions, SendFailure } from './options.ts';
import type { Sequences } from './sequences.ts';
import {
  nobody,
  type ProducerIdentity,
  type TransactionGroup,
  TransactionRequests,
} from './transaction-requests.ts';

type State =
  | { readonly name: 'uninitialized' | 'ready' }
  | { readonly name: 'open' }
  | { readonly name: 'broken' | 'fatal'; readonly cause: ClientError };

const inErrorState = 'Cannot execute transactional method because we are in an error state';
const fatalErrors: ReadonlySet<string> = new Set([
  'PRODUCER_FENCED',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  'INVALID_TXN_STATE',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
]);

export class Transactions {
  readonly #network: Network;
  readonly #requests: TransactionRequests;
  readonly #sequences: Sequences;
  readonly #options: ResolvedProducerOptions;
  #state: State = { name: 'uninitialized' };
  #identity: ProducerIdentity = nobody;
  /** transaction.version of the transaction that is open. */
  #version = 0;
  readonly #enlisted = new Set<string>();
  /** The coordinator knows of the open transaction, so that it has to be ended. */
  #begun = false;
  /** A stamped batch was lost: its sequence has a gap that only a new epoch cures. */
  #gap = false;

  constructor(network: Network, sequences: Sequences, options: ResolvedProducerOptions) {
    this.#network = network;
    this.#requests = new TransactionRequests(network, options.transactionalId!);
    this.#sequences = sequences;
    this.#options = options;
  }

  get isReady(): boolean {
    return this.#state.name !== 'uninitialized';
  }

  /** Partitions are named by the client, not by producing to them. */
  get namesPartitions(): boolean {
    return this.#version < 2;
  }

  /** Fences forerunners of the same id and ends what they left open. */
  async initialize(): Promise<void> {
    await this.#asked(
      'InitProducerId. InitTransactions timed out - did not complete coordinator discovery or receive the InitProducerId response within max.block.ms.',
      () => this.#renew(nobody),
    );
    this.#version = await this.#requests.version();
    this.#state = { name: 'ready' };
  }

  async begin(): Promise<void> {
    this.#refuseErrors();
    if (this.#state.name !== 'ready') {
      const why =
        this.#state.name === 'open'
          ? 'a transaction is open already'
          : 'initTransactions has not been called';
      throw new ClientError('transaction', `Cannot begin a transaction: ${why}`);
    }
    this.#state = { name: 'open' };
    this.#version = await this.#requests.version();
  }

  /** Before the first record to a partition. Throws where the transaction cannot take it. */
  async enlist(target: TopicPartition): Promise<void> {
    this.#refuseErrors();
    if (this.#state.name !== 'open') {
      const { topic, partition } = target;
      throw new ClientError(
        'transaction',
        `Cannot add partition ${topic}-${partition} to transaction: no transaction is open`,
      );
    }
    const key = `${target.topic}-${target.partition}`;
    if (!this.#enlisted.has(key)) {
      if (this.namesPartitions) {
        await this.#asked('AddPartitionsToTxn', () => this.#requests.addPartitions(this.#identity, [target]));
      }
      this.#enlisted.add(key);
    }
    this.#begun = true;
  }

  async sendOffsets(offsets: readonly OffsetToCommit[], group: TransactionGroup): Promise<void> {
    this.#mustBeOpen();
    this.#begun = true;
    if (this.namesPartitions) {
      await this.#asked('AddOffsetsToTxn', () => this.#requests.addOffsets(this.#identity, group.groupId));
    }
    const version = this.#version;
    await this.#asked('SendOffsetsToTransaction', () =>
      this.#requests.commitOffsets(this.#identity, group, { offsets, version }),
    );
  }

  /** Everything written must have ended before. */
  async commit(): Promise<void> {
    this.#mustBeOpen();
    await this.#end(true);
  }

  async abort(): Promise<void> {
    if (this.#state.name === 'fatal') this.#refuseErrors();
    if (this.#state.name !== 'open' && this.#state.name !== 'broken') this.#mustBeOpen();
    await this.#end(false);
    // With transaction.version 2 the end itself brought a new epoch.
    if (this.#gap && this.namesPartitions) {
      await this.#asked('InitProducerId', () => this.#renew(this.#identity));
    }
    this.#gap = false;
  }

  /** A record of the open transaction failed. */
  recordFailed({ exception, message }: SendFailure): void {
    const isFatal = exception === 'ProducerFencedException' || exception === 'InvalidProducerEpochException';
    this.#gap = true;
    this.#break(isFatal ? 'fatal' : 'broken', new ClientError('transaction', `${exception}: ${message}`));
  }

  async #end(committed: boolean): Promise<void> {
    if (this.#begun) {
      const version = this.#version;
      const identity = await this.#asked('EndTxn', () =>
        this.#requests.end(this.#identity, { committed, version }),
      );
      if (identity !== this.#identity) this.#adopt(identity);
    }
    this.#begun = false;
    this.#enlisted.clear();
    this.#state = { name: 'ready' };
  }

  async #renew(current: ProducerIdentity): Promise<void> {
    this.#adopt(await this.#requests.init(this.#options.transactionTimeoutMs, current));
  }

  #adopt(identity: ProducerIdentity): void {
    this.#identity = identity;
    this.#sequences.adopt(identity);
  }

  /** Asks until it is answered or `max.block.ms` is over; what is refused breaks the transaction. */
  async #asked<T>(what: string, ask: () => Promise<T>): Promise<T> {
    const { blockMsMax } = this.#options;
    try {
      return await withRetries({ ...this.#network.limits, apiTimeoutMs: blockMsMax }, ask);
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      if (error.api === null && error.canRetry) {
        const text = `Timeout expired after ${blockMsMax}ms while awaiting ${what}`;
        throw new ClientError('timeout', text, { cause: error });
      }
      this.#break(fatalErrors.has(error.api?.name ?? '') ? 'fatal' : 'broken', error);
      throw error;
    }
  }

  #break(name: 'broken' | 'fatal', cause: ClientError): void {
    if (this.#state.name === 'fatal' || this.#state.name === 'uninitialized') return;
    this.#state = { name, cause };
  }

  #mustBeOpen(): void {
    this.#refuseErrors();
    if (this.#state.name !== 'open') throw new ClientError('transaction', 'No transaction is open');
  }

  #refuseErrors(): void {
    if (this.#state.name === 'broken' || this.#state.name === 'fatal') {
      throw new ClientError('transaction', inErrorState, { cause: this.#state.cause });
    }
  }
}
