/** The groups of a partition on the node that leads it: the shell's part, as the real one does it, over a simulated log. */

import type { Effects, GroupConfig, Reply, Ticket, TopicView } from '../../../broker/src/group/effects.ts';
import { decodeGroupRecord, encodeGroupRecord } from '../../../broker/src/group/records.ts';
import { GroupShard } from '../../../broker/src/group/shard.ts';
import { ErrorCode } from '../../../broker/src/messages/errors.ts';
import type { Replica } from '../replica.ts';

export const SESSION_MS = 3000;
export const READ_TOPIC = 'read';
export const READ_PARTITIONS = 4;
export const READ_TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ';

export const CONFIG: GroupConfig = {
  minSessionTimeoutMs: 100,
  maxSessionTimeoutMs: 60_000,
  initialRebalanceDelayMs: 200,
  maxSize: 100,
  offsetsRetentionMs: 604_800_000,
  offsetMetadataBytesMax: 4096,
  consumer: {
    sessionTimeoutMs: () => SESSION_MS,
    heartbeatIntervalMs: () => 300,
    assignmentIntervalMs: () => 0,
    maxSize: 100,
    assignors: ['uniform', 'range'],
    migrationPolicy: 'disabled',
    regexRefreshIntervalMs: 600_000,
  },
};

const TOPICS: TopicView = {
  version: 1,
  names: [READ_TOPIC],
  idOf: (name) => (name === READ_TOPIC ? READ_TOPIC_ID : undefined),
  nameOf: (id) => (id === READ_TOPIC_ID ? READ_TOPIC : undefined),
  partitionCount: (id) => (id === READ_TOPIC_ID ? READ_PARTITIONS : 0),
};

export class GroupHost {
  readonly shard: GroupShard;
  readonly #replica: Replica;
  readonly #isLive: () => boolean;
  readonly #waits = new Map<Ticket, (body: Reply['body']) => void>();
  #nextTicket = 1;
  #timerAtMs = Number.POSITIVE_INFINITY;
  /** The writes under way, and who waits for all of them. */
  #pending = 0;
  #afterAll: ((errorCode: number) => void)[] = [];

  constructor(replica: Replica, isLive: () => boolean) {
    this.#replica = replica;
    this.#isLive = isLive;
    const { random } = replica.node.world;
    this.shard = new GroupShard(() => CONFIG, { randomUuid: random.uuid, topics: () => TOPICS });
    for (const { value } of replica.log.entries) {
      if (replica.node.world.options.bug === 'forgetfulGroups') break;
      const record = decodeGroupRecord(parse(value));
      if (record !== undefined) this.shard.replay(record);
    }
    this.shard.loaded(this.now);
    // What was there before counts only when it is committed.
    this.#pending = 1;
    replica.whenCommitted(replica.log.logEndOffset, (errorCode) => this.#committed(errorCode));
    this.#schedule();
  }

  get now() {
    const { nowMs } = this.#replica.node.world.clock;
    return { monotonicMs: nowMs, wallMs: nowMs };
  }

  expect(answer: (body: Reply['body']) => void): Ticket {
    const ticket = this.#nextTicket++;
    this.#waits.set(ticket, answer);
    return ticket;
  }

  /** `done` when the records are committed, at once when there are none; replies the same. */
  carryOut(effects: Effects, done: (errorCode: number) => void = () => undefined): void {
    if (effects.records.length === 0 && effects.replies.length === 0) done(ErrorCode.NONE);
    else if (effects.records.length === 0) {
      // What a reply tells may be of records that others wrote.
      this.afterAllBefore((errorCode) => {
        if (errorCode === ErrorCode.NONE) this.#send(effects.replies);
        done(errorCode);
      });
    } else this.#write(effects, done);
    this.#schedule();
  }

  /** When all that was written so far is committed. */
  afterAllBefore(done: (errorCode: number) => void): void {
    const { bug } = this.#replica.node.world.options;
    if (this.#pending === 0 || bug === 'dirtyOffsets') done(ErrorCode.NONE);
    else this.#afterAll.push(done);
  }

  #write({ records, replies }: Effects, done: (errorCode: number) => void): void {
    const refusal = this.#replica.refusal();
    if (refusal !== ErrorCode.NONE) {
      done(refusal);
      return;
    }
    let open = records.length;
    let failed: number = ErrorCode.NONE;
    this.#pending += open;
    for (const record of records) {
      const later = (act: () => void): void => this.#replica.node.later(0, act);
      this.#replica.produce(format(encodeGroupRecord(record)), -1, (errorCode) =>
        later(() => {
          open -= 1;
          failed ||= errorCode;
          this.#committed(errorCode);
          if (open > 0 || !this.#isLive()) return;
          if (failed === ErrorCode.NONE) this.#send(replies);
          done(failed);
        }),
      );
    }
    this.shard.appended(records, this.now);
  }

  #committed(errorCode: number): void {
    this.#pending -= 1;
    if (this.#pending > 0 && errorCode === ErrorCode.NONE) return;
    for (const done of this.#afterAll.splice(0)) done(errorCode);
  }

  #send(replies: readonly Reply[]): void {
    for (const { ticket, body } of replies) {
      this.#waits.get(ticket)?.(body);
      this.#waits.delete(ticket);
    }
  }

  #schedule(): void {
    const atMs = this.shard.nextDeadlineMs;
    const { node } = this.#replica;
    const { nowMs } = node.world.clock;
    if (!Number.isFinite(atMs) || (atMs >= this.#timerAtMs && this.#timerAtMs > nowMs)) return;
    this.#timerAtMs = atMs;
    node.later(Math.max(0, atMs - nowMs), () => {
      if (!this.#isLive() || this.#timerAtMs !== atMs) return;
      this.#timerAtMs = Number.POSITIVE_INFINITY;
      this.carryOut(this.shard.tick(this.now));
    });
  }
}

function format({ key, value }: { readonly key: Buffer | null; readonly value: Buffer | null }): string {
  return `${key?.toString('base64') ?? ''} ${value?.toString('base64') ?? '-'}`;
}

function parse(text: string): { key: Buffer | null; value: Buffer | null } {
  const [key = '', value = '-'] = text.split(' ');
  return { key: Buffer.from(key, 'base64'), value: value === '-' ? null : Buffer.from(value, 'base64') };
}
