/** A cluster that is away: nothing is lost, and MirrorMaker ends all the same when it is told to. */
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { numbered, pairOfClusters, produce, readAll, valuesOf } from './pair.ts';

const pair = pairOfClusters();
const stopMsMax = 15_000;

it('ends soon while its source is away, and goes on when it is back', async () => {
  await pair.source.createTopics([{ name: 'lost', partitions: 1 }]);
  await produce(pair.a, 'lost', numbered('l', 20));
  const flow = ['A->B.enabled=true', 'A->B.topics=lost', 'sync.group.offsets.enabled=true'];
  const first = await pair.mirror(...flow);
  await eventually(async () => expect(await readAll(pair.target, 'A.lost')).toHaveLength(20));
  await pair.a.stop(1);
  // Refreshing, syncing and checkpointing all ask the cluster that is gone by now.
  await eventually(() => expect(first.status[0]!.partitions[0]!.problem).not.toBeNull());
  const began = performance.now();
  await first.stop();
  expect(performance.now() - began).toBeLessThan(stopMsMax);
  // A second one begins while it is away, waits for it, and does nothing twice.
  const second = await pair.mirror(...flow);
  await eventually(() => expect(pair.logged.some((line) => line.includes('trying again'))).toBe(true));
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
