/**
 * Apache Kafka's MirrorMaker 2 goes on where ours was killed (kill -9) in the middle of a stream, and ours where theirs was:
 * nothing lost, with exactly-once delivery nothing doubled.
 */
import { startCluster } from '@brokerlab/broker';
import { connectCluster } from '@brokerlab/broker/client';
import { expect, it } from 'vitest';
import { MakerProcess, notBuilt } from '../mirror/maker-process.ts';
import { quick } from '../mirror/pair.ts';
import { arrived, RecordStream } from '../mirror/stream.ts';
import { missing, resolveApacheKafka, toolCommand } from '../support/apache-kafka.ts';
import { eventually } from '../support/eventually.ts';

const reason = missing() ?? notBuilt;
if (reason !== undefined) console.log(`skipped: MirrorMakers killed beside Apache Kafka's, ${reason}`);

const topic = 'orders';
const waiting = { timeoutMs: 150_000, everyMs: 500 };

it.skipIf(reason !== undefined).each([
  { mode: 'at least once', once: false },
  { mode: 'exactly once', once: true },
])(
  'goes on where ours was killed, and ours where it was, $mode',
  async ({ once }) => {
    resolveApacheKafka();
    const [a, b] = await Promise.all([startCluster(), startCluster()]);
    const [source, target] = [a, b].map(({ bootstrap }) => connectCluster({ bootstrap }));
    const lines = [
      'clusters=A,B',
      `A.bootstrap.servers=${a.bootstrap}`,
      `B.bootstrap.servers=${b.bootstrap}`,
      'A->B.enabled=true',
      `A->B.topics=${topic}`,
      'emit.heartbeats.enabled=false',
      `B.exactly.once.source.support=${once ? 'enabled' : 'disabled'}`,
      ...quick,
    ];
    const mirrored = async () => {
      const place = { topic: `A.${topic}`, partition: 0, at: 'latest' } as const;
      const [end] = await target!.listOffsets([place], { isolation: 'read_committed' });
      return end?.error === null ? end.offset : 0;
    };
    const midStream = async () => {
      const before = await mirrored();
      await eventually(async () => expect(await mirrored()).toBeGreaterThan(before + 50), waiting);
    };
    // Apache Kafka's worker ends when it finds a member in the group that speaks another protocol than its own: it can
    // come once the group has noticed that ours is gone (10 s).
    const seatIsFree = () =>
      eventually(async () => {
        const groups = await target!.listGroups();
        const described = await target!.describeGroups(groups.map(({ groupId }) => groupId));
        expect(described.flatMap(({ members }) => members)).toEqual([]);
      }, waiting);
    await source!.createTopics([{ name: topic, partitions: 1 }]);
    const stream = new RecordStream({ bootstrap: a.bootstrap, topic, burst: 5, pauseMs: 50 });
    const [command, args] = toolCommand('connect-mirror-maker', []);
    const makers = [new MakerProcess(lines)];
    try {
      await midStream();
      await makers[0]!.kill();
      await seatIsFree();
      makers.push(new MakerProcess(lines, [command, ...args]));
      await midStream();
      await makers[1]!.kill();
      makers.push(new MakerProcess(lines));
      await midStream();
      const sent = await stream.stop();
      await eventually(
        async () => expect(await arrived(target!, `A.${topic}`, { once })).toEqual(sent),
        waiting,
      );
    } finally {
      await stream.stop().catch(() => {});
      for (const maker of makers) await maker.kill();
      await Promise.all([source!.close(), target!.close()]);
      await Promise.all([a.stop(), b.stop()]);
    }
  },
  400_000,
);
