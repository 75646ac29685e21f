import { describe, expect, it } from 'vitest';
import { configsOf, ResourceType } from '../../broker/src/controller/image.ts';
import { placeReplicas } from '../../broker/src/controller/placement.ts';
import { UpdateFeaturesRequest } from '../../broker/src/messages/57-update-features.ts';
import { TestController } from './cluster.ts';

const [SET, DELETE, APPEND, SUBTRACT] = [0, 1, 2, 3];

function alter(
  cluster: TestController,
  resource: { type: number; name: string },
  ...changes: readonly (readonly [name: string, operation: number, value: string | null])[]
): string | null | undefined {
  const configs = changes.map(([name, configOperation, value]) => ({ name, configOperation, value }));
  return cluster.decide('incrementalAlterConfigs', {
    resources: [{ resourceType: resource.type, resourceName: resource.name, configs }],
    validateOnly: false,
  }).responses?.[0]?.errorMessage;
}

const topic = { type: ResourceType.TOPIC, name: 't' };
const allBrokers = { type: ResourceType.BROKER, name: '' };

function withTopic(): TestController {
  const cluster = new TestController().start(1, 2);
  cluster.createTopic('t');
  return cluster;
}

describe('configs', () => {
  it('are set, deleted, and lists appended to and taken from', () => {
    const cluster = withTopic();
    const own = () => Object.fromEntries(configsOf(cluster.image, ResourceType.TOPIC, 't'));
    expect(
      alter(cluster, topic, ['retention.ms', SET, '1000'], ['cleanup.policy', APPEND, 'compact']),
    ).toBeNull();
    expect(own()).toEqual({ 'retention.ms': '1000', 'cleanup.policy': 'delete,compact' });
    expect(
      alter(cluster, topic, ['retention.ms', DELETE, null], ['cleanup.policy', SUBTRACT, 'delete']),
    ).toBeNull();
    expect(own()).toEqual({ 'cleanup.policy': 'compact' });
  });

  it('in the old form replace all there are', () => {
    const cluster = withTopic();
    alter(cluster, topic, ['retention.ms', SET, '1000']);
    cluster.decide('alterConfigs', {
      resources: [
        { resourceType: topic.type, resourceName: 't', configs: [{ name: 'retention.bytes', value: '5' }] },
      ],
      validateOnly: false,
    });
    expect(Object.fromEntries(configsOf(cluster.image, ResourceType.TOPIC, 't'))).toEqual({
      'retention.bytes': '5',
    });
  });

  const refusals: [
    resource: { type: number; name: string },
    change: [string, number, string | null],
    message: string,
  ][] = [
    [topic, ['retention.mss', SET, '1'], 'Unknown topic config name: retention.mss'],
    [
      topic,
      ['retention.ms', SET, 'abc'],
      'Invalid value abc for configuration retention.ms: Not a number of type LONG',
    ],
    [topic, ['retention.ms', APPEND, '1'], "Can't APPEND to key retention.ms because its type is not LIST."],
    [
      topic,
      ['compression.type', SET, 'brotli'],
      'Invalid value brotli for configuration compression.type: String must be one of: uncompressed, zstd, lz4, snappy, gzip, producer',
    ],
    [
      topic,
      ['segment.bytes', SET, '100'],
      'Invalid value 100 for configuration segment.bytes: Value must be at least 1048576',
    ],
    [{ ...topic, name: 'nope' }, ['retention.ms', SET, '1'], "The topic 'nope' does not exist."],
    [{ ...topic, name: '' }, ['retention.ms', SET, '1'], 'Default topic resources are not allowed.'],
    [
      { type: ResourceType.BROKER, name: '1' },
      ['min.insync.replicas', SET, '2'],
      'Broker-level min.insync.replicas cannot be altered while ELR is enabled.',
    ],
    [
      allBrokers,
      ['min.insync.replicas', DELETE, null],
      'Cluster-level min.insync.replicas cannot be removed while ELR is enabled.',
    ],
    [
      { type: ResourceType.BROKER, name: 'x' },
      ['background.threads', SET, '2'],
      'Unable to parse broker name as a base 10 number.',
    ],
  ];
  it.each(refusals)('of %o are refused: %o', (resource, change, message) => {
    const cluster = withTopic();
    const before = cluster.image.configs;
    expect(alter(cluster, resource, change)).toBe(message);
    expect(cluster.image.configs).toBe(before);
  });

  it('of all brokers give topics their minimum in-sync replicas', () => {
    const cluster = new TestController().start(1, 2, 3);
    cluster.createTopic('t', { assignment: [[1, 2, 3]] });
    expect(alter(cluster, allBrokers, ['min.insync.replicas', SET, '2'])).toBeNull();
    cluster.alterIsr('t', [1]);
    expect(cluster.state('t')).toBe('leader 1 isr 1 elr 2,3 epochs 0/1');
  });
});

