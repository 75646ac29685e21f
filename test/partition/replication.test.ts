import { expect, test } from 'vitest';
import { ReplicationWorld } from './replication-world.ts';

const seeds = Array.from({ length: 25 }, (_, index) => index + 1);

test.each(seeds)(
  'nothing acknowledged or read is lost or changed, and replicas come to agree (seed %i)',
  (seed) => {
    const world = new ReplicationWorld(seed);
    for (let step = 0; step < 1_000; step++) world.step();
    world.settle();
    const [first, ...others] = world.replicas.map((replica) => world.contentOf(replica));
    for (const other of others) expect(other).toEqual(first);
  },
);

test('the simulation meets what it is for', () => {
  const sum = { elections: 0, truncations: 0, shrinks: 0, expansions: 0, acknowledged: 0 };
  for (const seed of seeds.slice(0, 10)) {
    const world = new ReplicationWorld(seed);
    for (let step = 0; step < 1_000; step++) world.step();
    for (const name of ['elections', 'truncations', 'shrinks', 'expansions'] as const)
      sum[name] += world.counts[name];
    sum.acknowledged += world.acknowledged.size;
  }
  for (const count of Object.values(sum)) expect(count).toBeGreaterThan(10);
});
