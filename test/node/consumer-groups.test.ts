/** Groups of both protocols on a whole cluster while members and brokers fail: every record is read, and lag ends at 0. */
import { type Cluster, startCluster } from '@brokerlab/broker';
import { type Client, connectCluster, Producer } from '@brokerlab/broker/client';
import { describe, expect, it } from 'vitest';
import { Consumer } from '../../broker/src/client/consumer/consumer.ts';
import type { ConsumerOptions } from '../../broker/src/client/consumer/options.ts';
import { coordinatorPartition } from '../../broker/src/group/placement.ts';
import { eventually } from '../support/eventually.ts';

/** Short times, so that a fault shows soon. */
const QUICK = {
  'broker.heartbeat.interval.ms': '100',
  'broker.session.timeout.ms': '1000',
  'controller.quorum.election.timeout.ms': '300',
  'controller.quorum.fetch.timeout.ms': '600',
  'group.initial.rebalance.delay.ms': '0',
  'group.consumer.min.session.timeout.ms': '1000',
  'group.consumer.session.timeout.ms': '3000',
  'group.consumer.min.heartbeat.interval.ms': '100',
  'group.consumer.heartbeat.interval.ms': '200',
  'group.consumer.assignment.interval.ms': '0',
  'group.min.session.timeout.ms': '1000',
};
const PARTITIONS = 6;

/** A consumer that polls until it is told to end, and keeps what it read. */
class Reader {
  readonly consumer: Consumer;
  readonly values: string[] = [];
  readonly #done: Promise<void>;
  #ended = false;

  constructor(options: ConsumerOptions, topics: readonly string[] | RegExp) {
    this.consumer = new Consumer({
      groupId: 'readers',
      offsetReset: 'earliest',
      autoCommitIntervalMs: 100,
      sessionTimeoutMs: 3000,
      heartbeatIntervalMs: 200,
      requestTimeoutMs: 2000,
      ...options,
    });
    this.consumer.subscribe(topics);
    this.#done = this.#run();
  }

  async #run(): Promise<void> {
    while (!this.#ended) {
      for (const { value } of await this.consumer.poll(50)) this.values.push(String(value));
    }
  }

  get partitions(): number[] {
    return this.consumer.assignment.map(({ partition }) => partition).sort((a, b) => a - b);
  }

  async close(): Promise<void> {
    this.#ended = true;
    await this.#done;
    await this.consumer.close();
  }
}

async function produce(cluster: Cluster, texts: readonly string[]): Promise<void> {
  const producer = new Producer({ bootstrap: cluster.bootstrap, acks: -1 });
  const failures: unknown[] = [];
  for (const [index, text] of texts.entries()) {
    const record = { topic: 'orders', key: null, value: Buffer.from(text), partition: index % PARTITIONS };
    await producer.send(record, (outcome) => {
      if (!outcome.ok) failures.push(outcome);
    });
  }
  await producer.flush();
  await producer.close();
  expect(failures).toEqual([]);
}

function numbered(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(from + index));
}

async function lag(client: Client): Promise<number> {
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic: 'orders', partition }));
  const committed = await client.offsetFetch('readers', partitions);
  const ends = await client.listOffsets(
    partitions.map((partition) => ({ ...partition, at: 'latest' as const })),
  );
  const end = ends.reduce((sum, { offset }) => sum + offset, 0);
  return end - committed.reduce((sum, { offset }) => sum + (offset ?? 0), 0);
}

async function shared(readers: readonly Reader[]): Promise<void> {
  await eventually(
    () => {
      expect(readers.flatMap((reader) => reader.partitions).sort((a, b) => a - b)).toEqual([
        0, 1, 2, 3, 4, 5,
      ]);
      for (const reader of readers) expect(reader.partitions).toHaveLength(PARTITIONS / readers.length);
    },
    { timeoutMs: 30_000 },
  );
}

const KINDS: readonly [string, ConsumerOptions][] = [
  ['the consumer protocol', { bootstrap: '', groupProtocol: 'consumer' }],
  ['cooperative-sticky', { bootstrap: '', assignors: ['cooperative-sticky'] }],
  ['range', { bootstrap: '', assignors: ['range'] }],
];

describe.each(KINDS)('a group with %s', (_name, kind) => {
  it('reads every record while members come and die and the coordinator is killed', async () => {
    await using cluster = await startCluster({ brokers: 3, config: QUICK });
    await using client = connectCluster({ bootstrap: cluster.bootstrap });
    await client.createTopics([{ name: 'orders', partitions: PARTITIONS, replicationFactor: 3 }]);
    const options = { ...kind, bootstrap: cluster.bootstrap };
    const first = new Reader(options, ['orders']);
    const readers = [first, new Reader(options, ['orders']), new Reader(options, /orders/)];
    await shared(readers);
    await produce(cluster, numbered(0, 60));
    const leaders = await client.describeTopicPartitions(['__consumer_offsets']);
    const coordinator = leaders[0]!.partitions[coordinatorPartition('readers', 50)]!.leader!;
    await cluster.kill(coordinator);
    await first.close();
    const left = readers.slice(1);
    await shared(left);
    await produce(cluster, numbered(60, 60));
    await cluster.start(coordinator);
    await eventually(async () => expect(await lag(client)).toBe(0), { timeoutMs: 30_000 });
    await Promise.all(left.map((reader) => reader.close()));
    const read = readers.flatMap(({ values }) => values);
    expect([...new Set(read)].sort((a, b) => Number(a) - Number(b))).toEqual(numbered(0, 120));
  }, 90_000);
});
