/** Groups of the consumer protocol (KIP-848): what members are told, and what becomes of the group. */
import { ErrorCode } from '@brokerlab/broker/messages';
import { describe, expect, it } from 'vitest';
import { describeConsumerGroup, listGroups } from '../../broker/src/group/descriptions.ts';
import { ConsumerWorld } from './consumer-world.ts';

const REQUEST = { memberId: 'm', rebalanceTimeoutMs: 1000, subscribedTopicNames: ['t'], topicPartitions: [] };

describe('joining', () => {
  it('gives the first member everything at once', () => {
    const world = new ConsumerWorld();
    const a = world.member('a');
    expect(a.beat()).toMatchObject({ memberId: 'a', memberEpoch: 2, heartbeatIntervalMs: 5000 });
    expect(a.holds).toBe('t:0,1,2,3');
    expect(world.consumerGroup.state).toBe('Stable');
  });

  it('takes from the first before it gives to the second', () => {
    const world = new ConsumerWorld();
    const [a, b] = [world.member('a'), world.member('b')];
    a.beat();
    b.beat();
    expect([b.epoch, b.holds]).toEqual([3, '']); // two are not released yet
    expect(world.consumerGroup.state).toBe('Reconciling');
    a.beat();
    expect([a.epoch, a.holds]).toEqual([2, 't:0,1']); // asked to give up; still in its epoch
    b.beat();
    expect(b.holds).toBe('');
    a.beat();
    expect(a.epoch).toBe(3);
    b.beat();
    expect(b.holds).toBe('t:2,3');
    expect(world.consumerGroup.state).toBe('Stable');
  });

  it('answers an assignment only when it has changed, or when everything was asked', () => {
    const world = new ConsumerWorld();
    const a = world.member('a');
    a.beat();
    expect(a.beat().assignment).toBeNull();
    expect(a.beat({ full: true }).assignment).not.toBeNull();
  });

  it('waits the assignment interval for a second target (KIP-1263)', () => {
    const world = new ConsumerWorld();
    world.config = {
      ...world.config,
      consumer: { ...world.config.consumer, assignmentIntervalMs: () => 1000 },
    };
    const [a, b] = [world.member('a'), world.member('b')];
    a.beat();
    b.beat();
    expect([b.epoch, world.consumerGroup.state]).toEqual([2, 'Assigning']);
    world.pass(1000);
    b.beat();
    expect([b.epoch, world.consumerGroup.state]).toEqual([3, 'Reconciling']);
  });

  it.each([
    [{ memberId: '' }, ErrorCode.INVALID_REQUEST, "MemberId can't be empty."],
    [{ groupId: ' ' }, ErrorCode.INVALID_REQUEST, "GroupId can't be empty."],
    [{ instanceId: '' }, ErrorCode.INVALID_REQUEST, "InstanceId can't be empty."],
    [{ rackId: '' }, ErrorCode.INVALID_REQUEST, "RackId can't be empty."],
    [
      { rebalanceTimeoutMs: -1 },
      ErrorCode.INVALID_REQUEST,
      'RebalanceTimeoutMs must be provided in first request.',
    ],
    [
      { topicPartitions: null },
      ErrorCode.INVALID_REQUEST,
      'TopicPartitions must be empty when (re-)joining.',
    ],
    [
      { subscribedTopicNames: null },
      ErrorCode.INVALID_REQUEST,
      'Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.',
    ],
    [{ memberEpoch: -3 }, ErrorCode.INVALID_REQUEST, 'MemberEpoch is invalid.'],
    [{ memberEpoch: -2 }, ErrorCode.INVALID_REQUEST, "InstanceId can't be null."],
    [
      { serverAssignor: 'x' },
      ErrorCode.UNSUPPORTED_ASSIGNOR,
      'ServerAssignor x is not supported. Supported assignors: uniform, range.',
    ],
    [{ memberEpoch: 1 }, ErrorCode.GROUP_ID_NOT_FOUND, 'Consumer group g not found.'],
    [{ memberEpoch: -1 }, ErrorCode.GROUP_ID_NOT_FOUND, 'Group g not found.'],
  ])('refuses %j', (fault, errorCode, errorMessage) => {
    expect(new ConsumerWorld().send({ ...REQUEST, ...fault })).toEqual({ errorCode, errorMessage });
  });

  it('refuses more members than group.consumer.max.size, but not who is one', () => {
    const world = new ConsumerWorld();
    world.config = { ...world.config, consumer: { ...world.config.consumer, maxSize: 1 } };
    const [a, b] = [world.member('a'), world.member('b')];
    a.beat();
    expect(b.beat()).toEqual({
      errorCode: ErrorCode.GROUP_MAX_SIZE_REACHED,
      errorMessage: 'The consumer group has reached its maximum capacity of 1 members.',
    });
    expect(a.beat({ full: true }).errorCode).toBeUndefined();
  });
});

