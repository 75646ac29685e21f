import { describe, expect, it } from 'vitest';
import type { Assignor, MemberSubscription } from '../../broker/src/client/consumer/assignors/assignor.ts';
import { assignRange } from '../../broker/src/client/consumer/assignors/range.ts';
import { assignRoundRobin } from '../../broker/src/client/consumer/assignors/round-robin.ts';
import { assignCooperativeSticky, assignSticky } from '../../broker/src/client/consumer/assignors/sticky.ts';

function member(memberId: string, topics: string[], owned: string[] = []): MemberSubscription {
  const partitions = owned.map((name) => {
    const [topic = '', partition = ''] = name.split('-');
    return { topic, partition: Number(partition) };
  });
  return { memberId, instanceId: null, topics, owned: partitions, generation: 1 };
}

function assign(assignor: Assignor, counts: Record<string, number>, members: MemberSubscription[]) {
  const assignment = assignor(new Map(Object.entries(counts)), members);
  return Object.fromEntries(
    [...assignment].map(([id, list]) => [
      id,
      list.map(({ topic, partition }) => `${topic}-${partition}`).join(' '),
    ]),
  );
}

describe('range', () => {
  it('gives the first members of each topic one more', () => {
    const members = [member('b', ['t', 'u']), member('a', ['t', 'u'])];
    expect(assign(assignRange, { t: 3, u: 3 }, members)).toEqual({ a: 't-0 t-1 u-0 u-1', b: 't-2 u-2' });
  });

  it('gives nothing to those beyond the partitions', () => {
    expect(assign(assignRange, { t: 1 }, [member('a', ['t']), member('b', ['t'])])).toEqual({
      a: 't-0',
      b: '',
    });
  });

  it('puts static members first, by instance id', () => {
    const fixed = { ...member('z', ['t']), instanceId: 'one' };
    expect(assign(assignRange, { t: 1 }, [member('a', ['t']), fixed])).toEqual({ a: '', z: 't-0' });
  });
});

describe('round robin', () => {
  it('deals all partitions out one by one', () => {
    const members = [member('a', ['t', 'u']), member('b', ['t', 'u'])];
    expect(assign(assignRoundRobin, { t: 3, u: 3 }, members)).toEqual({ a: 't-0 t-2 u-1', b: 't-1 u-0 u-2' });
  });

  it('passes over members that do not want the topic', () => {
    const members = [member('a', ['t']), member('b', ['t', 'u'])];
    expect(assign(assignRoundRobin, { t: 2, u: 2 }, members)).toEqual({ a: 't-0', b: 't-1 u-0 u-1' });
  });
});

describe('sticky', () => {
  it('leaves partitions where they are, as far as it stays even', () => {
    const members = [member('a', ['t'], ['t-0', 't-1', 't-2', 't-3']), member('b', ['t'])];
    expect(assign(assignSticky, { t: 4 }, members)).toEqual({ a: 't-0 t-1', b: 't-2 t-3' });
  });

  it('gives the partitions of a lost member to the others', () => {
    const members = [member('a', ['t'], ['t-0', 't-1']), member('b', ['t'], ['t-2'])];
    expect(assign(assignSticky, { t: 5 }, members)).toEqual({ a: 't-0 t-1 t-4', b: 't-2 t-3' });
  });

  it('forgets claims to topics that are gone', () => {
    expect(assign(assignSticky, { t: 1 }, [member('a', ['t'], ['gone-0'])])).toEqual({ a: 't-0' });
  });
});

describe('cooperative-sticky', () => {
  it('leaves a moving partition without an owner for one round', () => {
    const before = [member('a', ['t'], ['t-0', 't-1', 't-2', 't-3']), member('b', ['t'])];
    expect(assign(assignCooperativeSticky, { t: 4 }, before)).toEqual({ a: 't-0 t-1', b: '' });
    const after = [member('a', ['t'], ['t-0', 't-1']), member('b', ['t'])];
    expect(assign(assignCooperativeSticky, { t: 4 }, after)).toEqual({ a: 't-0 t-1', b: 't-2 t-3' });
  });
});
