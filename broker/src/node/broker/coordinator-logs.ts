/** The internal topics' partitions that this node leads, for the coordinators that live on them. */
import type { MetadataImage } from '../../controller/image.ts';
import type {
  CoordinatorLogs,
  CoordinatorRecord,
  LeadershipWatcher,
  PastRecord,
  Timers,
  TransactionalProducer,
} from '../../handlers/services.ts';
import { ErrorCode } from '../../messages/errors.ts';
import { encodeBatch, iterateBatches, iterateRecords } from '../../messages/records.ts';
import type { LeadershipChange, ReplicaManager } from '../replication/replica-manager.ts';

export interface CoordinatorLogsOptions {
  readonly replicas: ReplicaManager;
  readonly image: () => MetadataImage;
  readonly autoCreate: (topics: readonly string[]) => void;
  readonly timers: Timers;
  readonly nowMs: () => number;
}

const readBytesMax = 5 * 1024 * 1024;

export class NodeCoordinatorLogs implements CoordinatorLogs {
  readonly #options: CoordinatorLogsOptions;
  readonly #watchers = new Map<string, LeadershipWatcher>();

  constructor(options: CoordinatorLogsOptions) {
    this.#options = options;
  }

  partitionCount(topic: string): number | null {
    return this.#options.image().topics.get(topic)?.partitions.length ?? null;
  }

  ensure(topic: string): void {
    if (this.partitionCount(topic) === null) this.#options.autoCreate([topic]);
  }

  leaderOf(topic: string, partition: number): number | null {
    return this.#options.image().topics.get(topic)?.partitions[partition]?.leader ?? null;
  }

  append(
    topic: string,
    partition: number,
    records: readonly CoordinatorRecord[],
    options: { timeoutMs: number; leaderEpoch?: number; producer?: TransactionalProducer },
  ): { readonly errorCode: number; readonly lastOffset: bigint; readonly committed: Promise<number> } {
    const { replicas, nowMs } = this.#options;
    const refused = (errorCode: number) => ({
      errorCode,
      lastOffset: -1n,
      committed: Promise.resolve(errorCode),
    });
    const replica = replicas.leader(topic, partition, options.leaderEpoch ?? -1);
    if (typeof replica === 'number') return refused(replica);
    const batch = encodeBatch({
      timestamp: nowMs(),
      records: records.map(({ key, value, timestamp }) => ({
        key,
        value,
        ...(timestamp === undefined ? {} : { timestamp }),
      })),
      ...(options.producer === undefined ? {} : { ...options.producer, isTransactional: true }),
    });
    const result = replica.append(batch, { requiredAcks: -1, origin: 'coordinator' });
    if (result.kind === 'rejected') return refused(result.errorCode);
    const { lastOffset } = result;
    const committed = new Promise<number>((resolve) => {
      const deadline = this.#options.timers.after(options.timeoutMs, () => {
        stop();
        resolve(ErrorCode.REQUEST_TIMED_OUT);
      });
      const stop = replica.whenCommitted({
        lastOffset,
        onEnd: (errorCode) => {
          deadline.cancel();
          resolve(errorCode);
        },
      });
    });
    return { errorCode: ErrorCode.NONE, lastOffset: BigInt(lastOffset), committed };
  }

  async settled(topic: string, partition: number, leaderEpoch: number): Promise<number> {
    const replica = this.#options.replicas.leader(topic, partition, leaderEpoch);
    if (typeof replica === 'number') return replica;
    const lastOffset = replica.logEndOffset - 1;
    if (lastOffset < replica.highWatermark) return ErrorCode.NONE;
    return new Promise((resolve) => {
      replica.whenCommitted({ lastOffset, onEnd: resolve });
    });
  }

  *read(topic: string, partition: number): Generator<PastRecord> {
    const log = this.#options.replicas.replica(topic, partition)?.log;
    if (log === undefined) return;
    for (let next = log.logStartOffset; next < log.logEndOffset; ) {
      const result = log.read(next, { maxBytes: readBytesMax, upTo: log.logEndOffset });
      if (result.kind === 'outOfRange' || result.records.length === 0) return;
      for (const header of iterateBatches(result.records)) {
        const producerId = header.isTransactional ? header.producerId : -1;
        for (const { key, value, offset, timestamp } of iterateRecords(result.records, header)) {
          const ended = header.isControl ? endOf(key) : null;
          if (offset < next || (header.isControl && ended === null)) continue;
          yield { key, value, timestamp, offset: BigInt(offset), producerId, ended };
        }
      }
      next = result.nextOffset;
    }
  }

  watch(topic: string, watcher: LeadershipWatcher): void {
    this.#watchers.set(topic, watcher);
  }

  leadershipChanged({ topic, partition, leaderEpoch, leads }: LeadershipChange): void {
    const watcher = this.#watchers.get(topic);
    if (watcher === undefined) return;
    if (leads) watcher.elected(partition, leaderEpoch);
    else watcher.resigned(partition, leaderEpoch);
  }
}

/** What a control record says of its producer's transaction: type 0 aborts, 1 commits (KIP-98). */
function endOf(key: Buffer | null): PastRecord['ended'] {
  if (key === null || key.length < 4) return null;
  const type = key.readInt16BE(2);
  if (type === 0) return 'aborted';
  return type === 1 ? 'committed' : null;
}
