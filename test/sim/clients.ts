/** Clients: they create topics, produce with acks=all to whoever some node says is the leader, and remember the answers. */

import type { TopicImage } from '../../broker/src/controller/image.ts';
import type { CreateTopicsRequest } from '../../broker/src/messages/19-create-topics.ts';
import { isOfCoordinators } from './coordination/plan.ts';
import type { SimNode } from './node.ts';
import type { World } from './world.ts';

const TOPICS_MAX = 3;

export class Clients {
  readonly #world: World;
  #topics = 0;
  #records = 0;
  acknowledgedCount = 0;

  constructor(world: World) {
    this.#world = world;
  }

  start(): void {
    this.#createTopics();
    this.#produce();
  }

  #createTopics(): void {
    const { clock, random } = this.#world;
    clock.after(random.between(300, 3000), () => {
      if (this.#topics < TOPICS_MAX) this.#createTopic();
      this.#createTopics();
    });
  }

  #createTopic(): void {
    const node = this.#anyNode();
    if (node === null) return;
    const { random } = this.#world;
    const name = `topic-${++this.#topics}`;
    const minIsr = String(random.between(1, 2));
    const request: CreateTopicsRequest = {
      topics: [
        {
          name,
          numPartitions: random.between(1, 2),
          replicationFactor: Math.min(3, this.#world.options.nodeCount),
          assignments: [],
          configs: [{ name: 'min.insync.replicas', value: minIsr }],
        },
      ],
      timeoutMs: 1000,
      validateOnly: false,
    };
    node.askController('createTopics', request, (response) => {
      if (response?.topics?.[0]?.errorCode === 0) this.#world.checkers.topicCreated(name);
    });
  }

  #produce(): void {
    const { clock, random } = this.#world;
    clock.after(random.between(5, 150), () => {
      const node = this.#anyNode();
      const topics =
        node === null ? [] : [...node.image.topics.values()].filter(({ name }) => !isOfCoordinators(name));
      if (node !== null && topics.length > 0) this.#produceTo(node, random.pick(topics));
      this.#produce();
    });
  }

  #produceTo(_node: SimNode, topic: TopicImage): void {
    const { random } = this.#world;
    const index = random.between(0, topic.partitions.length - 1);
    const leaderId = topic.partitions[index]!.leader;
    if (leaderId < 0 || !this.#world.node(leaderId).isUp) return;
    const leader = this.#world.node(leaderId);
    // Whatever it believes: a leader that was cut off may still take it for one.
    if (leader.pausedUntilMs > this.#world.clock.nowMs) return;
    const value = `record ${++this.#records}`;
    leader.broker.replica(topic.id, index)?.produce(value, -1, (errorCode, offset) => {
      if (errorCode !== 0) return;
      this.acknowledgedCount += 1;
      this.#world.checkers.acknowledged({ topicId: topic.id, partition: index, offset, value });
    });
  }

  #anyNode(): SimNode | null {
    const { random, nodes, clock } = this.#world;
    const up = nodes.filter((node) => node.isUp && node.pausedUntilMs <= clock.nowMs);
    return up.length === 0 ? null : random.pick(up);
  }
}
