import { describe, expect, it } from 'vitest';
import type { ReachableCluster } from '../../../grader/src/observe/snapshot.ts';
import { snapshotOf, topicOf, verdictOf } from './scenes.ts';

const judge = (check: object, topics: ReachableCluster['topics']) =>
  verdictOf({ kind: 'topic', topic: 'orders', ...check }, { snapshot: snapshotOf({ topics }) });

describe('a topic check', () => {
  it.each<[string, object, ReachableCluster['topics'], 'passed' | 'notYet', string, string]>([
    ['not there', {}, {}, 'notYet', '토픽 `orders`가 아직 없어요.', 'There is no topic `orders` yet.'],
    ['there', {}, { orders: topicOf() }, 'passed', '토픽 `orders`가 있어요.', 'The topic `orders` is there.'],
    [
      'other capitals',
      {},
      { Orders: topicOf() },
      'notYet',
      '비슷한 이름의 `Orders`는',
      'There is `Orders`, though',
    ],
    [
      'a letter off',
      {},
      { order: topicOf() },
      'notYet',
      '비슷한 이름의 `order`는',
      'There is `order`, though',
    ],
    ['quite another', {}, { clicks: topicOf() }, 'notYet', '--list', '--list'],
    [
      'right count',
      { partitions: 3 },
      { orders: topicOf({ partitions: 3 }) },
      'passed',
      '`orders`: 파티션 3개.',
      '`orders`: 3 partitions.',
    ],
    [
      'too few',
      { partitions: 3 },
      { orders: topicOf() },
      'notYet',
      '파티션이 1개예요. 3개가 필요해요.',
      'It has 1 partition, but needs 3.',
    ],
    [
      'too many',
      { partitions: 3 },
      { orders: topicOf({ partitions: 4 }) },
      'notYet',
      '파티션은 늘릴 수만 있어요',
      'can be added but never removed',
    ],
    [
      'at least, met',
      { partitions: { atLeast: 3 } },
      { orders: topicOf({ partitions: 4 }) },
      'passed',
      '파티션 4개',
      '4 partitions',
    ],
    [
      'at least, not met',
      { partitions: { atLeast: 3 } },
      { orders: topicOf() },
      'notYet',
      '3개 이상이 필요해요',
      'needs at least 3',
    ],
    [
      'at most, not met',
      { partitions: { atMost: 2 } },
      { orders: topicOf({ partitions: 3 }) },
      'notYet',
      '2개 이하가 필요해요',
      'needs at most 2',
    ],
    [
      'single copy',
      { replicationFactor: 3 },
      { orders: topicOf() },
      'notYet',
      '복제 계수가 1이에요. 3이 필요해요. 사본이 하나뿐이라',
      'With a single copy',
    ],
    [
      'two copies',
      { replicationFactor: 3 },
      { orders: topicOf({ replicas: 2 }) },
      'notYet',
      '복제 계수가 2예요. 3이 필요해요.',
      'The replication factor is 2, but must be 3.',
    ],
    [
      'not in sync',
      { inSync: true },
      { orders: topicOf({ replicas: 3, isr: 2 }) },
      'notYet',
      '파티션 0에 아직 동기화되지 않은',
      'Partition 0 has replicas that are not in sync',
    ],
    [
      'in sync',
      { inSync: true },
      { orders: topicOf({ replicas: 3 }) },
      'passed',
      '모든 레플리카가 동기화됨',
      'every replica in sync',
    ],
    [
      'config not set',
      { configs: { 'retention.ms': 3_600_000 } },
      { orders: topicOf({ configs: {} }) },
      'notYet',
      '`retention.ms`가 이 토픽에 정해져 있지 않아서 기본값을 써요. `3600000`이 필요해요.',
      '`retention.ms` is not set on this topic',
    ],
    [
      'config in the wrong unit',
      { configs: { 'retention.ms': 3_600_000 } },
      { orders: topicOf({ configs: { 'retention.ms': '3600' } }) },
      'notYet',
      '단위가 밀리초라서 지금 값은 3.6초, 필요한 값은 1시간이에요.',
      'that is 3.6 seconds now, and 1 hour is wanted',
    ],
    [
      'config set',
      { configs: { 'retention.ms': 3_600_000 } },
      { orders: topicOf({ configs: { 'retention.ms': '3600000' } }) },
      'passed',
      '`retention.ms=3600000`',
      '`retention.ms=3600000`',
    ],
    [
      'config to be taken back',
      { configs: { 'retention.ms': null } },
      { orders: topicOf({ configs: { 'retention.ms': '1' } }) },
      'notYet',
      '`--delete-config`로 기본값으로',
      'Return it to its default',
    ],
  ])('%s', (_name, check, topics, state, ko, en) => {
    const verdict = judge(check, topics);
    expect(verdict.state).toBe(state);
    expect(verdict.message.ko).toContain(ko);
    expect(verdict.message.en).toContain(en);
  });

  it('gives part of the points for part of the conditions', () => {
    const verdict = judge(
      { partitions: 3, replicationFactor: 3, points: 10 },
      { orders: topicOf({ partitions: 3, replicas: 1 }) },
    );
    expect(verdict).toMatchObject({ state: 'notYet', points: 5, pointsMax: 10 });
  });

  it('does not name internal topics among those there are', () => {
    expect(judge({}, { __consumer_offsets: topicOf({ internal: true }) }).seen.en).toBe('no topics');
  });
});
