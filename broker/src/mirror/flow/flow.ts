/** One flow, source → target: starts its parts when both clusters answer, and keeps them going. */
import type { Client } from '../../client/client.ts';
import { heartbeatOffsetKey } from '../formats/connect-offsets.ts';
import { writeHeartbeat } from '../formats/internal-records.ts';
import { taskCountRecord } from '../formats/task-count.ts';
import { FlowMetrics } from '../metrics/flow-metrics.ts';
import { transactionalId } from '../names/connect-names.ts';
import { nameFilter, replicatedTopics } from '../names/filters.ts';
import { HEARTBEATS, ReplicationPolicy } from '../names/replication-policy.ts';
import type { FlowSettings } from '../settings/settings.ts';
import { readSourceOffsets, storedRecord } from '../source/source-offsets.ts';
import { type Assigned, type Progress, SourceTask } from '../source/source-task.ts';
import { SyncOutlet } from '../source/sync-outlet.ts';
import { BatchWriter } from '../target/batch-writer.ts';
import { type FencedError, Identity } from '../target/identity.ts';
import { syncAcls } from './acl-sync.ts';
import { CheckpointFlow } from './checkpoint-flow.ts';
import { type FlowContext, type Log, offsetSyncsPlace } from './context.ts';
import { createInternalTopics } from './internal-topics.ts';
import { RecordWriter } from './record-writer.ts';
import { Repeating } from './repeating.ts';
import { readTaskCount } from './task-count.ts';
import { type SourceTopic, TopicSync } from './topic-sync.ts';

export interface FlowOptions {
  readonly settings: FlowSettings;
  readonly source: Client;
  readonly target: Client;
  readonly log: Log;
  readonly now: () => number;
  readonly onFenced: (error: FencedError) => void;
}

export interface FlowStatus {
  readonly source: string;
  readonly target: string;
  readonly enabled: boolean;
  readonly started: boolean;
  /** Another MirrorMaker with the same flow drives it. */
  readonly waiting: boolean;
  readonly groupCount: number;
  readonly recordCount: number;
  readonly recordRate: number;
  readonly partitions: readonly Progress[];
}

const retryMs = 2_000;

export class Flow {
  readonly #options: FlowOptions;
  readonly #context: FlowContext;
  readonly #sync: TopicSync;
  readonly #tasks: SourceTask[] = [];
  readonly #repeating: Repeating[] = [];
  readonly #writers: BatchWriter[] = [];
  #checkpoints: CheckpointFlow | null = null;
  #offsets = new Map<string, number>();
  #offsetPartitions = 0;
  #topics: readonly SourceTopic[] = [];
  /** Of the tasks, by index; `null`: without transactions. */
  #identities: Identity[] | null = null;
  #refreshing: Repeating | null = null;
  #starting: Repeating | null = null;
  #step = 0;
  #lastFailure = '';

