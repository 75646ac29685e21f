import { describe, expect, test } from 'vitest';
import { ErrorCode } from '../../broker/src/messages/errors.ts';
import type { PartitionAssignment } from '../../broker/src/partition/contract.ts';
import { PartitionLeader } from '../../broker/src/partition/leader.ts';

const assignment: PartitionAssignment = {
  replicas: [1, 2, 3],
  isr: [1, 2, 3],
  addingReplicas: [],
  removingReplicas: [],
  leader: 1,
  leaderEpoch: 5,
  partitionEpoch: 10,
};

interface Setup {
  isr?: number[];
  minInsyncReplicas?: number;
  highWatermark?: number;
  logEndOffset?: number;
  live?: Map<number, number>;
}

function leaderOf(setup: Setup = {}): PartitionLeader {
  const live = setup.live ?? new Map([1, 2, 3].map((id) => [id, 100 + id]));
  return new PartitionLeader({
    brokerId: 1,
    assignment: { ...assignment, isr: setup.isr ?? assignment.isr },
    settings: () => ({ replicaLagTimeMaxMs: 30_000, minInsyncReplicas: setup.minInsyncReplicas ?? 1 }),
    liveBrokerEpoch: (id) => live.get(id),
    logEndOffset: setup.logEndOffset ?? 0,
    logStartOffset: 0,
    highWatermark: setup.highWatermark ?? 0,
    nowMs: 0,
  });
}

function fetch(
  leader: PartitionLeader,
  brokerId: number,
  fetchOffset: number,
  nowMs = 0,
  brokerEpoch = 100 + brokerId,
) {
  return leader.followerFetched({
    brokerId,
    brokerEpoch,
    fetchOffset,
    logStartOffset: 0,
    leaderEndOffset: leader.logEndOffset,
    nowMs,
  });
}

const grow = (leader: PartitionLeader, logEndOffset: number, nowMs = 0) =>
  leader.logChanged({ logEndOffset, logStartOffset: 0, nowMs });

describe('the high watermark', () => {
  test('is what every ISR member has', () => {
    const leader = leaderOf();
    grow(leader, 10);
    expect(leader.highWatermark).toBe(0);
    fetch(leader, 2, 10);
    expect(leader.highWatermark).toBe(0);
    expect(fetch(leader, 3, 7)).toMatchObject({ highWatermark: 7 });
    expect(fetch(leader, 3, 10)).toMatchObject({ highWatermark: 10 });
  });

  test('stands still while the ISR is smaller than min.insync.replicas', () => {
    const leader = leaderOf({ isr: [1], minInsyncReplicas: 2, live: new Map([[1, 101]]) });
    expect(grow(leader, 10)).not.toHaveProperty('highWatermark');
  });

  test('follows the leader alone when it is the only replica in sync', () => {
    const leader = leaderOf({ isr: [1], live: new Map([[1, 101]]) });
    expect(grow(leader, 10, 100_000)).toMatchObject({ highWatermark: 10 });
  });

  test('waits for a follower that has caught up and is about to join', () => {
    const leader = leaderOf({ isr: [1, 2] });
    grow(leader, 10);
    fetch(leader, 2, 10);
    fetch(leader, 3, 10);
    grow(leader, 20);
    fetch(leader, 2, 20);
    expect(leader.highWatermark).toBe(10);
  });

  test('never falls when a follower comes back with less', () => {
    const leader = leaderOf();
    grow(leader, 10);
    fetch(leader, 2, 10);
    fetch(leader, 3, 10);
    fetch(leader, 3, 4);
    expect(leader.highWatermark).toBe(10);
  });
});

