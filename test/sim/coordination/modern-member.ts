/** A member of a group of the consumer protocol (KIP-848): one heartbeat after the other says and asks all. */
import type { HeartbeatBody } from '../../../broker/src/group/consumer/heartbeat.ts';
import { ConsumerGroupHeartbeatRequest } from '../../../broker/src/messages/68-consumer-group-heartbeat.ts';
import type { World } from '../world.ts';
import { READ_TOPIC, READ_TOPIC_ID, SESSION_MS } from './group-host.ts';
import { commitOffset } from './offsets.ts';
import { call, GROUPS_TOPIC, leaderOf } from './plan.ts';

export const MODERN_GROUP = 'modern';
const BEAT_MS = 300;

export class ModernMember {
  readonly #world: World;
  readonly #memberId: string;
  #epoch = 0;
  #held: readonly number[] = [];
  #over = false;
  /** An answer was lost: all is said again. */
  #sayAll = true;

  constructor(world: World) {
    this.#world = world;
    this.#memberId = world.random.uuid();
    this.#beat();
  }

  vanish(): void {
    this.#over = true;
    this.#holds([], 0);
  }

  #holds(partitions: readonly number[], untilMs: number): void {
    this.#held = partitions;
    this.#world.checkers.held({ group: MODERN_GROUP, memberId: this.#memberId, partitions, untilMs });
  }

  #later(act: () => void): void {
    this.#world.clock.after(BEAT_MS, () => {
      if (!this.#over) act();
    });
  }

  #beat(): void {
    const joins = this.#epoch === 0;
    const full = joins || this.#sayAll;
    const sentMs = this.#world.clock.nowMs;
    const request = {
      ...ConsumerGroupHeartbeatRequest.empty(),
      groupId: MODERN_GROUP,
      memberId: this.#memberId,
      memberEpoch: this.#epoch,
      rebalanceTimeoutMs: full ? 60_000 : -1,
      subscribedTopicNames: full ? [READ_TOPIC] : null,
      topicPartitions: joins ? [] : [{ topicId: READ_TOPIC_ID, partitions: [...this.#held] }],
    };
    call<HeartbeatBody>(
      this.#world,
      () => leaderOf(this.#world, GROUPS_TOPIC, 0),
      (replica, reply) => {
        const host = replica.groups;
        if (host === null) return;
        const heartbeat = { request, version: 1, clientId: 'c', clientHost: '/127.0.0.1' };
        const { records, replies, body } = host.shard.consumerHeartbeat(heartbeat, host.now);
        host.carryOut({ records, replies }, (errorCode) => {
          if (errorCode === 0) host.afterAllBefore((failed) => failed === 0 && reply(body));
        });
      },
      (answer) => {
        if (!this.#over) this.#answered(answer, sentMs);
      },
    );
  }

  #answered(answer: HeartbeatBody | null, sentMs: number): void {
    this.#sayAll = answer === null;
    if (answer?.errorCode) {
      this.#epoch = 0;
      this.#holds([], 0);
    } else if (answer !== null) {
      this.#epoch = answer.memberEpoch ?? 0;
      const assigned = answer.assignment?.topicPartitions?.flatMap(({ partitions = [] }) => partitions);
      this.#holds(assigned ?? this.#held, sentMs + SESSION_MS);
    }
    this.#later(() => this.#commitOrBeat());
  }

  #commitOrBeat(): void {
    const { random } = this.#world;
    if (this.#held.length === 0 || random.chance(0.5)) {
      this.#beat();
      return;
    }
    const owner = { group: MODERN_GROUP, memberId: this.#memberId, epoch: this.#epoch };
    commitOffset(this.#world, { ...owner, partition: random.pick(this.#held) }, () => {
      if (!this.#over) this.#beat();
    });
  }
}
