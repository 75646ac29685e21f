/** Invariants of the metadata quorum (Raft, KIP-595). */
import { createHash } from 'node:crypto';
import { imageToRecords } from '../../../broker/src/controller/snapshot.ts';
import { encodeMetadataRecord } from '../../../broker/src/messages/metadata/records.ts';
import type { Leadership, LogBatch, Ready } from '../../../broker/src/raft/types.ts';
import type { SimNode } from '../node.ts';
import { type Checker, Violation } from './checker.ts';

/** At most one node leads an epoch. */
export class OneLeaderPerEpoch implements Checker {
  readonly #leaders = new Map<number, number>();

  leadership(node: SimNode, { leaderId, leaderEpoch }: Leadership): void {
    if (leaderId < 0) return;
    const known = this.#leaders.get(leaderEpoch);
    if (known !== undefined && known !== leaderId) {
      throw new Violation(
        'OneLeaderPerEpoch',
        `node ${node.id} sees ${leaderId} lead epoch ${leaderEpoch}, it was ${known}`,
      );
    }
    this.#leaders.set(leaderEpoch, leaderId);
  }
}

/** A node votes for at most one in an epoch, crashes or not. */
export class OneVotePerEpoch implements Checker {
  readonly #votes = new Map<string, number>();

  persisted(node: SimNode, { quorumState }: Ready): void {
    if (quorumState === null || quorumState.votedId < 0) return;
    const key = `${node.id}@${quorumState.leaderEpoch}`;
    const known = this.#votes.get(key);
    if (known !== undefined && known !== quorumState.votedId) {
      throw new Violation(
        'OneVotePerEpoch',
        `node ${node.id} voted for ${known} and ${quorumState.votedId} in epoch ${quorumState.leaderEpoch}`,
      );
    }
    this.#votes.set(key, quorumState.votedId);
  }
}

/** The epoch on a node's disk never goes back. */
export class EpochsRise implements Checker {
  readonly #epochs = new Map<number, number>();

  persisted(node: SimNode, { quorumState }: Ready): void {
    if (quorumState === null) return;
    const known = this.#epochs.get(node.id) ?? 0;
    if (quorumState.leaderEpoch < known) {
      throw new Violation(
        'EpochsRise',
        `node ${node.id} went from epoch ${known} back to ${quorumState.leaderEpoch}`,
      );
    }
    this.#epochs.set(node.id, quorumState.leaderEpoch);
  }
}

/** What one node has applied at an offset, every node applies at that offset, for ever. */
export class CommittedNeverChanges implements Checker {
  readonly #committed = new Map<number, LogBatch>();
  #end = 0;

  appliedBatch(node: SimNode, batch: LogBatch): void {
    const known = this.#committed.get(batch.baseOffset);
    if (known === undefined && batch.baseOffset < this.#end) {
      throw new Violation(
        'CommittedNeverChanges',
        `node ${node.id} has a batch at ${batch.baseOffset}, where none was committed`,
      );
    }
    if (known !== undefined && !known.bytes.equals(batch.bytes)) {
      throw new Violation(
        'CommittedNeverChanges',
        `node ${node.id} applied another batch at ${batch.baseOffset}`,
      );
    }
    this.#committed.set(batch.baseOffset, batch);
    this.#end = Math.max(this.#end, batch.lastOffset + 1);
  }

  /** Leader completeness: who is elected has everything that was ever committed. */
  leadership(node: SimNode, { leaderId }: Leadership): void {
    if (leaderId !== node.id) return;
    const { startOffset, endOffset } = node.disk.logState;
    if (endOffset < this.#end) {
      throw new Violation(
        'CommittedNeverChanges',
        `node ${node.id} leads with a log up to ${endOffset}, ${this.#end} was committed`,
      );
    }
    const batches = new Map(node.disk.batches.map((batch) => [batch.baseOffset, batch]));
    for (const [offset, batch] of this.#committed) {
      if (offset < startOffset) continue;
      if (batches.get(offset)?.bytes.equals(batch.bytes) !== true) {
        throw new Violation(
          'CommittedNeverChanges',
          `node ${node.id} leads without what was committed at ${offset}`,
        );
      }
    }
  }
}

/** Batches of the same offset and epoch are the same, and so is everything before them (log matching). */
export class LogsMatch implements Checker {
  readonly #seen = new Map<string, Buffer>();
  readonly #previous = new Map<string, string>();

  persisted(node: SimNode, ready: Ready): void {
    if (ready.append.length === 0) return;
    const first = ready.append[0]!.baseOffset;
    const { batches } = node.disk;
    for (let index = batches.length - 1; index >= 0 && batches[index]!.baseOffset >= first; index--) {
      this.#check(node, batches[index]!, batches[index - 1]);
    }
  }

  #check(node: SimNode, batch: LogBatch, before: LogBatch | undefined): void {
    const key = `${batch.baseOffset}@${batch.epoch}`;
    const known = this.#seen.get(key);
    if (known !== undefined && !known.equals(batch.bytes)) {
      throw new Violation('LogsMatch', `node ${node.id} has another batch at ${key}`);
    }
    this.#seen.set(key, batch.bytes);
    if (before === undefined) return;
    const previous = `${before.baseOffset}@${before.epoch}`;
    const knownPrevious = this.#previous.get(key);
    if (knownPrevious !== undefined && knownPrevious !== previous) {
      throw new Violation(
        'LogsMatch',
        `node ${node.id} has ${previous} before ${key}, another has ${knownPrevious}`,
      );
    }
    this.#previous.set(key, previous);
  }
}

/** A node's high watermark never falls while it lives, and is never beyond its log. */
export class HighWatermarkRises implements Checker {
  readonly #marks = new Map<number, number>();

  persisted(node: SimNode, { committedTo }: Ready): void {
    if (committedTo === null) return;
    const known = this.#marks.get(node.id) ?? 0;
    if (committedTo < known) {
      throw new Violation('HighWatermarkRises', `node ${node.id} fell from ${known} to ${committedTo}`);
    }
    if (committedTo > node.disk.endOffset) {
      throw new Violation(
        'HighWatermarkRises',
        `node ${node.id} commits ${committedTo}, its log ends at ${node.disk.endOffset}`,
      );
    }
    this.#marks.set(node.id, committedTo);
  }

  crashed(node: SimNode): void {
    this.#marks.delete(node.id);
  }
}

/** Nodes that have applied the same offset have the same image, by log or by snapshot. */
export class SameImageAtSameOffset implements Checker {
  readonly #digests = new Map<number, string>();

  applied(node: SimNode): void {
    if (node.appliedTo % 5 !== 0) return;
    this.#compare(node);
  }

  finished(nodes: readonly SimNode[]): void {
    for (const node of nodes) this.#compare(node);
  }

  #compare(node: SimNode): void {
    const lines = imageToRecords(node.image).map((record) => encodeMetadataRecord(record).toString('base64'));
    const digest = createHash('sha1').update(lines.sort().join('\n')).digest('hex');
    const known = this.#digests.get(node.appliedTo);
    if (known !== undefined && known !== digest) {
      throw new Violation('SameImageAtSameOffset', `node ${node.id} has another image at ${node.appliedTo}`);
    }
    this.#digests.set(node.appliedTo, digest);
  }
}
