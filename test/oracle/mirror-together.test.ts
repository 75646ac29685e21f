/**
 * Apache Kafka's MirrorMaker 2 and ours in the group of one flow at once: one drives, the other stands by and goes on when
 * the driver is killed (kill -9), whichever came first; nothing lost, with exactly-once delivery nothing doubled.
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
if (reason !== undefined) console.log(`skipped: MirrorMakers together with Apache Kafka's, ${reason}`);

const topic = 'orders';
const waiting = { timeoutMs: 150_000, everyMs: 500 };

it.skipIf(reason !== undefined).each([
  { mode: 'at least once', once: false, rest: [] },
  { mode: 'exactly once', once: true, rest: [] },
  {
    mode: 'with internal REST',
    once: false,
    rest: ['dedicated.mode.enable.internal.rest=true', 'listeners=http://localhost:0'],
  },
])(
  'stands by while ours drives, and ours while it does, $mode',
  async ({ once, rest }) => {
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
      ...rest,
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
    const members = async () => {
      const [group] = await target!.describeGroups(['A-mm2']);
      return group!.members.map(({ clientId }) => clientId).toSorted();
    };
    const stay = async (found: string[]) => {
      await eventually(async () => expect(await members()).toEqual(found), waiting);
      await midStream();
      expect(await members()).toEqual(found);
    };
    await source!.createTopics([{ name: topic, partitions: 1 }]);
    const stream = new RecordStream({ bootstrap: a.bootstrap, topic, burst: 5, pauseMs: 50 });
    const [command, args] = toolCommand('connect-mirror-maker', []);
    const makers = [new MakerProcess(lines)];
    try {
      await midStream();
      makers.push(new MakerProcess(lines, [command, ...args]));
      await stay(['A->B', 'A->B-brokerlab']);
      await makers[0]!.kill();
      await stay(['A->B']);
      makers.push(new MakerProcess(lines));
      await eventually(() => expect(makers[2]!.printed).toContain('waiting: another MirrorMaker'), waiting);
      await stay(['A->B']);
      await makers[1]!.kill();
      await stay(['A->B-brokerlab']);
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
