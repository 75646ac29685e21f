/** Commits of offsets and looks at them; the checkers hear of both. */
import type { World } from '../world.ts';
import { READ_PARTITIONS, READ_TOPIC, READ_TOPIC_ID } from './group-host.ts';
import { call, GROUPS_TOPIC, leaderOf } from './plan.ts';

export interface Owner {
  readonly group: string;
  readonly memberId: string;
  /** Generation, or member epoch. */
  readonly epoch: number;
  readonly partition: number;
}

/** Every commit of a partition is one further than any before. */
export function commitOffset(world: World, owner: Owner, done: (errorCode: number | null) => void): void {
  const { group: groupId, memberId, epoch: generationId, partition } = owner;
  const offset = world.checkers.committing(owner);
  const offsets = [
    { topic: READ_TOPIC, topicId: READ_TOPIC_ID, partition, offset, leaderEpoch: -1, metadata: '' },
  ];
  call<number>(
    world,
    () => leaderOf(world, GROUPS_TOPIC, 0),
    (replica, reply) => {
      const host = replica.groups;
      if (host === null) return;
      const from = {
        groupId,
        memberId,
        groupInstanceId: null,
        generationId,
        version: 9,
        retentionTimeMs: -1,
      };
      const { errorCode, partitionErrors, records } = host.shard.commit({ ...from, offsets }, host.now);
      const refused = errorCode || (partitionErrors[0] ?? 0);
      if (refused !== 0) reply(refused);
      else host.carryOut({ records, replies: [] }, reply);
    },
    (errorCode) => {
      if (errorCode !== null) world.checkers.committed(owner, { offset, errorCode });
      done(errorCode);
    },
  );
}

/** Looks, again and again, at what a group has committed. */
export function watchOffsets(world: World, group: string): void {
  const { clock, random, checkers } = world;
  const partition = random.between(0, READ_PARTITIONS - 1);
  const expected = checkers.lookingAt(group, partition);
  call<number>(
    world,
    () => leaderOf(world, GROUPS_TOPIC, 0),
    (replica, reply) => {
      const host = replica.groups;
      if (host === null) return;
      const offset = host.shard.offsets.get(group, READ_TOPIC, partition)?.offset ?? -1;
      // Of one that no longer leads nobody expects the newest: it cannot know.
      const leads = replica.leader?.leaderEpoch;
      host.afterAllBefore((errorCode) => {
        const isNewest = world.nodes.every((node) => {
          const other = node.broker?.replica(replica.topic.id, replica.index)?.registration?.leaderEpoch;
          return other === undefined || other <= leads!;
        });
        if (errorCode === 0 && isNewest) reply(offset);
      });
    },
    (offset) => {
      if (offset !== null) checkers.lookedAt(group, partition, { expected, offset });
      clock.after(random.between(100, 600), () => watchOffsets(world, group));
    },
  );
}
