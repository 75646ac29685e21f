/** A new leader that does not know yet what is committed tells no end, which could go back later (KIP-207). */
import { startCluster } from '@brokerlab/broker';
import { connectCluster, Producer } from '@brokerlab/broker/client';
import { expect, it } from 'vitest';
import { ListOffsetsRequest, ListOffsetsResponse } from '../../broker/src/messages/02-list-offsets.ts';
import { eventually } from '../support/eventually.ts';

const LATEST = -1n;
const EARLIEST = -2n;

it('is not told before the high watermark has reached where the leader’s epoch begins', async () => {
  await using cluster = await startCluster({ brokers: 3 });
  await using client = connectCluster({ bootstrap: cluster.bootstrap });
  await client.createTopics([{ name: 'pair', assignments: [[1, 2]] }]);
  const write = async (acks: 0 | 1 | -1) => {
    const producer = new Producer({ bootstrap: cluster.bootstrap, acks, idempotence: false });
    await producer.send({ topic: 'pair', key: null, value: Buffer.from('x') }, () => undefined);
    await producer.close();
  };
  const end = async (timestamp: bigint, versionMax: number) => {
    await client.network.metadata();
    const { topics } = await client.request(1, {
      request: ListOffsetsRequest,
      response: ListOffsetsResponse,
      versionMax,
      body: {
        replicaId: -1,
        isolationLevel: 0,
        topics: [{ name: 'pair', partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp }] }],
      },
    });
    const { errorCode, offset } = topics[0]!.partitions[0]!;
    return [errorCode, Number(offset)];
  };
  await write(-1);
  await cluster.stop(2);
  await eventually(async () => {
    const { topics } = await client.metadata({ topics: ['pair'] });
    expect(topics[0]!.partitions[0]!.isr).toEqual([1]);
  });
  await client.incrementalAlterConfigs([
    {
      resource: { type: 'topic', name: 'pair' },
      changes: [{ name: 'min.insync.replicas', operation: 'set', value: '2' }],
    },
  ]);
  let written = 1;
  await eventually(async () => {
    await write(1);
    written += 1;
    expect((await end(LATEST, 11))[1]).toBeLessThan(written);
  });
  await cluster.stop(1);
  await cluster.start(1);
  await eventually(async () => expect(await end(LATEST, 11)).toEqual([78, -1]), { timeoutMs: 20_000 });
  expect(await end(LATEST, 4)).toEqual([5, -1]);
  expect(await end(0n, 11)).toEqual([0, 0]);
  expect(await end(EARLIEST, 11)).toEqual([0, 0]);
  await cluster.start(2);
  await eventually(async () => expect(await end(LATEST, 11)).toEqual([0, written]), {
    timeoutMs: 20_000,
  });
});