  constructor(options: FlowOptions) {
    const { settings } = options;
    this.#options = options;
    const policy = new ReplicationPolicy(settings.policy, settings.source);
    const topicFilter = nameFilter(settings.topics);
    this.#context = {
      ...options,
      policy,
      topicFilter,
      isReplicated: replicatedTopics({
        policy,
        targetAlias: settings.target,
        topics: topicFilter,
        heartbeatsReplicated: settings.heartbeatsReplicated,
      }),
      metrics: new FlowMetrics({ source: settings.source, target: settings.target }),
    };
    this.#sync = new TopicSync(this.#context);
  }

  get metrics(): FlowMetrics {
    return this.#context.metrics;
  }

  get status(): FlowStatus {
    const { settings, now } = this.#options;
    return {
      source: settings.source,
      target: settings.target,
      enabled: settings.enabled,
      started: this.#step >= this.#steps().length,
      waiting: false,
      groupCount: this.#checkpoints?.groupCount ?? 0,
      recordCount: this.metrics.recordCount,
      recordRate: this.metrics.recordRate(now()),
      partitions: this.#tasks.flatMap((task) => task.progress),
    };
  }

  /** Goes on step by step; a cluster that does not answer yet is waited for. */
  start(): void {
    const { log } = this.#options;
    this.#starting = new Repeating(() => this.#proceed(), {
      everyMs: retryMs,
      atOnce: true,
      onError: (error) => {
        const text = error instanceof Error ? error.message : String(error);
        if (text !== this.#lastFailure) log('ERROR', `not started yet, trying again: ${text}`);
        this.#lastFailure = text;
      },
    });
  }

  /**
   * Brings to its end what is being mirrored; what else is being asked of the clusters is cut short, since one of them
   * may be away. The flow's clients are closed with it.
   */
  async close(): Promise<void> {
    const { source, target } = this.#options;
    const asking = [this.#starting, ...this.#repeating, this.#checkpoints].map((part) => part?.close());
    await Promise.all(this.#tasks.map((task) => task.close()));
    for (const writer of this.#writers) writer.close();
    await Promise.all([source.close(), target.close()]);
    await Promise.all(asking);
  }

  #steps(): (() => Promise<void>)[] {
    const { settings } = this.#options;
    const beating = settings.emitHeartbeatsMs === null ? [] : [() => this.#startHeartbeats()];
    const mirroring = [() => this.#startSource(), () => this.#startCheckpoints()];
    return [
      () => createInternalTopics(this.#context),
      () => this.#countOffsetPartitions(),
      ...beating,
      ...(settings.enabled ? mirroring : []),
    ];
  }

  async #proceed(): Promise<void> {
    const steps = this.#steps();
    while (this.#step < steps.length) {
      await steps[this.#step]!();
      this.#step++;
    }
  }

  async #countOffsetPartitions(): Promise<void> {
    const { target, settings } = this.#options;
    const { topics } = await target.metadata({ topics: [settings.storage.offsets.name] });
    this.#offsetPartitions = topics[0]?.partitions.length ?? 0;
    if (this.#offsetPartitions === 0)
      throw new Error(`topic ${settings.storage.offsets.name} is not there yet`);
  }

  async #startHeartbeats(): Promise<void> {
    const { target, settings, now } = this.#options;
    const writer = this.#recordWriter(target);
    this.#every(settings.emitHeartbeatsMs, 'emitting heartbeats', async () => {
      if (writer.unacknowledged > 0) return; // the target is away: one waits for it, not one for each second
      const heartbeat = { source: settings.source, target: settings.target, timestamp: now() };
      writer.write({ topic: HEARTBEATS, partition: 0 }, [writeHeartbeat(heartbeat)]);
    });
    const key = heartbeatOffsetKey(settings.source, settings.target);
    const { partition, value } = storedRecord(key, 0, this.#offsetPartitions);
    this.#recordWriter(target).write({ topic: settings.storage.offsets.name, partition }, [{ key, value }]);
  }

  async #startSource(): Promise<void> {
    const { target, settings, log } = this.#options;
    this.#topics = await this.#sync.find();
    await this.#sync.create(this.#topics);
    // A forerunner of the same name is fenced before its last offsets are read.
    if (settings.storage.exactlyOnce) await this.#fence();
    this.#offsets = await readSourceOffsets(target, settings.storage.offsets.name, settings.source);
    this.#assign();
    const partitions = this.#topics.reduce((sum, topic) => sum + topic.partitionCount, 0);
    log('INFO', `mirroring ${this.#topics.length} topics with ${partitions} partitions`);
    this.#refreshing = new Repeating(() => this.#refresh(), {
      everyMs: settings.refreshTopicsMs ?? 2 ** 31 - 1,
      atOnce: false,
      onError: (error) => this.#failed('refreshing topics', error),
    });
    this.#repeating.push(this.#refreshing);
    this.#every(settings.syncTopicConfigsMs, 'syncing topic configs', () =>
      this.#sync.syncConfigs(this.#topics.map(({ name }) => name)),
    );
    this.#every(settings.syncTopicAclsMs, 'syncing topic ACLs', () => syncAcls(this.#context));
  }

  /**
   * Takes the transactional ids of all tasks, and those that a forerunner had beyond them, so that nothing of a forerunner
   * is committed any more once its offsets are read. The tasks write as who they are from here on: one that takes the ids
   * later is never fenced by one that took them before.
   */
  async #fence(): Promise<void> {
    const { target, settings, log, now } = this.#options;
    const { groupId, configs } = settings.storage;
    const { transactionTimeoutMs } = settings.producer;
    this.#identities = null;
    const count = this.#taskCount();
    const before = await readTaskCount(target, configs.name);
    const identities: Identity[] = [];
    for (let index = 0; index < Math.max(count, before); index++) {
      const id = transactionalId(groupId, index);
      const identity = new Identity(target.network, { transactionalId: id, transactionTimeoutMs, now });
      await identity.renew();
      identities.push(identity);
    }
    this.#identities = identities.slice(0, count);
    const { key, value } = taskCountRecord(count);
    await new Promise<void>((resolve) => {
      this.#recordWriter(target).write({ topic: configs.name, partition: 0 }, [{ key, value }], resolve);
    });
    if (before > count) log('INFO', `took over from ${before} tasks`);
  }

  async #startCheckpoints(): Promise<void> {
    const { target, settings } = this.#options;
    if (settings.emitCheckpointsMs === null || !settings.offsetSyncs.enabled) return;
    const writer = this.#recordWriter(target);
    const offsetPartitions = this.#offsetPartitions;
    const checkpoints = new CheckpointFlow({ context: this.#context, writer, offsetPartitions });
    await checkpoints.start();
    this.#checkpoints = checkpoints;
  }

  async #refresh(): Promise<void> {
    const found = await this.#sync.find();
    await this.#sync.create(found);
    const before = describe(this.#topics);
    if (describe(found) !== before) {
      const count = found.reduce((sum, topic) => sum + topic.partitionCount, 0);
      this.#options.log(
        'INFO',
        `topics changed at ${this.#options.settings.source}: ${count} partitions now`,
      );
    }
    this.#topics = found;
    this.#assign();
  }

  /** With transactions it stays what it was at the start: only those ids were taken before offsets were read. */
  #taskCount(): number {
    if (this.#identities !== null) return this.#identities.length;
    const partitions = this.#topics.reduce((sum, topic) => sum + topic.partitionCount, 0);
    return Math.min(this.#options.settings.tasksMax, Math.max(1, partitions));
  }

  /** Partitions go round the tasks, as Apache Kafka deals them; one that has a task already stays there. */
  #assign(): void {
    const places = this.#topics.flatMap(({ name, partitionCount }) =>
      Array.from({ length: partitionCount }, (_, partition) => ({ topic: name, partition })),
    );
    while (this.#tasks.length < this.#taskCount()) this.#tasks.push(this.#newTask(this.#tasks.length));
    const shares: Assigned[][] = this.#tasks.map(() => []);
    for (const [index, place] of places.entries()) {
      const holder = this.#tasks.findIndex((task) => task.has(place));
      const last = this.#offsets.get(`${place.topic}-${place.partition}`) ?? null;
      shares[holder === -1 ? index % this.#tasks.length : holder]!.push({ place, last });
    }
    for (const [index, task] of this.#tasks.entries()) task.assign(shares[index]!);
  }

  #newTask(index: number): SourceTask {
    const { settings, onFenced } = this.#options;
    const { client, topic } = offsetSyncsPlace(this.#context);
    return new SourceTask({
      context: this.#context,
      identity: this.#identities?.[index] ?? null,
      offsetPartitions: this.#offsetPartitions,
      syncs: settings.offsetSyncs.enabled ? new SyncOutlet(this.#recordWriter(client), topic) : null,
      onMissingTopic: () => this.#refreshing?.now(),
      onFenced,
    });
  }

  #recordWriter(client: Client): RecordWriter {
    const { settings, log, now } = this.#options;
    const { network } = client;
    const { transactionTimeoutMs } = settings.producer;
    const writer = new BatchWriter({
      network,
      producer: { ...settings.producer, acks: -1, idempotence: true },
      identity: new Identity(network, { transactionalId: null, transactionTimeoutMs, now }),
      requestTimeoutMs: network.limits.requestTimeoutMs,
      now,
      onWarning: (text) => log('WARN', text),
      onMissingTopic: () => {},
    });
    this.#writers.push(writer);
    return new RecordWriter(writer, now);
  }

  #every(everyMs: number | null, what: string, action: () => Promise<void>): void {
    if (everyMs === null) return;
    const onError = (error: unknown) => this.#failed(what, error);
    this.#repeating.push(new Repeating(action, { everyMs, atOnce: true, onError }));
  }

  #failed(what: string, error: unknown): void {
    this.#options.log(
      'WARN',
      `${what} failed, trying again: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function describe(topics: readonly SourceTopic[]): string {
  return topics.map(({ name, partitionCount }) => `${name} ${partitionCount}`).join();
}
