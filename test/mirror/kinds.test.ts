/** What kinds of records, names and settings a flow takes: codecs, transactions, policies, separators, excludes. */
import { Producer } from '@brokerlab/broker/client';
import { describe, expect, it } from 'vitest';
import type { MirrorMaker } from '../../broker/src/mirror/main.ts';
import { flowProgress, progressFromClusters, statusText } from '../../broker/src/mirror/main.ts';
import { eventually } from '../support/eventually.ts';
import { numbered, pairOfClusters, produce, readAll, valuesOf } from './pair.ts';

const pair = pairOfClusters();
const quiet = ['A->B.enabled=true', 'emit.heartbeats.enabled=false'];

async function mirrored(topic: string, values: readonly string[]): Promise<void> {
  await eventually(async () => expect(valuesOf(await readAll(pair.target, topic))).toEqual(values), {
    timeoutMs: 30_000,
  });
}

async function whileMirroring(lines: readonly string[], action: (maker: MirrorMaker) => Promise<void>) {
  const maker = await pair.mirror(...quiet, ...lines);
  try {
    await action(maker);
  } finally {
    await maker.stop();
  }
}

describe('records', () => {
  const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

  it.each(['', 'zstd', 'gzip'])(
    'of every codec come over, kept or compressed anew (%s)',
    async (compression) => {
      const name = (codec: string) => `codec-${codec}${compression}`;
      const topics = codecs.map((codec) => ({ name: name(codec), partitions: 1 }));
      await pair.source.createTopics(topics);
      for (const codec of codecs) {
        const producer = new Producer({ bootstrap: pair.a.bootstrap, compression: codec });
        for (const value of numbered(codec, 40)) {
          const record = { topic: name(codec), partition: 0, key: null, value: Buffer.from(value) };
          await producer.send(record, () => {});
        }
        await producer.close();
      }
      const anew = compression === '' ? [] : [`B.producer.compression.type=${compression}`];
      await whileMirroring([`A->B.topics=codec-.*${compression}`, ...anew], async () => {
        for (const codec of codecs) await mirrored(`A.${name(codec)}`, numbered(codec, 40));
      });
    },
    60_000,
  );

  it('of transactions: with read_committed no aborted ones, without all; markers are no lag', async () => {
    await pair.source.createTopics(
      [{ name: 'tx-all' }, { name: 'tx-committed' }].map((topic) => ({ ...topic, partitions: 1 })),
    );
    for (const topic of ['tx-all', 'tx-committed']) {
      const producer = new Producer({ bootstrap: pair.a.bootstrap, transactionalId: topic });
      await producer.initTransactions();
      for (const [round, end] of ['commit', 'abort', 'commit', 'abort'].entries()) {
        await producer.beginTransaction();
        for (const value of numbered(`${round}-`, 5)) {
          await producer.send({ topic, partition: 0, key: null, value: Buffer.from(value) }, () => {});
        }
        await producer.flush();
        await (end === 'commit' ? producer.commitTransaction() : producer.abortTransaction());
      }
      await producer.close();
    }
    await whileMirroring(['A->B.topics=tx-all'], () =>
      mirrored(
        'A.tx-all',
        [0, 1, 2, 3].flatMap((round) => numbered(`${round}-`, 5)),
      ),
    );
    const committed = [0, 2].flatMap((round) => numbered(`${round}-`, 5));
    const lines = ['A->B.topics=tx-committed', 'A.consumer.isolation.level=read_committed'];
    await whileMirroring(lines, async (maker) => {
      await mirrored('A.tx-committed', committed);
      await eventually(() =>
        expect(flowProgress(maker.status)).toEqual([
          {
            ...{ source: 'A', target: 'B', topic: 'tx-committed', partition: 0 },
            ...{ next: 17, end: 24, lag: 0, latencyMs: expect.any(Number), problem: null },
          },
        ]),
      );
      await eventually(() => expect(statusText(maker.status)).toMatch(/tx-committed +0 +\d+ +24 +0\n/));
    });
  }, 90_000);
});

describe('names and places', () => {
  it('are those of the separator, also where offset syncs are kept on the target', async () => {
    await pair.source.createTopics([{ name: 'placed', partitions: 1 }]);
    await produce(pair.a, 'placed', numbered('p', 30));
    await pair.source.offsetCommit('placers', [{ topic: 'placed', partition: 0, offset: 30 }]);
    const lines = [
      'A->B.topics=placed',
      'replication.policy.separator=-',
      'offset-syncs.topic.location=target',
      'sync.group.offsets.enabled=true',
    ];
    await whileMirroring(lines, async () => {
      await mirrored('A-placed', numbered('p', 30));
      await eventually(
        async () => {
          const [committed] = await pair.target.offsetFetch('placers');
          expect(committed).toMatchObject({ topic: 'A-placed', offset: 30 });
        },
        { timeoutMs: 30_000 },
      );
      const names = (await pair.target.metadata()).topics.map(({ name }) => name);
      expect(names).toContain('mm2-offset-syncs-A-internal');
      expect(names).toContain('A-checkpoints-internal');
      const there = (await pair.source.metadata()).topics.map(({ name }) => name);
      expect(there.filter((name) => name.startsWith('mm2-offset-syncs-'))).toEqual([]);
    });
  }, 60_000);

  it('stay as they are with the identity policy', async () => {
    await pair.source.createTopics([{ name: 'same', partitions: 2 }]);
    await produce(pair.a, 'same', numbered('i', 20));
    await whileMirroring(
      ['A->B.topics=same', 'replication.policy.class=IdentityReplicationPolicy'],
      async () => {
        await mirrored('same', numbered('i', 20));
        const { topics } = await pair.target.metadata({ topics: ['same'] });
        expect(topics[0]?.partitions).toHaveLength(2);
        // Found from outside, whoever mirrors.
        const settings = pair.settings(...quiet, 'A->B.topics=same');
        await eventually(async () => {
          const progress = await progressFromClusters(settings);
          expect(progress[0]).toMatchObject({ topic: 'same', partition: 0, next: 20, end: 20, lag: 0 });
        });
      },
    );
  }, 60_000);
});

describe('configs', () => {
  it('that are excluded stay behind; one taken back at the source is taken back', async () => {
    const configs = { 'retention.ms': '7777000', 'segment.bytes': '2097152', 'min.insync.replicas': '1' };
    await pair.source.createTopics([{ name: 'shaped', partitions: 1, configs }]);
    const setOn = async () => {
      const [found] = await pair.target.describeConfigs([{ type: 'topic', name: 'A.shaped' }]);
      const own = (found?.entries ?? []).filter(({ source }) => source === 'DYNAMIC_TOPIC_CONFIG');
      return own.map(({ name, value }) => `${name}=${value}`).toSorted();
    };
    const lines = ['A->B.topics=shaped', 'config.properties.exclude=retention\\..*,min\\.insync\\.replicas'];
    await whileMirroring(lines, async () => {
      await eventually(async () => expect(await setOn()).toEqual(['segment.bytes=2097152']), {
        timeoutMs: 20_000,
      });
      const changes = [
        { name: 'segment.bytes', operation: 'delete' } as const,
        { name: 'max.message.bytes', operation: 'set', value: '5000000' } as const,
      ];
      await pair.source.incrementalAlterConfigs([{ resource: { type: 'topic', name: 'shaped' }, changes }]);
      await eventually(async () => expect(await setOn()).toEqual(['max.message.bytes=5000000']), {
        timeoutMs: 20_000,
      });
    });
  }, 60_000);
});