describe('fencing', () => {
  it('fences an epoch of the future, and one of the past that may own what is others’', () => {
    const world = new ConsumerWorld();
    const [a, b] = [world.member('a'), world.member('b')];
    a.beat();
    expect(world.send({ memberId: 'a', memberEpoch: 9 }).errorCode).toBe(ErrorCode.FENCED_MEMBER_EPOCH);
    b.beat();
    a.beat();
    a.beat(); // now at epoch 3, was at 2
    const id = world.topics.idOf('t')!;
    const late = (partitions: number[]) =>
      world.send({ memberId: 'a', memberEpoch: 2, topicPartitions: [{ topicId: id, partitions }] }).errorCode;
    expect(late([0])).toBeUndefined(); // its answer was lost
    expect(late([3])).toBe(ErrorCode.FENCED_MEMBER_EPOCH);
  });

  it('does not know a member that never joined', () => {
    const world = new ConsumerWorld();
    world.member('a').beat();
    expect(world.send({ memberId: 'x', memberEpoch: 1 })).toEqual({
      errorCode: ErrorCode.UNKNOWN_MEMBER_ID,
      errorMessage: 'Member x is not a member of group g.',
    });
  });

  it('takes out a member that is silent for a session, and gives its partitions away', () => {
    const world = new ConsumerWorld();
    const [a, b] = [world.member('a'), world.member('b')];
    a.beat();
    b.beat();
    world.pass(30_000);
    b.beat();
    world.pass(15_000);
    b.beat();
    expect(b.holds).toBe('t:0,1,2,3');
    expect(a.beat().errorCode).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
  });

  it('takes out a member that does not give up its partitions within its rebalance timeout', () => {
    const world = new ConsumerWorld();
    const [a, b] = [world.member('a'), world.member('b')];
    a.beat();
    b.beat();
    const before = new Map(a.owned);
    a.beat();
    for (let second = 0; second < 65; second += 5) {
      world.pass(5000);
      world.send({
        memberId: 'a',
        memberEpoch: 2,
        topicPartitions: [...before].map(([topicId, of]) => ({ topicId, partitions: [...of] })),
      });
      b.beat();
    }
    expect(world.consumerGroup.members.has('a')).toBe(false);
    expect(b.holds).toBe('t:0,1,2,3');
  });

  it('lets only the current member commit, a late one what it still holds (KIP-1251)', () => {
    const world = new ConsumerWorld();
    const [a, b] = [world.member('a'), world.member('b')];
    a.beat();
    b.beat();
    a.beat();
    a.beat();
    b.beat();
    const commit = (memberId: string, generationId: number, partition: number, version = 9) => {
      const result = world.shard.commit(
        {
          groupId: 'g',
          memberId,
          groupInstanceId: null,
          generationId,
          version,
          retentionTimeMs: -1,
          offsets: [{ topic: 't', topicId: '', partition, offset: 1, leaderEpoch: -1, metadata: '' }],
        },
        world.now,
      );
      return result.errorCode || result.partitionErrors[0];
    };
    expect(commit('a', 3, 0)).toBe(ErrorCode.NONE);
    expect(commit('a', 2, 0)).toBe(ErrorCode.NONE); // held since epoch 2
    expect(commit('a', 2, 3)).toBe(ErrorCode.STALE_MEMBER_EPOCH);
    expect(commit('b', 2, 3)).toBe(ErrorCode.STALE_MEMBER_EPOCH); // got it in epoch 3
    expect(commit('a', 4, 0)).toBe(ErrorCode.STALE_MEMBER_EPOCH);
    expect(commit('a', 3, 0, 8)).toBe(ErrorCode.UNSUPPORTED_VERSION);
    expect(commit('x', 3, 0)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
    expect(commit('', -1, 0)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
  });
});

describe('leaving', () => {
  it('gives the partitions to who stays, and the group an epoch', () => {
    const world = new ConsumerWorld();
    const [a, b] = [world.member('a'), world.member('b')];
    a.beat();
    b.beat();
    expect(a.leave()).toEqual({ memberId: 'a', memberEpoch: -1 });
    b.beat();
    expect([b.epoch, b.holds]).toEqual([4, 't:0,1,2,3']);
    b.leave();
    expect([world.consumerGroup.state, world.consumerGroup.groupEpoch]).toEqual(['Empty', 5]);
  });

  it('deletes an empty group with its offsets, not one with members', () => {
    const world = new ConsumerWorld();
    const a = world.member('a');
    a.beat();
    expect(world.shard.deleteGroup('g').errorCode).toBe(ErrorCode.NON_EMPTY_GROUP);
    a.leave();
    const { records } = world.shard.deleteGroup('g');
    world.carryOut({ records, replies: [] });
    world.failOver();
    expect(world.shard.groups.has('g')).toBe(false);
  });
});

describe('static members', () => {
  it('keep their partitions over a restart within the session', () => {
    const world = new ConsumerWorld();
    const [a, b] = [world.member('a', { instanceId: 'i1' }), world.member('b', { instanceId: 'i2' })];
    for (const each of [a, b, a, a, b, a]) each.beat();
    const held = a.holds;
    expect(a.leave(-2)).toEqual({ memberId: 'a', memberEpoch: -2 });
    world.pass(20_000);
    b.beat();
    expect(b.holds).toBe('t:2,3');
    const back = world.member('a2', { instanceId: 'i1' });
    back.beat();
    expect([back.epoch, back.holds]).toEqual([3, held]);
    expect(world.consumerGroup.groupEpoch).toBe(3);
  });

  it('lose them when they do not come back', () => {
    const world = new ConsumerWorld();
    const [a, b] = [world.member('a', { instanceId: 'i1' }), world.member('b', { instanceId: 'i2' })];
    for (const each of [a, b, a, a, b, a]) each.beat();
    a.leave(-2);
    for (let passed = 0; passed < 50; passed += 5) {
      world.pass(5000);
      b.beat();
    }
    expect(b.holds).toBe('t:0,1,2,3');
  });

  it('are refused while another one is there, and fenced when replaced', () => {
    const world = new ConsumerWorld();
    const a = world.member('a', { instanceId: 'i1' });
    a.beat();
    const other = world.member('b', { instanceId: 'i1' });
    expect(other.beat()).toEqual({
      errorCode: ErrorCode.UNRELEASED_INSTANCE_ID,
      errorMessage:
        'Static member b with instance id i1 cannot join the group because the instance id is owned by a member.',
    });
    a.leave(-2);
    other.beat();
    expect(other.holds).toBe('t:0,1,2,3');
    expect(world.send({ memberId: 'a', instanceId: 'i1', memberEpoch: 1 }).errorCode).toBe(
      ErrorCode.FENCED_INSTANCE_ID,
    );
  });
});

describe('topics', () => {
  it('that get partitions give the group an epoch', () => {
    const world = new ConsumerWorld();
    const a = world.member('a');
    a.beat();
    world.topics = world.topics.with({ t: 6 });
    a.beat();
    expect([a.epoch, a.holds]).toEqual([3, 't:0,1,2,3,4,5']);
  });

  it('that are deleted are given up; that come are given', () => {
    const world = new ConsumerWorld();
    const a = world.member('a', { topics: ['t', 'u'] });
    a.beat();
    world.topics = world.topics.with({ u: 1 });
    a.beat();
    a.beat();
    expect(a.holds).toBe('u:0');
  });

  it('that nobody reads change nothing', () => {
    const world = new ConsumerWorld();
    const a = world.member('a');
    a.beat();
    world.topics = world.topics.with({ t: 4, other: 3 });
    a.beat();
    expect(a.epoch).toBe(2);
    expect(world.consumerGroup.groupEpoch).toBe(2);
  });

  it('are found by a regular expression on the coordinator, again when topics come', () => {
    const world = new ConsumerWorld();
    world.topics = world.topics.with({ 'a-1': 1, 'a-2': 1, b: 1 });
    const a = world.member('a', { topics: [], regex: 'a-.*' });
    a.beat();
    expect(a.holds).toBe('a-1:0 a-2:0');
    world.topics = world.topics.with({ 'a-1': 1, 'a-2': 1, 'a-3': 1, b: 1 });
    world.pass(10_000);
    a.beat();
    expect(a.holds).toBe('a-1:0 a-2:0 a-3:0');
    a.regex = '(';
    expect(a.beat({ full: true })).toMatchObject({ errorCode: ErrorCode.INVALID_REGULAR_EXPRESSION });
  });

  it('are given up as soon as a member no longer reads them', () => {
    const world = new ConsumerWorld();
    world.topics = world.topics.with({ t: 2, u: 2 });
    const a = world.member('a', { topics: ['t', 'u'] });
    a.beat();
    a.beat({ topics: ['u'] });
    a.beat();
    expect(a.holds).toBe('u:0,1');
  });
});

describe('the range assignor', () => {
  it('is used when members ask for it, and gives the same partitions of every topic', () => {
    const world = new ConsumerWorld();
    world.topics = world.topics.with({ t: 3, u: 3 });
    const options = { topics: ['t', 'u'], assignor: 'range' };
    const [a, b] = [world.member('a', options), world.member('b', options)];
    for (const each of [a, b, a, a, b]) each.beat();
    expect([a.holds, b.holds]).toEqual(['t:0,1 u:0,1', 't:2 u:2']);
    const { config, topics } = { config: world.config.consumer, topics: world.topics };
    expect(describeConsumerGroup(world.consumerGroup, { config, topics })).toMatchObject({
      assignorName: 'range',
      groupState: 'Stable',
      groupEpoch: 3,
      assignmentEpoch: 3,
    });
  });
});

describe('a new coordinator', () => {
  it('knows what the last one wrote, and gives everybody a session', () => {
    const world = new ConsumerWorld();
    const [a, b] = [world.member('a'), world.member('b', { regex: 't.*' })];
    for (const each of [a, b, a, a]) each.beat();
    const before = JSON.stringify([...world.consumerGroup.members.values()], (_, v) =>
      v instanceof Map ? [...v] : v,
    );
    world.failOver();
    expect(
      JSON.stringify([...world.consumerGroup.members.values()], (_, v) => (v instanceof Map ? [...v] : v)),
    ).toBe(before);
    world.pass(1000);
    b.beat();
    expect([a.holds, b.holds]).toEqual(['t:0,1', 't:2,3']);
    world.pass(43_999);
    expect(world.consumerGroup.members.size).toBe(2);
    world.pass(1);
    expect(world.consumerGroup.members.size).toBe(1);
  });
});

describe('migration', () => {
  it('takes a classic group over, member by member, without giving a partition to two', () => {
    const world = new ConsumerWorld();
    const first = world.joinTwice({ topics: 't' });
    world.pass(7000);
    const generation = world.joins.get(first.ticket)!.generationId!;
    world.sync(first.memberId, generation, {});
    const b = world.member('b');
    b.beat();
    expect(listGroups(world.shard.groups.values(), { states: [], types: [] })).toMatchObject([
      { groupType: 'Consumer', protocolType: 'consumer' },
    ]);
    expect(world.heartbeat(first.memberId, generation)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
    const rejoin = world.joins.get(world.join({ memberId: first.memberId, topics: 't' }))!;
    expect(rejoin).toMatchObject({ errorCode: 0, generationId: b.epoch, leader: '' });
    expect(world.syncs.get(world.sync(first.memberId, rejoin.generationId!))).toMatchObject({ errorCode: 0 });
    b.beat();
    expect(world.heartbeat(first.memberId, rejoin.generationId!)).toBe(ErrorCode.NONE);
    expect(world.consumerGroup.state).toBe('Stable');
  });

  it('becomes classic again when the last member of the consumer protocol goes', () => {
    const world = new ConsumerWorld();
    const first = world.joinTwice({ topics: 't' });
    world.pass(7000);
    world.sync(first.memberId, 1, {});
    const b = world.member('b');
    b.beat();
    b.leave();
    expect(world.group.members.size).toBe(1);
    world.pass(0);
    expect(world.group.state).toBe('PreparingRebalance');
    const rejoin = world.joins.get(world.join({ memberId: first.memberId, topics: 't' }));
    expect(rejoin).toMatchObject({ errorCode: 0, leader: first.memberId });
  });

  it('does not happen where the policy forbids it', () => {
    const world = new ConsumerWorld();
    world.config = { ...world.config, consumer: { ...world.config.consumer, migrationPolicy: 'disabled' } };
    world.joinTwice({ topics: 't' });
    expect(world.member('b').beat()).toEqual({
      errorCode: ErrorCode.GROUP_ID_NOT_FOUND,
      errorMessage: 'Group g is not a consumer group.',
    });
  });

  it('puts a group of one kind in the place of an empty one of the other', () => {
    const world = new ConsumerWorld();
    const a = world.member('a');
    a.beat();
    a.leave();
    const { memberId } = world.joinTwice({ topics: 't' });
    world.pass(7000);
    world.sync(memberId, 1, {});
    world.failOver();
    expect(world.group.groupId).toBe('g');
    world.leave(memberId);
    a.beat();
    expect(a.holds).toBe('t:0,1,2,3');
    world.failOver();
    expect(world.consumerGroup.members.size).toBe(1);
  });
});
