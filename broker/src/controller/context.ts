/**
 * What every decision of the controller is made from, and how it says no.
 */

import { topicConfigs } from '../messages/configs/config-table.ts';
import { ErrorCode, errorByCode } from '../messages/errors.ts';
import { UNASSIGNED_DIRECTORY } from './directory-ids.ts';
import { brokerLayers, resolveTopicConfig } from './effective-config.ts';
import { ELR_VERSION } from './features.ts';
import { type BrokerRegistration, configsOf, type MetadataImage, ResourceType } from './image.ts';
import type { MetadataRecord } from './records.ts';
import type { BrokerSessions } from './sessions.ts';

/** A decision: records to commit together, in this order, and the response to send when they are. */
export interface Decision<Response> {
  readonly records: readonly MetadataRecord[];
  readonly response: Response;
}

/** Drawn by the shell: the pure core has neither chance nor clock. */
export interface ControllerPorts {
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** A random uuid, 22 characters of base64url. */
  readonly newUuid: () => string;
  /** What SCRAM keeps of a password that is salted already (RFC 5802); `mechanism`: 1 SHA-256, 2 SHA-512. */
  readonly scramKeys: (mechanism: number, saltedPassword: Buffer) => { storedKey: Buffer; serverKey: Buffer };
}

/** Static configuration of the node, Kafka's names behind it in brackets. */
export interface ControllerSettings {
  readonly nodeId: number;
  readonly clusterId: string;
  /** [num.partitions] */
  readonly defaultPartitions: number;
  /** [default.replication.factor] */
  readonly defaultReplicationFactor: number;
  /** [broker.session.timeout.ms] */
  readonly sessionTimeoutMs: number;
  /** [auto.leader.rebalance.enable] false: never. [leader.imbalance.check.interval.seconds] */
  readonly leaderImbalanceCheckMs: number | null;
  /** [unclean.leader.election.interval.ms] */
  readonly uncleanElectionIntervalMs: number;
  /** [metadata.max.idle.interval.ms]; 0: no NoOp records. */
  readonly idleIntervalMs: number;
  /** [delete.topic.enable] */
  readonly deleteTopicEnabled: boolean;
  /** The properties this node was started with, by name. */
  readonly staticConfigs: ReadonlyMap<string, string>;
  /** Records that the node was formatted with, for a cluster that is new; null: the levels of this release. */
  readonly bootstrap: readonly MetadataRecord[] | null;
}

export const defaultControllerSettings: Omit<ControllerSettings, 'nodeId' | 'clusterId'> = {
  defaultPartitions: 1,
  defaultReplicationFactor: 1,
  sessionTimeoutMs: 9000,
  leaderImbalanceCheckMs: 300_000,
  uncleanElectionIntervalMs: 300_000,
  idleIntervalMs: 500,
  deleteTopicEnabled: true,
  staticConfigs: new Map(),
  bootstrap: null,
};

export interface DecideContext {
  readonly image: MetadataImage;
  readonly settings: ControllerSettings;
  readonly sessions: BrokerSessions;
  readonly ports: ControllerPorts;
  readonly nowMs: number;
}

/** A refusal, as it goes into a response. */
export interface ApiFailure {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/** Where Kafka says no more than the code. */
export function failWithoutWords(error: keyof typeof ErrorCode): ApiFailure {
  return { errorCode: ErrorCode[error], errorMessage: null };
}

/** Without a message, Kafka's own text for the error. */
export function fail(error: keyof typeof ErrorCode, message?: string): ApiFailure {
  const errorCode = ErrorCode[error];
  return { errorCode, errorMessage: message ?? errorByCode(errorCode).message };
}

export function isFailure(value: unknown): value is ApiFailure {
  return typeof value === 'object' && value !== null && 'errorMessage' in value;
}

export const NO_ERROR: { readonly errorCode: number; readonly errorMessage: null } = {
  errorCode: 0,
  errorMessage: null,
};

/** Names that occur more than once. */
export function duplicatesOf(names: readonly string[]): Set<string> {
  return new Set(names.filter((name, index) => names.indexOf(name) !== index));
}

/** Can hold leaderships and be in ISRs. */
export function isActive(broker: BrokerRegistration | undefined): boolean {
  return broker !== undefined && !broker.fenced && !broker.inControlledShutdown;
}

export function elrEnabled(image: MetadataImage): boolean {
  return (image.features.get(ELR_VERSION) ?? 0) > 0;
}

/** Null when broker and epoch are those registered. */
export function brokerEpochFailure(
  image: MetadataImage,
  brokerId: number,
  brokerEpoch: bigint,
): ApiFailure | null {
  const broker = image.brokers.get(brokerId);
  if (broker === undefined) {
    return fail('STALE_BROKER_EPOCH', `No broker registration found for broker id ${brokerId}`);
  }
  if (broker.epoch === Number(brokerEpoch)) return null;
  return fail(
    'STALE_BROKER_EPOCH',
    `Expected broker epoch ${broker.epoch}, but got broker epoch ${brokerEpoch}`,
  );
}

/** min.insync.replicas of the topic, at most its replication factor. */
export function effectiveMinIsr(context: DecideContext, topicName: string): number {
  const replicas = context.image.topics.get(topicName)?.partitions[0]?.replicas.length ?? 1;
  return Math.min(Number(topicConfig(context, topicName, 'min.insync.replicas')), replicas);
}

export function uncleanElectionEnabled(context: DecideContext, topicName: string): boolean {
  return topicConfig(context, topicName, 'unclean.leader.election.enable') === 'true';
}

function topicConfig(context: DecideContext, topicName: string, name: string): string {
  const { image, settings } = context;
  const own = configsOf(image, ResourceType.TOPIC, topicName);
  const layers = brokerLayers(image, settings.nodeId, settings.staticConfigs);
  return resolveTopicConfig(topicConfigs.get(name)!, own, layers).value ?? '';
}

/** Where a new replica goes: the broker's log directory if it has just one, else it chooses itself. */
export function defaultDirectory(image: MetadataImage, brokerId: number): string {
  const dirs = image.brokers.get(brokerId)?.logDirs ?? [];
  return dirs.length === 1 ? dirs[0]! : UNASSIGNED_DIRECTORY;
}
