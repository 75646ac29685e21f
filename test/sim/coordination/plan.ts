/** The topics of the coordinators in the simulation, and whom to ask for them. */
import type { TopicImage } from '../../../broker/src/controller/image.ts';
import type { SimNode } from '../node.ts';
import type { Replica } from '../replica.ts';
import type { World } from '../world.ts';

export const GROUPS_TOPIC = '__groups';
export const TRANSACTIONS_TOPIC = '__transactions';
/** What transactions write to. */
export const LEDGER_TOPIC = 'ledger';
export const LEDGER_PARTITIONS = 3;

/** A call that is not answered by then was lost, or was not: the caller cannot tell. */
const CALL_TIMEOUT_MS = 1500;

export const isOfCoordinators = (name: string): boolean =>
  name === GROUPS_TOPIC || name === TRANSACTIONS_TOPIC || name === LEDGER_TOPIC;

/** The replica that some node takes for the leader's. It may be wrong, and so may the replica itself. */
export function leaderOf(world: World, topicName: string, index: number): Replica | null {
  const node = anyNode(world);
  const topic: TopicImage | undefined = node?.image.topics.get(topicName);
  const leaderId = topic?.partitions[index]?.leader ?? -1;
  if (topic === undefined || leaderId < 0) return null;
  const leader = world.node(leaderId);
  return leader.isUp ? (leader.broker.replica(topic.id, index) ?? null) : null;
}

export function anyNode(world: World): SimNode | null {
  const up = world.nodes.filter((node) => node.isUp && node.pausedUntilMs <= world.clock.nowMs);
  return up.length === 0 ? null : world.random.pick(up);
}

/** Over the network there and back, either way slow or lost; `done` is called once, with null when time is over. */
export function call<A>(
  world: World,
  to: () => Replica | null,
  serve: (replica: Replica, reply: (answer: A) => void) => void,
  done: (answer: A | null) => void,
): void {
  const { clock, random, network } = world;
  let over = false;
  const finish = (answer: A | null): void => {
    if (over) return;
    over = true;
    done(answer);
  };
  const travel = (act: () => void): void => {
    if (random.chance(network.faults.lossProbability)) return;
    clock.after(random.between(1, Math.max(1, network.faults.latencyMaxMs)), act);
  };
  clock.after(CALL_TIMEOUT_MS, () => finish(null));
  travel(() => {
    const replica = to();
    if (replica === null) return;
    const arrive = (): void => {
      const { node } = replica;
      if (!node.isUp) return;
      if (node.pausedUntilMs > clock.nowMs) clock.at(node.pausedUntilMs, arrive);
      else serve(replica, (answer) => travel(() => finish(answer)));
    };
    arrive();
  });
}
