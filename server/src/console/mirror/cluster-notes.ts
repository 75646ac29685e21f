/**
 * All that one cluster tells of the flows it is source or target of: the internal topics of MirrorMaker and Kafka Connect, in
 * the formats and under the names of Apache Kafka's (KIP-382), whoever writes them.
 */
import type { Client, ClusterMetadata, LogSize, TopicMetadata } from '@brokerlab/broker/client';
import {
  type Checkpoint,
  internalNames,
  type OffsetSyncRecord,
  readCheckpoint,
  readHeartbeat,
  readOffsetSync,
  readOffsetValue,
  readSourceOffsetKey,
} from '@brokerlab/broker/mirror';
import { type Bounds, placeKey, readBounds } from '../bounds.ts';
import { TopicTail } from './topic-tail.ts';

/** Of each kind; a topic that a trainee fills with whatever costs no more. */
const KEPT_MAX = 5_000;
const PARTITIONS_MAX = 2_000;
const GROUPS_MAX = 50;

export type Timed<T> = T & { readonly atMs: number };

/** Of the flows between this cluster and another one, `other`. */
interface Notes {
  /** As target: offset of the last record mirrored, by the source's `topic/partition`. */
  readonly stored: Map<string, number>;
  /** As target: by group and partition. */
  readonly checkpoints: Map<string, Timed<Checkpoint>>;
  /** As source: by `topic/partition`. */
  readonly syncs: Map<string, Timed<OffsetSyncRecord>>;
  readonly tails: { readonly topic: string; readonly tail: TopicTail }[];
}

export interface ClusterLook {
  readonly topics: ReadonlyMap<string, TopicMetadata>;
  readonly bounds: ReadonlyMap<string, Bounds>;
  readonly sizes: readonly LogSize[];
  /** By the other cluster. */
  readonly makers: ReadonlyMap<string, readonly { readonly clientId: string; readonly host: string }[]>;
  /** By `source/target`. */
  readonly heartbeats: ReadonlyMap<string, number>;
  /** By group, then by `topic/partition`. */
  readonly committed: ReadonlyMap<string, ReadonlyMap<string, number>>;
  notesOf(other: string): Pick<Notes, 'stored' | 'checkpoints' | 'syncs'>;
}

export class ClusterNotes {
  readonly #client: Client;
  readonly #others: readonly string[];
  readonly #notes = new Map<string, Notes>();
  readonly #heartbeats = new Map<string, number>();
  readonly #heartbeatTail: TopicTail;

  constructor(client: Client, others: readonly string[]) {
    this.#client = client;
    this.#others = others;
    for (const other of others) this.#notes.set(other, this.#newNotes(other));
    this.#heartbeatTail = new TopicTail(client, {
      onAnew: () => this.#heartbeats.clear(),
      onRecord: ({ key, value }) => {
        const heartbeat = readHeartbeat(key, value);
        if (heartbeat === null) return;
        const { source, target, timestamp } = heartbeat;
        keep(this.#heartbeats, `${source}/${target}`, timestamp);
      },
    });
  }

  async look(): Promise<ClusterLook> {
    const metadata = await this.#client.metadata();
    const topics = new Map(metadata.topics.flatMap((one) => (one.error === null ? [[one.name, one]] : [])));
    const read = [...this.#notes.values()].flatMap(({ tails }) => tails);
    await Promise.all([
      this.#heartbeatTail.read(topics.get('heartbeats')),
      ...read.map(({ topic, tail }) => tail.read(topics.get(topic))),
    ]);
    const names = this.#wanted(metadata);
    const [bounds, sizes, makers, committed] = await Promise.all([
      readBounds(this.#client, names.flatMap((name) => placesOf(topics.get(name)!)).slice(0, PARTITIONS_MAX)),
      this.#client.describeLogSizes(names).catch((): LogSize[] => []),
      this.#makers(),
      this.#committed(),
    ]);
    const notesOf = (other: string) => this.#notes.get(other)!;
    return { topics, bounds, sizes, makers, committed, heartbeats: this.#heartbeats, notesOf };
  }

  #newNotes(other: string): Notes {
    const stored = new Map<string, number>();
    const checkpoints = new Map<string, Timed<Checkpoint>>();
    const syncs = new Map<string, Timed<OffsetSyncRecord>>();
    const names = internalNames(other);
    const tailOf = (topic: string, listeners: ConstructorParameters<typeof TopicTail>[1]) => {
      return { topic, tail: new TopicTail(this.#client, listeners) };
    };
    const tails = [
      tailOf(names.offsets, {
        onAnew: () => stored.clear(),
        onRecord: ({ key, value }) => {
          const place = readSourceOffsetKey(key);
          if (place === null || place.cluster !== other) return;
          const offset = readOffsetValue(value);
          if (offset === null) stored.delete(placeKey(place));
          else keep(stored, placeKey(place), offset);
        },
      }),
      tailOf(names.checkpoints, {
        onAnew: () => checkpoints.clear(),
        onRecord: ({ key, value, timestamp }) => {
          const checkpoint = readCheckpoint(key, value);
          if (checkpoint === null) return;
          keep(checkpoints, `${checkpoint.group}/${placeKey(checkpoint)}`, {
            ...checkpoint,
            atMs: timestamp,
          });
        },
      }),
      tailOf(names.offsetSyncs, {
        onAnew: () => syncs.clear(),
        onRecord: ({ key, value, timestamp }) => {
          const sync = readOffsetSync(key, value);
          if (sync !== null) keep(syncs, placeKey(sync), { ...sync, atMs: timestamp });
        },
      }),
    ];
    return { stored, checkpoints, syncs, tails };
  }

  /** Copies here, and what is copied elsewhere: all but internal topics. */
  #wanted({ topics }: ClusterMetadata): string[] {
    return topics
      .filter(({ error, internal, name }) => error === null && !internal && !name.startsWith('mm2-'))
      .map(({ name }) => name);
  }

  async #makers(): Promise<ClusterLook['makers']> {
    const groups = await this.#client.describeGroups(this.#others.map((other) => internalNames(other).group));
    return new Map(
      this.#others.map((other) => {
        const group = groups.find(({ groupId }) => groupId === internalNames(other).group);
        return [other, (group?.members ?? []).map(({ clientId, host }) => ({ clientId, host }))];
      }),
    );
  }

  async #committed(): Promise<ClusterLook['committed']> {
    const all = [...this.#notes.values()].flatMap(({ checkpoints }) => [...checkpoints.values()]);
    const groups = [...new Set(all.map(({ group }) => group))].slice(0, GROUPS_MAX);
    const entries = await Promise.all(
      groups.map(async (group) => {
        const offsets = await this.#client.offsetFetch(group).catch(() => []);
        const known = offsets.flatMap(({ offset, ...place }) =>
          offset === null ? [] : [[placeKey(place), offset] as const],
        );
        return [group, new Map(known)] as const;
      }),
    );
    return new Map(entries);
  }
}

/** The newest of so many; what is told again goes to the end. */
function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > KEPT_MAX) map.delete(map.keys().next().value!);
}

function placesOf({ name, partitions }: TopicMetadata) {
  return partitions.map(({ partition }) => ({ topic: name, partition }));
}
