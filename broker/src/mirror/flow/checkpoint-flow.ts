/**
 * Checkpoints: where each of the source's groups would stand on the target (KIP-382), and, when asked for, the groups
 * themselves moved there (KIP-545): only groups nobody uses on the target, and only forward.
 */
import type { GroupDescription } from '../../client/types.ts';
import { checkpointOffsetKey } from '../formats/connect-offsets.ts';
import {
  type Checkpoint,
  readCheckpoint,
  readOffsetSync,
  writeCheckpoint,
} from '../formats/internal-records.ts';
import { type NameFilter, nameFilter } from '../names/filters.ts';
import { SyncHistory } from '../offsets/sync-history.ts';
import { storedRecord } from '../source/source-offsets.ts';
import { type FlowContext, offsetSyncsPlace, remoteTopic } from './context.ts';
import { readTopic } from './read-topic.ts';
import type { RecordWriter } from './record-writer.ts';
import { Repeating } from './repeating.ts';

export interface CheckpointParts {
  readonly context: FlowContext;
  readonly writer: RecordWriter;
  readonly offsetPartitions: number;
}

const tailWaitMs = 500;

export class CheckpointFlow {
  readonly #parts: CheckpointParts;
  readonly #isGroupWanted: NameFilter;
  readonly #histories = new Map<string, SyncHistory>();
  /** The last checkpoint by group, then by remote partition. */
  readonly #checkpoints = new Map<string, Map<string, Checkpoint>>();
  #groups: readonly string[] = [];
  readonly #stored = new Set<string>();
  #tasks: Repeating[] = [];
  #tail: { next: number } | null = null;
  readonly #told = new Set<string>();

  constructor(parts: CheckpointParts) {
    this.#parts = parts;
    this.#isGroupWanted = nameFilter(parts.context.settings.groups);
  }

  get groupCount(): number {
    return this.#groups.length;
  }

  /** Loads what was written before, so that translation and checkpoints go on where they were. */
  async start(): Promise<void> {
    const { context } = this.#parts;
    const { settings, policy, target, log } = context;
    await readTopic(target, policy.checkpointsTopic(settings.source), ({ key, value }) => {
      const checkpoint = readCheckpoint(key, value);
      if (checkpoint !== null) this.#keep(checkpoint);
    });
    const syncs = offsetSyncsPlace(context);
    const ends = await readTopic(syncs.client, syncs.topic, ({ key, value }) => this.#addSync(key, value));
    this.#tail = { next: ends.get(0) ?? 0 };
    this.#groups = await this.#findGroups();
    const names = this.#groups.length === 0 ? '' : `: ${this.#groups.slice(0, 10).join(', ')}`;
    log('INFO', `checkpointing ${this.#groups.length} consumer groups${names}`);
    this.#every(tailWaitMs / 10, 'following offset syncs', () => this.#follow());
    this.#every(settings.refreshGroupsMs, 'refreshing groups', () => this.#refresh(), { atOnce: false });
    this.#every(settings.emitCheckpointsMs, 'emitting checkpoints', () => this.#emit());
    this.#every(settings.syncGroupOffsetsMs, 'syncing group offsets', () => this.#syncGroups());
  }

  async close(): Promise<void> {
    await Promise.all(this.#tasks.map((task) => task.close()));
  }

  #every(
    everyMs: number | null,
    what: string,
    ...[action, { atOnce } = { atOnce: true }]: [() => Promise<void>, { atOnce: boolean }?]
  ): void {
    if (everyMs === null) return;
    const onError = (error: unknown) => this.#tell(`${what} failed, trying again: ${textOf(error)}`);
    this.#tasks.push(new Repeating(action, { everyMs, atOnce, onError }));
  }

  #addSync(key: Buffer | null, value: Buffer | null): void {
    const sync = readOffsetSync(key, value);
    if (sync === null) return;
    const place = `${sync.topic}-${sync.partition}`;
    let history = this.#histories.get(place);
    if (history === undefined) {
      history = new SyncHistory();
      this.#histories.set(place, history);
    }
    history.add(sync, { onlyLast: false });
  }

  async #follow(): Promise<void> {
    const { client, topic } = offsetSyncsPlace(this.#parts.context);
    const tail = this.#tail!;
    const query = {
      topic,
      partition: 0,
      from: tail.next,
      isolation: 'read_committed',
      max: 100_000,
    } as const;
    const { records, nextOffset } = await client.fetchRecords({ ...query, bytesMax: 4 << 20 });
    for (const { key, value } of records) this.#addSync(key, value);
    tail.next = nextOffset;
  }

