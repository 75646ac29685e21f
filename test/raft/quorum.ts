/**
 * A handful of Raft cores joined by a perfect network: every message arrives after `latencyMs`, in order, unless its
 * link is cut. Time moves only by `run`. What Ready asks for is done at once, in memory.
 */
import { createRaft } from '../../broker/src/raft/raft.ts';
import {
  type Append,
  defaultRaftConfig,
  type LogBatch,
  type OffsetAndEpoch,
  type QuorumState,
  type Raft,
  type RaftConfig,
  type RaftRequest,
  type RaftResponse,
  type Ready,
} from '../../broker/src/raft/types.ts';

export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';

export interface TestNode {
  readonly id: number;
  raft: Raft;
  batches: LogBatch[];
  quorumState: QuorumState | null;
  snapshots: Map<string, Buffer>;
  snapshot: OffsetAndEpoch | null;
  startOffset: number;
  up: boolean;
  committedTo: number;
  /** leadership changes as `id@epoch active`. */
  readonly leaderships: string[];
}

interface Envelope {
  readonly atMs: number;
  readonly deliver: () => void;
}

export class TestQuorum {
  readonly nodes = new Map<number, TestNode>();
  nowMs = 1000;
  readonly latencyMs: number;
  readonly cut = new Set<string>();
  readonly trace: string[] = [];
  readonly #voterIds: readonly number[];
  readonly #config: RaftConfig;
  #queue: Envelope[] = [];
  #seed = 7;

  constructor(
    voterIds: readonly number[],
    options: { latencyMs?: number; config?: Partial<RaftConfig>; observers?: number[] } = {},
  ) {
    this.#voterIds = voterIds;
    this.latencyMs = options.latencyMs ?? 1;
    this.#config = { ...defaultRaftConfig, ...options.config };
    for (const id of [...voterIds, ...(options.observers ?? [])]) {
      const node: TestNode = {
        id,
        raft: undefined as unknown as Raft, // set by `start`
        batches: [],
        quorumState: null,
        snapshots: new Map(),
        snapshot: null,
        startOffset: 0,
        up: false,
        committedTo: 0,
        leaderships: [],
      };
      this.nodes.set(id, node);
    }
  }

  start(...ids: number[]): void {
    for (const id of ids.length > 0 ? ids : this.nodes.keys()) {
      const node = this.node(id);
      const last = node.batches.at(-1);
      const epochs: { epoch: number; startOffset: number }[] = [];
      for (const batch of node.batches) {
        if (epochs.at(-1)?.epoch !== batch.epoch) {
          epochs.push({ epoch: batch.epoch, startOffset: batch.baseOffset });
        }
      }
      node.raft = createRaft({
        nodeId: id,
        directoryId: ZERO_UUID,
        voters: this.#voterIds.map((voter) => ({ id: voter, directoryId: ZERO_UUID, endpoints: [] })),
        config: this.#config,
        quorumState: node.quorumState,
        log: {
          startOffset: node.startOffset,
          endOffset: last === undefined ? node.startOffset : last.lastOffset + 1,
          epochs,
          snapshot: node.snapshot,
        },
        random: () => this.#random(),
        nowMs: this.nowMs,
      });
      node.up = true;
      node.committedTo = 0;
      this.#carryOut(node);
    }
  }

  kill(id: number): void {
    this.node(id).up = false;
  }

  node(id: number): TestNode {
    return this.nodes.get(id)!;
  }

  isolate(id: number): void {
    for (const other of this.nodes.keys()) {
      this.cut.add(`${id}>${other}`);
      this.cut.add(`${other}>${id}`);
    }
  }

  heal(): void {
    this.cut.clear();
  }

  propose(id: number, ...values: string[]): number | null {
    const node = this.node(id);
    const { leaderEpoch } = node.raft.leader;
    const proposal = { values: values.map((value) => Buffer.from(value)), epoch: leaderEpoch };
    const end = node.raft.propose(proposal, this.nowMs);
    this.#carryOut(node);
    return end;
  }

  act(id: number, action: (raft: Raft) => void): void {
    action(this.node(id).raft);
    this.#carryOut(this.node(id));
  }

  /** The node that leads the highest epoch, or undefined. */
  get leader(): TestNode | undefined {
    const leaders = [...this.nodes.values()].filter((node) => node.up && node.raft.role === 'leader');
    return leaders.sort((a, b) => b.raft.leader.leaderEpoch - a.raft.leader.leaderEpoch)[0];
  }

  /** Moves time on until `until` holds or `ms` have passed; returns how many ms it took. */
  run(ms: number, until: () => boolean = () => false): number {
    const startMs = this.nowMs;
    const endMs = startMs + ms;
    while (!until()) {
      const atMs = Math.min(this.#nextEventMs(), endMs);
      this.nowMs = Math.max(this.nowMs, atMs);
      const due = this.#queue.filter((envelope) => envelope.atMs <= this.nowMs);
      this.#queue = this.#queue.filter((envelope) => envelope.atMs > this.nowMs);
      for (const envelope of due) envelope.deliver();
      for (const node of this.nodes.values()) {
        if (!node.up || node.raft.nextDeadlineMs > this.nowMs) continue;
        node.raft.tick(this.nowMs);
        this.#carryOut(node);
      }
      if (this.nowMs >= endMs && this.#nextEventMs() > endMs) break;
    }
    return this.nowMs - startMs;
  }

  values(id: number): string[] {
    return this.node(id).batches.flatMap((batch) => JSON.parse(batch.bytes.toString()) as string[]);
  }

  #nextEventMs(): number {
    const times = this.#queue.map((envelope) => envelope.atMs);
    for (const node of this.nodes.values()) if (node.up) times.push(node.raft.nextDeadlineMs);
    return Math.min(...times);
  }

  #random(): number {
    this.#seed = (this.#seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return this.#seed / 2_147_483_648;
  }

