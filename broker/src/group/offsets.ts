/** The committed offsets of all groups of one shard. */
import type { CommittedOffset, GroupRecord } from './effects.ts';

type Partitions = Map<number, CommittedOffset>;
type Topics = Map<string, Partitions>;

export interface OffsetEntry {
  readonly topic: string;
  readonly partition: number;
  readonly committed: CommittedOffset;
}

export class OffsetTable {
  readonly #groups = new Map<string, Topics>();

  get(groupId: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.#groups.get(groupId)?.get(topic)?.get(partition);
  }

  has(groupId: string): boolean {
    return this.#groups.has(groupId);
  }

  groupIds(): IterableIterator<string> {
    return this.#groups.keys();
  }

  *of(groupId: string): Generator<OffsetEntry> {
    for (const [topic, partitions] of this.#groups.get(groupId) ?? []) {
      for (const [partition, committed] of partitions) yield { topic, partition, committed };
    }
  }

  put(groupId: string, topic: string, partition: number, value: CommittedOffset): void {
    const topics: Topics = this.#groups.get(groupId) ?? new Map();
    const partitions: Partitions = topics.get(topic) ?? new Map();
    partitions.set(partition, value);
    topics.set(topic, partitions);
    this.#groups.set(groupId, topics);
  }

  /** Removes one offset; a topic or group without any is forgotten with it. */
  delete(groupId: string, topic: string, partition: number): void {
    const topics = this.#groups.get(groupId);
    const partitions = topics?.get(topic);
    if (topics === undefined || partitions === undefined) return;
    partitions.delete(partition);
    if (partitions.size === 0) topics.delete(topic);
    if (topics.size === 0) this.#groups.delete(groupId);
  }

  /** Tombstones for every offset of a group. */
  tombstones(groupId: string, wanted: (entry: OffsetEntry) => boolean = () => true): GroupRecord[] {
    return [...this.of(groupId)]
      .filter(wanted)
      .map(({ topic, partition }) => ({ kind: 'offset', groupId, topic, partition, value: null }));
  }
}
