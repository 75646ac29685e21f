import { ErrorCode } from '@brokerlab/broker/messages';
import { describe, expect, it } from 'vitest';
import { coordinatorPartition, javaHashCode } from '../../broker/src/group/placement.ts';
import { GroupWorld } from './group-world.ts';

describe('joining', () => {
  it('asks a new dynamic member to come back with its id (KIP-394)', () => {
    const world = new GroupWorld();
    const reply = world.joins.get(world.join({}))!;
    expect(reply.errorCode).toBe(ErrorCode.MEMBER_ID_REQUIRED);
    expect(reply.memberId).toMatch(/^c-uuid-/);
  });

  it('waits the initial delay, then tells the leader alone who is there', () => {
    const world = new GroupWorld();
    const a = world.joinTwice();
    world.pass(2900);
    expect(world.joins.has(a.ticket)).toBe(false);
    const b = world.joinTwice();
    world.pass(3000);
    expect(world.joins.has(a.ticket)).toBe(false); // somebody came: the delay starts once more
    world.pass(200);
    const [first, second] = [world.joins.get(a.ticket)!, world.joins.get(b.ticket)!];
    expect(first).toMatchObject({ errorCode: 0, generationId: 1, leader: a.memberId, protocolName: 'range' });
    expect(first.members).toHaveLength(2);
    expect(second).toMatchObject({ leader: a.memberId, members: [] });
  });

  it('refuses a session timeout outside the broker’s bounds', () => {
    const world = new GroupWorld();
    world.config = { ...world.config, minSessionTimeoutMs: 20_000 };
    expect(world.joins.get(world.join({}))?.errorCode).toBe(ErrorCode.INVALID_SESSION_TIMEOUT);
  });

  it('refuses a member without a protocol that all have', () => {
    const world = new GroupWorld();
    world.stablePair();
    const ticket = world.join({ protocols: ['sticky'] });
    expect(world.joins.get(ticket)?.errorCode).toBe(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
  });

  it('chooses the protocol that most members put first among those all have', () => {
    const world = new GroupWorld();
    const a = world.joinTwice({ protocols: ['range', 'sticky', 'roundrobin'] });
    world.joinTwice({ protocols: ['roundrobin', 'sticky'] });
    world.joinTwice({ protocols: ['sticky', 'roundrobin'] });
    world.pass(10_000);
    expect(world.joins.get(a.ticket)?.protocolName).toBe('sticky');
  });

  it('refuses more members than group.max.size', () => {
    const world = new GroupWorld();
    world.config = { ...world.config, maxSize: 1 };
    world.joinTwice();
    expect(world.joins.get(world.join({}))?.errorCode).toBe(ErrorCode.GROUP_MAX_SIZE_REACHED);
  });

  it('does not know a member that never was', () => {
    const world = new GroupWorld();
    world.stablePair();
    expect(world.joins.get(world.join({ memberId: 'stranger' }))?.errorCode).toBe(
      ErrorCode.UNKNOWN_MEMBER_ID,
    );
  });
});

describe('a generation', () => {
  it('gives each member its assignment when the leader has synced', () => {
    const world = new GroupWorld();
    const a = world.joinTwice();
    const b = world.joinTwice();
    world.pass(7000);
    const early = world.sync(b.memberId, 1);
    expect(world.syncs.has(early)).toBe(false);
    const late = world.sync(a.memberId, 1, { [a.memberId]: 'p0', [b.memberId]: 'p1' });
    expect(world.syncs.get(late)?.assignment?.toString()).toBe('p0');
    expect(world.syncs.get(early)?.assignment?.toString()).toBe('p1');
    expect(world.group.state).toBe('Stable');
  });

  it('refuses syncs, heartbeats of another generation', () => {
    const world = new GroupWorld();
    const { leader } = world.stablePair();
    expect(world.syncs.get(world.sync(leader, 7))?.errorCode).toBe(ErrorCode.ILLEGAL_GENERATION);
    expect(world.heartbeat(leader, 7)).toBe(ErrorCode.ILLEGAL_GENERATION);
    expect(world.heartbeat('stranger', 1)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
    expect(world.heartbeat(leader, 1)).toBe(ErrorCode.NONE);
  });

  it('is left by a member whose session ended, and the others are told to rejoin', () => {
    const world = new GroupWorld();
    const { leader, follower } = world.stablePair();
    world.pass(9000);
    expect(world.heartbeat(leader, 1)).toBe(ErrorCode.NONE);
    world.pass(2000);
    expect(world.group.members.has(follower)).toBe(false);
    expect(world.heartbeat(leader, 1)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
    const ticket = world.join({ memberId: leader });
    expect(world.joins.get(ticket)).toMatchObject({ generationId: 2, leader });
  });

  it('ends when nobody is left, and the emptiness is written down', () => {
    const world = new GroupWorld();
    const { leader, follower } = world.stablePair();
    expect(world.leave(leader)).toBe(ErrorCode.NONE);
    expect(world.leave(follower)).toBe(ErrorCode.NONE);
    expect(world.group.state).toBe('Empty');
    expect(world.log.at(-1)).toMatchObject({ kind: 'group', value: { members: [], generation: 2 } });
  });

  it('elects another leader when the leader has left', () => {
    const world = new GroupWorld();
    const { leader, follower } = world.stablePair();
    world.leave(leader);
    expect(world.joins.get(world.join({ memberId: follower }))).toMatchObject({
      leader: follower,
      generationId: 2,
    });
  });

  it('drops members that do not sync within the rebalance timeout', () => {
    const world = new GroupWorld();
    const a = world.joinTwice();
    world.joinTwice();
    world.pass(7000);
    for (let beat = 0; beat < 13; beat++) {
      world.pass(5000);
      world.heartbeat(a.memberId, 1);
    }
    expect(world.group.state).not.toBe('CompletingRebalance');
    expect(world.group.members.size).toBeLessThan(2);
  });

  it('survives a failover of the coordinator', () => {
    const world = new GroupWorld();
    const { leader, follower } = world.stablePair();
    world.failOver();
    expect(world.group).toMatchObject({ state: 'Stable', generationId: 1, leaderId: leader });
    expect(world.heartbeat(follower, 1)).toBe(ErrorCode.NONE);
    expect(world.syncs.get(world.sync(follower, 1))?.assignment?.toString()).toBe('p1');
    world.pass(11_000);
    expect(world.group.state).toBe('Empty'); // both were silent for a session timeout
  });
});

describe('static members (KIP-345)', () => {
  function stable(protocols: readonly string[] = ['range']): GroupWorld & { ids: string[] } {
    const world = Object.assign(new GroupWorld(), { ids: [] as string[] });
    const tickets = ['one', 'two'].map((instanceId) => world.join({ instanceId, protocols }));
    world.pass(7000);
    world.ids = tickets.map((ticket) => world.joins.get(ticket)!.memberId!);
    world.sync(world.ids[1]!, 1);
    world.sync(world.ids[0]!, 1, { [world.ids[0]!]: 'p0', [world.ids[1]!]: 'p1' });
    return world;
  }

  it('come back with a new id and the same assignment, without a rebalance', () => {
    const world = stable();
    const reply = world.joins.get(world.join({ instanceId: 'two' }))!;
    expect(reply).toMatchObject({ errorCode: 0, generationId: 1 });
    expect(reply.memberId).not.toBe(world.ids[1]);
    expect(world.syncs.get(world.sync(reply.memberId!, 1))?.assignment?.toString()).toBe('p1');
    expect(world.group.state).toBe('Stable');
  });

  it('fence the one that had their name before', () => {
    const world = stable();
    world.join({ instanceId: 'two' });
    const claim = { memberId: world.ids[1]!, groupInstanceId: 'two', generationId: 1 };
    expect(world.shard.heartbeat('g', claim, world.now)).toBe(ErrorCode.FENCED_INSTANCE_ID);
  });

  it('are told to skip assigning when the leader comes back', () => {
    const world = stable();
    const reply = world.joins.get(world.join({ instanceId: 'one' }))!;
    expect(reply).toMatchObject({ skipAssignment: true, leader: reply.memberId });
    expect(reply.members).toHaveLength(2);
  });

  it('of older versions are told their former id leads, so that they do not assign', () => {
    const world = stable();
    const reply = world.joins.get(world.join({ instanceId: 'one', version: 8 }))!;
    expect(reply).toMatchObject({ skipAssignment: false, leader: world.ids[0], members: [] });
    expect(reply.memberId).not.toBe(world.ids[0]);
  });

  it('do not rebalance for other metadata: theirs holds a generation, and even other topics are not looked at', () => {
    const world = stable();
    const reply = world.joins.get(world.join({ instanceId: 'two', topics: 'another' }))!;
    expect(reply).toMatchObject({ errorCode: 0, generationId: 1 });
    expect(world.group.state).toBe('Stable');
  });

  it('rebalance when another assignor has to be used', () => {
    const world = stable(['range', 'roundrobin']);
    expect(world.group.protocolName).toBe('range');
    const ticket = world.join({ instanceId: 'two', protocols: ['roundrobin'] });
    expect(world.joins.has(ticket)).toBe(false);
    expect(world.group.state).toBe('PreparingRebalance');
  });

  it('are removed by their instance id', () => {
    const world = stable();
    expect(world.leave('', 'two')).toBe(ErrorCode.NONE);
    expect(world.leave('', 'nobody')).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
  });
});

describe('offsets', () => {
  const commit = (
    world: GroupWorld,
    call: { generationId?: number; memberId?: string; metadata?: string } = {},
  ) => {
    const result = world.shard.commit(
      {
        groupId: 'g',
        memberId: call.memberId ?? '',
        groupInstanceId: null,
        generationId: call.generationId ?? -1,
        version: 9,
        retentionTimeMs: -1,
        offsets: [
          {
            topic: 't',
            topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
            partition: 0,
            offset: 42,
            leaderEpoch: 3,
            metadata: call.metadata ?? '',
          },
        ],
      },
      world.now,
    );
    world.carryOut({ records: result.records, replies: [] });
    return result;
  };

  it('of a group without members are anybody’s to set', () => {
    const world = new GroupWorld();
    expect(commit(world).errorCode).toBe(ErrorCode.NONE);
    expect(world.shard.offsets.get('g', 't', 0)).toMatchObject({ offset: 42, leaderEpoch: 3 });
    world.failOver();
    expect(world.shard.offsets.get('g', 't', 0)?.offset).toBe(42);
  });

  it('of a living group are its members’ alone', () => {
    const world = new GroupWorld();
    const { leader } = world.stablePair();
    expect(commit(world).errorCode).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
    expect(commit(world, { memberId: leader, generationId: 9 }).errorCode).toBe(ErrorCode.ILLEGAL_GENERATION);
    expect(commit(world, { memberId: leader, generationId: 1 }).errorCode).toBe(ErrorCode.NONE);
  });

  it('take metadata up to offset.metadata.max.bytes', () => {
    const world = new GroupWorld();
    expect(commit(world, { metadata: 'x'.repeat(4096) }).partitionErrors).toEqual([ErrorCode.NONE]);
    expect(commit(world, { metadata: 'x'.repeat(4097) }).partitionErrors).toEqual([
      ErrorCode.OFFSET_METADATA_TOO_LARGE,
    ]);
  });

  it('are forgotten a retention after the group became empty, and the group with them', () => {
    const world = new GroupWorld();
    const { leader, follower } = world.stablePair();
    commit(world, { memberId: leader, generationId: 1 });
    const expire = () => {
      const records = world.shard.expire(world.now);
      world.carryOut({ records, replies: [] });
      return records.length;
    };
    world.nowMs += 700_000_000;
    expect(expire()).toBe(0); // it has members
    world.leave(leader);
    world.leave(follower);
    world.nowMs += 604_799_999;
    expect(expire()).toBe(0);
    world.nowMs += 1;
    expect(expire()).toBe(2);
    expect(world.shard.groups.has('g')).toBe(false);
  });
});

describe('deleting a group', () => {
  it('needs it to be empty, and takes its offsets along', () => {
    const world = new GroupWorld();
    const { leader, follower } = world.stablePair();
    expect(world.shard.deleteGroup('g').errorCode).toBe(ErrorCode.NON_EMPTY_GROUP);
    world.leave(leader);
    world.leave(follower);
    const { records } = world.shard.deleteGroup('g');
    world.carryOut({ records, replies: [] });
    expect(world.shard.deleteGroup('g').errorCode).toBe(ErrorCode.GROUP_ID_NOT_FOUND);
  });
});

describe('placement', () => {
  it('is Java’s hash of the group id', () => {
    expect(javaHashCode('abc')).toBe(96354);
    expect(javaHashCode('polygenelubricants')).toBe(-2147483648);
    expect(coordinatorPartition('polygenelubricants', 50)).toBe(0);
    expect(coordinatorPartition('abc', 50)).toBe(4);
  });
});
