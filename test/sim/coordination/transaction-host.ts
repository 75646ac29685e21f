/** The transactional ids of a partition on the node that leads it, and the markers it sends until all are written. */

import { ErrorCode } from '../../../broker/src/messages/errors.ts';
import type { Decision } from '../../../broker/src/transaction/decision.ts';
import { decodeTransaction, encodeTransaction } from '../../../broker/src/transaction/records.ts';
import { TransactionShard } from '../../../broker/src/transaction/shard.ts';
import {
  isEnding,
  type PartitionKey,
  parsePartitionKey,
  type Transaction,
} from '../../../broker/src/transaction/transaction.ts';
import type { Replica } from '../replica.ts';
import type { Marker } from './ledger-host.ts';
import { call, LEDGER_TOPIC, leaderOf } from './plan.ts';

const SWEEP_MS = 1000;
const RETRY_MS = 100;
const ID_EXPIRATION_MS = 600_000;

export class TransactionHost {
  readonly shard = new TransactionShard();
  readonly #replica: Replica;
  readonly #isLive: () => boolean;
  readonly #coordinatorEpoch: number;
  /** Until what was there before is committed, nobody is told of it and no marker is sent. */
  #settled = false;

  constructor(replica: Replica, isLive: () => boolean) {
    this.#replica = replica;
    this.#isLive = isLive;
    this.#coordinatorEpoch = replica.leader!.leaderEpoch;
    for (const { value } of replica.log.entries) {
      const [key = '', text = '-'] = value.split(' ');
      const bytes = text === '-' ? null : Buffer.from(text, 'base64');
      const found = decodeTransaction({ key: Buffer.from(key, 'base64'), value: bytes });
      if (found !== undefined) this.shard.replay(found.transactionalId, found.transaction);
    }
    replica.whenCommitted(replica.log.logEndOffset, (errorCode) => {
      if (errorCode !== ErrorCode.NONE || !this.#isLive()) return;
      this.#settled = true;
      for (const transaction of this.shard.ending()) this.#finish(transaction);
    });
    this.#sweepLater();
  }

  get nowMs(): number {
    return this.#replica.node.world.clock.nowMs;
  }

  carryOut<R>(
    ask: (newProducerId: bigint | undefined) => Decision<R>,
    done: (response: R | number) => void,
  ): void {
    if (!this.#settled) {
      done(ErrorCode.NOT_COORDINATOR);
      return;
    }
    let decision = ask(undefined);
    if (decision.kind === 'needProducerId') decision = ask(this.#replica.node.world.newProducerId());
    if (decision.kind === 'needProducerId') throw new Error('it asked twice for a producer id');
    if (decision.kind === 'answer') {
      done(decision.response);
      return;
    }
    const { transactionalId, next, response } = decision;
    const entry = encodeTransaction(transactionalId, next);
    const text = `${entry.key!.toString('base64')} ${entry.value?.toString('base64') ?? '-'}`;
    const write = decision;
    this.#replica.produce(text, -1, (errorCode) => {
      if (!this.#isLive()) return;
      if (errorCode !== ErrorCode.NONE) {
        this.shard.failed(transactionalId);
        done(errorCode);
        return;
      }
      this.shard.written(write);
      if (next !== null && isEnding(next.state)) this.#finish(next);
      done(response);
    });
  }

  #sweepLater(): void {
    this.#replica.node.later(SWEEP_MS, () => {
      if (!this.#isLive()) return;
      if (this.#settled) this.#sweep();
      this.#sweepLater();
    });
  }

  #sweep(): void {
    const { nowMs } = this;
    const decisions: Decision<unknown>[] = [
      ...this.shard.timedOut(nowMs),
      ...this.shard.expired(nowMs, ID_EXPIRATION_MS),
    ];
    for (const decision of decisions)
      this.carryOut(
        () => decision,
        () => undefined,
      );
  }

  #finish(transaction: Transaction): void {
    const open = new Set(transaction.partitions);
    const end = (): void => {
      if (!this.#isLive()) return;
      this.carryOut<number>(
        () => {
          const decision = this.shard.markersWritten(transaction.transactionalId, this.nowMs);
          return decision.kind === 'needProducerId' ? decision : { ...decision, response: ErrorCode.NONE };
        },
        (errorCode) => {
          if (errorCode !== ErrorCode.NONE && this.#isLive()) this.#replica.node.later(RETRY_MS, end);
        },
      );
    };
    if (open.size === 0) end();
    for (const key of [...open]) {
      this.#mark(key, transaction, () => {
        open.delete(key);
        if (open.size === 0) end();
      });
    }
  }

  #mark(key: PartitionKey, transaction: Transaction, done: () => void): void {
    if (!this.#isLive()) return;
    const { world } = this.#replica.node;
    const { partition } = parsePartitionKey(key);
    const marker: Marker = {
      producerId: Number(transaction.producerId),
      producerEpoch: transaction.producerEpoch,
      committed: transaction.state === 'PrepareCommit',
      coordinatorEpoch: this.#coordinatorEpoch,
      transactionVersion: transaction.clientTransactionVersion,
    };
    call<number>(
      world,
      () => leaderOf(world, LEDGER_TOPIC, partition),
      (replica, reply) => {
        if (replica.ledger === null) reply(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        else replica.ledger.mark(marker, reply);
      },
      (errorCode) => {
        const ended = [
          ErrorCode.NONE,
          ErrorCode.INVALID_PRODUCER_EPOCH,
          ErrorCode.TRANSACTION_COORDINATOR_FENCED,
        ];
        if (errorCode !== null && ended.includes(errorCode as 0)) done();
        else this.#replica.node.later(RETRY_MS, () => this.#mark(key, transaction, done));
      },
    );
  }
}
