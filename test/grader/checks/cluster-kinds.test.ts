/** The kinds about brokers, the quorum, leaders, placement, files: what is told, and that a change of the cluster is seen. */
import { describe, expect, it } from 'vitest';
import type { ReachableCluster } from '../../../grader/src/observe/snapshot.ts';
import { checkOf, lookAt, snapshotOf, stepOf, topicOf, verdictOf } from './scenes.ts';

const SKEWED = {
  ...topicOf({ partitions: 3, replicas: 3 }),
  partitions: topicOf({ partitions: 3, replicas: 3 }).partitions.map((one) => ({ ...one, leader: 1 })),
};
const quorum = (leader: number, epoch: number) => ({ leader, epoch, voters: [], observers: [] });
const registered = [1, 2, 3].map((id) => ({ id, fenced: id === 3 }));

it.each<[string, object, Partial<ReachableCluster>, 'passed' | 'notYet', string]>([
  ['a broker down', { kind: 'broker', running: 3 }, { registered }, 'notYet', 'Down: broker 3'],
  ['one named', { kind: 'broker', broker: 3, state: 'down' }, { registered }, 'passed', 'broker 3 down'],
  ['not set', { kind: 'broker', broker: 1, configs: { a: 1 } }, {}, 'notYet', '`a` is not set on broker 1'],
  ['no quorum', { kind: 'quorum', leader: 1 }, {}, 'notYet', 'The quorum has no leader'],
  ['another leader', { kind: 'quorum', leaderNot: 2 }, { quorum: quorum(2, 1) }, 'notYet', '2 still leads'],
  [
    'all on one',
    { kind: 'leaders', topic: 't', skew: 0 },
    { topics: { t: SKEWED } },
    'notYet',
    'broker 1: 3',
  ],
  [
    'preferred',
    { kind: 'leaders', topic: 't', preferred: true },
    { topics: { t: SKEWED } },
    'passed',
    'preferred',
  ],
  [
    'another order',
    { kind: 'reassignment', topic: 't', replicas: [[2, 1, 3]] },
    { topics: { t: SKEWED } },
    'notYet',
    'their order is not',
  ],
  [
    'under-replicated',
    { kind: 'broker', underReplicated: 0 },
    { topics: { t: topicOf({ replicas: 3, isr: 2 }) } },
    'notYet',
    't-0',
  ],
])('%s', (_name, check, cluster, state, en) => {
  const verdict = verdictOf(check, { snapshot: snapshotOf(cluster) });
  expect(verdict.message.en).toContain(en);
  expect(verdict.state).toBe(state);
});

describe('a change of the controller', () => {
  it('is told against the first look of the step', () => {
    const step = stepOf(checkOf({ kind: 'quorum', leaderChanged: true, epochRose: { atLeast: 1 } }));
    const first = lookAt(step, { snapshot: snapshotOf({ quorum: quorum(1, 4) }) });
    expect(first.verdicts[0]?.state).toBe('notYet');
    const after = lookAt(step, { snapshot: snapshotOf({ quorum: quorum(2, 5) }), memory: first.memory });
    expect(after.verdicts[0]?.state).toBe('passed');
  });
});

describe('a file', () => {
  it.each<[string | null, object, 'passed' | 'notYet']>([
    [null, { contains: ['x'] }, 'notYet'],
    ['a = 1\n', { properties: { a: 1 } }, 'passed'],
    ['{"a":[{"b":2}]}', { json: { 'a.0.b': 2 } }, 'passed'],
    ['not json', { json: { a: 1 } }, 'notYet'],
  ])('%j', (content, check, state) => {
    const evidence = { files: { 'f.txt': content } };
    const verdict = verdictOf({ kind: 'file', path: 'f.txt', ...check }, { evidence });
    expect(verdict.state).toBe(state);
    expect(verdict.pointsMax).toBe(0);
  });
});
