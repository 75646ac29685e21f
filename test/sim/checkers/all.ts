/** All invariants, told of every event. */
import type { Leadership, LogBatch, Ready } from '../../../broker/src/raft/types.ts';
import type { Owner } from '../coordination/offsets.ts';
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
  type Assignment,
  CommittedOffsetsStay,
  type Holding,
  OneHolderAtATime,
  OneOwnerPerGeneration,
  TransactionsAreWhole,
} from './coordination.ts';
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
  readonly #owners = new OneOwnerPerGeneration();
  readonly #holders: OneHolderAtATime;
  readonly #offsets = new CommittedOffsetsStay();
  readonly #transactions = new TransactionsAreWhole();
  readonly #all: readonly Checker[];

  constructor(now: () => number) {
    this.#holders = new OneHolderAtATime(now);
    this.#all = [...quorumAndCluster(), this.#transactions];
  }

  assigned(assignment: Assignment): void {
    this.#owners.assigned(assignment);
    this.#offsets.assigned(assignment);
  }

  held(holding: Holding): void {
    this.#holders.held(holding);
  }

  /** The offset to commit. */
  committing(owner: Owner): number {
    return this.#offsets.committing(owner);
  }

  committed(owner: Owner, answer: { readonly offset: number; readonly errorCode: number }): void {
    this.#offsets.committed(owner, answer);
  }

  /** What a look that begins now must see at least. */
  lookingAt(group: string, partition: number): number {
    return this.#offsets.lookingAt(group, partition);
  }

  lookedAt(
    group: string,
    partition: number,
    look: { readonly expected: number; readonly offset: number },
  ): void {
    this.#offsets.lookedAt(group, partition, look);
  }

  /** A label of its own for the new transaction. */
  transactionBegun(): string {
    return this.#transactions.transactionBegun();
  }

  transactionEnding(label: string, commit: boolean): void {
    this.#transactions.transactionEnding(label, commit);
  }

  transactionEnded(label: string, commit: boolean): void {
    this.#transactions.transactionEnded(label, commit);
  }

  /** How much of it happened: a run in which nothing happens proves nothing. */
  get counts(): { assigned: number; held: number; commits: number; transactions: number } {
    return {
      assigned: this.#owners.count,
      held: this.#holders.count,
      commits: this.#offsets.count,
      transactions: this.#transactions.count,
    };
  }
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

function quorumAndCluster(): Checker[] {
  return [
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
}
