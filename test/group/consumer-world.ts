/** Members of the consumer protocol that behave as clients do, and a shard to talk to. */

import type { HeartbeatBody } from '../../broker/src/group/consumer/heartbeat.ts';
import { ConsumerGroupHeartbeatRequest } from '../../broker/src/messages/68-consumer-group-heartbeat.ts';
import { FakeTopics, GroupWorld } from './group-world.ts';

type Owned = Map<string, Set<number>>;

export class ConsumerWorld extends GroupWorld {
  override topics = new FakeTopics({ t: 4 });

  send(request: Partial<ConsumerGroupHeartbeatRequest>, version = 1): HeartbeatBody {
    const call = {
      request: { ...ConsumerGroupHeartbeatRequest.empty(), groupId: 'g', ...request },
      version,
      clientId: 'c',
      clientHost: '/127.0.0.1',
    };
    const { records, replies, body } = this.shard.consumerHeartbeat(call, this.now);
    this.carryOut({ records, replies });
    return body;
  }

  get consumerGroup() {
    const group = this.shard.groups.get('g');
    if (group?.type !== 'Consumer') throw new Error('there is no group of the consumer protocol');
    return group;
  }

  member(memberId: string, options: Partial<Client> = {}): Client {
    return Object.assign(new Client(this, memberId), options);
  }
}

/** A client: gives up what it is no longer assigned, takes what it is, and says so at its next heartbeat. */
export class Client {
  readonly #world: ConsumerWorld;
  readonly memberId: string;
  topics: readonly string[] = ['t'];
  regex: string | null = null;
  instanceId: string | null = null;
  assignor: string | null = null;
  epoch = 0;
  owned: Owned = new Map();
  last: HeartbeatBody = {};

  constructor(world: ConsumerWorld, memberId: string) {
    this.#world = world;
    this.memberId = memberId;
  }

  /** One heartbeat; a full one when it joins or asked to. */
  beat(options: { full?: boolean; topics?: readonly string[]; silent?: boolean } = {}): HeartbeatBody {
    if (options.topics) this.topics = options.topics;
    const isFull = this.epoch === 0 || options.full || options.topics !== undefined;
    const owned = [...this.owned].map(([topicId, partitions]) => ({ topicId, partitions: [...partitions] }));
    const answer = this.#world.send({
      memberId: this.memberId,
      memberEpoch: this.epoch,
      instanceId: this.instanceId,
      rebalanceTimeoutMs: isFull ? 60_000 : -1,
      serverAssignor: isFull ? this.assignor : null,
      subscribedTopicNames: isFull ? [...this.topics] : null,
      subscribedTopicRegex: isFull ? this.regex : null,
      topicPartitions: options.silent ? null : this.epoch === 0 ? [] : owned,
    });
    this.take(answer);
    return answer;
  }

  take(answer: HeartbeatBody): void {
    this.last = answer;
    if (answer.errorCode) {
      this.epoch = 0;
      this.owned = new Map();
      return;
    }
    this.epoch = answer.memberEpoch ?? 0;
    if (!answer.assignment) return;
    this.owned = new Map(
      (answer.assignment.topicPartitions ?? []).map(({ topicId, partitions }) => [
        topicId!,
        new Set(partitions),
      ]),
    );
  }

  leave(epoch = -1): HeartbeatBody {
    const answer = this.#world.send({
      memberId: this.memberId,
      instanceId: this.instanceId,
      memberEpoch: epoch,
    });
    this.epoch = 0;
    this.owned = new Map();
    return answer;
  }

  /** As `t:0,1 u:3`. */
  get holds(): string {
    return [...this.owned]
      .map(([id, of]) => `${this.#world.topics.nameOf(id) ?? id}:${[...of].sort((a, b) => a - b).join()}`)
      .sort()
      .join(' ');
  }
}