describe('placement', () => {
  const brokers = (racks: readonly (string | null)[], fenced: readonly number[] = []) =>
    racks.map((rack, index) => ({
      id: index + 1,
      epoch: 0,
      incarnationId: '',
      listeners: [],
      features: [],
      rack,
      fenced: fenced.includes(index + 1),
      inControlledShutdown: false,
      logDirs: [],
      cordonedLogDirs: [],
    }));
  const place = (options: {
    racks: (string | null)[];
    fenced?: number[];
    partitions: number;
    factor: number;
  }) => {
    let seed = 3;
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    return placeReplicas({
      brokers: brokers(options.racks, options.fenced),
      partitionCount: options.partitions,
      replicationFactor: options.factor,
      random,
    }) as number[][];
  };

  it('goes round the brokers, each partition starting one further', () => {
    const [first, second, third] = place({ racks: [null, null, null], partitions: 3, factor: 3 });
    const next = (id: number) => (id % 3) + 1;
    expect(second).toEqual(first!.map(next));
    expect(third).toEqual(second!.map(next));
  });

  it('spreads the replicas of a partition over racks', () => {
    for (const replicas of place({ racks: ['a', 'a', 'b', 'b'], partitions: 8, factor: 2 })) {
      const racks = replicas.map((id) => (id <= 2 ? 'a' : 'b'));
      expect(new Set(racks).size).toBe(2);
    }
  });

  it('puts no first replica on a fenced broker, and uses fenced ones only when it must', () => {
    for (const replicas of place({ racks: [null, null, null], fenced: [2], partitions: 6, factor: 2 })) {
      expect(replicas).not.toContain(2);
    }
    for (const replicas of place({ racks: [null, null, null], fenced: [2], partitions: 6, factor: 3 })) {
      expect(replicas[0]).not.toBe(2);
    }
  });

  it('of many partitions is even', () => {
    const counts = new Map<number, number>();
    for (const [leader] of place({ racks: [null, null, null], partitions: 300, factor: 3 })) {
      counts.set(leader!, (counts.get(leader!) ?? 0) + 1);
    }
    for (const count of counts.values()) expect(count).toBe(100);
  });
});

describe('features', () => {
  const update = (cluster: TestController, feature: string, maxVersionLevel: number, upgradeType = 1) =>
    cluster.decide('updateFeatures', {
      ...UpdateFeaturesRequest.empty(),
      featureUpdates: [{ feature, maxVersionLevel, allowDowngrade: false, upgradeType }],
    }).errorMessage;

  const failed = 'The update failed for all features since the following feature had an error';

  it('of a new cluster are those of Apache Kafka 4.3', () => {
    expect(Object.fromEntries(new TestController().image.features)).toEqual({
      'metadata.version': 30,
      'eligible.leader.replicas.version': 1,
      'group.version': 1,
      'share.version': 1,
      'streams.version': 1,
      'transaction.version': 2,
    });
  });

  it('go down only when that is asked for, and never beyond what every node supports', () => {
    const cluster = new TestController().start(1);
    expect(update(cluster, 'transaction.version', 0)).toContain(
      "Can't downgrade the version of this feature",
    );
    expect(update(cluster, 'transaction.version', 0, 2)).toBeNull();
    expect(cluster.image.features.has('transaction.version')).toBe(false);
    expect(update(cluster, 'transaction.version', 3)).toBe(
      `${failed}: Invalid update version 3 for feature transaction.version. Local controller 1 only supports versions 0-2`,
    );
    expect(update(cluster, 'nonsense', 1)).toBe(
      `${failed}: Invalid update version 1 for feature nonsense. Local controller 1 does not support this feature.`,
    );
    for (const [upgradeType, why] of [
      [0, 'The controller does not support the given upgrade type.'],
      [2, 'Refusing to perform the requested downgrade because it might delete metadata information.'],
      [3, 'Unsafe metadata downgrade is not supported in this version.'],
    ] as const) {
      expect(update(cluster, 'metadata.version', 29, upgradeType)).toContain(why);
    }
  });
});
