import { describe, expect, it } from 'vitest';
import { percent, sharesOf, topicFigures } from '../../server/src/console/figures.ts';
import { planMoves } from '../../server/src/console/plan.ts';

const partition = (number: number, leader: number | null, replicas: number[], isr = replicas) => ({
  partition: number,
  leader,
  replicas,
  isr,
});

describe('the figures of a topic', () => {
  it('are those of CMAK: spread, skew and leader skew over all brokers', () => {
    // The slides' picture: every leader on broker 1.
    const slides = [partition(0, 1, [1, 2, 3]), partition(1, 1, [1, 3, 2]), partition(2, 1, [1, 2, 3])];
    expect(topicFigures(slides, [1, 2, 3])).toMatchObject({
      brokers: 3,
      spreadPercent: 100,
      skewPercent: 0,
      leaderSkewPercent: 33.3,
      preferredPercent: 100,
    });
    expect(topicFigures(slides, [1, 2, 3, 4])).toMatchObject({ spreadPercent: 75, leaderSkewPercent: 25 });
    expect(sharesOf(slides, [1, 2, 3])[0]).toMatchObject({
      broker: 1,
      leads: [0, 1, 2],
      leaderSkewed: true,
      skewed: false,
    });
  });

  it('count what is under-replicated, and what has no preferred leader or none', () => {
    const sick = [partition(0, 2, [1, 2], [2]), partition(1, null, [1], []), partition(2, 1, [1, 2])];
    expect(topicFigures(sick, [1, 2])).toMatchObject({
      underReplicated: 2,
      underReplicatedPercent: 66.7,
      preferredPercent: 33.3,
    });
  });

  it('are all of nothing', () => {
    expect(percent(0, 0)).toBe(100);
    expect(topicFigures([], [1])).toMatchObject({
      brokers: 0,
      preferredPercent: 100,
      underReplicatedPercent: 0,
    });
  });
});

describe('a plan of moves', () => {
  const topic = (replicas: number[][], sizeBytes = 100) =>
    replicas.map((held, number) => ({ topic: 't', partition: number, replicas: held, sizeBytes }));

  it('leads each partition by another broker, keeps replicas apart, and moves nothing that need not move', () => {
    const moves = planMoves(
      topic([
        [1, 2, 3],
        [1, 3, 2],
        [1, 2, 3],
      ]),
      { brokers: [1, 2, 3], replicationFactor: null },
    );
    expect(new Set(moves.map(({ after }) => after[0])).size).toBe(3);
    for (const { after } of moves) expect(new Set(after).size).toBe(3);
    expect(moves.every(({ bytesToMove }) => bytesToMove === 0)).toBe(true);
  });

  it('changes nothing in a topic that is spread already', () => {
    const even = topic([
      [2, 3],
      [3, 1],
      [1, 2],
    ]);
    expect(
      planMoves(even, { brokers: [1, 2, 3], replicationFactor: null }).some(({ changed }) => changed),
    ).toBe(false);
  });

  it('spreads over a broker that was added, and takes off one that is left out', () => {
    const moves = planMoves(topic([[1], [2], [3], [1]]), { brokers: [1, 2, 3, 4], replicationFactor: null });
    expect(new Set(moves.map(({ after }) => after[0]))).toEqual(new Set([1, 2, 3, 4]));
    const off = planMoves(
      topic([
        [1, 2],
        [2, 1],
      ]),
      { brokers: [2, 3], replicationFactor: null },
    );
    expect(off.flatMap(({ after }) => after)).not.toContain(1);
    expect(off.reduce((sum, { bytesToMove }) => sum + bytesToMove, 0)).toBe(200);
  });

  it('changes the replication factor, and refuses more replicas than brokers', () => {
    const wider = planMoves(topic([[1], [2]]), { brokers: [1, 2, 3], replicationFactor: 3 });
    expect(wider.every(({ after }) => after.length === 3 && new Set(after).size === 3)).toBe(true);
    expect(() => planMoves(topic([[1]]), { brokers: [1, 2], replicationFactor: 3 })).toThrow(RangeError);
    expect(planMoves(topic([[1], [1]]), { brokers: [1], replicationFactor: null })[0]!.after).toEqual([1]);
  });
});
