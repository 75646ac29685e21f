/** A transactional producer (version 2 of the protocol): begins, writes to some partitions, ends; anew after trouble. */

import { ErrorCode } from '../../../broker/src/messages/errors.ts';
import type { ProducerAnswer } from '../../../broker/src/transaction/decision.ts';
import { partitionKey } from '../../../broker/src/transaction/transaction.ts';
import type { World } from '../world.ts';
import { call, LEDGER_PARTITIONS, LEDGER_TOPIC, leaderOf, TRANSACTIONS_TOPIC } from './plan.ts';
import type { TransactionHost } from './transaction-host.ts';

const PAUSE_MS = 150;
const TIMEOUT_MS = 4000;
const TRANSACTION_VERSION = 2;
const RETRIABLE: readonly number[] = [
  ErrorCode.CONCURRENT_TRANSACTIONS,
  ErrorCode.NOT_COORDINATOR,
  ErrorCode.NOT_LEADER_OR_FOLLOWER,
  ErrorCode.NOT_ENOUGH_REPLICAS,
  ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
];

export class TransactionalProducer {
  readonly #world: World;
  readonly #id: string;
  #producerId = -1n;
  #epoch = -1;
  #sequences = new Map<number, number>();
  #over = false;

  constructor(world: World, id: string) {
    this.#world = world;
    this.#id = id;
    this.#init();
  }

  vanish(): void {
    this.#over = true;
  }

  #ask<A>(
    serve: (host: TransactionHost, reply: (answer: A) => void) => void,
    done: (answer: A | null) => void,
  ): void {
    call<A>(
      this.#world,
      () => leaderOf(this.#world, TRANSACTIONS_TOPIC, 0),
      (replica, reply) => {
        if (replica.transactions !== null) serve(replica.transactions, reply);
      },
      (answer) => {
        if (!this.#over) done(answer);
      },
    );
  }

  #later(act: () => void): void {
    this.#world.clock.after(PAUSE_MS, () => {
      if (!this.#over) act();
    });
  }

  #init(): void {
    const ask = { transactionalId: this.#id, timeoutMs: TIMEOUT_MS, timeoutMsMax: 900_000 };
    this.#ask<ProducerAnswer | number>(
      (host, reply) =>
        host.carryOut(
          (newProducerId) =>
            host.shard.initProducerId({
              ...ask,
              expectedProducerId: -1n,
              expectedProducerEpoch: -1,
              newProducerId,
              nowMs: host.nowMs,
            }),
          reply,
        ),
      (answer) => {
        if (answer === null || typeof answer === 'number' || answer.errorCode !== 0) {
          this.#later(() => this.#init());
          return;
        }
        this.#is(answer);
        this.#later(() => this.#begin());
      },
    );
  }

  #is({ producerId, producerEpoch }: ProducerAnswer): void {
    this.#producerId = producerId;
    this.#epoch = producerEpoch;
    this.#sequences = new Map();
  }

  #begin(): void {
    const { random, checkers } = this.#world;
    const partitions = Array.from({ length: LEDGER_PARTITIONS }, (_, index) => index).filter(() =>
      random.chance(0.6),
    );
    if (partitions.length === 0) {
      this.#later(() => this.#begin());
      return;
    }
    const label = checkers.transactionBegun();
    this.#add(label, partitions);
  }

  #add(label: string, partitions: readonly number[]): void {
    const producer = { producerId: this.#producerId, producerEpoch: this.#epoch };
    const keys = partitions.map((partition) => partitionKey(LEDGER_TOPIC, partition));
    this.#ask<number>(
      (host, reply) =>
        host.carryOut(
          () =>
            host.shard.addPartitions(this.#id, {
              ...producer,
              partitions: keys,
              transactionVersion: TRANSACTION_VERSION,
              nowMs: host.nowMs,
            }),
          reply,
        ),
      (errorCode) => {
        if (errorCode === 0) this.#write(label, partitions);
        else if (errorCode === null || RETRIABLE.includes(errorCode))
          this.#later(() => this.#add(label, partitions));
        else this.#init();
      },
    );
  }

  /** One record to each partition, one after the other; what was not acknowledged makes it abort. */
  #write(label: string, [partition, ...rest]: readonly number[], tries = 0): void {
    if (partition === undefined) {
      this.#end(label, this.#world.random.chance(0.75));
      return;
    }
    const record = {
      producerId: Number(this.#producerId),
      producerEpoch: this.#epoch,
      sequence: this.#sequences.get(partition) ?? 0,
      label,
    };
    call<number>(
      this.#world,
      () => leaderOf(this.#world, LEDGER_TOPIC, partition),
      (replica, reply) => {
        if (replica.ledger === null) reply(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        else replica.ledger.write(record, reply);
      },
      (errorCode) => {
        if (this.#over) return;
        if (errorCode === 0) {
          this.#sequences.set(partition, record.sequence + 1);
          this.#write(label, rest);
        } else if (tries < 8 && (errorCode === null || RETRIABLE.includes(errorCode)))
          this.#later(() => this.#write(label, [partition, ...rest], tries + 1));
        else this.#end(label, false);
      },
    );
  }

  #end(label: string, commit: boolean): void {
    const producer = { producerId: this.#producerId, producerEpoch: this.#epoch };
    this.#world.checkers.transactionEnding(label, commit);
    this.#ask<ProducerAnswer | number>(
      (host, reply) =>
        host.carryOut(
          (newProducerId) =>
            host.shard.endTransaction(this.#id, {
              ...producer,
              commit,
              transactionVersion: TRANSACTION_VERSION,
              newProducerId,
              nowMs: host.nowMs,
            }),
          reply,
        ),
      (answer) => {
        const errorCode = answer === null || typeof answer === 'number' ? answer : answer.errorCode;
        if (errorCode === 0) {
          this.#world.checkers.transactionEnded(label, commit);
          this.#is(answer as ProducerAnswer);
          this.#later(() => this.#begin());
        } else if (errorCode === null || RETRIABLE.includes(errorCode))
          this.#later(() => this.#end(label, commit));
        else this.#init();
      },
    );
  }
}
