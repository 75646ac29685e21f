/**
 * Incremental fetch sessions (KIP-227): a fetcher names its partitions once; later requests carry only changes, later
 * responses only partitions that have something to say.
 *
 * A session: created (epoch 0) → used (epoch 1, 2, … wrapping to 1) → closed (epoch -1), evicted, or replaced.
 */
import type { FetchRequest } from '../messages/01-fetch.ts';
import { ErrorCode } from '../messages/errors.ts';
import { ZERO_UUID } from '../wire/main.ts';

export interface SessionPartition {
  readonly topicId: string;
  /** Empty when asked by id and the id is unknown. */
  topic: string;
  readonly partition: number;
  fetchOffset: number;
  currentLeaderEpoch: number;
  lastFetchedEpoch: number;
  logStartOffset: number;
  maxBytes: number;
  /** What the fetcher was last told; -1 before. */
  toldHighWatermark: number;
  toldLogStartOffset: number;
  /** Sent once; an incremental response repeats a partition only for a reason. */
  told: boolean;
}

export type SessionFetch =
  | { readonly kind: 'error'; readonly errorCode: number }
  | {
      readonly kind: 'full' | 'incremental';
      readonly sessionId: number;
      /** In the order in which they are to be read. */
      readonly partitions: Iterable<SessionPartition>;
      readonly partitionCount: number;
    };

interface Session {
  readonly id: number;
  readonly privileged: boolean;
  readonly usesTopicIds: boolean;
  epoch: number;
  lastUsedMs: number;
  readonly partitions: Map<string, SessionPartition>;
  /** Answers the request of this session that is being held, if there is one. */
  interrupt: (() => void) | null;
}

const finalEpoch = -1;
const initialEpoch = 0;
/** A session in use may be pushed out by a new one only after this long without a request. */
const evictionMs = 120_000;

export interface FetchSessionsOptions {
  readonly slotsMax: () => number;
  readonly random: () => number;
  readonly nowMs: () => number;
  readonly topicName: (topicId: string) => string | undefined;
}

export class FetchSessions {
  readonly #options: FetchSessionsOptions;
  readonly #sessions = new Map<number, Session>();

  constructor(options: FetchSessionsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#sessions.size;
  }

  begin(request: FetchRequest, options: { version: number; fromReplica: boolean }): SessionFetch {
    const { sessionId, sessionEpoch } = request;
    if (options.version < 7 || sessionEpoch === finalEpoch || sessionEpoch === initialEpoch) {
      if (sessionId !== 0) this.#sessions.delete(sessionId);
      return this.#beginFull(request, options);
    }
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return { kind: 'error', errorCode: ErrorCode.FETCH_SESSION_ID_NOT_FOUND };
    if (session.epoch !== sessionEpoch) {
      return { kind: 'error', errorCode: ErrorCode.INVALID_FETCH_SESSION_EPOCH };
    }
    if (session.usesTopicIds !== options.version >= 13) {
      return { kind: 'error', errorCode: ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR };
    }
    session.interrupt?.();
    session.interrupt = null;
    this.#update(session, request);
    session.epoch = session.epoch === 0x7fffffff ? 1 : session.epoch + 1;
    session.lastUsedMs = this.#options.nowMs();
    const { partitions } = session;
    return {
      kind: 'incremental',
      sessionId,
      partitions: partitions.values(),
      partitionCount: partitions.size,
    };
  }

  /** A request is held: should the session's next one arrive meanwhile, it is answered at once. */
  hold(sessionId: number, interrupt: () => void): void {
    const session = this.#sessions.get(sessionId);
    if (session !== undefined) session.interrupt = interrupt;
  }

  /** Partitions that were given records go to the end of the line, so that none starves. */
  rotate(sessionId: number, served: readonly SessionPartition[]): void {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return;
    for (const partition of served) {
      const key = keyOf(partition);
      if (session.partitions.delete(key)) session.partitions.set(key, partition);
    }
  }

  #beginFull(request: FetchRequest, options: { version: number; fromReplica: boolean }): SessionFetch {
    const partitions = new Map<string, SessionPartition>();
    this.#addAll(partitions, request);
    const wantsSession = options.version >= 7 && request.sessionEpoch === initialEpoch;
    const sessionId = wantsSession ? this.#create(partitions, options) : 0;
    return {
      kind: 'full',
      sessionId,
      partitions: [...partitions.values()],
      partitionCount: partitions.size,
    };
  }

  #create(
    partitions: Map<string, SessionPartition>,
    options: { version: number; fromReplica: boolean },
  ): number {
    const { nowMs, random } = this.#options;
    if (partitions.size === 0 || !this.#makeRoom(options.fromReplica)) return 0;
    let id = 0;
    while (id === 0 || this.#sessions.has(id)) id = 1 + Math.floor(random() * 0x7ffffffe);
    this.#sessions.set(id, {
      id,
      privileged: options.fromReplica,
      usesTopicIds: options.version >= 13,
      epoch: 1,
      lastUsedMs: nowMs(),
      partitions,
      interrupt: null,
    });
    return id;
  }

  #makeRoom(privileged: boolean): boolean {
    const slotsMax = this.#options.slotsMax();
    if (this.#sessions.size < slotsMax) return true;
    const now = this.#options.nowMs();
    for (const session of this.#sessions.values()) {
      const isStale = now - session.lastUsedMs > evictionMs;
      if (isStale || (privileged && !session.privileged)) {
        this.#sessions.delete(session.id);
        return true;
      }
    }
    return false;
  }

  #update(session: Session, request: FetchRequest): void {
    for (const topic of request.forgottenTopicsData) {
      for (const partition of topic.partitions) {
        session.partitions.delete(keyOf({ topic: topic.topic, topicId: topic.topicId, partition }));
      }
    }
    this.#addAll(session.partitions, request);
    for (const partition of session.partitions.values()) {
      if (partition.topic === '') partition.topic = this.#options.topicName(partition.topicId) ?? '';
    }
  }

  #addAll(partitions: Map<string, SessionPartition>, request: FetchRequest): void {
    for (const topic of request.topics) {
      const byId = topic.topicId !== ZERO_UUID;
      const name = byId ? (this.#options.topicName(topic.topicId) ?? '') : topic.topic;
      for (const asked of topic.partitions) {
        const key = keyOf({ topic: topic.topic, topicId: topic.topicId, partition: asked.partition });
        const known = partitions.get(key);
        const position = {
          fetchOffset: Number(asked.fetchOffset),
          currentLeaderEpoch: asked.currentLeaderEpoch,
          lastFetchedEpoch: asked.lastFetchedEpoch,
          logStartOffset: Number(asked.logStartOffset),
          maxBytes: asked.partitionMaxBytes,
        };
        if (known !== undefined) Object.assign(known, position);
        else
          partitions.set(key, newPartition(topic.topicId, name, { ...position, partition: asked.partition }));
      }
    }
  }
}

function newPartition(
  topicId: string,
  topic: string,
  position: Pick<
    SessionPartition,
    'partition' | 'fetchOffset' | 'currentLeaderEpoch' | 'lastFetchedEpoch' | 'logStartOffset' | 'maxBytes'
  >,
): SessionPartition {
  return { topicId, topic, ...position, toldHighWatermark: -1, toldLogStartOffset: -1, told: false };
}

function keyOf(of: { readonly topicId: string; readonly topic: string; readonly partition: number }): string {
  return of.topicId === ZERO_UUID ? `${of.topic}/${of.partition}` : `${of.topicId}/${of.partition}`;
}
