/**
 * Classic groups in a seeded storm: members join, leave, fall silent, commit; coordinators change. Members of one generation
 * never hold the same partition, every committed offset stays, and calm brings everybody into one generation.
 */
import { ErrorCode } from '@brokerlab/broker/messages';
import { describe, expect, it } from 'vitest';
import { Random } from '../sim/random.ts';
import { GroupWorld } from './group-world.ts';

const SEEDS = 60;
const STEPS = 120;
const PARTITIONS = 6;

/** Where a member is: it has joined and waits, it waits for its assignment, or it holds one. */
interface Member {
  memberId: string;
  instanceId: string | undefined;
  joinTicket: number | undefined;
  syncTicket: number | undefined;
  generation: number;
  held: readonly number[];
}

class Storm {
  readonly random: Random;
  readonly world = new GroupWorld();
  readonly members: Member[] = [];
  readonly committed = new Map<number, number>();

  constructor(seed: number) {
    this.random = new Random(seed);
    this.world.config = { ...this.world.config, initialRebalanceDelayMs: this.random.pick([0, 3000]) };
  }

  step(): void {
    const roll = this.random.next();
    if (roll < 0.12 && this.members.length < 5) this.#arrive();
    else if (roll < 0.17) this.#depart();
    else if (roll < 0.2) this.#failOver();
    else if (roll < 0.35) this.#commit();
    else this.#beat(this.random.pick(this.members));
    this.world.pass(this.random.between(0, 2500));
    for (const member of this.members) this.#listen(member);
    this.check();
  }

  #arrive(): void {
    const instanceId = this.random.chance(0.3) ? `i${this.random.between(0, 2)}` : undefined;
    const member: Member = {
      memberId: '',
      instanceId,
      joinTicket: undefined,
      syncTicket: undefined,
      generation: -1,
      held: [],
    };
    this.members.push(member);
    this.#join(member);
  }

  #join(member: Member): void {
    member.held = []; // an eager member gives up all before it joins
    member.syncTicket = undefined;
    member.joinTicket = this.world.join({
      memberId: member.memberId,
      ...(member.instanceId === undefined ? {} : { instanceId: member.instanceId }),
    });
  }

  #depart(): void {
    const member = this.random.pick(this.members);
    if (member === undefined) return;
    this.members.splice(this.members.indexOf(member), 1);
    if (member.memberId !== '' && this.random.chance(0.6)) {
      this.world.leave(member.memberId, member.instanceId ?? null);
    }
  }

  /** Whoever waited for an answer of the old coordinator begins anew. */
  #failOver(): void {
    this.world.failOver();
    for (const member of this.members) {
      if (member.joinTicket !== undefined || member.syncTicket !== undefined) this.#forget(member);
    }
  }

  #forget(member: Member): void {
    Object.assign(member, {
      memberId: '',
      joinTicket: undefined,
      syncTicket: undefined,
      generation: -1,
      held: [],
    });
  }

  #beat(member: Member | undefined): void {
    if (member === undefined || member.joinTicket !== undefined || member.syncTicket !== undefined) return;
    if (member.memberId === '') {
      this.#join(member);
      return;
    }
    const claim = {
      memberId: member.memberId,
      generationId: member.generation,
      groupInstanceId: member.instanceId ?? null,
    };
    const error = this.world.shard.heartbeat('g', claim, this.world.now);
    if (error === ErrorCode.NONE) return;
    if (error !== ErrorCode.REBALANCE_IN_PROGRESS) this.#forget(member);
    this.#join(member);
  }

  /** Takes the answers that have come. */
  #listen(member: Member): void {
    const joined = member.joinTicket === undefined ? undefined : this.world.joins.get(member.joinTicket);
    if (joined !== undefined) {
      member.joinTicket = undefined;
      if (joined.errorCode === ErrorCode.MEMBER_ID_REQUIRED) {
        member.memberId = joined.memberId ?? '';
        this.#join(member);
      } else if (joined.errorCode !== ErrorCode.NONE) this.#forget(member);
      else {
        member.memberId = joined.memberId!;
        member.generation = joined.generationId!;
        const shares = (joined.members ?? []).map(({ memberId }, index) => [
          memberId!,
          this.#share(index, joined.members!.length),
        ]);
        const isLeader = joined.leader === member.memberId && !joined.skipAssignment;
        member.syncTicket = this.world.sync(
          member.memberId,
          member.generation,
          isLeader ? Object.fromEntries(shares) : {},
        );
      }
    }
    const synced = member.syncTicket === undefined ? undefined : this.world.syncs.get(member.syncTicket);
    if (synced === undefined) return;
    member.syncTicket = undefined;
    if (synced.errorCode === ErrorCode.NONE) {
      member.held = String(synced.assignment).split(',').filter(Boolean).map(Number);
    } else if (synced.errorCode === ErrorCode.REBALANCE_IN_PROGRESS) this.#join(member);
    else this.#forget(member);
  }

  #share(index: number, count: number): string {
    return Array.from({ length: PARTITIONS }, (_, partition) => partition)
      .filter((partition) => partition % count === index)
      .join(',');
  }

  #commit(): void {
    const member = this.random.pick(this.members);
    const [partition] = member?.held ?? [];
    if (member === undefined || partition === undefined) return;
    const offset = this.random.between(0, 1000);
    const result = this.world.shard.commit(
      {
        groupId: 'g',
        memberId: member.memberId,
        groupInstanceId: member.instanceId ?? null,
        generationId: member.generation,
        version: 8,
        retentionTimeMs: -1,
        offsets: [
          { topic: 't', topicId: 'AAAAAAAAAAAAAAAAAAAAAA', partition, offset, leaderEpoch: -1, metadata: '' },
        ],
      },
      this.world.now,
    );
    if (result.errorCode !== 0 || result.partitionErrors[0] !== 0) return;
    this.world.carryOut({ records: result.records, replies: [] });
    this.committed.set(partition, offset);
  }

  check(): void {
    for (const [partition, offset] of this.committed) {
      expect(this.world.shard.offsets.get('g', 't', partition)?.offset).toBe(offset);
    }
    const group = this.world.shard.groups.get('g');
    if (group?.type !== 'Classic') return;
    const readers = new Map<number, string>();
    for (const { memberId, generation, held } of this.members) {
      if (!group.members.has(memberId) || generation !== group.generationId) continue;
      for (const partition of held) {
        expect(
          readers.get(partition),
          `partition ${partition} is read by two of generation ${generation}`,
        ).toBeUndefined();
        readers.set(partition, memberId);
      }
    }
  }

  calm(): void {
    for (let round = 0; round < 60; round++) {
      for (const member of this.members) {
        this.#beat(member);
        this.#listen(member);
      }
      this.world.pass(2500);
      for (const member of this.members) this.#listen(member);
      this.check();
    }
    const group = this.world.shard.groups.get('g');
    // Two that claim one instance fence each other for ever; nobody promises them peace.
    const instances = this.members.flatMap(({ instanceId }) => instanceId ?? []);
    if (this.members.length === 0 || new Set(instances).size < instances.length) return;
    expect(group?.state).toBe('Stable');
    expect(this.members.flatMap(({ held }) => held).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  }
}

describe('a classic group in a storm', () => {
  it.each(Array.from({ length: SEEDS }, (_, index) => index + 1))('seed %i', (seed) => {
    const storm = new Storm(seed);
    for (let step = 0; step < STEPS; step++) storm.step();
    storm.calm();
  });
});
