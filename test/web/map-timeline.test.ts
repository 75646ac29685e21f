import type { MapCluster, MapState } from '@brokerlab/server/contract';
import { applyMapChange, mapChange } from '@brokerlab/server/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeptMap } from '../../server/src/grading/map/map-history.ts';
import {
  eventsBefore,
  frameAt,
  stateAfter,
  timelineOf,
  withFrame,
} from '../../web/features/cluster/timeline.ts';

const withLeader = (leader: number, end = 0): MapState => {
  const main: MapCluster = {
    controller: 1,
    brokers: {},
    topics: {
      orders: {
        internal: false,
        partitions: { 0: { leader, epoch: leader, replicas: [1, 2], isr: [1, 2] } },
        ends: { 0: end },
        starts: {},
        producers: {},
      },
    },
    groups: {},
    topicsLeftOut: 0,
    groupsLeftOut: 0,
  };
  return { clusters: { main } };
};

describe('changes of the map', () => {
  const value = fc.jsonValue({ maxDepth: 3 }).filter((json) => !JSON.stringify(json).includes('null'));
  // As it comes over the wire, which knows no -0.
  const object = fc
    .dictionary(fc.string({ maxLength: 3 }), value)
    .map((one) => JSON.parse(JSON.stringify(one)) as typeof one);

  it('made of two states lead from the one to the other, and share what did not change', () => {
    fc.assert(
      fc.property(object, object, (one, other) => {
        const [before, after] = [one, other] as unknown as [MapState, MapState];
        const change = mapChange(before, after);
        if (change === null) expect(one).toEqual(other);
        else expect(applyMapChange(before, JSON.parse(JSON.stringify(change)))).toEqual(other);
      }),
    );
    const before = withLeader(1);
    const after = applyMapChange(before, mapChange(before, withLeader(1, 5))!);
    expect(after.clusters['main']!.topics['orders']!.partitions).toBe(
      before.clusters['main']!.topics['orders']!.partitions,
    );
  });

  it('that skip one are not applied', () => {
    const change = mapChange(withLeader(1), withLeader(2))!;
    const known = { revision: 3, state: withLeader(1) };
    expect(stateAfter(known, { kind: 'change', revision: 5, at: 0, change })).toBeNull();
    expect(stateAfter(known, { kind: 'change', revision: 4, at: 0, change })).toEqual(withLeader(2));
    expect(stateAfter(null, { kind: 'change', revision: 1, at: 0, change })).toBeNull();
  });
});

describe('the last hour', () => {
  it('goes back to any moment, with what happened by then', () => {
    let line = withFrame([], 1_000, withLeader(1));
    line = withFrame(line, 5_000, withLeader(2));
    line = withFrame(line, 9_000, withLeader(1));
    expect(frameAt(line, 6_000)!.state).toEqual(withLeader(2));
    expect(frameAt(line, 0)!.state).toEqual(withLeader(1));
    expect(eventsBefore(line, 9_100, 500)).toMatchObject([{ kind: 'leader', from: 2, to: 1 }]);
    expect(eventsBefore(line, 8_900, 500)).toEqual([]);
  });

  it('forgets what is older, and keeps moving numbers once a second', () => {
    let line = withFrame([], 0, withLeader(1));
    for (let at = 100; at <= 10_000; at += 100) line = withFrame(line, at, withLeader(1, at));
    expect(line.length).toBeLessThan(15);
    expect(line.at(-1)!.state).toEqual(withLeader(1, 10_000));
    line = withFrame(line, 2 * 3_600_000, withLeader(2));
    expect(line.map(({ at }) => at)).toEqual([9_100, 2 * 3_600_000]);
  });

  it('comes back from what the server kept, within its bound, told apart where nobody watched', () => {
    const kept = new KeptMap();
    let state = withLeader(1);
    kept.add({ at: 0, state, change: null, gap: false });
    for (let step = 1; step <= 40_000; step++) {
      const next = withLeader(1 + (step % 2), step);
      kept.add({ at: step * 50, state: next, change: mapChange(state, next), gap: step === 39_990 });
      state = next;
    }
    const history = kept.read();
    expect(JSON.stringify(history.changes).length).toBeLessThan(700_000);
    const line = timelineOf(history);
    expect(line.at(-1)!.state).toEqual(state);
    expect(line.length).toBeGreaterThan(100);
    expect(line.filter(({ gap }) => gap)).toHaveLength(1);
  });
});
