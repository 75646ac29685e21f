/** What a checker may look at. Each is one small object with one invariant; it throws `Violation` when it is broken. */
import type { Leadership, LogBatch, Ready } from '../../../broker/src/raft/types.ts';
import type { SimNode } from '../node.ts';
import type { Replica } from '../replica.ts';

export class Violation extends Error {
  override readonly name = 'Violation';
  readonly checker: string;

  constructor(checker: string, message: string) {
    super(`${checker}: ${message}`);
    this.checker = checker;
  }
}

export interface Checker {
  /** What Raft wanted on disk is there, nothing was sent yet. */
  persisted?(node: SimNode, ready: Ready): void;
  leadership?(node: SimNode, leadership: Leadership): void;
  appliedBatch?(node: SimNode, batch: LogBatch): void;
  /** After a run of batches. */
  applied?(node: SimNode): void;
  crashed?(node: SimNode): void;
  partitionLed?(replica: Replica, nodeId: number): void;
  /** A replica's high watermark may have moved. */
  partitionCommitted?(replica: Replica, nodeId: number): void;
  /** A producer was told that its record is on all in-sync replicas. */
  acknowledged?(record: AcknowledgedRecord): void;
  /** A client was told that its topic exists. */
  topicCreated?(name: string): void;
  /** Faults are over and time has passed: all must be well. */
  finished?(nodes: readonly SimNode[]): void;
}

export interface AcknowledgedRecord {
  readonly topicId: string;
  readonly partition: number;
  readonly offset: number;
  readonly value: string;
}
