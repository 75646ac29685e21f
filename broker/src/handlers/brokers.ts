/** What clients are told about brokers: their advertised endpoints, which of them live, and whether a replica does. */
import { isInOnlineDirectory } from '../controller/directory-ids.ts';
import type { BrokerRegistration, MetadataImage, PartitionRegistration } from '../controller/image.ts';
import { ErrorCode } from '../messages/errors.ts';

/** The listener that clients use, and the one of the controllers, where nothing else is said. */
export const clientListenerName = 'PLAINTEXT';
export const controllerListenerName = 'CONTROLLER';

export interface BrokerEndpoint {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
  readonly fenced: boolean;
}

/** Where a broker is reached by those who come in by the listener of this name. */
export function endpointOf(broker: BrokerRegistration, listenerName: string): BrokerEndpoint | null {
  const listener = broker.listeners.find(({ name }) => name === listenerName) ?? broker.listeners[0];
  if (listener === undefined) return null;
  const { host, port } = listener;
  return { id: broker.id, host, port, rack: broker.rack, fenced: broker.fenced };
}

export function isAlive(image: MetadataImage, brokerId: number): boolean {
  const broker = image.brokers.get(brokerId);
  return broker !== undefined && !broker.fenced;
}

/** Brokers a client of this listener may talk to, by id. */
export function aliveEndpoints(image: MetadataImage, listenerName: string): BrokerEndpoint[] {
  return [...image.brokers.values()]
    .filter((broker) => !broker.fenced)
    .map((broker) => endpointOf(broker, listenerName))
    .filter((endpoint) => endpoint !== null)
    .sort((a, b) => a.id - b.id);
}

/** KRaft hides its controllers from clients: they are given any living broker to send admin requests to. */
export function anyAliveBroker(image: MetadataImage, random: number): number {
  const alive = [...image.brokers.values()].filter(({ fenced }) => !fenced);
  return alive[Math.floor(random * alive.length)]?.id ?? -1;
}

/** What a client may do where nobody is refused anything, as bits of AclOperation: on a topic, and on the cluster. */
export const topicOperations = 3576;
export const clusterOperations = 8096;

const internalTopics = new Set(['__consumer_offsets', '__transaction_state', '__share_group_state']);

export function isInternal(topic: string): boolean {
  return internalTopics.has(topic);
}

export interface PartitionView {
  readonly errorCode: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly offline: readonly number[];
  readonly elr: readonly number[];
  readonly lastKnownElr: readonly number[];
}

/** A partition as a client sees it; a leader that is not alive is no leader. */
export function viewPartition(image: MetadataImage, partition: PartitionRegistration): PartitionView {
  const hasLeader = partition.leader >= 0 && isAlive(image, partition.leader);
  return {
    errorCode: hasLeader ? ErrorCode.NONE : ErrorCode.LEADER_NOT_AVAILABLE,
    leaderId: hasLeader ? partition.leader : -1,
    leaderEpoch: partition.leaderEpoch,
    replicas: partition.replicas,
    isr: partition.isr,
    offline: partition.replicas.filter(
      (id) => !isAlive(image, id) || !isInOnlineDirectory(image, partition, id),
    ),
    elr: partition.elr,
    lastKnownElr: partition.lastKnownElr,
  };
}
