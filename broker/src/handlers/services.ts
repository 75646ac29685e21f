/**
 * What a node offers to handlers and to coordinators that live on partitions. Each service is an interface, so
 * that handlers can be read (and tried) without the shell that implements them.
 */

import type { BrokerConfigLayers } from '../controller/effective-config.ts';
import type { MetadataImage } from '../controller/image.ts';
import type { QuorumDescription, RaftRequest } from '../raft/types.ts';
import type { Loggers } from './configs/loggers.ts';
import type { ControllerService } from './controller-service.ts';
import type { FetchSessions } from './fetch-sessions.ts';
import type { GroupService } from './groups.ts';
import type { ReplicaService } from './replicas.ts';
import type { TransactionService } from './transactions.ts';

export interface NodeServices {
  readonly id: number;
  readonly clusterId: string;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Effective broker configuration, Kafka's names: `brokerConfig.number('group.min.session.timeout.ms')`. */
  readonly brokerConfig: ConfigReader;
  /** Where each effective value of `brokerConfig` comes from. */
  readonly configLayers: BrokerConfigLayers;
  readonly loggers: Loggers;
  readonly metadata: MetadataService;
  readonly controllerChannel: ControllerChannel;
  readonly quorum: QuorumService;
  /** Answers only where this node leads the quorum. */
  readonly controller: ControllerService;
  readonly replicas: ReplicaService;
  readonly fetchSessions: FetchSessions;
  readonly producerIds: ProducerIdService;
  readonly groups: GroupService;
  readonly transactions: TransactionService;
  /** Uniform in [0, 1). */
  random(): number;
  /** For coordinators: the internal topic's partitions that this node leads. */
  readonly coordinatorLogs: CoordinatorLogs;
  /** Tells watchers outside (the cell) that something they may show has changed. */
  changed(kind: ChangeKind): void;
}

export interface MetadataService {
  /** Everything this node knows to be committed. */
  readonly image: MetadataImage;
  /** Asks the controller to create topics that a client wanted; many askers, one request. Never waits. */
  autoCreate(topics: readonly string[]): void;
}

export interface ProducerIdService {
  /** A producer id nobody had before; asks the controller for a block when there is none left. */
  next(): Promise<bigint>;
}

export interface QuorumService {
  readonly voters: readonly {
    readonly id: number;
    readonly host: string;
    /** How it is called before others; left out: as `host`. */
    readonly advertisedHost?: string;
    readonly port: number;
    /** Name of the controllers' listener. */
    readonly listener: string;
  }[];
  /** Id of the active controller, -1 when not known. */
  readonly leaderId: number;
  /** Only the leader knows; null elsewhere. */
  describe(): QuorumDescription | null;
  /** Another node's request; null when it is given up (its connection closed, this node stops). */
  handle(
    request: RaftRequest,
    onClose: (callback: () => void) => () => void,
  ): Promise<{ readonly body: object } | null>;
}

/** The way to the active controller, wherever it is. */
export interface ControllerChannel {
  /**
   * Sends a request on behalf of a client and resolves with the response frame's bytes (without length). Looks for
   * the active controller until `timeoutMs`; rejects when none was found by then.
   */
  forward(frame: Buffer, options: { clientHost: string; timeoutMs: number }): Promise<Buffer>;
}

export type ChangeKind = 'broker' | 'topic' | 'partition' | 'records' | 'group' | 'config' | 'quorum';

export interface Clock {
  /** Wall clock, for timestamps that are stored or shown. */
  now(): number;
  /** Never goes back, for deadlines. */
  monotonic(): number;
}

export interface Timers {
  /** Runs `callback` once after `delayMs`; the node cancels everything pending when it stops. */
  after(delayMs: number, callback: () => void): Timer;
}

export interface Timer {
  cancel(): void;
}

export interface ConfigReader {
  string(name: string): string;
  number(name: string): number;
  boolean(name: string): boolean;
  list(name: string): readonly string[];
}

export interface CoordinatorRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly timestamp?: number;
}

/** In whose transaction records are written. */
export interface TransactionalProducer {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** A record of a partition's past, or (with `ended`) the end of its producer's transaction. */
export interface PastRecord extends CoordinatorRecord {
  readonly offset: bigint;
  /** The producer in whose transaction it was written; -1: in none. */
  readonly producerId: number;
  readonly ended: 'committed' | 'aborted' | null;
}

export interface CoordinatorLogs {
  /**
   * Number of partitions of the internal topic, or null when it does not exist yet. `ensure` asks the
   * controller to create it (without waiting).
   */
  partitionCount(topic: string): number | null;
  ensure(topic: string): void;
  /** Leader's broker id of that partition, -1 without one, null when the topic is unknown. */
  leaderOf(topic: string, partition: number): number | null;
  /**
   * Appends records to a partition this node leads. `appended` has happened when this returns (or failed with
   * an error code); `committed` resolves with 0 once the high watermark passed them, or with an error code when
   * that can no longer be (leadership lost, too few replicas, timeout).
   */
  append(
    topic: string,
    partition: number,
    records: readonly CoordinatorRecord[],
    options: { timeoutMs: number; leaderEpoch?: number; producer?: TransactionalProducer },
  ): { readonly errorCode: number; readonly lastOffset: bigint; readonly committed: Promise<number> };
  /**
   * Resolves with 0 once all that is in the partition's log now is committed, with an error code when this node no longer
   * leads: a new leader's log may end in records that are lost with it.
   */
  settled(topic: string, partition: number, leaderEpoch: number): Promise<number>;
  /** Every record of the partition from its start to its end, oldest first. */
  read(topic: string, partition: number): Iterable<PastRecord>;
  /**
   * Leadership of the internal topic's partitions: `elected` after this node became leader and its log holds
   * everything committed (then the coordinator replays it), `resigned` when it no longer leads.
   */
  watch(topic: string, watcher: LeadershipWatcher): void;
}

export interface LeadershipWatcher {
  elected(partition: number, leaderEpoch: number): void;
  resigned(partition: number, leaderEpoch: number): void;
}
