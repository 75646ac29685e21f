/**
 * Replicas on their way from one log directory of this broker to another (AlterReplicaLogDirs, KIP-113).
 *
 *   copying: `<topic>-<partition>.<id>-future` grows in the new directory, a piece at a time
 *   copying → told: it has all, and the controller is told where the replica will lie (KIP-858)
 *   told → moved: the controller knows; what came meanwhile is copied, and the two folders change places
 *   any → given up: the partition left this broker, or another directory is wanted
 */
import type { Timer, Timers } from '../../handlers/services.ts';
import { DiskError } from '../../storage/disk.ts';
import type { Log } from '../../storage/log.ts';
import { LogError } from '../../storage/log-contract.ts';
import type { LogDirectories } from '../../storage/log-directories.ts';
import type { LogDirectory } from '../../storage/log-directory.ts';
import { newUuid } from '../identity.ts';
import type { DirectoryAssignments } from './directory-assignments.ts';
import type { Replica } from './replica.ts';

export interface DirectoryMovesOptions {
  readonly logs: LogDirectories;
  readonly timers: Timers;
  readonly assignments: DirectoryAssignments;
  /** replica.alter.log.dirs.io.max.bytes.per.second. */
  readonly bytesPerSecondMax: () => number;
  readonly recordTimeMs: () => number;
  /** log.segment.delete.delay.ms, for the folder that is left behind. */
  readonly folderDelayMs: () => number;
  readonly onMoved: (replica: Replica) => void;
  readonly warn: (message: string) => void;
}

interface Move {
  readonly replica: Replica;
  readonly target: LogDirectory;
  readonly future: Log;
  told: boolean;
  timer: Timer | null;
}

/** Bytes copied before everyone else has a turn. */
const pieceBytes = 1024 * 1024;
const pauseMs = 2;
/** While the controller has not answered: how often to copy what came meanwhile. */
const followMs = 50;

export class DirectoryMoves {
  readonly #options: DirectoryMovesOptions;
  readonly #moves = new Map<Replica, Move>();

  constructor(options: DirectoryMovesOptions) {
    this.#options = options;
  }

  /** The log that is to take a replica's place; undefined when it is not moving. */
  futureOf(replica: Replica): { readonly path: string; readonly log: Log } | undefined {
    const move = this.#moves.get(replica);
    return move === undefined ? undefined : { path: move.target.path, log: move.future };
  }

  /** Begins, or goes on with, a move. One to elsewhere is given up; to where the replica is, nothing is begun. */
  begin(replica: Replica, target: LogDirectory): void {
    const known = this.#moves.get(replica);
    if (known?.target === target) return;
    this.giveUp(replica);
    const { topic, partition, topicId, log } = replica;
    if (this.#options.logs.directoryOf(topic, partition) === target) return;
    const nowMs = this.#options.recordTimeMs();
    const options = { topic, partition, topicId, config: log.config, nowMs, uniqueId: newUuid() };
    const future = target.openFuture(options);
    const move: Move = { replica, target, future, told: false, timer: null };
    this.#moves.set(replica, move);
    this.#stepAfter(move, 0);
  }

  giveUp(replica: Replica): void {
    const move = this.#moves.get(replica);
    if (move === undefined) return;
    this.#moves.delete(replica);
    move.timer?.cancel();
    try {
      move.target.dropFuture(replica.topic, replica.partition);
    } catch (error) {
      if (!(error instanceof DiskError)) throw error; // the directory failed: its files are nobody's business any more
    }
  }

  /** A directory failed: what was on its way there stays where it is. */
  directoryFailed(directory: LogDirectory): void {
    for (const [replica, move] of this.#moves) if (move.target === directory) this.giveUp(replica);
  }

  stop(): void {
    for (const { timer } of this.#moves.values()) timer?.cancel();
    this.#moves.clear();
  }

  #stepAfter(move: Move, delayMs: number): void {
    move.timer = this.#options.timers.after(delayMs, () => {
      if (this.#moves.get(move.replica) === move) this.#attempt(move, () => this.#step(move));
    });
  }

  #attempt(move: Move, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof DiskError || error instanceof LogError)) throw error;
      this.#options.warn(`${move.replica.name} stays where it is: ${error.message}`);
      this.giveUp(move.replica);
    }
  }

  #step(move: Move): void {
    const copied = copyPiece(move.replica.log, move.future);
    if (copied > 0) {
      this.#stepAfter(move, Math.max(pauseMs, (copied / this.#options.bytesPerSecondMax()) * 1000));
      return;
    }
    if (!move.told) {
      move.told = true;
      const { topicId, partition } = move.replica;
      const placed = { topicId, partition, directoryId: move.target.id };
      this.#options.assignments.tell(placed, () => this.#attempt(move, () => this.#finish(move)));
    }
    this.#stepAfter(move, followMs);
  }

  #finish(move: Move): void {
    const { replica, target, future } = move;
    if (this.#moves.get(replica) !== move) return;
    while (copyPiece(replica.log, future) > 0);
    this.#moves.delete(replica);
    move.timer?.cancel();
    const { topic, partition, topicId, log } = replica;
    if (log.logStartOffset > future.logStartOffset) future.deleteRecordsBefore(log.logStartOffset);
    const { logs, recordTimeMs, folderDelayMs, onMoved } = this.#options;
    const nowMs = recordTimeMs();
    logs.delete(topic, partition, { dueMs: nowMs + folderDelayMs(), uniqueId: newUuid() });
    replica.log = target.promoteFuture({ topic, partition, topicId, config: log.config });
    onMoved(replica);
  }
}

/** Brings the copy nearer to the log, which may have been cut meanwhile; bytes copied, 0 when it has all. */
function copyPiece(log: Log, future: Log): number {
  const known = log.endOffsetForEpoch(future.latestEpoch);
  const commonEnd = known.endOffset >= 0 ? Math.min(known.endOffset, log.logEndOffset) : log.logEndOffset;
  if (future.logEndOffset > commonEnd) future.truncateTo(commonEnd);
  if (future.logEndOffset < log.logStartOffset) future.truncateFullyAndStartAt(log.logStartOffset);
  if (future.logEndOffset >= log.logEndOffset) return 0;
  const read = log.read(future.logEndOffset, { maxBytes: pieceBytes, upTo: log.logEndOffset });
  if (read.kind !== 'records' || read.records.length === 0) return 0;
  future.appendAsFollower(read.records);
  return read.records.length;
}
