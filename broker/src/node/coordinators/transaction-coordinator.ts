/**
 * The shell around the transaction shards: one for each partition of `__transaction_state` this node leads. It loads a
 * shard when leadership comes, writes what it decides, sends markers until all are written, aborts what ran too long.
 */
import { coordinatorPartition } from '../../group/placement.ts';
import type { NodeServices } from '../../handlers/services.ts';
import {
  type ActiveTransactions,
  type Enlistment,
  TRANSACTIONS_TOPIC,
  type TransactionService,
} from '../../handlers/transactions.ts';
import { ErrorCode } from '../../messages/errors.ts';
import type { Decision } from '../../transaction/decision.ts';
import { decodeTransaction, encodeTransaction } from '../../transaction/records.ts';
import { TransactionShard } from '../../transaction/shard.ts';
import { isEnding, type PartitionKey, type Transaction } from '../../transaction/transaction.ts';
import { coordinatorError } from './coordinator-error.ts';
import type { Enlister } from './enlister.ts';
import type { MarkerSender } from './marker-sender.ts';

type Services = Pick<NodeServices, 'clock' | 'timers' | 'brokerConfig' | 'coordinatorLogs' | 'producerIds'>;

export interface TransactionCoordinatorOptions {
  readonly services: Services;
  readonly markers: MarkerSender;
  readonly enlister: Enlister;
  /** A record of the past that cannot be read: told, and passed over. */
  readonly onDamagedRecord: (partition: number, error: unknown) => void;
}

export class TransactionCoordinator implements TransactionService {
  readonly #options: TransactionCoordinatorOptions;
  readonly #shards = new Map<number, LedTransactions>();
  #sweeping = false;

  constructor(options: TransactionCoordinatorOptions) {
    this.#options = options;
    options.services.coordinatorLogs.watch(TRANSACTIONS_TOPIC, {
      elected: (partition, leaderEpoch) => this.#elected(partition, leaderEpoch),
      resigned: (partition) => this.#resigned(partition),
    });
  }

  nowMs(): number {
    return this.#options.services.clock.now();
  }

  shardOf(transactionalId: string): ActiveTransactions | number {
    const partitionCount = this.#options.services.coordinatorLogs.partitionCount(TRANSACTIONS_TOPIC);
    if (partitionCount === null) return ErrorCode.NOT_COORDINATOR;
    const partition = coordinatorPartition(transactionalId, partitionCount);
    return this.#shards.get(partition) ?? ErrorCode.NOT_COORDINATOR;
  }

