/**
 * Hosts the active controller while this node leads the quorum: proposes what it decides to Raft and answers when that is
 * committed. When leadership goes, everything undecided or uncommitted is refused, and whoever asked looks for the
 * next controller.
 */

import type { ControllerPorts, ControllerSettings } from '../../controller/context.ts';
import { ActiveController, type ControllerApi, type ControllerApis } from '../../controller/controller.ts';
import type { MetadataImage } from '../../controller/image.ts';
import { isIdleBatch } from '../../controller/records.ts';
import { type ControllerService, NotControllerError } from '../../handlers/controller-service.ts';
import type { Timer, Timers } from '../../handlers/services.ts';
import { encodeMetadataRecord, type MetadataRecord } from '../../messages/metadata/records.ts';
import type { Leadership } from '../../raft/types.ts';
import type { Quorum } from './quorum.ts';

export interface ControllerHostOptions {
  readonly nodeId: number;
  readonly settings: ControllerSettings;
  readonly ports: ControllerPorts;
  readonly quorum: () => Quorum;
  readonly timers: Timers;
  readonly nowMs: () => number;
  /** Everything committed so far. */
  readonly image: () => MetadataImage;
}

interface Active {
  readonly controller: ActiveController;
  readonly epoch: number;
}

interface Waiting {
  readonly endOffset: number;
  readonly resolve: () => void;
  readonly reject: (error: NotControllerError) => void;
}

export class ControllerHost implements ControllerService {
  readonly #options: ControllerHostOptions;
  #active: Active | null = null;
  /** Ascending by endOffset. */
  #waiting: Waiting[] = [];
  #timer: Timer | null = null;

  constructor(options: ControllerHostOptions) {
    this.#options = options;
  }

  get isActive(): boolean {
    return this.#active !== null;
  }

  leadership({ leaderId, leaderEpoch, active }: Leadership): void {
    const { nodeId, settings, ports, image, nowMs } = this.#options;
    const leads = active && leaderId === nodeId;
    if (this.#active !== null && (!leads || this.#active.epoch !== leaderEpoch)) this.#retire();
    if (!leads || this.#active !== null) return;
    const controller = new ActiveController({ image: image(), settings, ports, nowMs: nowMs() });
    this.#active = { controller, epoch: leaderEpoch };
    this.#propose(this.#active, controller.activate());
    this.#arm();
  }

  /** Everything before `endOffset` is committed and applied on this node. */
  committed(endOffset: number): void {
    let count = 0;
    while (count < this.#waiting.length && (this.#waiting[count] as Waiting).endOffset <= endOffset) count++;
    for (const { resolve } of this.#waiting.splice(0, count)) resolve();
    if (this.#active !== null) this.brokerApplied(this.#options.nodeId, endOffset);
  }

  brokerApplied(brokerId: number, endOffset: number): void {
    this.#active?.controller.brokerApplied(brokerId, endOffset - 1);
  }

  async submit<K extends ControllerApi>(
    api: K,
    request: ControllerApis[K][0],
  ): Promise<ControllerApis[K][1]> {
    const active = this.#active;
    if (active === null) throw new NotControllerError();
    const { records, response } = active.controller.decide(api, request, this.#options.nowMs());
    // Without records it was only read, but from what may not be committed yet: the answer waits for that too.
    const endOffset = records.length > 0 ? this.#propose(active, records) : active.controller.image.endOffset;
    if (endOffset === null) throw new NotControllerError();
    await this.#whenCommitted(endOffset);
    this.#arm();
    return response;
  }

  stop(): void {
    this.#retire();
  }

  #propose({ controller, epoch }: Active, records: readonly MetadataRecord[]): number | null {
    if (records.length === 0) return null;
    const quorum = this.#options.quorum();
    const timestampMs = this.#options.nowMs();
    // The machine must know its records before Raft says that they are committed.
    const endOffset = quorum.endOffset + records.length;
    controller.applied(records, { endOffset, epoch, timestampMs });
    const values = records.map(encodeMetadataRecord);
    const proposed = quorum.propose({ values, epoch, isIdle: isIdleBatch(records) });
    if (proposed !== endOffset) {
      this.#retire();
      return null;
    }
    return endOffset;
  }

  #whenCommitted(endOffset: number): Promise<void> {
    if (this.#options.image().endOffset >= endOffset) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ endOffset, resolve, reject });
    });
  }

  #retire(): void {
    this.#active = null;
    this.#timer?.cancel();
    this.#timer = null;
    for (const { reject } of this.#waiting.splice(0)) reject(new NotControllerError());
  }

  #arm(): void {
    const active = this.#active;
    if (active === null) return;
    const { timers, nowMs } = this.#options;
    this.#timer?.cancel();
    const delayMs = Math.max(active.controller.nextDeadlineMs - nowMs(), 1);
    this.#timer = timers.after(delayMs, () => {
      if (this.#active !== active) return;
      this.#propose(active, active.controller.tick(nowMs()));
      if (this.#active === active) this.#arm();
    });
  }
}
