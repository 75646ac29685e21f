/** Invariants of the controller and of partitions. */
import type { PartitionRegistration } from '../../../broker/src/controller/image.ts';
import type { SimNode } from '../node.ts';
import type { Replica } from '../replica.ts';
import { type AcknowledgedRecord, type Checker, Violation } from './checker.ts';

/** ISR ⊆ replicas, the leader is in sync and not fenced, ISR and ELR share nobody; epochs only rise. */
export class RegistrationsAreSound implements Checker {
  readonly #seen = new Map<string, { offset: number; partition: PartitionRegistration }>();

  applied(node: SimNode): void {
    for (const topic of node.image.topics.values()) {
      for (const [index, partition] of topic.partitions.entries()) {
        const key = `${topic.id}-${index}`;
        const known = this.#seen.get(key);
        if (known?.partition === partition || (known !== undefined && known.offset >= node.appliedTo))
          continue;
        const problem = this.#problem(node, partition) ?? backwards(known?.partition, partition);
        if (problem !== null) {
          throw new Violation(
            'RegistrationsAreSound',
            `${topic.name}-${index} at ${node.appliedTo} on node ${node.id}: ${problem}`,
          );
        }
        this.#seen.set(key, { offset: node.appliedTo, partition });
      }
    }
  }

  #problem(node: SimNode, partition: PartitionRegistration): string | null {
    const { replicas, isr, elr, leader } = partition;
    if (!isr.every((id) => replicas.includes(id))) return `isr ${isr} is not within ${replicas}`;
    if (!elr.every((id) => replicas.includes(id))) return `elr ${elr} is not within ${replicas}`;
    if (elr.some((id) => isr.includes(id))) return `elr ${elr} overlaps isr ${isr}`;
    if (new Set(isr).size !== isr.length) return `isr ${isr} has one twice`;
    if (leader >= 0 && !isr.includes(leader)) return `leader ${leader} is not in isr ${isr}`;
    if (leader >= 0 && node.image.brokers.get(leader)?.fenced !== false) return `leader ${leader} is fenced`;
    return null;
  }
}

function backwards(before: PartitionRegistration | undefined, after: PartitionRegistration): string | null {
  if (before === undefined) return null;
  if (after.leaderEpoch < before.leaderEpoch) return 'the leader epoch fell';
  if (after.partitionEpoch < before.partitionEpoch) return 'the partition epoch fell';
  if (after.leader !== before.leader && after.leaderEpoch === before.leaderEpoch) {
    return 'the leader changed within one epoch';
  }
  return null;
}

/** In one leader epoch one node at most leads a partition. */
export class OnePartitionLeaderPerEpoch implements Checker {
  readonly #leaders = new Map<string, number>();

  partitionLed(replica: Replica, nodeId: number): void {
    const key = `${replica.topic.id}-${replica.index}@${replica.registration!.leaderEpoch}`;
    const known = this.#leaders.get(key);
    if (known !== undefined && known !== nodeId) {
      throw new Violation('OnePartitionLeaderPerEpoch', `${key} is led by ${nodeId} and by ${known}`);
    }
    this.#leaders.set(key, nodeId);
  }
}

/**
 * What is below any replica's high watermark is the same on every replica, for ever, and what was acknowledged with
 * acks=all is there when all is over.
 */
export class CommittedRecordsSurvive implements Checker {
  readonly #committed = new Map<string, string[]>();
  readonly #acknowledged: AcknowledgedRecord[] = [];

  partitionCommitted(replica: Replica, nodeId: number): void {
    const key = `${replica.topic.id}-${replica.index}`;
    let values = this.#committed.get(key);
    if (values === undefined) {
      values = [];
      this.#committed.set(key, values);
    }
    const { entries, highWatermark } = replica.log;
    for (let offset = 0; offset < highWatermark; offset++) {
      const value = entries[offset]?.value;
      if (value === undefined) {
        throw new Violation(
          'CommittedRecordsSurvive',
          `node ${nodeId} says ${highWatermark} of ${key} is committed, its log ends at ${entries.length}`,
        );
      }
      if (values[offset] !== undefined && values[offset] !== value) {
        throw new Violation(
          'CommittedRecordsSurvive',
          `${key} at ${offset} on node ${nodeId} is ${value}, committed was ${values[offset]}`,
        );
      }
      values[offset] = value;
    }
  }

  acknowledged(record: AcknowledgedRecord): void {
    this.#acknowledged.push(record);
    const value = this.#committed.get(`${record.topicId}-${record.partition}`)?.[record.offset];
    if (value !== record.value) {
      throw new Violation(
        'CommittedRecordsSurvive',
        `${record.value} was acknowledged at ${record.offset}, where ${value} is committed`,
      );
    }
  }

  finished(nodes: readonly SimNode[]): void {
    for (const record of this.#acknowledged) {
      for (const node of nodes) {
        const replica = node.broker.replica(record.topicId, record.partition);
        if (replica === undefined || replica.log.entries[record.offset]?.value === record.value) continue;
        throw new Violation(
          'CommittedRecordsSurvive',
          `${record.value}, acknowledged at ${record.offset}, is not on node ${node.id}`,
        );
      }
    }
  }
}

/** A topic whose creation was confirmed exists. */
export class ConfirmedTopicsExist implements Checker {
  readonly #names: string[] = [];

  topicCreated(name: string): void {
    this.#names.push(name);
  }

  finished(nodes: readonly SimNode[]): void {
    for (const name of this.#names) {
      for (const node of nodes) {
        if (!node.image.topics.has(name)) {
          throw new Violation(
            'ConfirmedTopicsExist',
            `topic ${name} was confirmed, node ${node.id} has none`,
          );
        }
      }
    }
  }
}

/** With the faults over, the cluster recovers: one leader, all brokers unfenced, every replica in sync. */
export class ClusterRecovers implements Checker {
  finished(nodes: readonly SimNode[]): void {
    const leaders = nodes.filter((node) => node.controller !== null);
    if (leaders.length !== 1) this.#fail(`${leaders.length} nodes are active controller`);
    const [first] = nodes;
    for (const node of nodes) {
      const { image } = node;
      if (Math.abs(node.appliedTo - first!.appliedTo) > 20) {
        this.#fail(`node ${node.id} has applied ${node.appliedTo}, node ${first!.id} ${first!.appliedTo}`);
      }
      for (const id of node.world.voterIds) {
        if (image.brokers.get(id)?.fenced !== false)
          this.#fail(`node ${node.id} sees broker ${id} fenced or not at all`);
      }
      for (const topic of image.topics.values()) {
        for (const [index, { isr, replicas, leader }] of topic.partitions.entries()) {
          if (isr.length !== replicas.length) this.#fail(`${topic.name}-${index}: isr ${isr} of ${replicas}`);
          if (leader < 0) this.#fail(`${topic.name}-${index} has no leader`);
        }
      }
    }
  }

  #fail(message: string): never {
    throw new Violation('ClusterRecovers', message);
  }
}
