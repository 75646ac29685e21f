/** A cluster that is away: nothing is lost, and MirrorMaker ends all the same when it is told to. */
import { expect, it } from 'vitest';
import type { MirrorMaker } from '../../broker/src/mirror/main.ts';
import { eventually } from '../support/eventually.ts';
import { numbered, pairOfClusters, produce, readAll, valuesOf } from './pair.ts';

const pair = pairOfClusters();
const stopMsMax = 15_000;

function problemOf(maker: MirrorMaker, topic: string): string | null {
  const partitions = maker.status.flatMap((flow) => flow.partitions);
  return partitions.find(({ place }) => place.topic === topic)?.problem ?? null;
}

it('ends soon while its source is away, and goes on when it is back', async () => {
  await pair.source.createTopics([{ name: 'lost', partitions: 1 }]);
  await produce(pair.a, 'lost', numbered('l', 20));
  const flow = ['A->B.enabled=true', 'A->B.topics=lost', 'sync.group.offsets.enabled=true'];
  const first = await pair.mirror(...flow);
  await eventually(async () => expect(await readAll(pair.target, 'A.lost')).toHaveLength(20));
  await pair.a.stop(1);
  // Refreshing, syncing and checkpointing all ask the cluster that is gone by now.
  await eventually(() => expect(problemOf(first, 'lost')).not.toBeNull());
  const began = performance.now();
  await first.stop();
  expect(performance.now() - began).toBeLessThan(stopMsMax);
  // A second one begins while it is away, says so, waits for it, and does nothing twice.
  pair.logged.length = 0;
  const second = await pair.mirror(...flow);
  await eventually(() => expect(pair.logged.join('\n')).toMatch(/WARN .* A: .*could not be established/));
  await pair.a.start(1);
  await produce(pair.a, 'lost', numbered('m', 20));
  await eventually(async () => expect(await readAll(pair.target, 'A.lost')).toHaveLength(40), {
    timeoutMs: 30_000,
  });
  expect(valuesOf(await readAll(pair.target, 'A.lost'))).toEqual([
    ...numbered('l', 20),
    ...numbered('m', 20),
  ]);
  await second.stop();
}, 90_000);

it.each(['disabled', 'enabled'])(
  'ends soon while its target is away (exactly once: %s)',
  async (support) => {
    const topic = `away-${support}`;
    await pair.source.createTopics([{ name: topic, partitions: 1 }]);
    await produce(pair.a, topic, numbered('t', 20));
    const flow = ['A->B.enabled=true', `A->B.topics=${topic}`, `B.exactly.once.source.support=${support}`];
    const first = await pair.mirror(...flow);
    await eventually(async () => expect(await readAll(pair.target, `A.${topic}`)).toHaveLength(20));
    await pair.b.stop(1);
    await produce(pair.a, topic, numbered('u', 20));
    await eventually(() => expect(problemOf(first, topic)).not.toBeNull());
    const began = performance.now();
    await first.stop();
    expect(performance.now() - began).toBeLessThan(stopMsMax);
    await pair.b.start(1);
    const second = await pair.mirror(...flow);
    // The first could not leave its group: its session must end before another one drives. Without transactions
    // what it wrote last may come once more.
    await eventually(
      async () => {
        const values = valuesOf(await readAll(pair.target, `A.${topic}`));
        const seen = support === 'enabled' ? values : [...new Set(values)];
        expect(seen).toEqual([...numbered('t', 20), ...numbered('u', 20)]);
      },
      { timeoutMs: 45_000 },
    );
    await second.stop();
  },
  90_000,
);
