/** kill -9 in the middle of a stream, of MirrorMaker and of whole clusters: nothing lost, with exactly-once nothing doubled. */
import { readFileSync } from 'node:fs';
import { type Cluster, startCluster } from '@brokerlab/broker';
import { type Client, connectCluster, type IsolationLevel } from '@brokerlab/broker/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHeartbeat } from '../../broker/src/mirror/formats/internal-records.ts';
import { eventually } from '../support/eventually.ts';
import { MakerProcess, notBuilt } from './maker-process.ts';
import { quick, readAll } from './pair.ts';
import { arrived, RecordStream } from './stream.ts';

const clusters = {} as Record<'a' | 'b', Cluster>;
const clients = {} as Record<'a' | 'b', Client>;
const reading = { timeoutMs: 120_000, everyMs: 1_000 };
/** A killed one's session must end before the next one drives. */
const waiting = { timeoutMs: 90_000, everyMs: 100 };

describe.skipIf(notBuilt !== undefined)(`kill -9${notBuilt ? ` (${notBuilt})` : ''}`, () => {
  beforeAll(async () => {
    const packing = 'process' as const;
    [clusters.a, clusters.b] = await Promise.all([startCluster({ packing }), startCluster({ packing })]);
    for (const name of ['a', 'b'] as const)
      clients[name] = connectCluster({ bootstrap: clusters[name].bootstrap, apiTimeoutMs: 90_000 });
  });
  afterAll(async () => {
    await Promise.all(Object.values(clients).map((client) => client.close()));
    await Promise.all(Object.values(clusters).map((cluster) => cluster.stop()));
  });

  it.each([
    { mode: 'at least once', once: false },
    { mode: 'exactly once', once: true },
  ])(
    'of MirrorMaker: another one goes on, $mode',
    async ({ once }) => {
      const topic = `taken-${once}`;
      await clients.a.createTopics([{ name: topic, partitions: 1 }]);
      const lines = linesFor(topic, once);
      const stream = new RecordStream({ bootstrap: clusters.a.bootstrap, topic });
      let maker = new MakerProcess(lines);
      for (let kills = 0; kills < 2; kills++) {
        const count = await countOf(topic);
        await eventually(async () => expect(await countOf(topic)).toBeGreaterThan(count + 100), waiting);
        await maker.kill();
        maker = new MakerProcess(lines);
      }
      const sent = await stream.stop();
      await eventually(
        async () => expect(await arrived(clients.b, `A.${topic}`, { once })).toEqual(sent),
        reading,
      );
      await maker.stop();
    },
    240_000,
  );

  it.each([
    { gone: 'a', of: 'the source', once: false },
    { gone: 'b', of: 'the target', once: false },
    { gone: 'b', of: 'the target, exactly once', once: true },
  ] as const)(
    'of $of: it comes back and nothing is lost, nor piled up',
    async ({ gone, once }) => {
      const topic = `outage-${gone}-${once}`;
      await clients.a.createTopics([{ name: topic, partitions: 1 }]);
      const large = gone === 'b' && !once;
      const maker = new MakerProcess([...linesFor(topic, once), 'emit.heartbeats.interval.seconds=1']);
      const stream = new RecordStream({
        bootstrap: clusters.a.bootstrap,
        topic,
        ...(large ? { burst: 10, padding: 20_000 } : {}),
      });
      await eventually(async () => expect(await countOf(topic)).toBeGreaterThan(50), waiting);
      const killedAt = Date.now();
      await clusters[gone].kill(1);
      // Much more than MirrorMaker may hold, when its source can be written to meanwhile.
      if (gone === 'b') await stream.reach(stream.count + 2_500);
      else await eventually(() => expect(maker.printed).toMatch(/could not be established/), waiting);
      const held = residentBytes(maker.pid);
      const backAt = Date.now();
      await clusters[gone].start(1);
      const sent = await stream.stop();
      await eventually(
        async () => expect(await arrived(clients.b, `A.${topic}`, { once })).toEqual(sent),
        reading,
      );
      expect(held).toBeLessThan(115e6);
      if (gone === 'b') {
        const meanwhile = (await heartbeats()).filter((at) => at > killedAt + 1_000 && at < backAt);
        expect(meanwhile.length).toBeLessThanOrEqual(1);
      }
      await maker.stop();
    },
    240_000,
  );

  it('of nobody: one that stood still for longer than its transaction may last goes on, exactly once', async () => {
    const topic = 'still';
    await clients.a.createTopics([{ name: topic, partitions: 1 }]);
    const maker = new MakerProcess([...linesFor(topic, true), 'B.producer.transaction.timeout.ms=2000']);
    const stream = new RecordStream({ bootstrap: clusters.a.bootstrap, topic });
    await eventually(async () => expect(await countOf(topic)).toBeGreaterThan(100), waiting);
    process.kill(maker.pid, 'SIGSTOP');
    await eventually(async () => {
      const [group] = await clients.b.describeGroups(['A-mm2']);
      expect(group?.members).toEqual([]);
      expect(await countOf(topic, 'read_committed')).toBe(await countOf(topic));
    }, waiting);
    process.kill(maker.pid, 'SIGCONT');
    const sent = await stream.stop();
    await eventually(
      async () => expect(await arrived(clients.b, `A.${topic}`, { once: true })).toEqual(sent),
      reading,
    );
    await maker.stop();
  }, 240_000);
});

function linesFor(topic: string, once: boolean): string[] {
  return [
    'clusters=A,B',
    `A.bootstrap.servers=${clusters.a.bootstrap}`,
    `B.bootstrap.servers=${clusters.b.bootstrap}`,
    'A->B.enabled=true',
    `A->B.topics=${topic}`,
    `B.exactly.once.source.support=${once ? 'enabled' : 'disabled'}`,
    ...quick,
  ];
}

async function countOf(topic: string, isolation: IsolationLevel = 'read_uncommitted'): Promise<number> {
  const place = { topic: `A.${topic}`, partition: 0, at: 'latest' } as const;
  const [end] = await clients.b.listOffsets([place], { isolation });
  return end?.error === null ? end.offset : 0;
}

/** When those of the flow A->B were emitted. */
async function heartbeats(): Promise<number[]> {
  const records = await readAll(clients.b, 'heartbeats');
  return records.flatMap(({ key, value }) => {
    const heartbeat = readHeartbeat(key, value);
    return heartbeat?.source === 'A' ? [heartbeat.timestamp] : [];
  });
}

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
}
