/** What goes wrong: processes killed, machines losing power, pauses, divided and lossy networks. One thing after another. */
import type { World } from './world.ts';

export class Faults {
  readonly #world: World;
  #over = false;

  constructor(world: World) {
    this.#world = world;
  }

  start(): void {
    const { clock, random } = this.#world;
    clock.after(random.between(200, 3000), () => this.#next());
  }

  #next(): void {
    if (this.#over) return;
    const { clock, random } = this.#world;
    random.pick([
      () => this.#kill(),
      () => this.#kill(),
      () => this.#killAll(),
      () => this.#pause(),
      () => this.#isolate(),
      () => this.#isolateOneWay(),
      () => this.#badNetwork(),
      () => this.#weakPower(),
    ])();
    clock.after(random.between(300, 5000), () => this.#next());
  }

  end(): void {
    this.#over = true;
    const { network, nodes } = this.#world;
    this.#world.powerCutProbability = 0;
    network.heal();
    network.faults.lossProbability = 0;
    network.faults.latencyMaxMs = 3;
    for (const node of nodes) this.#world.restart(node);
  }

  #kill(): void {
    const { clock, random, nodes } = this.#world;
    const node = random.pick(nodes);
    node.crash(random.chance(0.3));
    clock.after(random.between(10, 12_000), () => this.#world.restart(node));
  }

  #killAll(): void {
    if (!this.#world.random.chance(0.3)) return;
    const { clock, random, nodes } = this.#world;
    for (const node of nodes) {
      node.crash(random.chance(0.5));
      clock.after(random.between(10, 1000), () => this.#world.restart(node));
    }
  }

  #pause(): void {
    const { clock, random, nodes } = this.#world;
    random.pick(nodes).pausedUntilMs = clock.nowMs + random.between(100, 6000);
  }

  #isolate(): void {
    const { network, random, nodes } = this.#world;
    const node = random.pick(nodes);
    for (const other of nodes) {
      if (other === node) continue;
      network.cut(node.id, other.id);
      network.cut(other.id, node.id);
    }
    this.#healLater();
  }

  #isolateOneWay(): void {
    const { network, random, nodes } = this.#world;
    network.cut(random.pick(nodes).id, random.pick(nodes).id);
    this.#healLater();
  }

  #healLater(): void {
    const { clock, network, random } = this.#world;
    clock.after(random.between(500, 8000), () => network.heal());
  }

  #badNetwork(): void {
    const { clock, network, random } = this.#world;
    network.faults.lossProbability = random.next() * 0.3;
    network.faults.latencyMaxMs = random.between(5, 120);
    clock.after(random.between(500, 4000), () => {
      network.faults.lossProbability = 0;
      network.faults.latencyMaxMs = 3;
    });
  }

  #weakPower(): void {
    const { clock, random } = this.#world;
    this.#world.powerCutProbability = 0.02;
    clock.after(random.between(500, 3000), () => {
      this.#world.powerCutProbability = 0;
    });
  }
}
