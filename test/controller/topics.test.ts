import { describe, expect, it } from 'vitest';
import { DeleteTopicsRequest } from '../../broker/src/messages/20-delete-topics.ts';
import { METADATA_RECORDS } from '../../broker/src/messages/metadata/records.ts';
import { TestController } from './cluster.ts';

const three = () => new TestController().start(1, 2, 3);

describe('a created topic', () => {
  it('has as many partitions and replicas as asked, the first replica leading, all in sync', () => {
    const cluster = three();
    expect(cluster.createTopic('t', { partitions: 6, replicationFactor: 3 })).toBeNull();
    const { partitions } = cluster.image.topics.get('t')!;
    expect(partitions).toHaveLength(6);
    for (const partition of partitions) {
      expect([...partition.replicas].sort()).toEqual([1, 2, 3]);
      expect(partition.isr).toEqual(partition.replicas);
      expect(partition.leader).toBe(partition.replicas[0]);
      expect([partition.leaderEpoch, partition.partitionEpoch]).toEqual([0, 0]);
    }
    expect(new Set(partitions.slice(0, 3).map((partition) => partition.leader)).size).toBe(3);
  });

  it('takes defaults from the settings', () => {
    const cluster = new TestController({ defaultPartitions: 4, defaultReplicationFactor: 2 }).start(1, 2);
    cluster.createTopic('t');
    expect(cluster.image.topics.get('t')!.partitions.map((one) => one.replicas.length)).toEqual([2, 2, 2, 2]);
  });

  it('lies where it is assigned by hand', () => {
    const cluster = three();
    expect(cluster.createTopic('many', { assignment: [[1, 2, 3], [2, 3], [3]].slice(0, 1) })).toBeNull();
    expect(cluster.state('many')).toBe('leader 1 isr 1,2,3 epochs 0/0');
  });

  it('writes topic, configs, partitions, in this order', () => {
    const cluster = three();
    cluster.createTopic('t', { partitions: 2, replicationFactor: 1, configs: { 'retention.ms': '60000' } });
    expect(cluster.log.at(-1)!.map((one) => one.name)).toEqual([
      'TopicRecord',
      'ConfigRecord',
      'PartitionRecord',
      'PartitionRecord',
    ]);
    expect(METADATA_RECORDS.PartitionRecord.message.versions[1]).toBe(2);
  });

  it('is not written when only validated', () => {
    const cluster = three();
    const response = cluster.controller.decide(
      'createTopics',
      {
        topics: [{ name: 't', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
        timeoutMs: 0,
        validateOnly: true,
      },
      0,
    );
    expect(response.records).toEqual([]);
    expect(response.response.topics?.[0]?.errorCode).toBe(0);
  });
});

describe('a topic is refused', () => {
  const cases: [what: string, create: (cluster: TestController) => string | null, message: string][] = [
    [
      'when it exists',
      (cluster) => cluster.createTopic('test') ?? cluster.createTopic('test'),
      "Topic 'test' already exists.",
    ],
    [
      'with more replicas than brokers',
      (cluster) => cluster.createTopic('rf4', { replicationFactor: 4 }),
      'Unable to replicate the partition 4 time(s): The target replication factor of 4 cannot be reached because only 3 broker(s) are registered or some brokers have all their log directories cordoned.',
    ],
    [
      'with no replica',
      (cluster) => cluster.createTopic('rf0', { replicationFactor: 0 }),
      'Replication factor must be larger than 0, or -1 to use the default value.',
    ],
    [
      'with no partition',
      (cluster) => cluster.createTopic('p0', { partitions: 0 }),
      'Number of partitions was set to an invalid non-positive value.',
    ],
    [
      'with an unknown config',
      (cluster) => cluster.createTopic('badconf', { configs: { 'retention.mss': '1' } }),
      'Unknown topic config name: retention.mss',
    ],
    [
      'with a value that is none',
      (cluster) => cluster.createTopic('badconf', { configs: { 'retention.ms': 'abc' } }),
      'Invalid value abc for configuration retention.ms: Not a number of type LONG',
    ],
    [
      'with a null value',
      (cluster) => cluster.createTopic('badconf', { configs: { 'retention.ms': null } }),
      'Null value not supported for topic configs: retention.ms',
    ],
    [
      'on a broker that is not there',
      (cluster) => cluster.createTopic('bad', { assignment: [[1, 9]] }),
      'The manual partition assignment includes broker 9, but no such broker is registered.',
    ],
    [
      'twice on one broker',
      (cluster) => cluster.createTopic('bad', { assignment: [[1, 1]] }),
      'The manual partition assignment includes the broker 1 more than once.',
    ],
    [
      'on unequal replica lists',
      (cluster) => cluster.createTopic('bad', { assignment: [[1, 2], [1]] }),
      'The manual partition assignment includes a partition with 1 replica(s), but this is not consistent with previous partitions, which have 2 replica(s).',
    ],
    [
      'when its name collides',
      (cluster) => cluster.createTopic('a.b') ?? cluster.createTopic('a_b'),
      "Topic 'a_b' collides with existing topic: a.b",
    ],
    [
      'when its name has other characters',
      (cluster) => cluster.createTopic('no good!'),
      "Topic name is invalid: 'no good!' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'",
    ],
    [
      'when its name is a dot',
      (cluster) => cluster.createTopic('.'),
      "Topic name is invalid: '.' is not allowed",
    ],
    [
      'when its name is the metadata log',
      (cluster) => cluster.createTopic('__cluster_metadata'),
      'Creation of internal topic __cluster_metadata is prohibited.',
    ],
  ];
  it.each(cases)('%s', (_what, create, message) => {
    const cluster = three();
    const before = () => cluster.image.topics.size;
    expect(create(cluster)).toBe(message);
    expect(before()).toBeLessThanOrEqual(1);
  });

  it('while all brokers are fenced', () => {
    const cluster = new TestController();
    cluster.register(1);
    expect(cluster.createTopic('t', { replicationFactor: 1 })).toBe(
      'Unable to replicate the partition 1 time(s): All brokers are currently fenced, or have all their log directories cordoned.',
    );
  });
});

describe('more partitions', () => {
  const grow = (
    cluster: TestController,
    name: string,
    count: number,
    assignments: number[][] | null = null,
  ) =>
    cluster.decide('createPartitions', {
      topics: [{ name, count, assignments: assignments?.map((brokerIds) => ({ brokerIds })) ?? null }],
      timeoutMs: 0,
      validateOnly: false,
    }).results?.[0]?.errorMessage;

  it('are added behind the others', () => {
    const cluster = three();
    cluster.createTopic('two', { partitions: 2, replicationFactor: 2 });
    expect(grow(cluster, 'two', 4)).toBeNull();
    expect(cluster.image.topics.get('two')!.partitions.map((one) => one.replicas.length)).toEqual([
      2, 2, 2, 2,
    ]);
    expect(grow(cluster, 'two', 5, [[3, 1]])).toBeNull();
    expect(cluster.partition('two', 4).replicas).toEqual([3, 1]);
  });

  it('are refused when they would not be more', () => {
    const cluster = three();
    cluster.createTopic('two', { partitions: 4 });
    expect(grow(cluster, 'two', 4)).toBe('Topic already has 4 partition(s).');
    expect(grow(cluster, 'two', 3)).toBe(
      'The topic two currently has 4 partition(s); 3 would not be an increase.',
    );
    expect(grow(cluster, 'nope', 3)).toBeNull();
    expect(grow(cluster, 'two', 6, [[1]])).toBe(
      'Attempted to add 2 additional partition(s), but only 1 assignment(s) were specified.',
    );
  });
});

describe('a deleted topic', () => {
  it('is gone with its configs, by name or by id', () => {
    const cluster = three();
    cluster.createTopic('a', { configs: { 'retention.ms': '1000' } });
    cluster.createTopic('b');
    const { id } = cluster.image.topics.get('b')!;
    const response = cluster.decide('deleteTopics', {
      ...DeleteTopicsRequest.empty(),
      topics: [
        { name: 'a', topicId: 'AAAAAAAAAAAAAAAAAAAAAA' },
        { name: null, topicId: id },
        { name: 'c', topicId: 'AAAAAAAAAAAAAAAAAAAAAA' },
      ],
    });
    expect(response.responses?.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 3],
    ]);
    expect(cluster.image.topics.size).toBe(0);
    expect(cluster.image.topicNames.size).toBe(0);
    expect([...cluster.image.configs.keys()].some((key) => key.startsWith('2:'))).toBe(false);
  });
});
