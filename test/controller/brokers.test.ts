import { describe, expect, it } from 'vitest';
import { applyRecords } from '../../broker/src/controller/apply.ts';
import { emptyImage } from '../../broker/src/controller/image.ts';
import { imageToRecords } from '../../broker/src/controller/snapshot.ts';
import { ErrorCode } from '../../broker/src/messages/errors.ts';
import { decodeMetadataRecord, encodeMetadataRecord } from '../../broker/src/messages/metadata/records.ts';
import { TestController, uuid } from './cluster.ts';

describe('a broker', () => {
  it('registers fenced, and is unfenced once it has applied its registration', () => {
    const cluster = new TestController();
    const { brokerEpoch } = cluster.register(1);
    expect(cluster.image.brokers.get(1)?.fenced).toBe(true);
    expect(cluster.heartbeat(1, { offset: Number(brokerEpoch) - 1 })).toMatchObject({ isFenced: true });
    expect(cluster.heartbeat(1)).toMatchObject({ isFenced: false, isCaughtUp: true });
    expect(cluster.image.brokers.get(1)?.fenced).toBe(false);
  });

  it('that falls silent is fenced after the session timeout and leaves every ISR', () => {
    const cluster = new TestController().start(1, 2, 3);
    cluster.createTopic('t', { assignment: [[1, 2, 3]] });
    cluster.pass(8500, [2, 3]);
    expect(cluster.state('t')).toBe('leader 1 isr 1,2,3 epochs 0/0');
    cluster.pass(1000, [2, 3]);
    expect(cluster.image.brokers.get(1)?.fenced).toBe(true);
    expect(cluster.state('t')).toBe('leader 2 isr 2,3 epochs 1/1');
  });

  it('with its id taken by a living process is refused, until that one is silent for long enough', () => {
    const cluster = new TestController().start(1, 2);
    cluster.heartbeat(1);
    const twin = { incarnation: 'another' };
    expect(cluster.register(1, twin).errorCode).toBe(ErrorCode.DUPLICATE_BROKER_REGISTRATION);
    cluster.pass(9500, [2]);
    expect(cluster.register(1, twin).errorCode).toBe(0);
  });

  it('whose controller has just taken over may start again at once', () => {
    const cluster = new TestController().start(1, 2);
    cluster.failOver();
    expect(cluster.register(1, { incarnation: 'another' }).errorCode).toBe(0);
  });

  it('that starts again after a clean stop is let in at once, with a new epoch', () => {
    const cluster = new TestController().start(1, 2);
    const before = cluster.image.brokers.get(1)!.epoch;
    expect(cluster.heartbeat(1, { wantShutDown: true })).toMatchObject({ shouldShutDown: true });
    const again = cluster.register(1, { incarnation: 'another', previousEpoch: before });
    expect(again.errorCode).toBe(0);
    expect(Number(again.brokerEpoch)).toBeGreaterThan(before);
  });

  it('that stops hands its leaderships over first', () => {
    const cluster = new TestController().start(1, 2, 3);
    cluster.createTopic('t', { assignment: [[1, 2, 3]] });
    expect(cluster.heartbeat(1, { wantShutDown: true })).toMatchObject({ shouldShutDown: false });
    expect(cluster.state('t')).toBe('leader 2 isr 2,3 epochs 1/1');
    expect(cluster.heartbeat(1, { wantShutDown: true })).toMatchObject({ shouldShutDown: false });
    for (const id of [2, 3]) cluster.controller.brokerApplied(id, cluster.image.endOffset - 1);
    expect(cluster.heartbeat(1, { wantShutDown: true })).toMatchObject({ shouldShutDown: true });
    expect(cluster.image.brokers.get(1)?.fenced).toBe(true);
  });

  it('of an old epoch is not heard', () => {
    const cluster = new TestController().start(1);
    const response = cluster.decide('brokerHeartbeat', {
      brokerId: 1,
      brokerEpoch: 999n,
      currentMetadataOffset: 0n,
      wantFence: false,
      wantShutDown: false,
      offlineLogDirs: [],
      cordonedLogDirs: null,
    });
    expect(response.errorCode).toBe(ErrorCode.STALE_BROKER_EPOCH);
  });

  it('of another cluster is refused', () => {
    const cluster = new TestController({ clusterId: 'other' });
    expect(cluster.register(1).errorCode).toBe(ErrorCode.INCONSISTENT_CLUSTER_ID);
  });

  it('that is unregistered is gone, also from ISRs', () => {
    const cluster = new TestController().start(1, 2);
    cluster.createTopic('t', { assignment: [[1, 2]] });
    cluster.decide('unregisterBroker', { brokerId: 1 });
    expect(cluster.image.brokers.has(1)).toBe(false);
    expect(cluster.state('t')).toBe('leader 2 isr 2 epochs 1/1');
    expect(cluster.decide('unregisterBroker', { brokerId: 1 }).errorMessage).toBe(
      'Broker ID 1 is not currently registered',
    );
  });
});

