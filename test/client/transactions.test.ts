/** Transactions of our producer against our brokers, in both versions of the protocol (KIP-98, KIP-447, KIP-890). */
import { startCluster } from '@brokerlab/broker';
import {
  type ClientError,
  Consumer,
  connectCluster,
  Producer,
  type SendOutcome,
} from '@brokerlab/broker/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run as features } from '../../broker/src/tools/kafka-features.ts';
import { run as producerPerf } from '../../broker/src/tools/kafka-producer-perf-test.ts';
import { run as transactions } from '../../broker/src/tools/kafka-transactions.ts';
import { runTool } from '../tools/run-tool.ts';

let cluster: Awaited<ReturnType<typeof startCluster>>;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  cluster = await startCluster({ brokers: 3 });
});
afterAll(async () => {
  for (const client of open) await client.close();
  await cluster.stop();
});

function createProducer(transactionalId: string): Producer {
  const producer = new Producer({ bootstrap: cluster.bootstrap, transactionalId, lingerMs: 0 });
  open.push(producer);
  return producer;
}

async function write(producer: Producer, topic: string, values: readonly string[]): Promise<SendOutcome[]> {
  const outcomes: SendOutcome[] = [];
  for (const [index, value] of values.entries()) {
    const record = { topic, partition: index % 2, key: null, value: Buffer.from(value) };
    await producer.send(record, (outcome) => outcomes.push(outcome));
  }
  return outcomes;
}

/** Reads both partitions to their ends, as the isolation level has it. */
async function read(topic: string, isolation: 'read_committed' | 'read_uncommitted'): Promise<string[]> {
  const consumer = new Consumer({ bootstrap: cluster.bootstrap, isolation, fetchWaitMsMax: 10 });
  try {
    await using client = connectCluster({ bootstrap: cluster.bootstrap });
    const targets = [0, 1].map((partition) => ({ topic, partition }));
    const ends = await client.listOffsets(
      targets.map((target) => ({ ...target, at: 'latest' })),
      {
        isolation: 'read_uncommitted',
      },
    );
    consumer.assign(targets);
    for (const target of targets) consumer.seek(target, 'earliest');
    const values: string[] = [];
    // The last record of each partition here is a marker, which is passed over: an empty poll after it is the end.
    expect(ends.every(({ error }) => error === null)).toBe(true);
    for (let idle = 0; idle < 3; ) {
      const records = await consumer.poll(300);
      idle = records.length === 0 ? idle + 1 : 0;
      values.push(...records.map(({ value }) => value!.toString()));
    }
    return values.sort();
  } finally {
    await consumer.close();
  }
}

async function describeTransaction(id: string): Promise<{ epoch: number; state: string }> {
  const run = await runTool(transactions, [
    ...['--bootstrap-server', cluster.bootstrap],
    ...['describe', '--transactional-id', id],
  ]);
  const [names, values] = run.out.split('\n').map((line) => line.split('\t').map((word) => word.trim()));
  const field = (name: string) => values![names!.indexOf(name)]!;
  return { epoch: Number(field('ProducerEpoch')), state: field('TransactionState') };
}

const thrown = (promise: Promise<unknown>): Promise<ClientError> =>
  promise.then(
    () => expect.fail('nothing was thrown'),
    (error: ClientError) => error,
  );

