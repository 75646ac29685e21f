/**
 * The broker of a simulated node: registers, sends heartbeats, and keeps the replicas that the metadata gives it.
 */
import { supportedFeatures } from '../../broker/src/controller/features.ts';
import { BrokerHeartbeatRequest } from '../../broker/src/messages/63-broker-heartbeat.ts';
import { CLUSTER_ID, type SimNode } from './node.ts';
import { Replica } from './replica.ts';

const HEARTBEAT_MS = 1000;
const RETRY_MS = 100;

export class SimBroker {
  readonly node: SimNode;
  readonly replicas = new Map<string, Replica>();
  epoch: number | null = null;
  readonly #incarnationId: string;
  readonly #directoryId: string;
  #isFenced = true;
  #heartbeatUnderWay = false;
  #heartbeats = 0;

  constructor(node: SimNode) {
    this.node = node;
    this.#incarnationId = node.world.random.uuid();
    this.#directoryId = Buffer.alloc(16, node.id).toString('base64url');
  }

  start(): void {
    this.#register();
    this.metadataChanged();
  }

  stop(): void {
    for (const replica of this.replicas.values()) replica.stop();
  }

  #register(): void {
    const features = supportedFeatures.map(({ name, minLevel, maxLevel }) => ({
      name,
      minSupportedVersion: minLevel,
      maxSupportedVersion: maxLevel,
    }));
    const request = {
      brokerId: this.node.id,
      clusterId: CLUSTER_ID,
      incarnationId: this.#incarnationId,
      listeners: [{ name: 'PLAINTEXT', host: 'localhost', port: 9091 + this.node.id, securityProtocol: 0 }],
      features,
      rack: null,
      isMigratingZkBroker: false,
      logDirs: [this.#directoryId],
      previousBrokerEpoch: -1n,
    };
    let answered = false;
    this.node.askController('brokerRegistration', request, (response) => {
      answered = true;
      if (response === null || response.errorCode !== 0) {
        this.node.later(RETRY_MS, () => this.#register());
        return;
      }
      this.epoch = Number(response.brokerEpoch);
      this.metadataChanged();
    });
    this.node.later(3000, () => {
      if (!answered) this.#register();
    });
  }

  /** The image has moved on: follow it, and ask to be unfenced as soon as it holds the registration. */
  metadataChanged(): void {
    if (!this.node.raft.isCaughtUp) return;
    this.#followImage();
    if (this.epoch === null || this.node.appliedTo <= this.epoch) return;
    if (this.#isFenced && !this.#heartbeatUnderWay) this.#heartbeat();
  }

  #heartbeat(): void {
    const number = ++this.#heartbeats;
    this.#heartbeatUnderWay = true;
    const request = {
      ...BrokerHeartbeatRequest.empty(),
      brokerId: this.node.id,
      brokerEpoch: BigInt(this.epoch!),
      currentMetadataOffset: BigInt(this.node.appliedTo - 1),
    };
    const next = (delayMs: number): void => {
      this.node.later(delayMs, () => {
        if (number === this.#heartbeats) this.#heartbeat();
      });
    };
    next(3000);
    this.node.askController('brokerHeartbeat', request, (response) => {
      if (number !== this.#heartbeats) return;
      this.#heartbeatUnderWay = response !== null && response.errorCode === 0;
      if (response === null || response.errorCode !== 0) {
        next(RETRY_MS);
        return;
      }
      this.#isFenced = response.isFenced ?? true;
      next(this.#isFenced ? RETRY_MS : HEARTBEAT_MS);
    });
  }

  #followImage(): void {
    const { image, id } = this.node;
    const wanted = new Set<string>();
    for (const topic of image.topics.values()) {
      for (const [index, partition] of topic.partitions.entries()) {
        if (!partition.replicas.includes(id)) continue;
        const key = `${topic.id}-${index}`;
        wanted.add(key);
        const replica = this.replicas.get(key) ?? new Replica(this, topic, index);
        this.replicas.set(key, replica);
        replica.assign(partition);
      }
    }
    for (const [key, replica] of this.replicas) {
      if (wanted.has(key)) continue;
      replica.stop();
      this.replicas.delete(key);
    }
    for (const replica of this.replicas.values()) replica.brokersChanged();
  }

  replica(topicId: string, index: number): Replica | undefined {
    return this.replicas.get(`${topicId}-${index}`);
  }
}