describe('eligible leader replicas (KIP-966)', () => {
  it('keep a partition of one replica safe: no ISR, no leader, and back again', () => {
    const cluster = new TestController().start(1, 2, 3);
    cluster.createTopic('a.b', { assignment: [[3]] });
    cluster.pass(9500, [1, 2]);
    expect(cluster.state('a.b')).toBe('leader -1 isr  elr 3 last 3 epochs 1/1');
    cluster.heartbeat(3);
    expect(cluster.state('a.b')).toBe('leader 3 isr 3 epochs 2/2');
  });

  it('collect who leaves an ISR that is below the minimum, and lead when they are back', () => {
    const cluster = new TestController().start(1, 2, 3);
    cluster.createTopic('t', { assignment: [[1, 2, 3]], configs: { 'min.insync.replicas': '2' } });
    cluster.alterIsr('t', [1, 2]);
    cluster.alterIsr('t', [1]);
    expect(cluster.state('t')).toBe('leader 1 isr 1 elr 2 epochs 0/2');
    cluster.pass(9500, [2, 3]);
    expect(cluster.state('t')).toBe('leader 2 isr 2 elr 1 epochs 1/3');
  });

  it('drop a broker that comes back from a crash, and elect it as the last leader if there is no other', () => {
    const cluster = new TestController().start(1, 2, 3);
    cluster.createTopic('t', { assignment: [[3]] });
    cluster.pass(9500, [1, 2]);
    cluster.register(3, { incarnation: 'after the crash' });
    expect(cluster.state('t')).toBe('leader -1 isr  last 3 epochs 1/2');
    cluster.heartbeat(3);
    expect(cluster.partition('t')).toMatchObject({ leader: 3, isr: [3], leaderRecoveryState: 'RECOVERING' });
  });

  it('are forgotten when the minimum changes', () => {
    const cluster = new TestController().start(1, 2, 3);
    cluster.createTopic('t', { assignment: [[1, 2]], configs: { 'min.insync.replicas': '2' } });
    cluster.alterIsr('t', [1]);
    expect(cluster.state('t')).toContain('elr 2');
    cluster.decide('incrementalAlterConfigs', {
      resources: [
        {
          resourceType: 2,
          resourceName: 't',
          configs: [{ name: 'min.insync.replicas', configOperation: 0, value: '1' }],
        },
      ],
      validateOnly: false,
    });
    expect(cluster.state('t')).toBe('leader 1 isr 1 epochs 0/2');
  });
});

describe('leadership', () => {
  const skewed = () => {
    const cluster = new TestController().start(1, 2, 3);
    cluster.createTopic('t', { assignment: [[1, 2, 3]] });
    cluster.pass(9500, [2, 3]);
    cluster.heartbeat(1);
    return cluster;
  };
  const elect = (cluster: TestController, electionType: number) =>
    cluster.decide('electLeaders', {
      electionType,
      topicPartitions: [{ topic: 't', partitions: [0] }],
      timeoutMs: 0,
    }).replicaElectionResults?.[0]?.partitionResult?.[0];

  it('returns to the preferred replica on request, when it is in sync', () => {
    const cluster = skewed();
    expect(elect(cluster, 0)).toMatchObject({
      errorCode: ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE,
      errorMessage: 'The preferred leader was not available.',
    });
    cluster.alterIsr('t', [2, 3, 1]);
    expect(elect(cluster, 0)).toMatchObject({ errorCode: 0 });
    expect(cluster.partition('t').leader).toBe(1);
    expect(elect(cluster, 0)).toMatchObject({ errorCode: ErrorCode.ELECTION_NOT_NEEDED });
  });

  it('returns to it by itself after five minutes', () => {
    const cluster = skewed();
    cluster.alterIsr('t', [2, 3, 1]);
    cluster.pass(300_000, [1, 2, 3]);
    expect(cluster.partition('t').leader).toBe(1);
  });

  it('may be given to a replica out of sync only where the topic or an operator allows it', () => {
    for (const allowed of [true, false]) {
      const cluster = new TestController().start(1, 2);
      cluster.createTopic('t', {
        assignment: [[1, 2]],
        configs: { 'unclean.leader.election.enable': String(allowed) },
      });
      cluster.alterIsr('t', [1]);
      cluster.pass(9500, [2]);
      expect(cluster.partition('t').leader).toBe(allowed ? 2 : -1);
      if (!allowed) {
        expect(elect(cluster, 1)).toMatchObject({ errorCode: 0 });
        expect(cluster.partition('t')).toMatchObject({
          leader: 2,
          isr: [2],
          leaderRecoveryState: 'RECOVERING',
        });
      }
    }
  });
});

