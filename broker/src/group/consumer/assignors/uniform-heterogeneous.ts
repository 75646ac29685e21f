/** The uniform assignor where members read different topics: keeps what it may, then levels topic by topic. */
import type { AssignorInput } from './assignor.ts';

interface Load {
  readonly memberId: string;
  readonly reads: ReadonlySet<string>;
  readonly assigned: Map<string, Set<number>>;
  size: number;
}

export function assignHeterogeneous({
  members,
  partitionCount,
}: AssignorInput): Map<string, Map<string, number[]>> {
  const loads: Load[] = members.map(({ memberId, topicIds }) => ({
    memberId,
    reads: new Set(topicIds),
    assigned: new Map(),
    size: 0,
  }));
  const topicIds = [...new Set(members.flatMap((member) => member.topicIds))].sort();
  const taken = new Set<string>();
  for (const [index, { before }] of members.entries()) {
    const load = loads[index]!;
    for (const [topicId, partitions] of before) {
      if (!load.reads.has(topicId)) continue;
      for (const partition of partitions) {
        if (partition >= partitionCount(topicId) || taken.has(`${topicId}:${partition}`)) continue;
        taken.add(`${topicId}:${partition}`);
        give(load, topicId, partition);
      }
    }
  }
  const readersOf = new Map(
    topicIds.map((topicId) => [topicId, loads.filter(({ reads }) => reads.has(topicId))]),
  );
  // Topics with few readers first: those partitions have the fewest places to go.
  const ordered = [...topicIds].sort((a, b) => readersOf.get(a)!.length - readersOf.get(b)!.length);
  for (const topicId of ordered) {
    for (let partition = 0; partition < partitionCount(topicId); partition++) {
      if (!taken.has(`${topicId}:${partition}`)) give(leastOf(readersOf.get(topicId)!), topicId, partition);
    }
  }
  level(ordered, readersOf);
  return new Map(loads.map(({ memberId, assigned }) => [memberId, sorted(assigned)]));
}

/** Moves partitions from who has more to who has less, until no move of one partition makes it more even. */
function level(topicIds: readonly string[], readersOf: ReadonlyMap<string, readonly Load[]>): void {
  for (let moved = true; moved; ) {
    moved = false;
    for (const topicId of topicIds) {
      const readers = readersOf.get(topicId)!;
      for (;;) {
        const least = leastOf(readers);
        const most = mostOf(readers, topicId);
        if (most === undefined || most.size - least.size < 2) break;
        const partition = Math.max(...most.assigned.get(topicId)!);
        take(most, topicId, partition);
        give(least, topicId, partition);
        moved = true;
      }
    }
  }
}

function leastOf(loads: readonly Load[]): Load {
  return loads.reduce((least, load) => (load.size < least.size ? load : least));
}

function mostOf(loads: readonly Load[], topicId: string): Load | undefined {
  let most: Load | undefined;
  for (const load of loads) {
    if ((load.assigned.get(topicId)?.size ?? 0) === 0) continue;
    if (most === undefined || load.size > most.size) most = load;
  }
  return most;
}

function give(load: Load, topicId: string, partition: number): void {
  const of = load.assigned.get(topicId) ?? new Set<number>();
  of.add(partition);
  load.assigned.set(topicId, of);
  load.size++;
}

function take(load: Load, topicId: string, partition: number): void {
  load.assigned.get(topicId)!.delete(partition);
  load.size--;
}

function sorted(assigned: ReadonlyMap<string, ReadonlySet<number>>): Map<string, number[]> {
  const result = new Map<string, number[]>();
  for (const [topicId, of] of assigned)
    if (of.size > 0)
      result.set(
        topicId,
        [...of].sort((a, b) => a - b),
      );
  return result;
}
