/** A producer with several requests under way: a transaction's batches are appended in the order in which they were sent. */
import { startCluster } from '@brokerlab/broker';
import { connectCluster } from '@brokerlab/broker/client';
import { encodeBatch } from '@brokerlab/broker/messages';
import { expect, it } from 'vitest';
import {
  nobody,
  type ProducerIdentity,
  TransactionRequests,
} from '../../broker/src/client/producer/transaction-requests.ts';
import { ProduceRequest, ProduceResponse } from '../../broker/src/messages/00-produce.ts';
import { eventually } from '../support/eventually.ts';

it('appends them in order, though each asks the coordinator first', async () => {
  const cluster = await startCluster();
  const client = connectCluster({ bootstrap: cluster.bootstrap });
  try {
    await client.createTopics([{ name: 'orders', partitions: 1 }]);
    const requests = new TransactionRequests(client.network, 'shop');
    const { topics } = await client.metadata({ topics: ['orders'] });
    const producer = await eventually(() => requests.init(60_000, nobody));
    const connection = await client.network.connection({
      broker: topics[0]!.partitions[0]!.leader!,
      channel: 'test',
    });
    for (let round = 0, sequence = 0; round < 20; round++) {
      const places = [{ topic: 'orders', partition: 0 }];
      await eventually(() => requests.addPartitions(producer, places));
      const answers: Promise<ProduceResponse>[] = [];
      while (answers.length < 40) {
        answers.push(connection.request(produceCall(producer, sequence++)));
        // They arrive one by one, so that each finds those before it half-way.
        await new Promise((resolve) => setImmediate(resolve));
      }
      const codes = (await Promise.all(answers)).map(
        ({ responses }) => responses[0]!.partitionResponses[0]!.errorCode,
      );
      expect(new Set(codes)).toEqual(new Set([0]));
      await eventually(() => requests.end(producer, { committed: true, version: 1 }));
    }
  } finally {
    await client.close();
    await cluster.stop();
  }
});

it('takes the next transaction while the markers of the last one are on their way (KIP-890)', async () => {
  const cluster = await startCluster({ brokers: 3 });
  const client = connectCluster({ bootstrap: cluster.bootstrap });
  try {
    await client.createTopics([{ name: 'orders', partitions: 1, replicationFactor: 3 }]);
    const requests = new TransactionRequests(client.network, 'shop');
    const { topics } = await client.metadata({ topics: ['orders'] });
    let producer = await eventually(() => requests.init(60_000, nobody));
    const connection = await client.network.connection({
      broker: topics[0]!.partitions[0]!.leader!,
      channel: 'test',
    });
    const codes: number[] = [];
    while (codes.length < 60) {
      const answer = await connection.request({ ...produceCall(producer, 0), versionMax: 12 });
      codes.push(answer.responses[0]!.partitionResponses[0]!.errorCode);
      const next = await eventually(() => requests.end(producer, { committed: true, version: 2 }));
      producer = next ?? producer;
    }
    expect(new Set(codes)).toEqual(new Set([0]));
  } finally {
    await client.close();
    await cluster.stop();
  }
});

it.each([1, 2] as const)('refuses the offsets of a fenced producer, version %i', async (version) => {
  const cluster = await startCluster();
  const client = connectCluster({ bootstrap: cluster.bootstrap });
  try {
    await client.createTopics([{ name: 'orders', partitions: 1 }]);
    const requests = new TransactionRequests(client.network, 'shop');
    const fenced = await eventually(() => requests.init(60_000, nobody));
    await requests.init(60_000, nobody);
    const offsets = [{ topic: 'orders', partition: 0, offset: 1 }];
    await eventually(() =>
      expect(
        requests.commitOffsets(fenced, { groupId: 'readers' }, { offsets, version }),
      ).rejects.toMatchObject({
        api: { name: 'INVALID_PRODUCER_EPOCH' },
      }),
    );
  } finally {
    await client.close();
    await cluster.stop();
  }
});

function produceCall({ producerId, producerEpoch }: ProducerIdentity, baseSequence: number) {
  const records = encodeBatch({
    records: [{ key: null, value: Buffer.from('x') }],
    timestamp: Date.now(),
    producerId: Number(producerId),
    producerEpoch,
    baseSequence,
    isTransactional: true,
  });
  return {
    request: ProduceRequest,
    response: ProduceResponse,
    versionMax: 11,
    body: {
      transactionalId: 'shop',
      acks: -1,
      timeoutMs: 30_000,
      topicData: [{ name: 'orders', partitionData: [{ index: 0, records }] }],
    },
  };
}
