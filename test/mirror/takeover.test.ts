/** More than one MirrorMaker for one flow: what is exactly once stays so, and one waits while the other drives. */
import { Producer } from '@brokerlab/broker/client';
import { describe, expect, it } from 'vitest';
import { statusText } from '../../broker/src/mirror/main.ts';
import { eventually } from '../support/eventually.ts';
import { numbered, pairOfClusters, produce, readAll, valuesOf } from './pair.ts';

const pair = pairOfClusters();
const exactlyOnce = [
  'A->B.enabled=true',
  'emit.heartbeats.enabled=false',
  'B.exactly.once.source.support=enabled',
];

/** As another MirrorMaker's task of the flow A->B: whoever takes its id fences the one before. */
async function taskProducer(index: number): Promise<Producer> {
  const transactionalId = `A-mm2-MirrorSourceConnector-${index}`;
  const producer = new Producer({ bootstrap: pair.b.bootstrap, transactionalId });
  await producer.initTransactions();
  return producer;
}

async function send(producer: Producer, topic: string, values: readonly string[]): Promise<void> {
  for (const value of values)
    await producer.send({ topic, partition: 0, key: null, value: Buffer.from(value) }, () => {});
}

describe('exactly once', () => {
  it('writes records and offsets in one transaction, and goes on where it stopped', async () => {
    await pair.source.createTopics([{ name: 'once', partitions: 1 }]);
    await produce(pair.a, 'once', numbered('o', 30));
    const first = await pair.mirror(...exactlyOnce, 'A->B.topics=once');
    await eventually(async () => expect(await readAll(pair.target, 'A.once')).toHaveLength(30));
    await first.stop();
    await produce(pair.a, 'once', numbered('p', 30));
    const second = await pair.mirror(...exactlyOnce, 'A->B.topics=once');
    const all = await eventually(async () => {
      const found = await readAll(pair.target, 'A.once');
      expect(found).toHaveLength(60);
      return found;
    });
    expect(valuesOf(all)).toEqual([...numbered('o', 30), ...numbered('p', 30)]);
    await second.stop();
  }, 60_000);

  it('lets no forerunner commit once its offsets were read, of tasks it has no more either', async () => {
    await pair.source.createTopics([{ name: 'zombie', partitions: 1 }]);
    await pair.target.createTopics([{ name: 'A.zombie', partitions: 1 }]);
    await produce(pair.a, 'zombie', numbered('z', 10));
    // What Kafka Connect writes where two tasks ran: who takes over has one, and fences both.
    const worker = new Producer({ bootstrap: pair.b.bootstrap });
    const record = {
      key: Buffer.from('tasks-fencing-MirrorSourceConnector'),
      value: Buffer.from('{"task-count":2}'),
    };
    await worker.send({ topic: 'mm2-configs.A.internal', partition: 0, ...record }, () => {});
    await worker.close();
    const zombies = [await taskProducer(0), await taskProducer(1)];
    for (const zombie of zombies) {
      await zombie.beginTransaction();
      await send(zombie, 'A.zombie', numbered('z', 10));
      await zombie.flush();
    }
    const maker = await pair.mirror(...exactlyOnce, 'A->B.topics=zombie');
    await eventually(() => expect(maker.status[0]).toMatchObject({ started: true }));
    for (const zombie of zombies) await expect(zombie.commitTransaction()).rejects.toThrow();
    await eventually(async () =>
      expect(valuesOf(await readAll(pair.target, 'A.zombie'))).toEqual(numbered('z', 10)),
    );
    await maker.stop();
    for (const zombie of zombies) await zombie.close();
  }, 60_000);

  it('writes nothing after another one took its ids, though it has not written before', async () => {
    await pair.source.createTopics([{ name: 'late', partitions: 1 }]);
    const maker = await pair.mirror(...exactlyOnce, 'A->B.topics=late');
    await eventually(() => expect(maker.status[0]).toMatchObject({ started: true }));
    const successor = await taskProducer(0);
    await produce(pair.a, 'late', numbered('l', 10));
    await expect(maker.failure).rejects.toThrow('taken over');
    expect(await readAll(pair.target, 'A.late')).toEqual([]);
    await maker.stop();
    await successor.close();
  }, 60_000);
});

describe('two with one properties file', () => {
  it('take turns: one drives, the other waits and goes on when it leaves', async () => {
    await pair.source.createTopics([{ name: 'shared', partitions: 2 }]);
    await produce(pair.a, 'shared', numbered('s', 50));
    const flow = ['A->B.enabled=true', 'A->B.topics=shared'];
    const makers = await Promise.all([pair.mirror(...flow), pair.mirror(...flow)]);
    const mirroring = makers.map(({ status }) => status.find(({ enabled }) => enabled)!);
    expect(mirroring).toHaveLength(2);
    const statusOf = (index: number) => makers[index]!.status.find(({ enabled }) => enabled)!;
    await eventually(() =>
      expect([0, 1].map((index) => statusOf(index).waiting).toSorted()).toEqual([false, true]),
    );
    const driver = statusOf(0).waiting ? 1 : 0;
    await eventually(async () =>
      expect(valuesOf(await readAll(pair.target, 'A.shared'))).toEqual(numbered('s', 50)),
    );
    expect(statusText([statusOf(1 - driver)])).toBe('A->B: waiting, another MirrorMaker drives it\n');
    await makers[driver]!.stop();
    await produce(pair.a, 'shared', numbered('t', 50));
    await eventually(
      async () =>
        expect(valuesOf(await readAll(pair.target, 'A.shared'))).toEqual([
          ...numbered('s', 50),
          ...numbered('t', 50),
        ]),
      { timeoutMs: 30_000 },
    );
    expect(statusOf(1 - driver)).toMatchObject({ started: true, waiting: false });
    await makers[1 - driver]!.stop();
  }, 90_000);
});