  active(): readonly ActiveTransactions[] {
    return [...this.#shards.values()];
  }

  enlist(request: Enlistment): Promise<ReadonlyMap<PartitionKey, number>> {
    return this.#options.enlister.enlist(request);
  }

  #elected(partition: number, leaderEpoch: number): void {
    this.#resigned(partition);
    const { services, onDamagedRecord } = this.#options;
    const shard = new TransactionShard();
    for (const entry of services.coordinatorLogs.read(TRANSACTIONS_TOPIC, partition)) {
      try {
        const found = decodeTransaction(entry);
        if (found !== undefined) shard.replay(found.transactionalId, found.transaction);
      } catch (error) {
        onDamagedRecord(partition, error);
      }
    }
    const led = new LedTransactions(shard, { ...this.#options, partition, leaderEpoch });
    this.#shards.set(partition, led);
    void led.resume();
    this.#sweepLater();
  }

  #resigned(partition: number): void {
    this.#shards.get(partition)?.resign();
    this.#shards.delete(partition);
  }

  /** transaction.abort.timed.out.transaction.cleanup.interval.ms; not at all while nothing is led here. */
  #sweepLater(): void {
    if (this.#sweeping) return;
    this.#sweeping = true;
    const { timers, brokerConfig } = this.#options.services;
    const everyMs = brokerConfig.number('transaction.abort.timed.out.transaction.cleanup.interval.ms');
    timers.after(everyMs, () => {
      this.#sweeping = false;
      for (const led of this.#shards.values()) led.sweep(this.nowMs());
      if (this.#shards.size > 0) this.#sweepLater();
    });
  }
}

interface LedContext extends TransactionCoordinatorOptions {
  readonly partition: number;
  readonly leaderEpoch: number;
}

class LedTransactions implements ActiveTransactions {
  readonly shard: TransactionShard;
  readonly #context: LedContext;
  #resigned = false;
  /** Until what was there before is committed, nobody is told of it and no marker is sent. */
  #settled: Promise<number> | null;

  constructor(shard: TransactionShard, context: LedContext) {
    this.shard = shard;
    this.#context = context;
    const { services, partition, leaderEpoch } = context;
    this.#settled = services.coordinatorLogs
      .settled(TRANSACTIONS_TOPIC, partition, leaderEpoch)
      .then(coordinatorError);
  }

  async carryOut<R>(
    ask: (newProducerId: bigint | undefined) => Decision<R>,
    failed: (errorCode: number) => R,
  ): Promise<R> {
    const unsettled = this.#settled === null ? ErrorCode.NONE : await this.#settled;
    if (unsettled !== ErrorCode.NONE) return failed(unsettled);
    this.#settled = null;
    let decision = ask(undefined);
    if (decision.kind === 'needProducerId') {
      try {
        decision = ask(await this.#context.services.producerIds.next());
      } catch {
        return failed(ErrorCode.COORDINATOR_NOT_AVAILABLE);
      }
      if (decision.kind === 'needProducerId') return failed(ErrorCode.UNKNOWN_SERVER_ERROR);
    }
    if (decision.kind === 'answer') return decision.response;
    const errorCode = await this.#write(decision.transactionalId, decision.next);
    if (errorCode !== ErrorCode.NONE) {
      this.shard.failed(decision.transactionalId);
      return failed(errorCode);
    }
    this.shard.written(decision);
    if (decision.next !== null && isEnding(decision.next.state)) this.#finish(decision.next);
    return decision.response;
  }

  /** Goes on with outcomes that were decided before this node led. */
  async resume(): Promise<void> {
    if ((await this.#settled) !== ErrorCode.NONE) return;
    for (const transaction of this.shard.ending()) this.#finish(transaction);
  }

  resign(): void {
    this.#resigned = true;
  }

  sweep(nowMs: number): void {
    const { brokerConfig } = this.#context.services;
    const expirationMs = brokerConfig.number('transactional.id.expiration.ms');
    const decisions: Decision<unknown>[] = [
      ...this.shard.timedOut(nowMs),
      ...this.shard.expired(nowMs, expirationMs),
    ];
    for (const decision of decisions) {
      void this.carryOut<unknown>(
        () => decision,
        () => undefined,
      );
    }
  }

  async #write(transactionalId: string, next: Transaction | null): Promise<number> {
    const { services, partition, leaderEpoch } = this.#context;
    if (this.#resigned) return ErrorCode.NOT_COORDINATOR;
    const entry = encodeTransaction(transactionalId, next);
    const timeoutMs = services.brokerConfig.number('request.timeout.ms');
    const append = services.coordinatorLogs.append(TRANSACTIONS_TOPIC, partition, [entry], {
      timeoutMs,
      leaderEpoch,
    });
    return coordinatorError(append.errorCode === ErrorCode.NONE ? await append.committed : append.errorCode);
  }

  /** Writes every marker, however long that takes, then the end; stops when this node no longer leads. */
  #finish(transaction: Transaction): void {
    const { markers, leaderEpoch, services } = this.#context;
    const isWanted = () => !this.#resigned;
    void markers.send(transaction, { coordinatorEpoch: leaderEpoch, isWanted }).then((allWritten) => {
      if (!allWritten || this.#resigned) return;
      const retry = () => services.timers.after(MARKERS_RETRY_MS, () => this.#finish(transaction));
      void this.carryOut<number>(
        () => asNumber(this.shard.markersWritten(transaction.transactionalId, services.clock.now())),
        (errorCode) => errorCode,
      ).then((errorCode) => {
        if (errorCode !== ErrorCode.NONE && !this.#resigned) retry();
      });
    });
  }
}

const MARKERS_RETRY_MS = 500;

function asNumber(decision: Decision<null>): Decision<number> {
  return decision.kind === 'needProducerId' ? decision : { ...decision, response: ErrorCode.NONE };
}
