import { describe, expect, test } from 'vitest';
import { ErrorCode } from '../../broker/src/messages/errors.ts';
import { checkLeaderEpoch, divergenceOf } from '../../broker/src/partition/epochs.ts';
import { resolveOutOfRange, startFollowing, stepFollower } from '../../broker/src/partition/follower.ts';
import { LeaderEpochs } from '../../broker/src/storage/leader-epochs.ts';
import { MemoryDisk } from '../../broker/src/storage/memory-disk.ts';

/** A log given by its epochs ([epoch, start offset]) and its end. */
function logOf(epochs: [number, number][], logEndOffset: number) {
  const disk = new MemoryDisk();
  disk.makeDirectory('/d');
  const cache = LeaderEpochs.open(disk, '/d');
  for (const [epoch, start] of epochs) cache.assign(epoch, start);
  return {
    logStartOffset: 0,
    logEndOffset,
    latestEpoch: cache.latest,
    endOffsetForEpoch: (epoch: number) => cache.endOffsetFor(epoch, logEndOffset),
  };
}

/** Fetches and truncates until the leader no longer sees a difference; where the follower then ends. */
function agree(leader: ReturnType<typeof logOf>, epochs: [number, number][], end: number): number {
  let log = logOf(epochs, end);
  for (let round = 0; round < 10; round++) {
    const divergence = divergenceOf(leader, {
      fetchOffset: log.logEndOffset,
      lastFetchedEpoch: log.latestEpoch,
    });
    if (divergence.kind === 'none') return log.logEndOffset;
    if (divergence.kind === 'unknown') throw new Error('unknown');
    const answer = {
      errorCode: 0,
      highWatermark: 0,
      logStartOffset: 0,
      divergingEpoch: divergence,
      recordsBytes: 0,
    };
    const step = stepFollower(answer, log, 0);
    if (step.kind !== 'truncate') throw new Error(step.kind);
    const { offset } = step;
    log = logOf(
      epochs.filter(([, start]) => start < offset),
      offset,
    );
  }
  throw new Error('no agreement');
}

describe('a follower finds where its log agrees with the leader’s', () => {
  const cases: [string, [number, number][], number, [number, number][], number, number][] = [
    ['same epoch, follower shorter', [[1, 0]], 10, [[1, 0]], 7, 7],
    ['same epoch, equal', [[1, 0]], 10, [[1, 0]], 10, 10],
    [
      'follower wrote on in an epoch the leader ended earlier',
      [
        [1, 0],
        [2, 5],
      ],
      8,
      [[1, 0]],
      7,
      5,
    ],
    [
      'follower has an epoch the leader never saw',
      [
        [1, 0],
        [3, 6],
      ],
      9,
      [
        [1, 0],
        [2, 6],
      ],
      9,
      6,
    ],
    [
      'two epochs apart',
      [
        [1, 0],
        [4, 3],
      ],
      9,
      [
        [1, 0],
        [2, 4],
        [3, 6],
      ],
      9,
      3,
    ],
  ];
  test.each(cases)('%s', (_name, leaderEpochs, leaderEnd, epochs, end, expected) => {
    expect(agree(logOf(leaderEpochs, leaderEnd), epochs, end)).toBe(expected);
  });

  test('a log without epochs is first cut to the high watermark', () => {
    expect(startFollowing(logOf([], 10), 4)).toEqual({ truncateTo: 4 });
    expect(startFollowing(logOf([[1, 0]], 10), 4)).toEqual({});
  });

  test('an epoch the leader knows nothing of is out of range', () => {
    const fetch = { fetchOffset: 10, lastFetchedEpoch: 9 };
    expect(divergenceOf(logOf([[1, 0]], 10), fetch)).toEqual({ kind: 'unknown' });
  });
});

test('out of range: shorten to the leader’s end, or start at its beginning, or simply go on', () => {
  const log = logOf([[1, 0]], 50);
  expect(resolveOutOfRange({ logStartOffset: 0, logEndOffset: 30 }, log)).toEqual({
    kind: 'truncate',
    offset: 30,
  });
  expect(resolveOutOfRange({ logStartOffset: 80, logEndOffset: 90 }, log)).toEqual({
    kind: 'startAt',
    offset: 80,
  });
  expect(resolveOutOfRange({ logStartOffset: 10, logEndOffset: 90 }, log)).toEqual({ kind: 'retry' });
});

test.each([
  [4, true, ErrorCode.FENCED_LEADER_EPOCH],
  [6, true, ErrorCode.UNKNOWN_LEADER_EPOCH],
  [5, true, ErrorCode.NONE],
  [-1, true, ErrorCode.NONE],
  [5, false, ErrorCode.NOT_LEADER_OR_FOLLOWER],
  [4, false, ErrorCode.FENCED_LEADER_EPOCH],
])('a request in epoch %i of a replica in epoch 5 (leader: %s) gets %i', (requested, isLeader, errorCode) => {
  expect(checkLeaderEpoch({ leaderEpoch: 5, isLeader }, requested, { leaderRequired: true })).toBe(errorCode);
});
