import { describe, expect, it } from 'vitest';
import { FetchSessions, type SessionFetch } from '../../broker/src/handlers/fetch-sessions.ts';
import { FetchRequest } from '../../broker/src/messages/01-fetch.ts';
import { ErrorCode } from '../../broker/src/messages/errors.ts';

const topicId = 'aaaaaaaaaaaaaaaaaaaaaQ';

function sessions(slots = 10) {
  const clock = { nowMs: 0 };
  let drawn = 0;
  const all = new FetchSessions({
    slotsMax: () => slots,
    random: () => ++drawn / 1000,
    nowMs: () => clock.nowMs,
    topicName: (id) => (id === topicId ? 'orders' : undefined),
  });
  return { all, clock };
}

/** A Fetch v16 of these partitions at these offsets. */
function request(
  session: { id: number; epoch: number },
  offsets: Record<number, number>,
  forgotten: number[] = [],
) {
  return {
    ...FetchRequest.empty(),
    sessionId: session.id,
    sessionEpoch: session.epoch,
    topics: [
      {
        topic: '',
        topicId,
        partitions: Object.entries(offsets).map(([partition, offset]) => ({
          partition: Number(partition),
          currentLeaderEpoch: -1,
          fetchOffset: BigInt(offset),
          lastFetchedEpoch: -1,
          logStartOffset: -1n,
          partitionMaxBytes: 1024,
          replicaDirectoryId: topicId,
          highWatermark: 0n,
        })),
      },
    ],
    forgottenTopicsData: forgotten.length === 0 ? [] : [{ topic: '', topicId, partitions: forgotten }],
  };
}

const consumer = { version: 16, fromReplica: false };

function begun(fetch: SessionFetch) {
  if (fetch.kind === 'error') throw new Error(`error ${fetch.errorCode}`);
  const positions = Array.from(fetch.partitions, ({ partition, fetchOffset }) => [partition, fetchOffset]);
  return { id: fetch.sessionId, kind: fetch.kind, positions };
}

describe('a fetch session', () => {
  it('keeps its partitions, takes changes and forgets what it is told to', () => {
    const { all } = sessions();
    const first = begun(all.begin(request({ id: 0, epoch: 0 }, { 0: 5, 1: 6 }), consumer));
    expect(first).toMatchObject({
      kind: 'full',
      positions: [
        [0, 5],
        [1, 6],
      ],
    });
    expect(first.id).not.toBe(0);
    const second = begun(all.begin(request({ id: first.id, epoch: 1 }, { 1: 9, 2: 1 }), consumer));
    expect(second).toMatchObject({
      kind: 'incremental',
      positions: [
        [0, 5],
        [1, 9],
        [2, 1],
      ],
    });
    const third = begun(all.begin(request({ id: first.id, epoch: 2 }, {}, [0]), consumer));
    expect(third.positions).toEqual([
      [1, 9],
      [2, 1],
    ]);
  });

  it('is not known under another id, nor at another epoch than the next', () => {
    const { all } = sessions();
    const { id } = begun(all.begin(request({ id: 0, epoch: 0 }, { 0: 0 }), consumer));
    expect(all.begin(request({ id: id + 1, epoch: 1 }, {}), consumer)).toMatchObject({
      errorCode: ErrorCode.FETCH_SESSION_ID_NOT_FOUND,
    });
    expect(all.begin(request({ id, epoch: 3 }, {}), consumer)).toMatchObject({
      errorCode: ErrorCode.INVALID_FETCH_SESSION_EPOCH,
    });
  });

  it('ends with epoch -1', () => {
    const { all } = sessions();
    const { id } = begun(all.begin(request({ id: 0, epoch: 0 }, { 0: 0 }), consumer));
    expect(begun(all.begin(request({ id, epoch: -1 }, { 0: 0 }), consumer))).toMatchObject({
      id: 0,
      kind: 'full',
    });
    expect(all.size).toBe(0);
  });

  it('is refused when all slots are in use, and given to a replica rather than a consumer', () => {
    const { all, clock } = sessions(1);
    begun(all.begin(request({ id: 0, epoch: 0 }, { 0: 0 }), consumer));
    expect(begun(all.begin(request({ id: 0, epoch: 0 }, { 0: 0 }), consumer)).id).toBe(0);
    expect(
      begun(all.begin(request({ id: 0, epoch: 0 }, { 0: 0 }), { ...consumer, fromReplica: true })).id,
    ).not.toBe(0);
    clock.nowMs = 130_000;
    expect(begun(all.begin(request({ id: 0, epoch: 0 }, { 0: 0 }), consumer)).id).not.toBe(0);
  });

  it('answers a held request when the next one of the session arrives', () => {
    const { all } = sessions();
    const { id } = begun(all.begin(request({ id: 0, epoch: 0 }, { 0: 0 }), consumer));
    let interrupted = 0;
    all.hold(id, () => interrupted++);
    all.begin(request({ id, epoch: 1 }, { 1: 0 }), consumer);
    all.begin(request({ id, epoch: 2 }, { 1: 1 }), consumer);
    expect(interrupted).toBe(1);
  });

  it('reads partitions that were given records last next time', () => {
    const { all } = sessions();
    const fetch = all.begin(request({ id: 0, epoch: 0 }, { 0: 0, 1: 0, 2: 0 }), consumer);
    if (fetch.kind === 'error') throw new Error('no session');
    const [first] = fetch.partitions;
    all.rotate(fetch.sessionId, [first!]);
    const next = begun(all.begin(request({ id: fetch.sessionId, epoch: 1 }, {}), consumer));
    expect(next.positions.map(([partition]) => partition)).toEqual([1, 2, 0]);
  });
});
