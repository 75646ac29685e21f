/**
 * In which log directory each replica of this node lies: where new ones go, what the controller is told of it (KIP-858),
 * moves between directories on request (KIP-113), and replicas that a failed directory took away.
 */
import { statfsSync } from 'node:fs';
import { LOST_DIRECTORY, MIGRATING_DIRECTORY, UNASSIGNED_DIRECTORY } from '../../controller/directory-ids.ts';
import type { PartitionRegistration } from '../../controller/image.ts';
import type { LogDirectoryView } from '../../handlers/replicas.ts';
import { ErrorCode } from '../../messages/errors.ts';
import type { LogDirectories } from '../../storage/log-directories.ts';
import type { LogDirectory } from '../../storage/log-directory.ts';
import { hashOfTopicPartition, inHashOrder } from '../../tools/java/hash-order.ts';
import type { DirectoryAssignments } from './directory-assignments.ts';
import { DirectoryMoves, type DirectoryMovesOptions } from './directory-moves.ts';
import type { Replica } from './replica.ts';

/** Ids that stand for no directory. */
const noDirectories: ReadonlySet<string> = new Set([
  UNASSIGNED_DIRECTORY,
  LOST_DIRECTORY,
  MIGRATING_DIRECTORY,
]);

export interface ReplicaPlacementOptions extends Omit<DirectoryMovesOptions, 'assignments'> {
  readonly nodeId: number;
  readonly assignments: DirectoryAssignments;
  readonly warn: (message: string) => void;
}

export interface AssignedPartition {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  readonly registration: PartitionRegistration;
}

export class ReplicaPlacement {
  readonly #options: ReplicaPlacementOptions;
  readonly #moves: DirectoryMoves;
  /** Directories asked for before the partition was here. */
  readonly #preferred = new Map<string, string>();
  /** Partitions that lay in a directory that failed. */
  readonly #offline = new Set<string>();
  /** Partitions that cannot be opened, and what was said of it. */
  readonly #unreadable = new Map<string, string>();

  constructor(options: ReplicaPlacementOptions) {
    this.#options = options;
    this.#moves = new DirectoryMoves(options);
  }

  /** The directory's id for a partition that is new here; undefined: wherever the fewest are. */
  wantedFor(name: string, registration: PartitionRegistration | undefined): string | undefined {
    const preferred = this.#preferred.get(name);
    this.#preferred.delete(name);
    if (preferred !== undefined) return this.#options.logs.at(preferred)?.id;
    return registration === undefined ? undefined : this.#assignedIn(registration);
  }

