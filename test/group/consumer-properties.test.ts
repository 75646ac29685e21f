/**
 * Groups of the consumer protocol in a seeded storm: members come, go, fall silent and answer late; topics grow and vanish;
 * coordinators change. Whatever happens, no partition is held by two, committed offsets stay, and calm brings balance.
 */
import { describe, expect, it } from 'vitest';
import { assignRange } from '../../broker/src/group/consumer/assignors/range.ts';
import { assignUniform } from '../../broker/src/group/consumer/assignors/uniform.ts';
import { compileTopicRegex, RegexSyntaxError } from '../../broker/src/group/consumer/topic-regex.ts';
import { Random } from '../sim/random.ts';
import { type Client, ConsumerWorld } from './consumer-world.ts';

const SEEDS = 60;
const STEPS = 120;

class Storm {
  readonly random: Random;
  readonly world = new ConsumerWorld();
  readonly clients: Client[] = [];
  readonly committed = new Map<string, number>();
  #next = 0;
  #counts: Record<string, number> = { t: 4, u: 3 };

  constructor(seed: number) {
    this.random = new Random(seed);
    this.world.topics = this.world.topics.with(this.#counts);
    const { config } = this.world;
    const intervalMs = this.random.pick([0, 1000]);
    this.world.config = {
      ...config,
      consumer: { ...config.consumer, assignmentIntervalMs: () => intervalMs },
    };
  }

  step(): void {
    const roll = this.random.next();
    if (roll < 0.1 && this.clients.length < 6) this.#join();
    else if (roll < 0.15) this.#leave();
    else if (roll < 0.2) this.#change();
    else if (roll < 0.24) this.world.failOver();
    else if (roll < 0.27) this.#topics();
    else if (roll < 0.35) this.#commit();
    else this.#beat();
    this.world.pass(this.random.between(0, 4000));
    this.check();
  }

  #join(): void {
    const isStatic = this.random.chance(0.3);
    this.clients.push(
      this.world.member(`m${this.#next++}`, {
        topics: this.#someTopics(),
        instanceId: isStatic ? `i${this.random.between(0, 2)}` : null,
        assignor: this.random.pick([null, 'range', 'uniform']),
        regex: this.random.chance(0.2) ? '[tu]' : null,
      }),
    );
    this.clients.at(-1)!.beat();
  }

  #someTopics(): string[] {
    return this.random.pick([['t'], ['u'], ['t', 'u'], []]);
  }

  #leave(): void {
    const client = this.random.pick(this.clients);
    if (client === undefined) return;
    this.clients.splice(this.clients.indexOf(client), 1);
    if (this.random.chance(0.3)) return; // killed
    if (client.epoch > 0) client.leave(client.instanceId !== null && this.random.chance(0.5) ? -2 : -1);
  }

  #change(): void {
    const client = this.random.pick(this.clients);
    if (client && client.epoch > 0) client.beat({ topics: this.#someTopics() });
  }

  #topics(): void {
    const name = this.random.pick(['t', 'u']);
    this.#counts = { ...this.#counts, [name]: (this.#counts[name] ?? 0) + this.random.between(1, 2) };
    if (this.random.chance(0.2)) delete this.#counts[name];
    this.world.topics = this.world.topics.with(this.#counts);
  }

  /** Now and then the answer is lost: the coordinator has moved on, the client has not. */
  #beat(): void {
    const client = this.random.pick(this.clients);
    if (client === undefined) return;
    const { epoch, owned } = client;
    client.beat({ full: this.random.chance(0.2), silent: this.random.chance(0.1) });
    if (this.random.chance(0.15) && !client.last.errorCode) {
      client.epoch = epoch;
      client.owned = owned;
    }
  }

  #commit(): void {
    const client = this.random.pick(this.clients);
    const [held] = client?.owned ?? [];
    if (client === undefined || client.epoch === 0 || held === undefined) return;
    const topic = this.world.topics.nameOf(held[0]);
    const [partition] = held[1];
    if (topic === undefined || partition === undefined) return;
    const offset = this.random.between(0, 1000);
    const result = this.world.shard.commit(
      {
        groupId: 'g',
        memberId: client.memberId,
        groupInstanceId: client.instanceId,
        generationId: client.epoch,
        version: 9,
        retentionTimeMs: -1,
        offsets: [{ topic, topicId: held[0], partition, offset, leaderEpoch: -1, metadata: '' }],
      },
      this.world.now,
    );
    if (result.errorCode !== 0 || result.partitionErrors[0] !== 0) return;
    this.world.carryOut({ records: result.records, replies: [] });
    this.committed.set(`${topic} ${partition}`, offset);
  }

  check(): void {
    const group = this.world.shard.groups.get('g');
    for (const [key, offset] of this.committed) {
      const [topic, partition] = key.split(' ') as [string, string];
      expect(this.world.shard.offsets.get('g', topic, Number(partition))?.offset).toBe(offset);
    }
    if (group?.type !== 'Consumer') return;
    expect(group.assignmentEpoch).toBeLessThanOrEqual(group.groupEpoch);
    const holders = new Map<string, string>();
    for (const member of group.members.values()) {
      expect(member.memberEpoch).toBeLessThanOrEqual(group.groupEpoch);
      for (const held of [member.assigned, member.pendingRevocation]) {
        for (const [topicId, partitions] of held) {
          for (const partition of partitions.keys()) {
            const key = `${topicId}:${partition}`;
            expect(holders.get(key), `${key} is held twice`).toBeUndefined();
            holders.set(key, member.memberId);
          }
        }
      }
    }
    this.#checkClients();
  }

  /** Clients in the epoch the coordinator knows them in never read the same partition. */
  #checkClients(): void {
    const group = this.world.consumerGroup;
    const readers = new Map<string, string>();
    for (const client of this.clients) {
      if (client.epoch === 0 || group.members.get(client.memberId)?.memberEpoch !== client.epoch) continue;
      for (const [topicId, partitions] of client.owned) {
        for (const partition of partitions) {
          const key = `${topicId}:${partition}`;
          expect(readers.get(key), `${key} is read by two`).toBeUndefined();
          readers.set(key, client.memberId);
        }
      }
    }
  }

  /** Nothing happens any more but heartbeats: everybody gets to the target, and every partition has a reader. */
  calm(): void {
    for (let round = 0; round < 40; round++) {
      for (const client of this.clients) client.beat();
      this.world.pass(4000);
      this.check();
    }
    const group = this.world.shard.groups.get('g');
    if (group?.type !== 'Consumer' || group.members.size === 0) return;
    expect(group.state).toBe('Stable');
    const read = new Set<string>();
    for (const member of group.members.values()) {
      for (const name of member.subscribedTopicNames) read.add(name);
      if (member.subscribedTopicRegex) for (const name of ['t', 'u']) read.add(name);
    }
    for (const name of read) {
      const id = this.world.topics.idOf(name);
      if (id === undefined) continue;
      for (let partition = 0; partition < this.world.topics.partitionCount(id); partition++) {
        expect(group.holderOf(id, partition), `${name}-${partition} has no reader`).toBeDefined();
      }
    }
  }
}

