/**
 * The shell around the group shards: one for each partition of `__consumer_offsets` this node leads. It loads a shard
 * when leadership comes, drops it when leadership goes, appends what the shard decides, wakes it at its deadlines.
 */
import type {
  ConsumerProtocolConfig,
  Effects,
  GroupConfig,
  Now,
  Reply,
  Ticket,
  TopicView,
} from '../../group/effects.ts';
import { coordinatorPartition } from '../../group/placement.ts';
import { decodeGroupRecord, encodeGroupRecord } from '../../group/records.ts';
import { GroupShard } from '../../group/shard.ts';
import type { Wait } from '../../handlers/context.ts';
import { type ActiveShard, type GroupService, OFFSETS_TOPIC } from '../../handlers/groups.ts';
import type { NodeServices, PastRecord, Timer } from '../../handlers/services.ts';
import { ErrorCode } from '../../messages/errors.ts';
import { coordinatorError } from './coordinator-error.ts';
import { groupConfig } from './group-config.ts';
import { TopicViews } from './topic-views.ts';

type Services = Pick<
  NodeServices,
  'clock' | 'timers' | 'brokerConfig' | 'coordinatorLogs' | 'metadata' | 'changed'
>;

export interface GroupCoordinatorOptions {
  readonly services: Services;
  readonly randomUuid: () => string;
  /** A record of the past that cannot be read: told, and passed over. */
  readonly onDamagedRecord: (partition: number, error: unknown) => void;
}

export class GroupCoordinator implements GroupService {
  readonly #options: GroupCoordinatorOptions;
  readonly #shards = new Map<number, LedShard>();
  readonly #topics: TopicViews;

  constructor(options: GroupCoordinatorOptions) {
    this.#options = options;
    this.#topics = new TopicViews(() => options.services.metadata.image);
    const { coordinatorLogs } = options.services;
    coordinatorLogs.watch(OFFSETS_TOPIC, {
      elected: (partition, leaderEpoch) => this.#elected(partition, leaderEpoch),
      resigned: (partition) => this.#resigned(partition),
    });
    this.#scheduleExpiry();
  }

  now(): Now {
    const { clock } = this.#options.services;
    return { monotonicMs: clock.monotonic(), wallMs: clock.now() };
  }

  view(): { topics: TopicView; config: ConsumerProtocolConfig } {
    return { topics: this.#topics.view(), config: this.#config().consumer };
  }

  #config(): GroupConfig {
    const { brokerConfig, metadata } = this.#options.services;
    return groupConfig(brokerConfig, metadata.image);
  }

  shardOf(groupId: string): ActiveShard | number {
    const { coordinatorLogs } = this.#options.services;
    const partitionCount = coordinatorLogs.partitionCount(OFFSETS_TOPIC);
    if (partitionCount === null) return ErrorCode.NOT_COORDINATOR;
    return this.#shards.get(coordinatorPartition(groupId, partitionCount)) ?? ErrorCode.NOT_COORDINATOR;
  }

  active(): { shards: readonly ActiveShard[]; loading: boolean } {
    return { shards: [...this.#shards.values()], loading: false };
  }

  transactionEnded(partition: number, producerId: number, committed: boolean): void {
    this.#shards.get(partition)?.shard.transactionEnded(producerId, committed);
    this.#options.services.changed('group');
  }

  #elected(partition: number, leaderEpoch: number): void {
    this.#resigned(partition);
    const { services, randomUuid, onDamagedRecord } = this.#options;
    const shard = new GroupShard(() => this.#config(), { randomUuid, topics: () => this.#topics.view() });
    for (const entry of services.coordinatorLogs.read(OFFSETS_TOPIC, partition)) {
      try {
        replay(shard, entry);
      } catch (error) {
        onDamagedRecord(partition, error);
      }
    }
    shard.loaded(this.now());
    this.#shards.set(
      partition,
      new LedShard(shard, { partition, leaderEpoch, services, now: () => this.now() }),
    );
    services.changed('group');
  }

  #resigned(partition: number): void {
    this.#shards.get(partition)?.resign();
    this.#shards.delete(partition);
  }

  /** offsets.retention.check.interval.ms */
  #scheduleExpiry(): void {
    const { timers, brokerConfig } = this.#options.services;
    timers.after(brokerConfig.number('offsets.retention.check.interval.ms'), () => {
      for (const led of this.#shards.values()) led.expire();
      this.#scheduleExpiry();
    });
  }
}

function replay(shard: GroupShard, entry: PastRecord): void {
  if (entry.ended !== null) {
    shard.transactionEnded(entry.producerId, entry.ended === 'committed');
    return;
  }
  const record = decodeGroupRecord(entry);
  if (record === undefined) return;
  if (entry.producerId >= 0) shard.heldBack(entry.producerId, [record]);
  else shard.replay(record);
}

interface ShardContext {
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly services: Services;
  readonly now: () => Now;
}

