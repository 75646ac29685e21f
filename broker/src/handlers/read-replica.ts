/** From which replica a consumer should read (KIP-392): the leader, unless the broker chooses by racks. */
import { isActive } from '../controller/context.ts';
import type { SessionPartition } from './fetch-sessions.ts';
import type { NodeServices } from './services.ts';

const byRack = 'org.apache.kafka.common.replica.RackAwareReplicaSelector';
const none = -1;

/** A replica in the consumer's rack that has everything committed; -1: this one is as good as any. */
export function readReplicaFor(rackId: string, at: SessionPartition, node: NodeServices): number {
  if (rackId === '' || node.brokerConfig.string('replica.selector.class') !== byRack) return none;
  const { image } = node.metadata;
  const partition = image.topics.get(at.topic)?.partitions[at.partition];
  if (partition === undefined || partition.leader !== node.id) return none;
  const isNear = (id: number) => image.brokers.get(id)?.rack === rackId;
  if (isNear(node.id)) return none;
  return partition.isr.find((id) => isNear(id) && isActive(image.brokers.get(id))) ?? none;
}

export function isInSync(replicaId: number, at: SessionPartition, node: NodeServices): boolean {
  const partition = node.metadata.image.topics.get(at.topic)?.partitions[at.partition];
  return partition?.isr.includes(replicaId) === true;
}