describe('a group in a storm', () => {
  it.each(Array.from({ length: SEEDS }, (_, index) => index + 1))('seed %i', (seed) => {
    const storm = new Storm(seed);
    for (let step = 0; step < STEPS; step++) storm.step();
    storm.calm();
  });
});

describe.each([
  ['uniform', assignUniform],
  ['range', assignRange],
] as const)('the %s assignor', (name, assign) => {
  it.each(Array.from({ length: 40 }, (_, index) => index + 1))(
    'gives every partition to one reader, seed %i',
    (seed) => {
      const random = new Random(seed);
      const counts = new Map(['a', 'b', 'c'].map((topicId) => [topicId, random.between(1, 8)]));
      const isMixed = random.chance(0.5);
      let members = Array.from({ length: random.between(1, 5) }, (_, index) => ({
        memberId: `m${index}`,
        instanceId: null,
        topicIds: isMixed ? ['a', 'b', 'c'].filter(() => random.chance(0.6)) : ['a', 'b', 'c'],
        before: new Map<string, readonly number[]>(),
      }));
      for (let round = 0; round < 3; round++) {
        const result = assign({ members, partitionCount: (topicId) => counts.get(topicId)! });
        const seen = new Set<string>();
        for (const { memberId, topicIds } of members) {
          for (const [topicId, partitions] of result.get(memberId) ?? []) {
            expect(topicIds).toContain(topicId);
            for (const partition of partitions) {
              expect(seen.has(`${topicId}${partition}`)).toBe(false);
              seen.add(`${topicId}${partition}`);
            }
          }
        }
        const read = new Set(members.flatMap(({ topicIds }) => topicIds));
        expect(seen.size).toBe([...read].reduce((sum, topicId) => sum + counts.get(topicId)!, 0));
        const sizes = members.map(({ memberId }) => sizeOf(result.get(memberId)));
        if (name === 'uniform' && !isMixed)
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        members = members.map((member) => ({ ...member, before: result.get(member.memberId) ?? new Map() }));
        if (members.length > 1 && round === 1) members = members.slice(1);
      }
    },
  );
});

function sizeOf(partitions: ReadonlyMap<string, readonly number[]> | undefined): number {
  return [...(partitions?.values() ?? [])].reduce((sum, of) => sum + of.length, 0);
}

describe('a regular expression over topic names', () => {
  it.each([
    ['a.*', 'abc', true],
    ['a', 'ab', false],
    ['(a|b)+c?', 'abab', true],
    ['^x[0-9]{2,3}$', 'x12', true],
    ['x[0-9]{2,3}', 'x1234', false],
    ['[^a-c]+', 'xyz', true],
    ['\\w+\\.\\d*', 'ab.12', true],
    ['(?i)ORDERS', 'orders', true],
    ['[[:alpha:]_-]+', 'a_b-c', true],
    ['\\Qa.b\\E', 'a.b', true],
    ['', '', true],
    ['a{0}b', 'b', true],
    ['(?:ab){2}', 'abab', true],
  ])('%s on %s: %s', (regex, name, matches) => {
    expect(compileTopicRegex(regex).matches(name)).toBe(matches);
  });

  it.each(['(', 'a)', '[a', '*a', 'a**', '(?=a)', '\\1', 'a{3,2}', 'a{1001}', '\\'])(
    '%s is none',
    (regex) => {
      expect(() => compileTopicRegex(regex)).toThrow(RegexSyntaxError);
    },
  );

  it('takes no longer for a hostile one', () => {
    expect(compileTopicRegex('(a+)+b').matches('a'.repeat(249))).toBe(false);
  });
});