  /** The order in which a topic's new partitions are placed, where it matters: that of Java's HashMap, as in Apache Kafka. */
  inOrder(topic: string, partitions: readonly number[]): readonly number[] {
    if (this.#options.logs.live.length === 1) return partitions;
    const places = partitions.map((partition) => ({ topic, partition }));
    return inHashOrder(places, hashOfTopicPartition).map(({ partition }) => partition);
  }

  isOffline(name: string): boolean {
    return this.#offline.has(name);
  }

  /** Whether the partition lies in a directory that failed, before this node began or since. */
  isLost(name: string, registration: PartitionRegistration): boolean {
    const { logs } = this.#options;
    const assigned = this.#assignedIn(registration);
    const isGone = assigned !== undefined && !logs.live.some(({ id }) => id === assigned);
    const isLost = isGone && logs.offlinePaths.length > 0 && !hasFolder(logs, name);
    if (isLost) this.#offline.add(name);
    else this.#offline.delete(name);
    return isLost;
  }

  /**
   * The partition cannot be opened here, and others can: clients are told KAFKA_STORAGE_ERROR, the controller that the replica
   * is lost (KIP-858), so that another one leads, and a person once what to do.
   */
  unreadable({ topic, topicId, partition, registration }: AssignedPartition, error: Error): void {
    const { logs, assignments, warn, nodeId } = this.#options;
    const name = `${topic}-${partition}`;
    this.#offline.add(name);
    if (registration.directories[registration.replicas.indexOf(nodeId)] !== LOST_DIRECTORY) {
      assignments.tell({ topicId, partition, directoryId: LOST_DIRECTORY });
    }
    if (this.#unreadable.get(name) === error.message) return;
    this.#unreadable.set(name, error.message);
    const directory = logs.directoryOf(topic, partition);
    if (directory === undefined) {
      warn(`${name}: ${error.message}`);
      return;
    }
    const others = registration.replicas.filter((id) => id !== nodeId && registration.isr.includes(id));
    const folder = `${directory.path}/${name}`;
    const cure =
      others.length > 0
        ? `broker ${others.join(' and ')} has it in sync: move ${folder} away, and it is copied from there at once`
        : `no other broker has it in sync: stop this broker, restore ${folder} from a backup, and start it again`;
    warn(`partition ${name} is offline on this broker, the others are served: ${error.message} (${cure})`);
  }

  /** Tells the controller where a replica lies that it believes elsewhere; goes on with a move begun before. */
  taken(replica: Replica, registration: PartitionRegistration): void {
    const { logs, assignments, warn } = this.#options;
    const directory = logs.directoryOf(replica.topic, replica.partition);
    if (this.#unreadable.delete(replica.name))
      warn(`partition ${replica.name} is online again on this broker`);
    if (directory === undefined || this.#moves.futureOf(replica) !== undefined) return;
    const { topicId, partition, topic } = replica;
    if (directory.id !== '' && this.#assignedIn(registration) !== directory.id) {
      assignments.tell({ topicId, partition, directoryId: directory.id });
    }
    if (logs.live.length === 1) return;
    const target = logs.live.find((one) => one !== directory && one.hasFuture(topic, partition));
    if (target !== undefined) this.#moves.begin(replica, target);
  }

  /** The partition leaves this node. */
  gone(replica: Replica): void {
    this.#moves.giveUp(replica);
  }

  /** Answers AlterReplicaLogDirs for one partition; `replica` undefined: it is not here. */
  move(path: string, name: string, replica: Replica | undefined): number {
    const { logs } = this.#options;
    const target = logs.at(path);
    if (target === undefined) {
      return logs.offlinePaths.includes(path) ? ErrorCode.KAFKA_STORAGE_ERROR : ErrorCode.LOG_DIR_NOT_FOUND;
    }
    if (this.#offline.has(name)) return ErrorCode.KAFKA_STORAGE_ERROR;
    if (replica === undefined) {
      if (this.#preferred.size < preferredMax) this.#preferred.set(name, path);
      return ErrorCode.REPLICA_NOT_AVAILABLE;
    }
    this.#moves.begin(replica, target);
    return ErrorCode.NONE;
  }

  directoryFailed(directory: LogDirectory, partitions: readonly string[]): void {
    this.#moves.directoryFailed(directory);
    for (const name of partitions) this.#offline.add(name);
  }

  describe(replicas: Iterable<Replica>): LogDirectoryView[] {
    const { logs } = this.#options;
    const views = new Map<string, Mutable<LogDirectoryView>>();
    for (const { path } of logs.live)
      views.set(path, { path, isOnline: true, ...spaceOf(path), replicas: [] });
    for (const replica of replicas) {
      const { topic, partition, offsetLag, log } = replica;
      const here = logs.directoryOf(topic, partition);
      const current = { topic, partition, sizeBytes: log.sizeBytes, offsetLag, isFuture: false };
      if (here !== undefined) views.get(here.path)?.replicas.push(current);
      const future = this.#moves.futureOf(replica);
      if (future === undefined) continue;
      const lag = Math.max(0, log.logEndOffset - future.log.logEndOffset);
      const coming = { topic, partition, sizeBytes: future.log.sizeBytes, offsetLag: lag, isFuture: true };
      views.get(future.path)?.replicas.push(coming);
    }
    const offline = logs.offlinePaths.map((path) => {
      return { path, isOnline: false, totalBytes: -1, usableBytes: -1, replicas: [] };
    });
    return [...views.values(), ...offline];
  }

  stop(): void {
    this.#moves.stop();
  }

  #assignedIn(registration: PartitionRegistration): string | undefined {
    const index = registration.replicas.indexOf(this.#options.nodeId);
    const id = registration.directories[index];
    return id === undefined || noDirectories.has(id) ? undefined : id;
  }
}

type Mutable<T> = Omit<T, 'replicas'> & {
  replicas: (T extends { readonly replicas: readonly (infer R)[] } ? R : never)[];
};

/** Wishes remembered for partitions that never came. */
const preferredMax = 10_000;

function hasFolder(logs: LogDirectories, name: string): boolean {
  const at = name.lastIndexOf('-');
  return logs.directoryOf(name.slice(0, at), Number(name.slice(at + 1))) !== undefined;
}

function spaceOf(path: string): { totalBytes: number; usableBytes: number } {
  try {
    const { blocks, bavail, bsize } = statfsSync(path);
    return { totalBytes: blocks * bsize, usableBytes: bavail * bsize };
  } catch {
    return { totalBytes: -1, usableBytes: -1 };
  }
}
