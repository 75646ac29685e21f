/**
 * The active controller as a pure machine (KRaft's QuorumController). It decides on its own, not yet committed image:
 * `decide` gives records and the response that goes with them; the shell proposes the records to Raft, tells `applied`
 * at once, and sends the response when their last offset is committed. When leadership is lost the machine is thrown
 * away with everything uncommitted; the next one starts from the committed image.
 */
import type { CreateTopicsRequest, CreateTopicsResponse } from '../messages/19-create-topics.ts';
import type { DeleteTopicsRequest, DeleteTopicsResponse } from '../messages/20-delete-topics.ts';
import type { AlterConfigsRequest, AlterConfigsResponse } from '../messages/33-alter-configs.ts';
import type { CreatePartitionsRequest, CreatePartitionsResponse } from '../messages/37-create-partitions.ts';
import type { ElectLeadersRequest, ElectLeadersResponse } from '../messages/43-elect-leaders.ts';
import type {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from '../messages/44-incremental-alter-configs.ts';
import type {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from '../messages/45-alter-partition-reassignments.ts';
import type {
  AlterClientQuotasRequest,
  AlterClientQuotasResponse,
} from '../messages/49-alter-client-quotas.ts';
import type {
  AlterUserScramCredentialsRequest,
  AlterUserScramCredentialsResponse,
} from '../messages/51-alter-user-scram-credentials.ts';
import type { AlterPartitionRequest, AlterPartitionResponse } from '../messages/56-alter-partition.ts';
import type { UpdateFeaturesRequest, UpdateFeaturesResponse } from '../messages/57-update-features.ts';
import type {
  BrokerRegistrationRequest,
  BrokerRegistrationResponse,
} from '../messages/62-broker-registration.ts';
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponse } from '../messages/63-broker-heartbeat.ts';
import type { UnregisterBrokerRequest, UnregisterBrokerResponse } from '../messages/64-unregister-broker.ts';
import type {
  AllocateProducerIdsRequest,
  AllocateProducerIdsResponse,
} from '../messages/67-allocate-producer-ids.ts';
import type {
  ControllerRegistrationRequest,
  ControllerRegistrationResponse,
} from '../messages/70-controller-registration.ts';
import type {
  AssignReplicasToDirsRequest,
  AssignReplicasToDirsResponse,
} from '../messages/73-assign-replicas-to-dirs.ts';
import { type AppliedAt, applyRecords } from './apply.ts';
import {
  decideBrokerHeartbeat,
  decideBrokerRegistration,
  decideControllerRegistration,
  decideUnregisterBroker,
} from './brokers.ts';
import { decideAlterConfigs, decideIncrementalAlterConfigs } from './configs.ts';
import type { ControllerPorts, ControllerSettings, DecideContext, Decision } from './context.ts';
import { decideCreatePartitions } from './create-partitions.ts';
import { decideDeleteTopics } from './delete-topics.ts';
import { decideAssignReplicasToDirs } from './directories.ts';
import { activationRecords, METADATA_VERSION } from './features.ts';
import type { MetadataImage } from './image.ts';
import { balanceLeaders, brokerFenced, decideElectLeaders, electUncleanLeaders } from './leadership.ts';
import { decideAlterPartition } from './partitions.ts';
import { decideAllocateProducerIds } from './producer-ids.ts';
import { decideAlterClientQuotas } from './quotas.ts';
import { decideAlterPartitionReassignments } from './reassignment.ts';
import { type MetadataRecord, record } from './records.ts';
import { decideAlterUserScramCredentials } from './scram.ts';
import { BrokerSessions } from './sessions.ts';
import { decideCreateTopics } from './topics.ts';
import { decideUpdateFeatures } from './update-features.ts';

/** Request and response of each API the controller decides. */
export interface ControllerApis {
  createTopics: [CreateTopicsRequest, typeof CreateTopicsResponse.input];
  deleteTopics: [DeleteTopicsRequest, typeof DeleteTopicsResponse.input];
  createPartitions: [CreatePartitionsRequest, typeof CreatePartitionsResponse.input];
  alterConfigs: [AlterConfigsRequest, typeof AlterConfigsResponse.input];
  incrementalAlterConfigs: [IncrementalAlterConfigsRequest, typeof IncrementalAlterConfigsResponse.input];
  electLeaders: [ElectLeadersRequest, typeof ElectLeadersResponse.input];
  alterPartitionReassignments: [
    AlterPartitionReassignmentsRequest,
    typeof AlterPartitionReassignmentsResponse.input,
  ];
  alterPartition: [AlterPartitionRequest, typeof AlterPartitionResponse.input];
  updateFeatures: [UpdateFeaturesRequest, typeof UpdateFeaturesResponse.input];
  brokerRegistration: [BrokerRegistrationRequest, typeof BrokerRegistrationResponse.input];
  brokerHeartbeat: [BrokerHeartbeatRequest, typeof BrokerHeartbeatResponse.input];
  unregisterBroker: [UnregisterBrokerRequest, typeof UnregisterBrokerResponse.input];
  allocateProducerIds: [AllocateProducerIdsRequest, typeof AllocateProducerIdsResponse.input];
  alterClientQuotas: [AlterClientQuotasRequest, typeof AlterClientQuotasResponse.input];
  alterUserScramCredentials: [
    AlterUserScramCredentialsRequest,
    typeof AlterUserScramCredentialsResponse.input,
  ];
  assignReplicasToDirs: [AssignReplicasToDirsRequest, typeof AssignReplicasToDirsResponse.input];
  controllerRegistration: [ControllerRegistrationRequest, typeof ControllerRegistrationResponse.input];
}

export type ControllerApi = keyof ControllerApis;

type Deciders = {
  readonly [K in ControllerApi]: (
    context: DecideContext,
    request: ControllerApis[K][0],
  ) => Decision<ControllerApis[K][1]>;
};

const deciders: Deciders = {
  createTopics: decideCreateTopics,
  deleteTopics: decideDeleteTopics,
  createPartitions: decideCreatePartitions,
  alterConfigs: decideAlterConfigs,
  incrementalAlterConfigs: decideIncrementalAlterConfigs,
  electLeaders: decideElectLeaders,
  alterPartitionReassignments: decideAlterPartitionReassignments,
  alterPartition: decideAlterPartition,
  updateFeatures: decideUpdateFeatures,
  brokerRegistration: decideBrokerRegistration,
  brokerHeartbeat: decideBrokerHeartbeat,
  unregisterBroker: decideUnregisterBroker,
  allocateProducerIds: decideAllocateProducerIds,
  alterClientQuotas: decideAlterClientQuotas,
  alterUserScramCredentials: decideAlterUserScramCredentials,
  assignReplicasToDirs: decideAssignReplicasToDirs,
  controllerRegistration: decideControllerRegistration,
};

export interface ControllerOptions {
  /** Everything committed, up to the leader's own LeaderChange. */
  readonly image: MetadataImage;
  readonly settings: ControllerSettings;
  readonly ports: ControllerPorts;
  readonly nowMs: number;
}

export class ActiveController {
  readonly #settings: ControllerSettings;
  readonly #ports: ControllerPorts;
  readonly #sessions: BrokerSessions;
  #image: MetadataImage;
  #nextBalanceMs: number;
  #nextUncleanMs: number;
  #lastAppendMs: number;

  constructor(options: ControllerOptions) {
    const { image, settings, ports, nowMs } = options;
    this.#image = image;
    this.#settings = settings;
    this.#ports = ports;
    this.#sessions = new BrokerSessions(settings.sessionTimeoutMs);
    for (const broker of image.brokers.values()) {
      if (!broker.fenced) this.#sessions.assume(broker.id, broker.epoch, nowMs);
    }
    this.#nextBalanceMs = nowMs + (settings.leaderImbalanceCheckMs ?? Number.POSITIVE_INFINITY);
    this.#nextUncleanMs = nowMs + settings.uncleanElectionIntervalMs;
    this.#lastAppendMs = nowMs;
  }

  /** With everything decided so far, committed or not. */
  get image(): MetadataImage {
    return this.#image;
  }

  /** Records to propose before anything else: what a new cluster begins with. Empty for one that exists. */
  activate(): readonly MetadataRecord[] {
    if (this.#image.features.has(METADATA_VERSION)) return [];
    return activationRecords(
      Number(this.#settings.staticConfigs.get('min.insync.replicas') ?? 1),
      this.#settings.bootstrap,
    );
  }

  /** Nothing has happened yet when this returns: propose the records, then call `applied`. */
  decide<K extends ControllerApi>(
    api: K,
    request: ControllerApis[K][0],
    nowMs: number,
  ): Decision<ControllerApis[K][1]> {
    return deciders[api](this.#context(nowMs), request);
  }

  /** The records were appended; `at.endOffset` is the offset after them. */
  applied(records: readonly MetadataRecord[], at: AppliedAt): void {
    this.#image = applyRecords(this.#image, records, at);
    this.#lastAppendMs = Math.max(this.#lastAppendMs, at.timestampMs);
  }

  /**
   * A broker's replica of the metadata log has applied it up to `offset` (the last one): as its next heartbeat would
   * say, but at once, so that a controlled shutdown need not wait for that heartbeat.
   */
  brokerApplied(brokerId: number, offset: number): void {
    this.#sessions.advance(brokerId, offset);
  }

  /** What is due: fence brokers that fell silent, balance leaders, elect, mark time. To be proposed like a decision's. */
  tick(nowMs: number): readonly MetadataRecord[] {
    const context = this.#context(nowMs);
    const fenced = this.#fenceExpired(context);
    // One thing at a time: each is decided on an image that has the one before.
    if (fenced.length > 0) return fenced;
    const { leaderImbalanceCheckMs, uncleanElectionIntervalMs, idleIntervalMs } = this.#settings;
    if (nowMs >= this.#nextBalanceMs) {
      this.#nextBalanceMs = nowMs + (leaderImbalanceCheckMs ?? Number.POSITIVE_INFINITY);
      const balanced = balanceLeaders(context);
      if (balanced.length > 0) return balanced;
    }
    if (nowMs >= this.#nextUncleanMs) {
      this.#nextUncleanMs = nowMs + uncleanElectionIntervalMs;
      const elected = electUncleanLeaders(context);
      if (elected.length > 0) return elected;
    }
    if (idleIntervalMs > 0 && nowMs - this.#lastAppendMs >= idleIntervalMs) {
      this.#lastAppendMs = nowMs;
      return [record('NoOpRecord', {})];
    }
    return [];
  }

  /** When to call `tick` next. */
  get nextDeadlineMs(): number {
    const { idleIntervalMs } = this.#settings;
    const idle = idleIntervalMs > 0 ? this.#lastAppendMs + idleIntervalMs : Number.POSITIVE_INFINITY;
    return Math.min(idle, this.#sessions.nextExpiryMs, this.#nextBalanceMs, this.#nextUncleanMs);
  }

  #fenceExpired(context: DecideContext): MetadataRecord[] {
    for (;;) {
      const expired = this.#sessions.takeExpired(context.nowMs);
      if (expired === null) return [];
      const broker = this.#image.brokers.get(expired.id);
      if (broker?.epoch === expired.epoch && !broker.fenced) return brokerFenced(context, expired.id);
    }
  }

  #context(nowMs: number): DecideContext {
    return {
      image: this.#image,
      settings: this.#settings,
      sessions: this.#sessions,
      ports: this.#ports,
      nowMs,
    };
  }
}
