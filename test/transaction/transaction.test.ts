import { ErrorCode } from '@brokerlab/broker/messages';
import { describe, expect, it } from 'vitest';
import type { Decision, ProducerAnswer } from '../../broker/src/transaction/decision.ts';
import { decodeTransaction, encodeTransaction } from '../../broker/src/transaction/records.ts';
import { TransactionShard } from '../../broker/src/transaction/shard.ts';
import { partitionKey, type Transaction } from '../../broker/src/transaction/transaction.ts';

const ID = 'orders';

/** A shard whose writes succeed at once and go through their bytes, and a clock. */
class World {
  readonly shard = new TransactionShard();
  nowMs = 1000;
  #nextProducerId = 100n;

  settle<R>(decision: Decision<R>): R {
    if (decision.kind === 'needProducerId') throw new Error('a producer id is needed');
    if (decision.kind === 'write') {
      const entry = encodeTransaction(decision.transactionalId, decision.next);
      const { transaction } = decodeTransaction(entry)!;
      const kept = transaction && { ...transaction, lastProducerEpoch: decision.next!.lastProducerEpoch };
      this.shard.written({ transactionalId: decision.transactionalId, next: kept });
    }
    return decision.response;
  }

  init(expected: { id: bigint; epoch: number } = { id: -1n, epoch: -1 }, timeoutMs = 60_000): ProducerAnswer {
    const call = {
      transactionalId: ID,
      timeoutMs,
      timeoutMsMax: 900_000,
      expectedProducerId: expected.id,
      expectedProducerEpoch: expected.epoch,
      newProducerId: undefined,
      nowMs: this.nowMs,
    };
    const first = this.shard.initProducerId(call);
    if (first.kind !== 'needProducerId') return this.settle(first);
    return this.settle(this.shard.initProducerId({ ...call, newProducerId: this.#nextProducerId++ }));
  }

  add(epoch: number, partition = 0, producerId = 100n): number {
    return this.settle(
      this.shard.addPartitions(ID, {
        producerId,
        producerEpoch: epoch,
        partitions: [partitionKey('t', partition)],
        transactionVersion: 2,
        nowMs: this.nowMs,
      }),
    );
  }

  end(epoch: number, commit: boolean, transactionVersion = 2): ProducerAnswer {
    const call = {
      producerId: 100n,
      producerEpoch: epoch,
      commit,
      transactionVersion,
      newProducerId: undefined,
      nowMs: this.nowMs,
    };
    const first = this.shard.endTransaction(ID, call);
    if (first.kind !== 'needProducerId') return this.settle(first);
    return this.settle(this.shard.endTransaction(ID, { ...call, newProducerId: this.#nextProducerId++ }));
  }

  markers(): void {
    this.settle(this.shard.markersWritten(ID, this.nowMs));
  }

  get transaction(): Transaction {
    return this.shard.transactions.get(ID)!;
  }
}

describe('InitProducerId', () => {
  it('gives a new id epoch 0, then one epoch more each time', () => {
    const world = new World();
    expect(world.init()).toEqual({ errorCode: 0, producerId: 100n, producerEpoch: 0 });
    expect(world.init()).toEqual({ errorCode: 0, producerId: 100n, producerEpoch: 1 });
  });

  it('refuses a timeout outside the bounds', () => {
    const world = new World();
    expect(world.init(undefined, 0).errorCode).toBe(ErrorCode.INVALID_TRANSACTION_TIMEOUT);
    expect(world.init(undefined, 900_001).errorCode).toBe(ErrorCode.INVALID_TRANSACTION_TIMEOUT);
  });

  it('fences a producer that comes back with an epoch of the past', () => {
    const world = new World();
    world.init();
    world.init();
    world.init();
    expect(world.init({ id: 100n, epoch: 0 }).errorCode).toBe(ErrorCode.PRODUCER_FENCED);
    expect(world.init({ id: 7n, epoch: 0 }).errorCode).toBe(ErrorCode.PRODUCER_FENCED);
    expect(world.init({ id: 100n, epoch: 2 })).toMatchObject({ errorCode: 0, producerEpoch: 3 });
    expect(world.init({ id: 100n, epoch: 2 })).toMatchObject({ errorCode: 0, producerEpoch: 3 }); // the answer was lost
  });

  it('lets a producer that bumped its epoch ask again, but not one after which a new one came', () => {
    const world = new World();
    world.init();
    expect(world.init({ id: 100n, epoch: 0 })).toMatchObject({ producerEpoch: 1 });
    expect(world.init({ id: 100n, epoch: 0 }), 'the answer was lost').toMatchObject({ producerEpoch: 1 });
    expect(world.init()).toMatchObject({ producerEpoch: 2 });
    expect(world.init({ id: 100n, epoch: 1 }).errorCode).toBe(ErrorCode.PRODUCER_FENCED);
  });

  it('aborts what was left open before it answers', () => {
    const world = new World();
    world.init();
    world.add(0);
    expect(world.init().errorCode).toBe(ErrorCode.CONCURRENT_TRANSACTIONS);
    expect(world.transaction).toMatchObject({ state: 'PrepareAbort', producerEpoch: 1 });
    world.markers();
    expect(world.init()).toMatchObject({ errorCode: 0, producerEpoch: 2 });
    expect(world.add(0)).toBe(ErrorCode.PRODUCER_FENCED);
  });

  it('takes another producer id when the epochs are used up', () => {
    const world = new World();
    world.init();
    world.shard.replay(ID, { ...world.transaction, producerEpoch: 32_766 });
    expect(world.init()).toEqual({ errorCode: 0, producerId: 101n, producerEpoch: 0 });
  });
});

describe('a transaction', () => {
  it('begins with its first partition and ends when its markers are written', () => {
    const world = new World();
    world.init();
    expect(world.add(0, 0)).toBe(ErrorCode.NONE);
    expect(world.add(0, 1)).toBe(ErrorCode.NONE);
    expect(world.transaction.partitions.size).toBe(2);
    expect(world.end(0, true, 1).errorCode).toBe(ErrorCode.NONE);
    expect(world.transaction.state).toBe('PrepareCommit');
    expect(world.add(0)).toBe(ErrorCode.CONCURRENT_TRANSACTIONS);
    world.markers();
    expect(world.transaction).toMatchObject({ state: 'CompleteCommit', startTimestampMs: 1000 });
    expect(world.end(0, true, 1).errorCode).toBe(ErrorCode.NONE); // said again
    expect(world.end(0, false, 1).errorCode).toBe(ErrorCode.INVALID_TXN_STATE);
  });

  it('gives the producer its next epoch at each end (KIP-890), also when the answer was lost', () => {
    const world = new World();
    world.init();
    world.add(0);
    expect(world.end(0, true)).toEqual({ errorCode: 0, producerId: 100n, producerEpoch: 1 });
    expect(world.end(0, true).errorCode).toBe(ErrorCode.CONCURRENT_TRANSACTIONS);
    world.markers();
    expect(world.end(0, true)).toEqual({ errorCode: 0, producerId: 100n, producerEpoch: 1 });
    expect(world.end(0, false).errorCode).toBe(ErrorCode.INVALID_TXN_STATE);
    expect(world.add(1)).toBe(ErrorCode.NONE);
  });

  it('asks everybody to come again while the markers of the last one are on their way', () => {
    const world = new World();
    world.init();
    world.add(0);
    world.end(0, true);
    expect(world.end(1, false).errorCode, 'the next transaction, empty, ends').toBe(
      ErrorCode.CONCURRENT_TRANSACTIONS,
    );
    expect(world.end(7, true).errorCode, 'before it is fenced').toBe(ErrorCode.CONCURRENT_TRANSACTIONS);
    expect(world.end(7, true, 1).errorCode, 'with version 1 the epoch counts first').toBe(
      ErrorCode.PRODUCER_FENCED,
    );
    expect(world.add(1, 0, 55n)).toBe(ErrorCode.CONCURRENT_TRANSACTIONS);
    expect(world.init({ id: 55n, epoch: 0 }).errorCode).toBe(ErrorCode.CONCURRENT_TRANSACTIONS);
    world.markers();
    expect(world.end(1, false)).toMatchObject({ errorCode: 0, producerEpoch: 2 });
    world.markers();
    expect(world.end(7, true).errorCode).toBe(ErrorCode.PRODUCER_FENCED);
  });

  it('changes the producer id when the epoch before the last is spent', () => {
    const world = new World();
    world.init();
    world.shard.replay(ID, { ...world.transaction, producerEpoch: 32_766 });
    world.add(32_766);
    expect(world.end(32_766, true)).toEqual({ errorCode: 0, producerId: 101n, producerEpoch: 0 });
    world.markers();
    expect(world.transaction).toMatchObject({ producerId: 101n, previousProducerId: 100n, producerEpoch: 0 });
  });

  it('may be aborted while it is empty, but not committed', () => {
    const world = new World();
    world.init();
    expect(world.end(0, true).errorCode).toBe(ErrorCode.INVALID_TXN_STATE);
    expect(world.end(0, false)).toMatchObject({ errorCode: 0, producerEpoch: 1 });
  });

  it('belongs to one producer and epoch', () => {
    const world = new World();
    expect(world.add(0)).toBe(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    world.init();
    expect(world.add(0, 0, 55n)).toBe(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    expect(world.add(4)).toBe(ErrorCode.PRODUCER_FENCED);
  });

  it('is aborted under a higher epoch when it runs past its timeout', () => {
    const world = new World();
    world.init();
    world.add(0);
    expect(world.shard.timedOut(world.nowMs + 59_999)).toEqual([]);
    for (const decision of world.shard.timedOut(world.nowMs + 60_000)) world.settle(decision);
    expect(world.transaction).toMatchObject({ state: 'PrepareAbort', producerEpoch: 1 });
    expect(world.end(0, true).errorCode).toBe(ErrorCode.CONCURRENT_TRANSACTIONS);
    world.markers();
    expect(world.end(0, true).errorCode).toBe(ErrorCode.INVALID_TXN_STATE);
  });

  it('goes on where its time-out left it, when its producer asks before another one does (KIP-588)', () => {
    const world = new World();
    const { producerId: id } = world.init();
    world.add(0);
    for (const decision of world.shard.timedOut(world.nowMs + 60_000)) world.settle(decision);
    world.settle(world.shard.markersWritten(ID, world.nowMs));
    expect(world.init({ id, epoch: 0 })).toMatchObject({ errorCode: 0, producerEpoch: 1 });
    expect(world.init({ id, epoch: 0 })).toMatchObject({ errorCode: 0, producerEpoch: 1 });
    expect(world.init()).toMatchObject({ errorCode: 0, producerEpoch: 2 });
    expect(world.init({ id, epoch: 0 }).errorCode).toBe(ErrorCode.PRODUCER_FENCED);
  });

  it('admits one change at a time', () => {
    const world = new World();
    world.init();
    const call = {
      producerId: 100n,
      producerEpoch: 0,
      partitions: [partitionKey('t', 0)],
      transactionVersion: 2,
      nowMs: 1,
    };
    const first = world.shard.addPartitions(ID, call);
    expect(world.shard.addPartitions(ID, call)).toMatchObject({
      response: ErrorCode.CONCURRENT_TRANSACTIONS,
    });
    world.shard.failed(ID);
    expect(world.transaction.state).toBe('Empty');
    expect(first.kind).toBe('write');
  });

  it('is forgotten when its id was not used for long', () => {
    const world = new World();
    world.init();
    for (const decision of world.shard.expired(world.nowMs + 604_800_000, 604_800_000))
      world.settle(decision);
    expect(world.shard.transactions.has(ID)).toBe(false);
  });

  it('tells a broker which partitions take part in it', () => {
    const world = new World();
    world.init();
    world.add(0, 3);
    const verified = world.shard.verifyPartitions(ID, {
      producerId: 100n,
      producerEpoch: 0,
      partitions: [partitionKey('t', 3), partitionKey('t', 4)],
      transactionVersion: 2,
      nowMs: 1,
    });
    expect([...verified.values()]).toEqual([ErrorCode.NONE, ErrorCode.TRANSACTION_ABORTABLE]);
  });
});
