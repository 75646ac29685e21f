/**
 * The metadata image: everything the metadata log says, at one offset. Immutable; `apply.ts` makes the next one and
 * shares what did not change, so two images are compared cheaply by reference (`changes.ts`).
 * int64 values of the log (broker epochs, offsets) are plain numbers here.
 */

export interface MetadataImage {
  /** Offset after the last record applied, its epoch and its batch's time. Zero, 0, 0 when empty. */
  readonly endOffset: number;
  readonly epoch: number;
  readonly timestampMs: number;
  /** Finalized feature levels by name (`metadata.version` among them); a level of 0 is left out. */
  readonly features: ReadonlyMap<string, number>;
  readonly brokers: ReadonlyMap<number, BrokerRegistration>;
  readonly controllers: ReadonlyMap<number, ControllerRegistration>;
  /** By name. */
  readonly topics: ReadonlyMap<string, TopicImage>;
  /** Topic id to name. */
  readonly topicNames: ReadonlyMap<string, string>;
  /** By `configKey(type, name)`; a resource without dynamic configs is absent. */
  readonly configs: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Client quotas, by `quotaKey`. */
  readonly quotas: ReadonlyMap<string, ClientQuota>;
  /** SCRAM credentials, by `scramKey`. */
  readonly scram: ReadonlyMap<string, ScramCredential>;
  /** First producer id not yet given to any broker. */
  readonly nextProducerId: bigint;
}

export interface BrokerListener {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Kafka's SecurityProtocol id: 0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL. */
  readonly securityProtocol: number;
}

export interface SupportedFeature {
  readonly name: string;
  readonly minLevel: number;
  readonly maxLevel: number;
}

export interface BrokerRegistration {
  readonly id: number;
  /** The offset of its RegisterBrokerRecord. */
  readonly epoch: number;
  readonly incarnationId: string;
  readonly listeners: readonly BrokerListener[];
  readonly features: readonly SupportedFeature[];
  readonly rack: string | null;
  readonly fenced: boolean;
  readonly inControlledShutdown: boolean;
  /** Ids of its log directories. */
  readonly logDirs: readonly string[];
  readonly cordonedLogDirs: readonly string[];
}

export interface ControllerRegistration {
  readonly id: number;
  readonly incarnationId: string;
  readonly listeners: readonly BrokerListener[];
  readonly features: readonly SupportedFeature[];
}

export interface TopicImage {
  readonly name: string;
  /** 22-char base64url. */
  readonly id: string;
  /** Index = partition. */
  readonly partitions: readonly PartitionRegistration[];
}

export interface PartitionRegistration {
  /** First is preferred. */
  readonly replicas: readonly number[];
  /** Log directory id per replica. */
  readonly directories: readonly string[];
  readonly isr: readonly number[];
  /** Eligible leader replicas (KIP-966). */
  readonly elr: readonly number[];
  readonly lastKnownElr: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly removingReplicas: readonly number[];
  /** -1: none. */
  readonly leader: number;
  readonly leaderRecoveryState: LeaderRecoveryState;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
}

export type LeaderRecoveryState = 'RECOVERED' | 'RECOVERING';

/** Whom a quota is for; a name of null: the default of all. Sorted by type. */
export type QuotaEntity = readonly { readonly type: string; readonly name: string | null }[];

export interface ClientQuota {
  readonly entity: QuotaEntity;
  readonly values: ReadonlyMap<string, number>;
}

export interface ScramCredential {
  readonly name: string;
  /** 1 SCRAM-SHA-256, 2 SCRAM-SHA-512. */
  readonly mechanism: number;
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
  readonly iterations: number;
}

export function scramKey(mechanism: number, name: string): string {
  return `${mechanism}:${name}`;
}

/** Config resource types of Kafka (ConfigResource.Type ids). */
export const ResourceType = { TOPIC: 2, BROKER: 4, BROKER_LOGGER: 8, CLIENT_METRICS: 16, GROUP: 32 } as const;

/** Name '' of type BROKER means the default of all brokers. */
export function configKey(type: number, name: string): string {
  return `${type}:${name}`;
}

const NO_CONFIGS: ReadonlyMap<string, string> = new Map();

/** Dynamic configs of one resource. */
export function configsOf(image: MetadataImage, type: number, name: string): ReadonlyMap<string, string> {
  return image.configs.get(configKey(type, name)) ?? NO_CONFIGS;
}

export const emptyImage: MetadataImage = {
  endOffset: 0,
  epoch: 0,
  timestampMs: 0,
  features: new Map(),
  brokers: new Map(),
  controllers: new Map(),
  topics: new Map(),
  topicNames: new Map(),
  configs: new Map(),
  quotas: new Map(),
  scram: new Map(),
  nextProducerId: 0n,
};