/** A shard whose partition this node leads. */
class LedShard implements ActiveShard {
  readonly shard: GroupShard;
  readonly #context: ShardContext;
  readonly #waits = new Map<Ticket, Wait<never>>();
  #nextTicket = 1;
  #timer: Timer | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;
  #resigned = false;
  /** The last records written, or those that were there before, while they are not committed. */
  #uncommitted: Promise<number> | undefined;

  constructor(shard: GroupShard, context: ShardContext) {
    this.shard = shard;
    this.#context = context;
    this.#whenSettled();
    this.#schedule();
  }

  #whenSettled(): void {
    const { services, partition, leaderEpoch } = this.#context;
    const settled = services.coordinatorLogs
      .settled(OFFSETS_TOPIC, partition, leaderEpoch)
      .then(coordinatorError);
    this.#uncommitted = settled;
    void settled.then((errorCode) => {
      if (this.#uncommitted === settled && errorCode === ErrorCode.NONE) this.#uncommitted = undefined;
    });
  }

  expect<T>(wait: Wait<T>): Ticket {
    const ticket = this.#nextTicket++;
    this.#waits.set(ticket, wait as Wait<never>); // replies of a ticket are of the kind its caller waits for
    return ticket;
  }

  async carryOut(effects: Effects, groupId: string, options?: { afterAllBefore: boolean }): Promise<number> {
    const { services } = this.#context;
    if (effects.records.length === 0) {
      this.#schedule();
      if (effects.replies.length === 0 && !options?.afterAllBefore) return ErrorCode.NONE;
      // What a reply tells, an assignment above all, may be of records that others wrote: it waits for those.
      const errorCode = this.#uncommitted === undefined ? ErrorCode.NONE : await this.#uncommitted;
      if (errorCode === ErrorCode.NONE) this.#send(effects.replies);
      else this.#failReplies(effects, { groupId, errorCode });
      if (effects.replies.length > 0) services.changed('group');
      return errorCode;
    }
    const writing = this.#write(effects);
    this.#schedule();
    const errorCode = await writing;
    if (errorCode === ErrorCode.NONE) this.#send(effects.replies);
    else this.#failReplies(effects, { groupId, errorCode });
    services.changed('group');
    return errorCode;
  }

  expire(): void {
    const records = this.shard.expire(this.#context.now());
    if (records.length > 0) void this.carryOut({ records, replies: [] }, '');
  }

  resign(): void {
    this.#resigned = true;
    this.#timer?.cancel();
    for (const wait of this.#waits.values()) {
      wait.settle({ errorCode: ErrorCode.NOT_COORDINATOR } as never); // a body of either kind: the rest are defaults
    }
    this.#waits.clear();
  }

  async #write({ records, producer }: Effects): Promise<number> {
    const { partition, leaderEpoch, services } = this.#context;
    if (this.#resigned) return ErrorCode.NOT_COORDINATOR;
    const timeoutMs = services.brokerConfig.number('offsets.commit.timeout.ms');
    const append = services.coordinatorLogs.append(OFFSETS_TOPIC, partition, records.map(encodeGroupRecord), {
      timeoutMs,
      leaderEpoch,
      ...(producer === undefined ? {} : { producer }),
    });
    if (append.errorCode !== ErrorCode.NONE) return coordinatorError(append.errorCode);
    if (producer === undefined) this.shard.appended(records, this.#context.now());
    else this.shard.heldBack(producer.producerId, records);
    const committed = append.committed.then(coordinatorError);
    this.#uncommitted = committed;
    const errorCode = await committed;
    if (this.#uncommitted === committed) this.#uncommitted = undefined;
    return errorCode;
  }

  #send(replies: readonly Reply[]): void {
    for (const { ticket, body } of replies) {
      const wait = this.#waits.get(ticket);
      this.#waits.delete(ticket);
      wait?.settle(body as never); // see `expect`
    }
  }

  #failReplies(effects: Effects, failure: { groupId: string; errorCode: number }): void {
    this.#send(
      effects.replies.map((reply) => ({ ...reply, body: { ...reply.body, errorCode: failure.errorCode } })),
    );
    if (effects.replies.length === 0 || this.#resigned) return;
    void this.carryOut(this.shard.writeFailed(failure.groupId, this.#context.now()), failure.groupId);
  }

  #schedule(): void {
    const nextMs = this.shard.nextDeadlineMs;
    if (this.#resigned || nextMs >= this.#timerAtMs) return;
    this.#timer?.cancel();
    this.#timerAtMs = nextMs;
    if (nextMs === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.max(1, nextMs - this.#context.now().monotonicMs);
    this.#timer = this.#context.services.timers.after(delayMs, () => this.#tick());
  }

  #tick(): void {
    this.#timerAtMs = Number.POSITIVE_INFINITY;
    const effects = this.shard.tick(this.#context.now());
    if (effects.records.length > 0 || effects.replies.length > 0) {
      const [first] = effects.records;
      void this.carryOut(effects, first?.groupId ?? '');
    }
    this.#schedule();
  }
}