for (const version of [2, 1] as const) {
  describe(`with transaction.version ${version}`, () => {
    const topic = `t${version}`;
    beforeAll(async () => {
      const connection = ['--bootstrap-server', cluster.bootstrap];
      const change = ['downgrade', '--unsafe', '--feature', `transaction.version=${version}`];
      if (version === 1)
        expect(await runTool(features, [...connection, ...change])).toMatchObject({ code: 0 });
      await using client = connectCluster({ bootstrap: cluster.bootstrap });
      const names = ['', '-fenced', '-offsets', '-broken'].map((end) => topic + end);
      await client.createTopics(
        names.map((name) => ({
          name,
          partitions: 2,
          replicationFactor: 3,
          ...(name.endsWith('-broken') ? { configs: { 'max.message.bytes': '100' } } : {}),
        })),
      );
    });

    it('shows what was committed, hides what was aborted, and goes on after both', async () => {
      const producer = createProducer(`tx-${topic}`);
      await producer.initTransactions();
      for (const [value, committed] of [
        ['a', true],
        ['b', false],
        ['c', true],
      ] as const) {
        await producer.beginTransaction();
        await write(producer, topic, [`${value}0`, `${value}1`]);
        if (committed) await producer.commitTransaction();
        else {
          await producer.flush();
          await producer.abortTransaction();
        }
      }
      await producer.beginTransaction();
      await producer.commitTransaction(); // nothing was written: nothing to tell anybody
      expect(await read(topic, 'read_committed')).toEqual(['a0', 'a1', 'c0', 'c1']);
      expect(await read(topic, 'read_uncommitted')).toEqual(['a0', 'a1', 'b0', 'b1', 'c0', 'c1']);
    });

    it('brings a new epoch with each end from version 2 on', async () => {
      const { epoch, state } = await describeTransaction(`tx-${topic}`);
      expect({ epoch, state }).toEqual({ epoch: { 1: 0, 2: 3 }[version], state: 'CompleteCommit' });
    });

    it('fences the forerunner of the same id, whose open transaction is aborted', async () => {
      const old = createProducer(`fence-${topic}`);
      await old.initTransactions();
      await old.beginTransaction();
      await write(old, `${topic}-fenced`, ['old']);
      await old.flush();
      const now = createProducer(`fence-${topic}`);
      await now.initTransactions();
      const error = await thrown(old.commitTransaction());
      expect(error.api?.name).toMatch(/^(PRODUCER_FENCED|INVALID_PRODUCER_EPOCH)$/);
      expect(await thrown(old.beginTransaction())).toMatchObject({ code: 'transaction' });
      expect(await thrown(old.abortTransaction())).toMatchObject({ code: 'transaction' });
      await now.beginTransaction();
      await write(now, `${topic}-fenced`, ['new']);
      await now.commitTransaction();
      expect(await read(`${topic}-fenced`, 'read_committed')).toEqual(['new']);
    });

    it('commits offsets with the transaction, and not without it', async () => {
      const producer = createProducer(`offsets-${topic}`);
      await producer.initTransactions();
      const groupId = `group-${topic}`;
      const committed = async () => {
        await using client = connectCluster({ bootstrap: cluster.bootstrap });
        return (await client.offsetFetch(groupId)).map(({ offset }) => offset);
      };
      await producer.beginTransaction();
      await producer.sendOffsetsToTransaction([{ topic, partition: 0, offset: 5 }], { groupId });
      await producer.abortTransaction();
      expect(await committed()).toEqual([]);
      await producer.beginTransaction();
      await write(producer, `${topic}-offsets`, ['x']);
      await producer.sendOffsetsToTransaction([{ topic, partition: 0, offset: 7 }], { groupId });
      await producer.commitTransaction();
      await expect.poll(committed).toEqual([7]);
    });

    it('cannot commit after a record failed, and is whole again after the abort', async () => {
      const broken = `${topic}-broken`;
      const producer = createProducer(`broken-${topic}`);
      await producer.initTransactions();
      await producer.beginTransaction();
      const outcomes = await write(producer, broken, ['x'.repeat(500), 'small']);
      expect(await thrown(producer.commitTransaction())).toMatchObject({
        code: 'transaction',
        message: 'Cannot execute transactional method because we are in an error state',
      });
      expect(outcomes.map(({ ok }) => ok).sort()).toEqual([false, true]);
      await producer.abortTransaction();
      await producer.beginTransaction();
      await write(producer, broken, ['p', 'q', 'r']);
      await producer.commitTransaction();
      expect(await read(broken, 'read_committed')).toEqual(['p', 'q', 'r']);
    });

    it('serves kafka-producer-perf-test.sh, which commits as often as it is told', async () => {
      const run = await runTool(producerPerf, [
        ...['--bootstrap-server', cluster.bootstrap, '--topic', `${topic}-perf`, '--num-records', '40'],
        ...['--throughput', '400', '--record-size', '10', '--transactional-id', `perf-${topic}`],
        ...['--transaction-duration-ms', '10'],
      ]);
      expect(run).toMatchObject({ code: 0 });
      expect(run.out).toMatch(/^40 records sent, /);
      const { epoch, state } = await describeTransaction(`perf-${topic}`);
      expect(state).toBe('CompleteCommit');
      if (version === 2) expect(epoch).toBeGreaterThanOrEqual(1);
    });
  });
}

describe('a transactional producer', () => {
  it('needs to be initialized, and a transaction', async () => {
    const producer = createProducer('states');
    const record = { topic: 't2', partition: 0, key: null, value: Buffer.from('x') };
    expect(await thrown(producer.beginTransaction())).toMatchObject({ code: 'transaction' });
    await producer.initTransactions();
    expect(await thrown(producer.commitTransaction())).toMatchObject({ code: 'transaction' });
    expect(await thrown(producer.send(record, () => {}))).toMatchObject({ code: 'transaction' });
    await producer.beginTransaction();
    expect(await thrown(producer.beginTransaction())).toMatchObject({ code: 'transaction' });
    await producer.abortTransaction();
  });
});