describe('acks=all', () => {
  test('is refused with NOT_ENOUGH_REPLICAS while the ISR is too small, acks=1 is not', () => {
    const leader = leaderOf({ isr: [1], minInsyncReplicas: 2 });
    expect(leader.refuseAppend(1, 'orders-0')).toBeUndefined();
    expect(leader.refuseAppend(-1, 'orders-0')).toEqual({
      errorCode: ErrorCode.NOT_ENOUGH_REPLICAS,
      message:
        'The size of the current ISR : 1 is insufficient to satisfy the min.isr requirement of 2 for partition ' +
        'orders-0, live replica(s) broker.id are : Set(1)',
    });
  });

  test('min.insync.replicas never asks for more replicas than there are', () => {
    expect(leaderOf({ minInsyncReplicas: 7 }).effectiveMinIsr).toBe(3);
  });

  test('completes once the high watermark has passed the records', () => {
    const leader = leaderOf();
    grow(leader, 10);
    expect(leader.awaitReplication(1, 5).completed).toEqual([]);
    expect(leader.awaitReplication(2, 10).completed).toEqual([]);
    fetch(leader, 2, 10);
    expect(fetch(leader, 3, 5)?.completed).toEqual([{ id: 1, errorCode: 0 }]);
    expect(fetch(leader, 3, 10)?.completed).toEqual([{ id: 2, errorCode: 0 }]);
    expect(leader.awaitReplication(3, 10).completed).toEqual([{ id: 3, errorCode: 0 }]);
  });

  test('tells waiters to look for another leader when this one resigns', () => {
    const leader = leaderOf();
    grow(leader, 10);
    leader.awaitReplication(1, 10);
    leader.awaitReplication(2, 10);
    leader.forgetWait(2);
    expect(leader.resign().completed).toEqual([{ id: 1, errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER }]);
  });

  test('ends with NOT_ENOUGH_REPLICAS_AFTER_APPEND when committed by an ISR that has become too small', () => {
    const leader = leaderOf({ isr: [1, 2], minInsyncReplicas: 2 });
    grow(leader, 10);
    fetch(leader, 2, 10);
    expect(leader.highWatermark).toBe(0); // 3 is given its lag time to join
    grow(leader, 10, 40_000);
    expect(leader.highWatermark).toBe(10);
    leader.assignmentChanged({ ...assignment, isr: [1], partitionEpoch: 11 }, 40_000);
    expect(leader.awaitReplication(1, 10).completed).toEqual([
      { id: 1, errorCode: ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND },
    ]);
  });
});

describe('a new leader', () => {
  test('knows no end before its high watermark has reached where its epoch began (KIP-207)', () => {
    const leader = leaderOf({ logEndOffset: 10, highWatermark: 7 });
    expect(leader.highWatermarkLags).toBe(true);
    fetch(leader, 2, 10);
    expect(leader.highWatermarkLags).toBe(true);
    fetch(leader, 3, 10);
    expect(leader.highWatermark).toBe(10);
    expect(leader.highWatermarkLags).toBe(false);
    grow(leader, 12);
    expect(leader.highWatermarkLags).toBe(false);
  });
});

