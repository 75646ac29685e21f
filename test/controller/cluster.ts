/**
 * An active controller with registered brokers, without Raft: what is decided is applied and counts as committed.
 */

import { type ControllerSettings, defaultControllerSettings } from '../../broker/src/controller/context.ts';
import {
  ActiveController,
  type ControllerApi,
  type ControllerApis,
} from '../../broker/src/controller/controller.ts';
import { supportedFeatures } from '../../broker/src/controller/features.ts';
import {
  emptyImage,
  type MetadataImage,
  type PartitionRegistration,
} from '../../broker/src/controller/image.ts';
import type { MetadataRecord } from '../../broker/src/controller/records.ts';
import { CreateTopicsRequest } from '../../broker/src/messages/19-create-topics.ts';
import { BrokerRegistrationRequest } from '../../broker/src/messages/62-broker-registration.ts';
import { BrokerHeartbeatRequest } from '../../broker/src/messages/63-broker-heartbeat.ts';

/** A uuid that can be read: the tag's bytes, then zeros. */
export function uuid(tag: string): string {
  const bytes = Buffer.alloc(16);
  bytes.write(tag);
  return bytes.toString('base64url');
}

/** Stands for the hashes of a salted password. */
const scramKeys = (_mechanism: number, salted: Buffer) => ({ storedKey: salted, serverKey: salted });

export class TestController {
  nowMs = 1000;
  controller: ActiveController;
  readonly log: MetadataRecord[][] = [];
  readonly settings: ControllerSettings;
  #uuids = 0;
  #seed = 1;

  constructor(settings: Partial<ControllerSettings> = {}) {
    this.settings = {
      ...defaultControllerSettings,
      nodeId: 1,
      clusterId: 'cluster',
      idleIntervalMs: 0,
      ...settings,
    };
    this.controller = this.#take(emptyImage);
    this.commit(this.controller.activate());
  }

  get image(): MetadataImage {
    return this.controller.image;
  }

  /** Another node takes over with what is committed. */
  failOver(): void {
    this.controller = this.#take(this.image);
  }

  #take(image: MetadataImage): ActiveController {
    const random = (): number => {
      this.#seed = (this.#seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return this.#seed / 2_147_483_648;
    };
    const newUuid = (): string => uuid(`topic ${++this.#uuids}`);
    return new ActiveController({
      image,
      settings: this.settings,
      ports: { random, newUuid, scramKeys },
      nowMs: this.nowMs,
    });
  }

  commit(records: readonly MetadataRecord[]): void {
    if (records.length === 0) return;
    this.log.push([...records]);
    const endOffset = this.image.endOffset + records.length;
    this.controller.applied(records, { endOffset, epoch: 1, timestampMs: this.nowMs });
  }

  decide<K extends ControllerApi>(api: K, request: ControllerApis[K][0]): ControllerApis[K][1] {
    const { records, response } = this.controller.decide(api, request, this.nowMs);
    this.commit(records);
    return response;
  }

  /** Lets time pass, doing what falls due. `alive` brokers send heartbeats. */
  pass(ms: number, alive: readonly number[] = []): void {
    const endMs = this.nowMs + ms;
    while (this.nowMs < endMs) {
      this.nowMs = Math.min(endMs, this.nowMs + 500);
      for (const id of alive) this.heartbeat(id);
      for (let due = this.controller.tick(this.nowMs); due.length > 0; ) {
        this.commit(due);
        due = this.controller.tick(this.nowMs);
      }
    }
  }

  register(
    id: number,
    options: { incarnation?: string; rack?: string; previousEpoch?: number; dirs?: string[] } = {},
  ) {
    const features = supportedFeatures.map(({ name, minLevel, maxLevel }) => ({
      name,
      minSupportedVersion: minLevel,
      maxSupportedVersion: maxLevel,
    }));
    return this.decide('brokerRegistration', {
      ...BrokerRegistrationRequest.empty(),
      brokerId: id,
      clusterId: 'cluster',
      incarnationId: uuid(options.incarnation ?? `process ${id}`),
      listeners: [{ name: 'PLAINTEXT', host: 'localhost', port: 9091 + id, securityProtocol: 0 }],
      features,
      rack: options.rack ?? null,
      logDirs: options.dirs ?? [uuid(`dir ${id}`)],
      previousBrokerEpoch: BigInt(options.previousEpoch ?? -1),
    });
  }

  heartbeat(id: number, fields: { wantShutDown?: boolean; wantFence?: boolean; offset?: number } = {}) {
    const { offset, ...wants } = fields;
    return this.decide('brokerHeartbeat', {
      ...BrokerHeartbeatRequest.empty(),
      brokerId: id,
      brokerEpoch: BigInt(this.image.brokers.get(id)!.epoch),
      currentMetadataOffset: BigInt(offset ?? this.image.endOffset - 1),
      ...wants,
    });
  }

  /** Registered and unfenced. */
  start(...ids: number[]): this {
    for (const id of ids) {
      this.register(id);
      this.heartbeat(id);
    }
    return this;
  }

  createTopic(
    name: string,
    fields: {
      partitions?: number;
      replicationFactor?: number;
      assignment?: number[][];
      configs?: Record<string, string | null>;
    } = {},
  ): string | null {
    const { assignment } = fields;
    const response = this.decide('createTopics', {
      ...CreateTopicsRequest.empty(),
      topics: [
        {
          name,
          numPartitions: fields.partitions ?? -1,
          replicationFactor: fields.replicationFactor ?? -1,
          assignments: (assignment ?? []).map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
          configs: Object.entries(fields.configs ?? {}).map(([key, value]) => ({ name: key, value })),
        },
      ],
    });
    return response.topics?.[0]?.errorMessage ?? null;
  }

  partition(topic: string, index = 0): PartitionRegistration {
    return this.image.topics.get(topic)!.partitions[index]!;
  }

  /** `leader 1 isr 1,2 elr 3 last 3 epochs 0/0` */
  state(topic: string, index = 0): string {
    const { leader, isr, elr, lastKnownElr, leaderEpoch, partitionEpoch } = this.partition(topic, index);
    const lists = `isr ${isr}${elr.length > 0 ? ` elr ${elr}` : ''}${lastKnownElr.length > 0 ? ` last ${lastKnownElr}` : ''}`;
    return `leader ${leader} ${lists} epochs ${leaderEpoch}/${partitionEpoch}`;
  }

  alterIsr(topic: string, isr: readonly number[], index = 0): number | undefined {
    const { leader, leaderEpoch, partitionEpoch } = this.partition(topic, index);
    const response = this.decide('alterPartition', {
      brokerId: leader,
      brokerEpoch: BigInt(this.image.brokers.get(leader)!.epoch),
      topics: [
        {
          topicId: this.image.topics.get(topic)!.id,
          partitions: [
            {
              partitionIndex: index,
              leaderEpoch,
              partitionEpoch,
              newIsr: [],
              newIsrWithEpochs: isr.map((brokerId) => ({ brokerId, brokerEpoch: -1n })),
              leaderRecoveryState: 0,
            },
          ],
        },
      ],
    });
    return response.topics?.[0]?.partitions?.[0]?.errorCode;
  }
}