  #carryOut(node: TestNode): void {
    for (let ready = node.raft.ready(); ready !== null; ready = node.raft.ready()) {
      this.#persist(node, ready);
      for (const { requestId, to, request } of ready.requests) this.#request(node, to, requestId, request);
      for (const outgoing of ready.replies) this.#reply(node, outgoing);
      if (ready.committedTo !== null) node.committedTo = ready.committedTo;
      if (ready.leadership !== null) {
        const { leaderId, leaderEpoch, active } = ready.leadership;
        node.leaderships.push(`${leaderId}@${leaderEpoch}${active ? ' active' : ''}`);
      }
    }
  }

  #persist(node: TestNode, ready: Ready): void {
    const { truncateTo } = ready;
    if (truncateTo !== null) node.batches = node.batches.filter((batch) => batch.lastOffset < truncateTo);
    for (const part of ready.snapshotParts) {
      const key = `${part.snapshotId.offset}-${part.snapshotId.epoch}`;
      const before = part.position === 0 ? Buffer.alloc(0) : (node.snapshots.get(key) ?? Buffer.alloc(0));
      node.snapshots.set(key, Buffer.concat([before, part.bytes]));
    }
    if (ready.restoreSnapshot !== null) {
      node.batches = [];
      node.snapshot = ready.restoreSnapshot;
      node.startOffset = ready.restoreSnapshot.offset;
    }
    for (const append of ready.append) node.batches.push(...asBatches(append));
    const { logStartOffset } = ready;
    if (logStartOffset !== null) {
      node.startOffset = logStartOffset;
      node.batches = node.batches.filter((batch) => batch.lastOffset >= logStartOffset);
    }
    if (ready.quorumState !== null) node.quorumState = ready.quorumState;
  }

  readonly #waiting = new Map<number, { from: TestNode; requestId: number; to: number }>();
  #tokens = 0;

  #request(from: TestNode, to: number, requestId: number, request: RaftRequest): void {
    this.trace.push(`${this.nowMs} ${from.id}>${to} ${describe(request)}`);
    this.#later(() => {
      const target = this.node(to);
      if (!target.up || this.cut.has(`${from.id}>${to}`)) {
        if (!from.up) return;
        from.raft.step({ kind: 'requestFailed', requestId }, this.nowMs);
        this.#carryOut(from);
        return;
      }
      const token = ++this.#tokens;
      this.#waiting.set(token, { from, requestId, to });
      target.raft.step({ kind: 'request', requestId: token, request }, this.nowMs);
      this.#carryOut(target);
    });
  }

  #reply(node: TestNode, outgoing: Ready['replies'][number]): void {
    const waiting = this.#waiting.get(outgoing.requestId);
    if (waiting === undefined) return;
    this.#waiting.delete(outgoing.requestId);
    const response = this.#fill(node, outgoing);
    const { from, requestId } = waiting;
    this.#later(() => {
      if (!from.up) return;
      const lost = this.cut.has(`${node.id}>${from.id}`);
      from.raft.step(
        lost ? { kind: 'requestFailed', requestId } : { kind: 'response', requestId, response },
        this.nowMs,
      );
      this.#carryOut(from);
    });
  }

  #fill(node: TestNode, { response, fetchRead, snapshotRead }: Ready['replies'][number]): RaftResponse {
    if (response.kind === 'fetchResponse' && fetchRead !== null) {
      const batches = node.batches.filter(
        (batch) => batch.baseOffset >= fetchRead.fromOffset && batch.lastOffset < fetchRead.toOffset,
      );
      return { ...response, batches };
    }
    if (response.kind === 'fetchSnapshotResponse' && snapshotRead !== null) {
      const { snapshotId, position, maxBytes } = snapshotRead;
      const file = node.snapshots.get(`${snapshotId.offset}-${snapshotId.epoch}`)!;
      return { ...response, sizeBytes: file.length, bytes: file.subarray(position, position + maxBytes) };
    }
    return response;
  }

  #later(deliver: () => void): void {
    this.#queue.push({ atMs: this.nowMs + this.latencyMs, deliver });
  }
}

function asBatches(append: Append): readonly LogBatch[] {
  if (append.kind === 'batches') return append.batches;
  const { baseOffset, epoch } = append;
  const values = append.kind === 'records' ? append.values.map(String) : [`leader ${append.leaderId}`];
  const lastOffset = baseOffset + values.length - 1;
  return [{ baseOffset, lastOffset, epoch, bytes: Buffer.from(JSON.stringify(values)) }];
}

function describe(request: RaftRequest): string {
  switch (request.kind) {
    case 'voteRequest':
      return `${request.preVote ? 'prevote' : 'vote'} epoch=${request.replicaEpoch}`;
    case 'fetchRequest':
      return `fetch ${request.fetchOffset}@${request.lastFetchedEpoch}`;
    default:
      return request.kind;
  }
}