describe('an ISR', () => {
  const cases: [what: string, change: Record<string, number>, error: number][] = [
    ['with an old leader epoch', { leaderEpoch: -1 }, ErrorCode.FENCED_LEADER_EPOCH],
    ['with an old partition epoch', { partitionEpoch: -1 }, ErrorCode.INVALID_UPDATE_VERSION],
    ['with an epoch from the future', { leaderEpoch: 1 }, ErrorCode.NOT_CONTROLLER],
  ];
  it.each(cases)('is not changed %s', (_what, change, error) => {
    const cluster = new TestController().start(1, 2, 3);
    cluster.createTopic('t', { assignment: [[1, 2, 3]] });
    cluster.alterIsr('t', [1, 2]);
    const { leaderEpoch, partitionEpoch } = cluster.partition('t');
    const response = cluster.decide('alterPartition', {
      brokerId: 1,
      brokerEpoch: BigInt(cluster.image.brokers.get(1)!.epoch),
      topics: [
        {
          topicId: cluster.image.topics.get('t')!.id,
          partitions: [
            {
              partitionIndex: 0,
              leaderEpoch: leaderEpoch + (change.leaderEpoch ?? 0),
              partitionEpoch: partitionEpoch + (change.partitionEpoch ?? 0),
              newIsr: [1],
              newIsrWithEpochs: [],
              leaderRecoveryState: 0,
            },
          ],
        },
      ],
    });
    expect(response.topics?.[0]?.partitions?.[0]?.errorCode).toBe(error);
    expect(cluster.partition('t').isr).toEqual([1, 2]);
  });

  it('takes no fenced broker, no stranger, and never leaves out the leader', () => {
    const cluster = new TestController().start(1, 2, 3);
    cluster.createTopic('t', { assignment: [[1, 2]] });
    cluster.pass(9500, [1, 3]);
    expect(cluster.state('t')).toBe('leader 1 isr 1 epochs 0/1');
    expect(cluster.alterIsr('t', [1, 2])).toBe(ErrorCode.INELIGIBLE_REPLICA);
    expect(cluster.alterIsr('t', [1, 3])).toBe(ErrorCode.INVALID_REQUEST);
    expect(cluster.alterIsr('t', [2])).toBe(ErrorCode.INVALID_REQUEST);
  });
});

describe('a reassignment', () => {
  const reassign = (cluster: TestController, replicas: number[] | null) =>
    cluster.decide('alterPartitionReassignments', {
      timeoutMs: 0,
      allowReplicationFactorChange: true,
      topics: [{ name: 't', partitions: [{ partitionIndex: 0, replicas }] }],
    }).responses?.[0]?.partitions?.[0];

  it('adds first, and removes when what was added is in sync', () => {
    const cluster = new TestController().start(1, 2, 3);
    cluster.createTopic('t', { assignment: [[1, 2]] });
    expect(reassign(cluster, [2, 3])).toMatchObject({ errorCode: 0 });
    expect(cluster.partition('t')).toMatchObject({
      replicas: [2, 3, 1],
      addingReplicas: [3],
      removingReplicas: [1],
      leader: 1,
    });
    expect(cluster.alterIsr('t', [1, 2, 3])).toBe(ErrorCode.NEW_LEADER_ELECTED);
    expect(cluster.partition('t')).toMatchObject({
      replicas: [2, 3],
      isr: [2, 3],
      addingReplicas: [],
      removingReplicas: [],
      leader: 2,
      directories: [uuid('dir 2'), uuid('dir 3')],
    });
  });

  it('can be cancelled', () => {
    const cluster = new TestController().start(1, 2, 3);
    cluster.createTopic('t', { assignment: [[1, 2]] });
    expect(reassign(cluster, null)).toMatchObject({ errorCode: ErrorCode.NO_REASSIGNMENT_IN_PROGRESS });
    reassign(cluster, [2, 3]);
    expect(reassign(cluster, null)).toMatchObject({ errorCode: 0 });
    expect(cluster.partition('t')).toMatchObject({
      replicas: [2, 1],
      addingReplicas: [],
      removingReplicas: [],
    });
  });
});

describe('the image', () => {
  it('is the same from its log, from its snapshot and through bytes', () => {
    const cluster = new TestController().start(1, 2, 3);
    cluster.createTopic('t', { partitions: 5, replicationFactor: 3, configs: { 'retention.ms': '1000' } });
    cluster.createTopic('u', { assignment: [[3]] });
    cluster.pass(9500, [1, 2]);
    cluster.decide('allocateProducerIds', {
      brokerId: 1,
      brokerEpoch: BigInt(cluster.image.brokers.get(1)!.epoch),
    });
    const at = { endOffset: cluster.image.endOffset, epoch: 1, timestampMs: cluster.image.timestampMs };
    const bytes = (records: ReturnType<typeof imageToRecords>) =>
      records.map((one) => decodeMetadataRecord(encodeMetadataRecord(one)));
    const replayed = applyRecords(emptyImage, bytes(cluster.log.flat()), at);
    const restored = applyRecords(emptyImage, bytes(imageToRecords(cluster.image)), at);
    expect(replayed).toEqual(cluster.image);
    expect(restored).toEqual(cluster.image);
    expect(cluster.image.nextProducerId).toBe(1000n);
  });
});