describe('the ISR', () => {
  test('shrinks by followers that are behind for longer than replica.lag.time.max.ms', () => {
    const leader = leaderOf();
    grow(leader, 10);
    fetch(leader, 2, 10, 20_000);
    expect(leader.maybeShrinkIsr(30_000).proposal).toBeUndefined();
    expect(leader.maybeShrinkIsr(30_001).proposal).toEqual({
      leaderEpoch: 5,
      partitionEpoch: 10,
      newIsr: [
        { brokerId: 1, brokerEpoch: 101 },
        { brokerId: 2, brokerEpoch: 102 },
      ],
    });
    expect(leader.maybeShrinkIsr(90_000).proposal).toBeUndefined(); // one proposal at a time
  });

  test('keeps a follower that always reaches where the leader was at its last fetch', () => {
    const leader = leaderOf();
    let end = 0;
    for (let nowMs = 0; nowMs <= 100_000; nowMs += 10_000) {
      grow(leader, end + 10, nowMs);
      fetch(leader, 2, end, nowMs);
      fetch(leader, 3, end, nowMs);
      end += 10;
    }
    expect(leader.maybeShrinkIsr(100_000).proposal).toBeUndefined();
  });

  test('expands by a follower that reaches the high watermark and this epoch’s start', () => {
    const leader = leaderOf({ isr: [1, 2], logEndOffset: 10, highWatermark: 5 });
    expect(fetch(leader, 3, 9)?.proposal).toBeUndefined();
    expect(fetch(leader, 3, 10)?.proposal?.newIsr.map((member) => member.brokerId)).toEqual([1, 2, 3]);
    expect(leader.maximalIsr).toEqual([1, 2, 3]);
    expect(leader.isr).toEqual([1, 2]);
  });

  test('does not take in a fenced broker, nor one that fetched before its restart', () => {
    const live = new Map([
      [1, 101],
      [2, 102],
    ]);
    const leader = leaderOf({ isr: [1, 2], live });
    expect(fetch(leader, 3, 0)?.proposal).toBeUndefined();
    live.set(3, 200);
    expect(fetch(leader, 3, 0)?.proposal).toBeUndefined();
    expect(fetch(leader, 3, 0, 0, 200)?.proposal).toBeDefined();
    expect(fetch(leader, 3, 0, 0, 103)).toBeUndefined();
  });

  test('takes in who had caught up while fenced once its broker takes part, without another fetch', () => {
    const live = new Map([[1, 101]]);
    const leader = leaderOf({ isr: [1], live });
    grow(leader, 10);
    fetch(leader, 2, 10, 0, 202);
    fetch(leader, 3, 9, 0, 203);
    expect(leader.maybeExpandIsr()).toEqual({ completed: [] });
    live.set(2, 202).set(3, 203);
    expect(leader.maybeExpandIsr().proposal?.newIsr.map(({ brokerId }) => brokerId)).toEqual([1, 2]);
    expect(leader.maybeExpandIsr()).toEqual({ completed: [] });
  });

  test('takes in who had caught up while another was being taken in, without another fetch', () => {
    const settled = { errorCode: 0, leaderId: 1, leaderEpoch: 5, partitionEpoch: 11, isr: [1, 2] };
    const twoCaughtUp = () => {
      const leader = leaderOf({ isr: [1] });
      grow(leader, 10);
      const proposal = fetch(leader, 2, 10, 0, 102)?.proposal;
      if (proposal === undefined) throw new Error('no proposal');
      expect(fetch(leader, 3, 10, 0, 103)?.proposal).toBeUndefined();
      return { leader, proposal };
    };
    const byAnswer = twoCaughtUp();
    const answered = byAnswer.leader.alterPartitionAnswered(byAnswer.proposal, settled, 0);
    expect(answered.proposal?.newIsr.map(({ brokerId }) => brokerId)).toEqual([1, 2, 3]);
    const byMetadata = twoCaughtUp();
    const changed = byMetadata.leader.assignmentChanged(
      { ...assignment, isr: [1, 2], partitionEpoch: 11 },
      0,
    );
    expect(changed.proposal?.newIsr.map(({ brokerId }) => brokerId)).toEqual([1, 2, 3]);
  });

  test('does not take in by what a broker fetched before it restarted, or never fetched', () => {
    const live = new Map([
      [1, 101],
      [2, 102],
      [3, 103],
    ]);
    const leader = leaderOf({ isr: [1], live });
    live.delete(2);
    fetch(leader, 2, 0);
    live.set(2, 202);
    expect(leader.maybeExpandIsr()).toEqual({ completed: [] });
  });

  test('takes the controller’s answer as the new state, and stale answers not at all', () => {
    const leader = leaderOf({ isr: [1, 2] });
    const proposal = fetch(leader, 3, 0)?.proposal;
    if (proposal === undefined) throw new Error('no proposal');
    const answer = { errorCode: 0, leaderId: 1, leaderEpoch: 5, partitionEpoch: 11, isr: [1, 2, 3] };
    expect(leader.alterPartitionAnswered(proposal, answer, 0)).toMatchObject({ isrChanged: true });
    expect(leader.isr).toEqual([1, 2, 3]);
    expect(leader.alterPartitionAnswered(proposal, { ...answer, isr: [1] }, 0)).toEqual({ completed: [] });
    expect(leader.isr).toEqual([1, 2, 3]);
  });

  test('proposes again after a lost answer, gives up when newer metadata must be on its way', () => {
    const leader = leaderOf({ isr: [1, 2] });
    const proposal = fetch(leader, 3, 0)?.proposal;
    if (proposal === undefined) throw new Error('no proposal');
    const failed = { leaderId: -1, leaderEpoch: -1, partitionEpoch: -1, isr: [] };
    expect(leader.alterPartitionAnswered(proposal, { ...failed, errorCode: -1 }, 0).proposal).toBe(proposal);
    const late = { ...failed, errorCode: ErrorCode.INVALID_UPDATE_VERSION };
    expect(leader.alterPartitionAnswered(proposal, late, 0).proposal).toBeUndefined();
    expect(leader.hasProposal).toBe(true);
    leader.assignmentChanged({ ...assignment, partitionEpoch: 12 }, 0);
    expect([leader.hasProposal, leader.isr]).toEqual([false, [1, 2, 3]]);
  });
});
