/** All invariants, told of every event. */
import type { Leadership, LogBatch, Ready } from '../../../broker/src/raft/types.ts';
import type { SimNode } from '../node.ts';
import type { Replica } from '../replica.ts';
import type { AcknowledgedRecord, Checker } from './checker.ts';
import {
  ClusterRecovers,
  CommittedRecordsSurvive,
  ConfirmedTopicsExist,
  OnePartitionLeaderPerEpoch,
  RegistrationsAreSound,
} from './cluster.ts';
import {
  CommittedNeverChanges,
  EpochsRise,
  HighWatermarkRises,
  LogsMatch,
  OneLeaderPerEpoch,
  OneVotePerEpoch,
  SameImageAtSameOffset,
} from './quorum.ts';

export class Checkers implements Required<Checker> {
  readonly #all: readonly Checker[] = [
    new OneLeaderPerEpoch(),
    new OneVotePerEpoch(),
    new EpochsRise(),
    new CommittedNeverChanges(),
    new LogsMatch(),
    new HighWatermarkRises(),
    new SameImageAtSameOffset(),
    new RegistrationsAreSound(),
    new OnePartitionLeaderPerEpoch(),
    new CommittedRecordsSurvive(),
    new ConfirmedTopicsExist(),
    new ClusterRecovers(),
  ];

  persisted(node: SimNode, ready: Ready): void {
    for (const checker of this.#all) checker.persisted?.(node, ready);
  }

  leadership(node: SimNode, leadership: Leadership): void {
    for (const checker of this.#all) checker.leadership?.(node, leadership);
  }

  appliedBatch(node: SimNode, batch: LogBatch): void {
    for (const checker of this.#all) checker.appliedBatch?.(node, batch);
  }

  applied(node: SimNode): void {
    for (const checker of this.#all) checker.applied?.(node);
  }

  crashed(node: SimNode): void {
    for (const checker of this.#all) checker.crashed?.(node);
  }

  partitionLed(replica: Replica, nodeId: number): void {
    for (const checker of this.#all) checker.partitionLed?.(replica, nodeId);
  }

  partitionCommitted(replica: Replica, nodeId: number): void {
    for (const checker of this.#all) checker.partitionCommitted?.(replica, nodeId);
  }

  acknowledged(record: AcknowledgedRecord): void {
    for (const checker of this.#all) checker.acknowledged?.(record);
  }

  topicCreated(name: string): void {
    for (const checker of this.#all) checker.topicCreated?.(name);
  }

  finished(nodes: readonly SimNode[]): void {
    for (const checker of this.#all) checker.finished?.(nodes);
  }
}
