import { describe, expect, it } from 'vitest';
import { TestQuorum } from './quorum.ts';

function elected(ids = [1, 2, 3], latencyMs = 1): TestQuorum {
  const quorum = new TestQuorum(ids, { latencyMs });
  quorum.start();
  quorum.run(5000, () => quorum.leader?.leaderships.at(-1)?.endsWith('active') === true);
  return quorum;
}

describe('a first election', () => {
  it('is over within 30 ms of start, the lowest id leading in epoch 1', () => {
    const quorum = new TestQuorum([1, 2, 3], { latencyMs: 2 });
    quorum.start();
    const tookMs = quorum.run(5000, () => quorum.leader?.raft.highWatermark === 1);
    expect(quorum.leader?.id).toBe(1);
    expect(quorum.leader?.raft.leader.leaderEpoch).toBe(1);
    expect(tookMs).toBeLessThan(30);
  });

  it('of one voter alone needs nobody', () => {
    const quorum = new TestQuorum([1]);
    quorum.start();
    expect(quorum.leader?.id).toBe(1);
    expect(quorum.propose(1, 'a')).toBe(2);
    expect(quorum.node(1).committedTo).toBe(2);
  });

  it('waits for a second voter, then takes moments', () => {
    const quorum = new TestQuorum([1, 2, 3]);
    quorum.start(1);
    quorum.run(700);
    expect(quorum.leader).toBeUndefined();
    quorum.start(2);
    expect(quorum.run(5000, () => quorum.leader !== undefined)).toBeLessThan(1100);
  });

  it('succeeds soon without the lowest id', () => {
    const quorum = new TestQuorum([1, 2, 3]);
    quorum.start(2, 3);
    expect(quorum.run(5000, () => quorum.leader !== undefined)).toBeLessThan(200);
  });
});

describe('a leader', () => {
  it('commits what a majority has, and followers learn it', () => {
    const quorum = elected();
    expect(quorum.propose(1, 'a', 'b')).toBe(3);
    quorum.run(20);
    for (const id of [1, 2, 3]) {
      expect(quorum.values(id)).toEqual(['leader 1', 'a', 'b']);
      expect(quorum.node(id).committedTo).toBe(3);
    }
  });

  it('is not disturbed by a node that starts again', () => {
    const quorum = elected();
    const { leaderEpoch } = quorum.leader!.raft.leader;
    quorum.run(100);
    for (const id of [2, 3]) {
      quorum.kill(id);
      quorum.run(300);
      quorum.start(id);
      quorum.run(3000);
    }
    expect(quorum.leader?.id).toBe(1);
    expect(quorum.leader?.raft.leader.leaderEpoch).toBe(leaderEpoch);
  });

  it('is not disturbed by a node that was cut off for long', () => {
    const quorum = elected();
    quorum.isolate(3);
    quorum.run(20_000);
    quorum.heal();
    quorum.run(3000);
    expect(quorum.leader?.raft.leader).toEqual({ leaderId: 1, leaderEpoch: 1 });
    quorum.propose(1, 'x');
    quorum.run(50);
    expect(quorum.node(3).committedTo).toBe(2);
  });

  it('that is cut off resigns, and another one is elected', () => {
    const quorum = elected();
    quorum.isolate(1);
    expect(quorum.propose(1, 'lost')).toBe(2);
    quorum.run(6000, () => quorum.leader !== undefined && quorum.leader.id !== 1);
    expect(quorum.leader?.id).not.toBe(1);
    quorum.run(6000);
    expect(quorum.node(1).raft.role).not.toBe('leader');
    quorum.heal();
    const end = quorum.propose(quorum.leader!.id, 'kept');
    quorum.run(5000);
    expect(quorum.values(1)).toEqual(quorum.values(2));
    expect(quorum.values(1)).not.toContain('lost');
    expect(quorum.node(1).committedTo).toBe(end);
  });

  it('that stops in order hands over at once', () => {
    const quorum = elected();
    quorum.run(100);
    quorum.act(1, (raft) => raft.shutdown(quorum.nowMs));
    const tookMs = quorum.run(5000, () => quorum.leader !== undefined);
    expect(quorum.leader?.id).not.toBe(1);
    expect(tookMs).toBeLessThan(100);
  });

  it('that dies is replaced after the fetch timeout', () => {
    const quorum = elected();
    quorum.run(1000);
    quorum.kill(1);
    const tookMs = quorum.run(10_000, () => quorum.leader !== undefined);
    expect(tookMs).toBeGreaterThan(1000);
    expect(tookMs).toBeLessThan(4000);
  });

  it('describes its quorum', () => {
    const quorum = new TestQuorum([1, 2, 3], { observers: [4] });
    quorum.start();
    quorum.run(1500);
    const description = quorum.leader!.raft.describeQuorum(quorum.nowMs)!;
    expect(description.voters.map(({ id, logEndOffset }) => [id, logEndOffset])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
    expect(description.observers.map(({ id }) => id)).toEqual([4]);
    for (const row of [...description.voters, ...description.observers]) {
      expect(quorum.nowMs - row.lastCaughtUpMs).toBeLessThan(1000);
    }
  });
});

describe('a whole quorum that starts again', () => {
  it('elects within 30 ms, in a later epoch, and keeps what was committed', () => {
    const quorum = elected();
    const end = quorum.propose(1, 'a')!;
    quorum.run(50);
    for (const id of [1, 2, 3]) quorum.kill(id);
    quorum.run(100);
    quorum.start();
    const tookMs = quorum.run(5000, () => quorum.leader !== undefined);
    expect(tookMs).toBeLessThan(30);
    expect(quorum.leader?.raft.leader.leaderEpoch).toBeGreaterThan(1);
    quorum.run(50);
    expect(quorum.leader!.committedTo).toBe(end + 1);
  });
});

describe('a follower far behind', () => {
  it('loads the latest snapshot in parts, then goes on from its end', () => {
    const quorum = new TestQuorum([1, 2, 3], { config: { fetchBytesMax: 10 } });
    quorum.start();
    quorum.run(100);
    quorum.kill(3);
    for (let round = 0; round < 3; round++) {
      const end = quorum.propose(1, `value ${round}`)!;
      quorum.run(50);
      for (const id of [1, 2]) {
        quorum.node(id).snapshots.set(`${end}-1`, Buffer.from(`snapshot up to ${end} of 25 bytes`));
        quorum.act(id, (raft) => raft.snapshotTaken({ offset: end, epoch: 1 }));
      }
    }
    quorum.propose(1, 'after');
    quorum.node(3).batches = [];
    quorum.node(3).quorumState = null;
    quorum.start(3);
    quorum.run(3000);
    expect(quorum.node(3).snapshot).toEqual({ offset: 4, epoch: 1 });
    expect(quorum.node(3).snapshots.get('4-1')?.toString()).toBe('snapshot up to 4 of 25 bytes');
    expect(quorum.values(3)).toEqual(['after']);
    expect(quorum.node(3).committedTo).toBe(5);
  });
});

describe('at rest', () => {
  it('a quorum exchanges only long polls', () => {
    const quorum = elected();
    quorum.run(1000);
    const before = quorum.trace.length;
    quorum.run(10_000);
    expect(quorum.trace.length - before).toBeLessThanOrEqual(2 * 21);
    expect(quorum.trace.slice(before).every((line) => line.includes(' fetch '))).toBe(true);
  });
});
