/** What nodes at rest may hold more of than before. */
import type { Holdings } from './host.ts';

/** A frame that left itself behind would be found with all of them; what is remembered of a few is no growth. */
const KEPT_PART = 0.1;
/** Code compiled for what is met late, and buffers that are not collected yet: both end somewhere, whatever is thrown. */
const HEAP_NOISE = 16 * 1024 * 1024;
const BUFFERS_NOISE = 32 * 1024 * 1024;
const NODES = 3;
const LISTENERS = 2 * NODES;
/** Fetches of the quorum, its votes, envelopes, replication, markers, transactions: opened when first needed, one for each two nodes, seen at both ends. */
const PEERS_MAX = 2 * NODES * NODES * 6;
/** The well-meant client's, one to each node and the first, and what the process itself has. */
const OTHERS = NODES + 1 + 6;
const SOCKETS_MAX = LISTENERS + PEERS_MAX + OTHERS;
/** Replicas of two topics and two internal ones, three partitions each, and of the metadata log: a segment and its indexes. */
const FILES_MAX = NODES * (4 * 3 + 1) * 4 + NODES * 4;

export function grown(early: Holdings, late: Holdings, thrown: { readonly frameBytes: number }): string[] {
  const kept = thrown.frameBytes * KEPT_PART;
  const bounds: Readonly<Record<keyof Holdings, number>> = {
    heap: early.heap + HEAP_NOISE + kept,
    buffers: early.buffers + BUFFERS_NOISE + kept,
    resident: Number.POSITIVE_INFINITY,
    processorMs: Number.POSITIVE_INFINITY,
    sockets: Math.max(early.sockets, SOCKETS_MAX),
    files: Math.max(early.files, FILES_MAX),
    timers: early.timers + PEERS_MAX / 2,
  };
  return (Object.keys(bounds) as (keyof Holdings)[])
    .filter((what) => late[what] > bounds[what])
    .map(
      (what) => `${what} grew from ${early[what]} to ${late[what]}, more than ${Math.round(bounds[what])}`,
    );
}
