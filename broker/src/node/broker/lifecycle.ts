/**
 * This broker's standing with the active controller.
 *
 *   starting → registering: `start`
 *   registering → fenced: registered with an epoch; waits for its own metadata to reach it
 *   fenced → running: a heartbeat was answered "not fenced"
 *   running → fenced: a heartbeat was answered "fenced" (this broker was silent for too long)
 *   running | fenced → expelled: the controller does not know this broker's epoch, as it was unregistered or another
 *     process registered under its id. It stays out until it is started again, as Apache Kafka's does
 *   running | fenced → leaving: `leave`; ends when the controller lets it go
 */
import { randomUUID } from 'node:crypto';
import type { Timer, Timers } from '../../handlers/services.ts';
import {
  BrokerRegistrationRequest,
  type BrokerRegistrationResponse,
} from '../../messages/62-broker-registration.ts';
import { BrokerHeartbeatRequest, type BrokerHeartbeatResponse } from '../../messages/63-broker-heartbeat.ts';
import { ErrorCode } from '../../messages/errors.ts';
import type { NodeControllerChannel } from '../quorum/controller-channel.ts';

export interface LifecycleOptions {
  readonly nodeId: number;
  readonly clusterId: string;
  readonly directoryIds: readonly string[];
  /** Of those, the ones that failed since. */
  readonly offlineDirectoryIds: () => readonly string[];
  readonly rack: string | null;
  readonly listeners: readonly { name: string; host: string; port: number; securityProtocol: number }[];
  readonly features: readonly { name: string; minSupportedVersion: number; maxSupportedVersion: number }[];
  /** Of the broker that last used this log directory, if it stopped in order; -1 otherwise. */
  readonly previousBrokerEpoch: number;
  /** Those that get no new replicas (cordoned.log.dirs, KIP-1066). */
  readonly cordonedDirectoryIds: () => readonly string[];
  readonly channel: NodeControllerChannel;
  readonly timers: Timers;
  readonly heartbeatMs: () => number;
  /** Offset after the last metadata record this broker has applied. */
  readonly metadataEndOffset: () => number;
  /** This broker has an epoch now. */
  readonly onRegistered: () => void;
  /** Called at every change of `running`. */
  readonly onRunning: (running: boolean) => void;
  readonly log: (message: string) => void;
}

type State = 'starting' | 'registering' | 'fenced' | 'running' | 'expelled' | 'leaving' | 'stopped';

/** Between attempts while the controller refuses, or does not unfence us yet. */
const impatientMs = 50;
const requestTimeoutMs = 5_000;

export class BrokerLifecycle {
  readonly #options: LifecycleOptions;
  readonly #incarnationId = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url');
  #state: State = 'starting';
  #brokerEpoch = -1n;
  #timer: Timer | null = null;
  #beating = false;
  #mayLeave: (() => void) | null = null;

  constructor(options: LifecycleOptions) {
    this.#options = options;
  }

  /** -1 before the first registration. */
  get brokerEpoch(): bigint {
    return this.#brokerEpoch;
  }

  get running(): boolean {
    return this.#state === 'running';
  }

  start(): void {
    this.#state = 'registering';
    void this.#register();
  }