  async #refresh(): Promise<void> {
    const groups = await this.#findGroups();
    const before = new Set(this.#groups);
    const added = groups.filter((group) => !before.has(group)).length;
    const removed = this.#groups.length + added - groups.length;
    if (added > 0 || removed > 0) {
      this.#parts.context.log(
        'INFO',
        `found ${groups.length} consumer groups: ${added} new, ${removed} gone`,
      );
    }
    this.#groups = groups;
  }

  /** Groups of the filter that have committed an offset in some topic of the filter. */
  async #findGroups(): Promise<string[]> {
    const { source, topicFilter } = this.#parts.context;
    const listed = await source.listGroups();
    const wanted = listed
      .filter(({ protocolType }) => protocolType === 'consumer' || protocolType === '')
      .map(({ groupId }) => groupId)
      .filter(this.#isGroupWanted);
    const found = await Promise.all(
      wanted.map(async (group) => {
        const offsets = await source.offsetFetch(group);
        return offsets.some(({ topic, offset }) => offset !== null && topicFilter(topic)) ? [group] : [];
      }),
    );
    return found.flat().sort();
  }

  async #emit(): Promise<void> {
    const { context, writer } = this.#parts;
    const { settings, policy, source } = context;
    if (writer.unacknowledged > 0) return; // the target is away: what will be news then is found out then
    const place = { topic: policy.checkpointsTopic(settings.source), partition: 0 };
    for (const group of this.#groups) {
      const offsets = await source.offsetFetch(group);
      const fresh = offsets.flatMap((committed): Checkpoint[] => {
        const checkpoint = this.#checkpointOf(group, committed);
        return checkpoint !== null && this.#isNews(checkpoint) ? [checkpoint] : [];
      });
      if (fresh.length === 0) continue;
      const startedMs = context.now();
      for (const checkpoint of fresh) this.#keep(checkpoint);
      writer.write(place, fresh.map(writeCheckpoint), () => {
        const now = context.now();
        for (const checkpoint of fresh) context.metrics.checkpointed(checkpoint, now - startedMs, now);
      });
      this.#storeOffsets(fresh);
    }
  }

  #checkpointOf(
    group: string,
    committed: {
      readonly topic: string;
      readonly partition: number;
      readonly offset: number | null;
      readonly metadata: string | null;
    },
  ): Checkpoint | null {
    const { topicFilter } = this.#parts.context;
    const { topic, partition, offset } = committed;
    if (offset === null || !topicFilter(topic)) return null;
    const downstream = this.#histories.get(`${topic}-${partition}`)?.translate(offset) ?? null;
    if (downstream === null || downstream < 0) return null;
    const metadata = committed.metadata ?? '';
    return { group, topic: this.#targetName(topic), partition, upstream: offset, downstream, metadata };
  }

  /** A topic that came from the target has its own name there. */
  #targetName(topic: string): string {
    const { context } = this.#parts;
    const { policy, settings } = context;
    if (policy.sourceOf(topic) === settings.target) return policy.originalOf(topic);
    return remoteTopic(context, topic);
  }

  /** Checkpoints only go forward on the target, unless the group itself was set back at the source. */
  #isNews(checkpoint: Checkpoint): boolean {
    const last = this.#checkpoints.get(checkpoint.group)?.get(placeOf(checkpoint));
    if (last === undefined) return true;
    return checkpoint.upstream < last.upstream || checkpoint.downstream > last.downstream;
  }

  #keep(checkpoint: Checkpoint): void {
    const known = this.#checkpoints.get(checkpoint.group) ?? new Map<string, Checkpoint>();
    known.set(placeOf(checkpoint), checkpoint);
    this.#checkpoints.set(checkpoint.group, known);
  }

  /** Kafka Connect keeps an offset, always 0, for each partition a connector wrote about. */
  #storeOffsets(checkpoints: readonly Checkpoint[]): void {
    const { writer, offsetPartitions, context } = this.#parts;
    const topic = context.settings.storage.offsets.name;
    for (const checkpoint of checkpoints) {
      const name = `${checkpoint.group} ${placeOf(checkpoint)}`;
      if (this.#stored.has(name)) continue;
      this.#stored.add(name);
      const record = storedRecord(checkpointOffsetKey(checkpoint), 0, offsetPartitions);
      writer.write({ topic, partition: record.partition }, [record]);
    }
  }

  async #syncGroups(): Promise<void> {
    for (const group of this.#groups) {
      const checkpoints = [...(this.#checkpoints.get(group)?.values() ?? [])];
      if (checkpoints.length > 0) await this.#syncGroup(group, checkpoints);
    }
  }

  async #syncGroup(group: string, checkpoints: readonly Checkpoint[]): Promise<void> {
    const { target, settings } = this.#parts.context;
    const [described] = await target.describeGroups([group]);
    if (described === undefined || !isUnused(described)) return;
    const committed = await target.offsetFetch(group);
    const current = new Map(committed.map((entry) => [placeOf(entry), entry.offset]));
    const ahead = checkpoints.filter((checkpoint) => {
      const offset = current.get(placeOf(checkpoint)) ?? null;
      return offset === null || checkpoint.downstream > offset;
    });
    if (ahead.length === 0) return;
    const outcomes = await target.offsetCommit(
      group,
      ahead.map(({ topic, partition, downstream, metadata }) => {
        return { topic, partition, offset: downstream, metadata };
      }),
    );
    const error = outcomes.find((outcome) => outcome.error !== null)?.error;
    if (error === undefined || error === null) return;
    const used = error.name === 'UNKNOWN_MEMBER_ID' ? ': somebody uses the group there' : '';
    this.#tell(`offsets of group ${group} cannot be synced to ${settings.target}${used} (${error.message})`);
  }

  #tell(text: string): void {
    if (this.#told.has(text)) return;
    if (this.#told.size > 1_000) this.#told.clear();
    this.#told.add(text);
    this.#parts.context.log('WARN', text);
  }
}

function isUnused({ state, error }: GroupDescription): boolean {
  if (error !== null) return error.name === 'GROUP_ID_NOT_FOUND';
  return state === 'Empty' || state === 'Dead';
}

function placeOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}-${partition}`;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
