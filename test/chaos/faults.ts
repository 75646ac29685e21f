/** What befalls the brokers' processes: drawn from a seed, at most two of three at a time, all of them mended in the end. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from '@brokerlab/broker';
import { Random } from '../sim/random.ts';

export interface FaultsOptions {
  readonly seed: number;
  readonly durationMs: number;
  readonly say: (line: string) => void;
}

type Fault = 'kill' | 'stop' | 'pause';
const KINDS: readonly Fault[] = ['kill', 'kill', 'stop', 'pause', 'pause'];

/** Runs for `durationMs`, then until every broker is up again. Returns how often each fault was done. */
export async function strike(cluster: Cluster, options: FaultsOptions): Promise<Record<Fault, number>> {
  const random = new Random(options.seed);
  const done: Record<Fault, number> = { kill: 0, stop: 0, pause: 0 };
  const startedAt = performance.now();
  const down = new Map<number, Promise<void>>();
  while (performance.now() - startedAt < options.durationMs) {
    await delay(random.between(500, 3_500));
    const up = cluster.nodes.map(({ id }) => id).filter((id) => !down.has(id));
    // Two at once is rare: then nothing can be acknowledged, and nothing may be lost either.
    const downMax = random.chance(1 / 6) ? 2 : 1;
    if (down.size >= downMax || up.length === 0) continue;
    const id = random.pick(up);
    const fault = random.pick(KINDS);
    const forMs = random.between(200, fault === 'pause' ? 12_000 : 5_000);
    done[fault] += 1;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    options.say(`${seconds} s: ${fault} broker ${id} for ${forMs} ms`);
    down.set(
      id,
      befall(cluster, { id, fault, forMs }).finally(() => down.delete(id)),
    );
  }
  await Promise.all(down.values());
  return done;
}

async function befall(cluster: Cluster, what: { id: number; fault: Fault; forMs: number }): Promise<void> {
  const { id, fault, forMs } = what;
  await cluster[fault](id);
  await delay(forMs);
  await (fault === 'pause' ? cluster.resume(id) : cluster.start(id));
}
