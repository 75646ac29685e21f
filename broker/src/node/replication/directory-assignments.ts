/** Tells the controller in which log directory each replica of this broker lies, where it does not know yet (KIP-858). */
import type { Timers } from '../../handlers/services.ts';
import {
  AssignReplicasToDirsRequest,
  type AssignReplicasToDirsResponse,
} from '../../messages/73-assign-replicas-to-dirs.ts';
import { ErrorCode } from '../../messages/errors.ts';
import type { NodeControllerChannel } from '../quorum/controller-channel.ts';

export interface DirectoryAssignmentsOptions {
  readonly nodeId: number;
  readonly channel: NodeControllerChannel;
  readonly timers: Timers;
  readonly brokerEpoch: () => bigint;
}

export interface PlacedPartition {
  readonly topicId: string;
  readonly partition: number;
  readonly directoryId: string;
}

interface Waiting extends PlacedPartition {
  readonly onDone: (() => void) | undefined;
}

/** Others of the same moment go along. */
const gatherMs = 5;
const retryMs = 500;
const requestTimeoutMs = 30_000;

export class DirectoryAssignments {
  readonly #options: DirectoryAssignmentsOptions;
  readonly #waiting = new Map<string, Waiting>();
  #sending = false;

  constructor(options: DirectoryAssignmentsOptions) {
    this.#options = options;
  }

  /** `onDone` is told when the controller has written it down, unless another place was told of meanwhile. */
  tell(placed: PlacedPartition, onDone?: () => void): void {
    this.#waiting.set(`${placed.topicId}-${placed.partition}`, { ...placed, onDone });
    if (!this.#sending) this.#sendAfter(gatherMs);
  }

  #sendAfter(delayMs: number): void {
    this.#sending = true;
    this.#options.timers.after(delayMs, () => void this.#send());
  }

  async #send(): Promise<void> {
    const sent = new Map(this.#waiting);
    const done = await this.#ask([...sent.values()]).catch(() => new Set<string>()); // no controller for that long
    for (const [key, one] of sent) {
      if (!done.has(key) || this.#waiting.get(key) !== one) continue;
      this.#waiting.delete(key);
      one.onDone?.();
    }
    this.#sending = false;
    if (this.#waiting.size > 0) this.#sendAfter(retryMs);
  }

  /** Keys of those that need not be told again: written down, or gone. */
  async #ask(placed: readonly PlacedPartition[]): Promise<Set<string>> {
    const { nodeId, channel, brokerEpoch } = this.#options;
    const body: typeof AssignReplicasToDirsRequest.input = {
      brokerId: nodeId,
      brokerEpoch: brokerEpoch(),
      directories: groups(placed, ({ directoryId }) => directoryId).map(([id, there]) => ({
        id,
        topics: groups(there, ({ topicId }) => topicId).map(([topicId, partitions]) => ({
          topicId,
          partitions: partitions.map(({ partition }) => ({ partitionIndex: partition })),
        })),
      })),
    };
    const answer = (await channel.send(AssignReplicasToDirsRequest.key, body, {
      timeoutMs: requestTimeoutMs,
      isRefused: (response) =>
        (response as AssignReplicasToDirsResponse).errorCode === ErrorCode.NOT_CONTROLLER,
    })) as AssignReplicasToDirsResponse;
    const done = new Set<string>();
    for (const { topics } of answer.directories) {
      for (const { topicId, partitions } of topics) {
        for (const { partitionIndex, errorCode } of partitions) {
          if (settled.has(errorCode)) done.add(`${topicId}-${partitionIndex}`);
        }
      }
    }
    return done;
  }
}

const settled: ReadonlySet<number> = new Set([
  ErrorCode.NONE,
  ErrorCode.UNKNOWN_TOPIC_ID,
  ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
  ErrorCode.NOT_LEADER_OR_FOLLOWER,
]);

function groups<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const group = found.get(keyOf(item));
    if (group === undefined) found.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...found];
}