  /** Metadata moved on: a broker that waits for its own registration to appear asks at once to be unfenced. */
  metadataMoved(): void {
    if (this.#state === 'fenced') this.#schedule(0);
  }

  /** A directory failed: the controller is told at once. */
  directoryFailed(): void {
    if (this.#state === 'running') this.#schedule(0);
  }

  /** Asks to be relieved of its leaderships; resolves when the controller lets go, or after `timeoutMs`. */
  leave(timeoutMs: number): Promise<void> {
    if (this.#state !== 'running' && this.#state !== 'fenced') return Promise.resolve();
    this.#state = 'leaving';
    return new Promise((resolve) => {
      const deadline = this.#options.timers.after(timeoutMs, resolve);
      this.#mayLeave = () => {
        deadline.cancel();
        resolve();
      };
      this.#schedule(0);
    });
  }

  stop(): void {
    this.#state = 'stopped';
    this.#timer?.cancel();
    this.#mayLeave?.();
  }

  async #register(): Promise<void> {
    const { nodeId, clusterId, directoryIds, rack, listeners, features, channel, log, previousBrokerEpoch } =
      this.#options;
    const body: typeof BrokerRegistrationRequest.input = {
      brokerId: nodeId,
      clusterId,
      incarnationId: this.#incarnationId,
      listeners,
      features,
      rack,
      logDirs: directoryIds.filter((id) => !this.#options.offlineDirectoryIds().includes(id)),
      previousBrokerEpoch: this.#brokerEpoch >= 0n ? this.#brokerEpoch : BigInt(previousBrokerEpoch),
    };
    try {
      const answer = await channel.send(BrokerRegistrationRequest.key, body, {
        timeoutMs: requestTimeoutMs,
        isRefused: isNotController,
      });
      if (this.#state !== 'registering') return;
      const { errorCode, brokerEpoch } = answer as BrokerRegistrationResponse;
      if (errorCode === ErrorCode.NONE) {
        this.#brokerEpoch = brokerEpoch;
        this.#state = 'fenced';
        this.#options.onRegistered();
        this.#schedule(0);
        return;
      }
      log(`the controller refused to register this broker, error ${errorCode}; trying again`);
    } catch {
      // No controller yet.
    }
    if (this.#state === 'registering') this.#schedule(impatientMs);
  }

  #schedule(delayMs: number): void {
    if (this.#state === 'stopped') return;
    this.#timer?.cancel();
    this.#timer = this.#options.timers.after(delayMs, () => {
      this.#timer = null;
      if (this.#state === 'registering') void this.#register();
      else if (this.#state !== 'stopped') void this.#beat();
    });
  }

  async #beat(): Promise<void> {
    if (this.#beating) return;
    const { nodeId, channel, metadataEndOffset, heartbeatMs } = this.#options;
    // Until its own registration has come round, the controller would not unfence this broker anyway.
    if (this.#state === 'fenced' && metadataEndOffset() <= Number(this.#brokerEpoch)) {
      this.#schedule(heartbeatMs());
      return;
    }
    this.#beating = true;
    const body: typeof BrokerHeartbeatRequest.input = {
      brokerId: nodeId,
      brokerEpoch: this.#brokerEpoch,
      currentMetadataOffset: BigInt(metadataEndOffset() - 1),
      wantFence: false,
      wantShutDown: this.#state === 'leaving',
      offlineLogDirs: [...this.#options.offlineDirectoryIds()],
      cordonedLogDirs: [...this.#options.cordonedDirectoryIds()],
    };
    try {
      const answer = await channel.send(BrokerHeartbeatRequest.key, body, {
        timeoutMs: requestTimeoutMs,
        isRefused: isNotController,
      });
      this.#answered(answer as BrokerHeartbeatResponse);
    } catch {
      this.#schedule(impatientMs);
    } finally {
      this.#beating = false;
    }
  }

  #answered(answer: BrokerHeartbeatResponse): void {
    const { heartbeatMs } = this.#options;
    if (this.#state === 'stopped') return;
    const isUnknown =
      answer.errorCode === ErrorCode.STALE_BROKER_EPOCH ||
      answer.errorCode === ErrorCode.BROKER_ID_NOT_REGISTERED;
    if (this.#state === 'leaving') {
      if (answer.shouldShutDown || isUnknown) this.#mayLeave?.();
      else this.#schedule(impatientMs);
      return;
    }
    if (isUnknown) {
      const { nodeId, log } = this.#options;
      const name =
        answer.errorCode === ErrorCode.STALE_BROKER_EPOCH ? 'STALE_BROKER_EPOCH' : 'BROKER_ID_NOT_REGISTERED';
      log(`Broker ${nodeId} sent a heartbeat request but received error ${name}.`);
      this.#become('expelled');
      this.#schedule(heartbeatMs());
      return;
    }
    const isUnfenced = answer.errorCode === ErrorCode.NONE && !answer.isFenced;
    this.#become(isUnfenced ? 'running' : 'fenced');
    this.#schedule(isUnfenced ? heartbeatMs() : impatientMs);
  }

  #become(state: 'fenced' | 'running' | 'expelled'): void {
    const was = this.#state === 'running';
    this.#state = state;
    if (was !== (state === 'running')) this.#options.onRunning(state === 'running');
  }
}

function isNotController(answer: unknown): boolean {
  return (answer as { errorCode: number }).errorCode === ErrorCode.NOT_CONTROLLER;
}
