/**
 * Mutated and random frames on every API and version, at both listeners of a three-node cluster whose process is not ours:
 * nothing may end, hang or grow, every frame is answered or its connection closed, and no handler may fail in a way
 * nobody planned.
 */

import { drawFrame, type Frame, type Listener, nameOf } from './frames.ts';
import { FuzzedCluster, GROUPS, TOPICS } from './fuzzed-cluster.ts';
import { grown } from './growth.ts';
import type { Holdings } from './host.ts';
import { type End, Lane } from './lane.ts';

export interface FuzzOptions {
  readonly seed: number;
  readonly frames: number;
  /** Number of the first frame; default 0. */
  readonly from?: number;
  readonly say?: (line: string) => void;
}

export interface FuzzReport {
  readonly frames: number;
  readonly seconds: number;
  readonly ends: Readonly<Record<End, number>>;
  /** What the nodes held at rest, early and in the end. */
  readonly holdings: readonly [early: Holdings, late: Holdings];
  /** The longest that a frame waited for what it was owed, milliseconds. */
  readonly slowestMs: number;
  /** Closed although they could be read, by API. */
  readonly refused: Readonly<Record<string, number>>;
  /** What must not be, one sentence each. */
  readonly broken: readonly string[];
}

const LANES_EACH = 6;
const IN_FLIGHT_MAX = 4_096;
const TIDY_EVERY = 20_000;
/** Frames before which the nodes compile code and fill what they keep for good. */
const WARM_UP_PART = 0.2;
const BROKEN_MAX = 20;
/**
 * A frame waits at most as long as it asks for (WAIT_MS_MAX), a group's rebalance or a transaction as long as its members
 * ask for, and a forwarded one up to 30 s for a controller: what takes twice that is never answered.
 */
const HANG_MS = 60_000;

export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const broken: string[] = [];
  await using cluster = await FuzzedCluster.start((what) => broken.push(what));
  const run = new Run(cluster, broken);
  const { seed, frames, from = 0 } = options;
  const startedAt = performance.now();
  let early: Holdings | null = null;
  let restMs = 0;
  const rest = async () => {
    const since = performance.now();
    const holdings = await run.rest(early);
    restMs += performance.now() - since;
    return holdings;
  };
  for (let thrown = 0; thrown < frames && broken.length < BROKEN_MAX; ) {
    const known = { topics: [...TOPICS, 'absent'], topicIds: cluster.topicIds, groups: GROUPS };
    const isWarm = thrown >= frames * WARM_UP_PART;
    if (isWarm && early === null) early = await rest();
    const until = Math.min(frames, thrown + TIDY_EVERY, isWarm ? frames : Math.ceil(frames * WARM_UP_PART));
    for (; thrown < until && broken.length < BROKEN_MAX; thrown++) {
      await run.room();
      run.throw(drawFrame(seed, from + thrown, known));
    }
    await run.settled();
    const seconds = (performance.now() - startedAt - restMs) / 1000;
    options.say?.(
      `${thrown} frames, ${Math.round(thrown / seconds)}/s, slowest ${Math.round(run.slowestMs)} ms`,
    );
    await cluster.tidy().catch((error: Error) => broken.push(`after ${thrown} frames: ${error.message}`));
  }
  const seconds = (performance.now() - startedAt - restMs) / 1000;
  const late = await rest();
  early ??= late;
  broken.push(...grown(early, late, { frameBytes: run.bytesThrown * (1 - WARM_UP_PART) }));
  const { ends, slowestMs, refused } = run;
  run.close();
  const count = Object.values(ends).reduce((sum, one) => sum + one, 0);
  return { frames: count, seconds, ends, holdings: [early, late], slowestMs, refused, broken };
}

class Run {
  readonly ends: Record<End, number> = { answered: 0, closed: 0, left: 0 };
  readonly refused: Record<string, number> = {};
  bytesThrown = 0;
  slowestMs = 0;
  readonly #cluster: FuzzedCluster;
  readonly #broken: string[];
  /** Of each node. */
  readonly #lanes: readonly Readonly<
    Record<Listener, { readonly lasting: readonly Lane[]; readonly short: readonly Lane[] }>
  >[];
  readonly #watch: NodeJS.Timeout;
  #inFlight = 0;
  #wake: () => void = () => undefined;

  constructor(cluster: FuzzedCluster, broken: string[]) {
    this.#cluster = cluster;
    this.#broken = broken;
    const lanes = (port: number) =>
      Array.from(
        { length: LANES_EACH },
        () =>
          new Lane({
            port,
            onEnd: (frame, end) => this.#ended(frame, end),
            onFault: (frame, what) => broken.push(`${nameOf(frame)} ${what}`),
          }),
      );
    this.#lanes = cluster.ports.map(({ broker, controller }) => ({
      broker: { lasting: lanes(broker), short: lanes(broker) },
      controller: { lasting: lanes(controller), short: lanes(controller) },
    }));
    this.#watch = setInterval(() => this.#findHung(), 1_000);
  }

  /** Resolves when one more may be in flight. */
  async room(): Promise<void> {
    while (this.#inFlight >= IN_FLIGHT_MAX) await this.#change();
  }

  /** Resolves when every frame has ended. */
  async settled(): Promise<void> {
    while (this.#inFlight > 0) await this.#change();
  }

  throw(frame: Frame): void {
    this.#inFlight += 1;
    this.bytesThrown += frame.bytes.length;
    const endsConnection = frame.owed !== 'answer';
    // Most of those have their own lanes, for what is in flight goes with its connection.
    const { lasting, short } = this.#lanes[frame.node]![frame.listener];
    const lanes = endsConnection && frame.number % 128 !== 0 ? short : lasting;
    lanes.reduce((least, lane) => (lane.load < least.load ? lane : least)).throw(frame);
  }

  /** Without our connections and without what the frames have made. */
  async rest(before: Holdings | null): Promise<Holdings> {
    for (const lane of this.#all()) lane.close();
    await this.#cluster.tidy();
    await this.#cluster.forgetGroups();
    return this.#cluster.holdings(
      (now) => before === null || grown(before, now, { frameBytes: 0 }).length === 0,
    );
  }

  close(): void {
    clearInterval(this.#watch);
    for (const lane of this.#all()) lane.close();
  }

  #all(): Lane[] {
    return this.#lanes.flatMap(({ broker, controller }) =>
      [broker, controller].flatMap(({ lasting, short }) => [...lasting, ...short]),
    );
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #ended(frame: Frame, end: End): void {
    this.ends[end] += 1;
    this.#inFlight -= 1;
    if (end === 'closed' && frame.owed === 'answer') {
      const name = frame.api!.name;
      this.refused[name] = (this.refused[name] ?? 0) + 1;
    }
    this.#wake();
  }

  #findHung(): void {
    for (const lane of this.#all()) {
      const { oldest } = lane;
      if (oldest === undefined) continue;
      const waitedMs = performance.now() - oldest.atMs;
      this.slowestMs = Math.max(this.slowestMs, waitedMs);
      if (waitedMs < HANG_MS) continue;
      this.#broken.push(`${nameOf(oldest.frame)} was neither answered nor closed within ${HANG_MS} ms`);
      lane.giveUp();
    }
  }
}
