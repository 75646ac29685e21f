import { describe, expect, it } from 'vitest';
import type { GroupView } from '../../../grader/src/observe/snapshot.ts';
import { snapshotOf, topicOf, verdictOf } from './scenes.ts';

const MEMBER = { memberId: 'm', clientId: 'c', host: '/127.0.0.1', assigned: [] };

function judge(check: object, group: Partial<GroupView> | null) {
  const view = group === null ? null : { state: 'Empty', members: [], committed: [], ...group };
  const snapshot = snapshotOf({
    topics: { chat: topicOf({ partitions: 2, ends: [3, 1] }) },
    groups: { reader: view },
  });
  return verdictOf({ kind: 'group', group: 'reader', topic: 'chat', ...check }, { snapshot });
}

const at = (...offsets: readonly number[]) => ({
  committed: offsets.map((offset, partition) => ({ topic: 'chat', partition, offset })),
});

describe('a group check', () => {
  it.each<[string, object, Partial<GroupView> | null, 'passed' | 'notYet', string, string]>([
    [
      'no group',
      {},
      null,
      'notYet',
      '컨슈머 그룹 `reader`가 아직 없어요',
      'There is no consumer group `reader` yet',
    ],
    ['there', {}, {}, 'passed', '컨슈머 그룹 `reader`: 있음', 'Consumer group `reader`: there'],
    ['read as many', { read: 2 }, at(2), 'passed', '2개 읽음', '2 records read'],
    [
      'read too few',
      { read: 2 },
      at(1),
      'notYet',
      '1개까지 읽었어요. 필요한 것은 2개예요. 처음부터',
      'has read 1 record, but should have read 2',
    ],
    ['read too many', { read: 2 }, at(3, 1), 'notYet', '4개까지 읽었어요', 'has read 4 records'],
    ['lag none', { lag: 0 }, at(3, 1), 'passed', '랙 0', 'lag 0'],
    [
      'lag in one partition',
      { lag: 0 },
      at(1, 1),
      'notYet',
      '랙(lag)이 2예요. 아직 읽지 않은 레코드가 2개 있어요',
      'The lag is 2',
    ],
    [
      'a partition without commit counts from its start',
      { lag: 0 },
      at(3),
      'notYet',
      '랙(lag)이 1이에요',
      'The lag is 1',
    ],
    ['nothing committed', { lag: 0 }, {}, 'notYet', '커밋하지 않았어요', 'has not committed yet'],
    [
      'members',
      { members: 2 },
      { members: [MEMBER] },
      'notYet',
      '멤버가 1명이에요. 2명이 필요해요',
      'has 1 member, but needs 2',
    ],
    [
      'state',
      { state: 'Stable' },
      { state: 'Empty' },
      'notYet',
      '상태가 `Empty`예요',
      'state is `Empty`, but must be `Stable`',
    ],
    [
      'all of it',
      { state: 'Stable', members: 1, lag: 0 },
      { state: 'Stable', members: [MEMBER], ...at(3, 1) },
      'passed',
      '멤버 1명',
      '1 member',
    ],
  ])('%s', (_name, check, group, state, ko, en) => {
    const verdict = judge(check, group);
    expect(verdict.message.ko).toContain(ko);
    expect(verdict.message.en).toContain(en);
    expect(verdict.state).toBe(state);
  });
});
