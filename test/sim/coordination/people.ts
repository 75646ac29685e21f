/** Who uses the coordinators: members of both kinds of groups and transactional producers, who come, vanish and return. */
import type { CreateTopicsRequest } from '../../../broker/src/messages/19-create-topics.ts';
import type { World } from '../world.ts';
import { CLASSIC_GROUP, ClassicMember } from './classic-member.ts';
import { MODERN_GROUP, ModernMember } from './modern-member.ts';
import { watchOffsets } from './offsets.ts';
import { anyNode, GROUPS_TOPIC, LEDGER_PARTITIONS, LEDGER_TOPIC, TRANSACTIONS_TOPIC } from './plan.ts';
import { TransactionalProducer } from './producer.ts';

interface Person {
  vanish(): void;
}

const TRANSACTIONAL_IDS = ['one', 'two', 'three'];
const MEMBERS = 3;

export class People {
  readonly #world: World;
  readonly #here = new Set<Person>();
  #over = false;

  constructor(world: World) {
    this.#world = world;
  }

  start(): void {
    this.#createTopics();
    for (let place = 0; place < MEMBERS; place++) {
      this.#fill(() => new ClassicMember(this.#world));
      this.#fill(() => new ModernMember(this.#world));
    }
    for (const id of TRANSACTIONAL_IDS) this.#fill(() => new TransactionalProducer(this.#world, id));
    for (const group of [CLASSIC_GROUP, MODERN_GROUP]) watchOffsets(this.#world, group);
  }

  end(): void {
    this.#over = true;
    for (const person of this.#here) person.vanish();
  }

  /** One after the other; now and then the next one comes before the last is gone, as a zombie would have it. */
  #fill(person: () => Person): void {
    const { clock, random } = this.#world;
    clock.after(random.between(0, 1500), () => {
      if (this.#over) return;
      const here = person();
      this.#here.add(here);
      clock.after(random.between(3000, 15_000), () => {
        if (random.chance(0.7)) here.vanish();
        else clock.after(random.between(500, 3000), () => here.vanish());
        this.#fill(person);
      });
    });
  }

  #createTopics(): void {
    const node = anyNode(this.#world);
    const again = (): void => this.#world.clock.after(300, () => this.#createTopics());
    if (node === null) {
      again();
      return;
    }
    const replicationFactor = Math.min(3, this.#world.options.nodeCount);
    const topic = (name: string, numPartitions: number) => ({
      name,
      numPartitions,
      replicationFactor,
      assignments: [],
      configs: [{ name: 'min.insync.replicas', value: '1' }],
    });
    const request: CreateTopicsRequest = {
      topics: [topic(GROUPS_TOPIC, 1), topic(TRANSACTIONS_TOPIC, 1), topic(LEDGER_TOPIC, LEDGER_PARTITIONS)],
      timeoutMs: 1000,
      validateOnly: false,
    };
    let answered = false;
    node.askController('createTopics', request, (response) => {
      if (answered) return;
      answered = true;
      const made = response?.topics?.every(({ errorCode }) => errorCode === 0 || errorCode === 36);
      if (!made) again();
    });
    this.#world.clock.after(2000, () => {
      if (!answered) again();
      answered = true;
    });
  }
}
