/** Invariants of groups, offsets and transactions. */
import { type LedgerEntry, parseEntry } from '../coordination/ledger-host.ts';
import type { Owner } from '../coordination/offsets.ts';
import { LEDGER_TOPIC } from '../coordination/plan.ts';
import type { SimNode } from '../node.ts';
import { type Checker, Violation } from './checker.ts';

export interface Assignment {
  readonly group: string;
  readonly generation: number;
  readonly memberId: string;
  readonly partitions: readonly number[];
}

export interface Holding {
  readonly group: string;
  readonly memberId: string;
  readonly partitions: readonly number[];
  /** Its session ends then, as far as it knows: from then on it may hold nothing. */
  readonly untilMs: number;
}

/** In a generation of a classic group a partition has one owner, whoever coordinates. */
export class OneOwnerPerGeneration {
  readonly #owners = new Map<string, string>();
  count = 0;

  assigned({ group, generation, memberId, partitions }: Assignment): void {
    this.count += 1;
    for (const partition of partitions) {
      const key = `${group}-${partition} in generation ${generation}`;
      const known = this.#owners.get(key);
      if (known !== undefined && known !== memberId)
        throw new Violation('OneOwnerPerGeneration', `${key} is ${memberId}'s and ${known}'s`);
      this.#owners.set(key, memberId);
    }
  }
}

/** In a group of the consumer protocol no two members whose sessions last hold the same partition. */
export class OneHolderAtATime {
  readonly #holdings = new Map<string, Holding>();
  readonly #now: () => number;
  count = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  held(holding: Holding): void {
    this.#holdings.set(`${holding.group} ${holding.memberId}`, holding);
    if (holding.partitions.length > 0) this.count += 1;
    const nowMs = this.#now();
    if (holding.untilMs <= nowMs) return;
    for (const other of this.#holdings.values()) {
      if (other.memberId === holding.memberId || other.group !== holding.group || other.untilMs <= nowMs)
        continue;
      const both = other.partitions.find((partition) => holding.partitions.includes(partition));
      if (both === undefined) continue;
      const who = `${holding.memberId} and ${other.memberId}`;
      throw new Violation('OneHolderAtATime', `${holding.group}-${both} is held by ${who}`);
    }
  }
}

/** A committed offset stays, and never goes back; a member of a past generation commits nothing. */
export class CommittedOffsetsStay {
  readonly #acknowledged = new Map<string, number>();
  /** Sent and not answered, by partition: they may count at any time. */
  readonly #undecided = new Map<string, Set<number>>();
  readonly #generations = new Map<string, number>();
  readonly #sentAt = new Map<string, number>();
  readonly #seen = new Map<string, number>();
  #last = 0;
  count = 0;

  assigned({ group, generation }: Assignment): void {
    this.#generations.set(group, Math.max(generation, this.#generations.get(group) ?? 0));
  }

  committing({ group, partition }: Owner): number {
    const offset = ++this.#last;
    const key = `${group}-${partition}`;
    const undecided = this.#undecided.get(key) ?? new Set();
    this.#undecided.set(key, undecided.add(offset));
    this.#sentAt.set(`${key}@${offset}`, this.#generations.get(group) ?? 0);
    return offset;
  }

  committed(
    { group, partition, epoch }: Owner,
    { offset, errorCode }: { offset: number; errorCode: number },
  ): void {
    const key = `${group}-${partition}`;
    if (errorCode !== 0) return;
    this.count += 1;
    this.#undecided.get(key)?.delete(offset);
    const generation = this.#sentAt.get(`${key}@${offset}`)!;
    if (group === 'classic' && epoch < generation)
      throw new Violation(
        'CommittedOffsetsStay',
        `a member of generation ${epoch} committed ${key}, generation ${generation} was there`,
      );
    this.#acknowledged.set(key, Math.max(offset, this.#acknowledged.get(key) ?? -1));
  }

  lookingAt(group: string, partition: number): number {
    const key = `${group}-${partition}`;
    return Math.max(this.#acknowledged.get(key) ?? -1, this.#seen.get(key) ?? -1);
  }

  lookedAt(
    group: string,
    partition: number,
    { expected, offset }: { expected: number; offset: number },
  ): void {
    const key = `${group}-${partition}`;
    if (offset < expected && !this.#undecided.get(key)?.has(offset))
      throw new Violation('CommittedOffsetsStay', `${key} is at ${offset}, it was at ${expected}`);
    this.#seen.set(key, offset);
  }
}

/** A transaction counts on all its partitions or on none, as was answered; when all is over none is open. */
export class TransactionsAreWhole implements Checker {
  #last = 0;
  readonly #wanted = new Map<string, boolean>();
  readonly #answered = new Map<string, boolean>();
  count = 0;

  transactionBegun(): string {
    return `t${++this.#last}`;
  }

  transactionEnding(label: string, commit: boolean): void {
    this.#wanted.set(label, commit);
  }

  transactionEnded(label: string, commit: boolean): void {
    this.count += 1;
    this.#answered.set(label, commit);
  }

  finished(nodes: readonly SimNode[]): void {
    const outcomes = new Map<string, boolean>();
    const topic = nodes[0]!.image.topics.get(LEDGER_TOPIC);
    for (const [index, { leader }] of (topic?.partitions ?? []).entries()) {
      const replica = nodes.find(({ id }) => id === leader)?.broker.replica(topic!.id, index);
      const entries = (replica?.log.entries ?? []).map(({ value }) => parseEntry(value));
      this.#read(entries, `${LEDGER_TOPIC}-${index}`, outcomes);
    }
    for (const [label, commit] of this.#answered) {
      const found = outcomes.get(label);
      if (found !== undefined && found !== commit)
        fail(`${label} was answered ${commit}, in the log it is ${found}`);
    }
    for (const [label, found] of outcomes) {
      if (found && this.#wanted.get(label) !== true) fail(`${label} is committed, and nobody wanted that`);
    }
  }

  /** What read_committed shows is told by markers alone. */
  #read(entries: readonly LedgerEntry[], where: string, outcomes: Map<string, boolean>): void {
    const open = new Map<number, { label: string; epoch: number }>();
    for (const entry of entries) {
      const known = open.get(entry.producerId);
      if (entry.kind === 'record') {
        if (known !== undefined && known.label !== entry.label)
          fail(`${where}: ${entry.label} begins while ${known.label} is open`);
        open.set(entry.producerId, { label: entry.label, epoch: entry.producerEpoch });
        continue;
      }
      open.delete(entry.producerId);
      if (known === undefined) continue;
      if (entry.producerEpoch < known.epoch) fail(`${where}: an older epoch ended ${known.label}`);
      const elsewhere = outcomes.get(known.label);
      if (elsewhere !== undefined && elsewhere !== entry.committed)
        fail(`${known.label} is ${entry.committed} on ${where}, ${elsewhere} elsewhere`);
      outcomes.set(known.label, entry.committed);
    }
    for (const { label } of open.values()) fail(`${where}: ${label} hangs`);
  }
}

function fail(message: string): never {
  throw new Violation('TransactionsAreWhole', message);
}
