/** One simulated run, or many. */
import { defaultWorldOptions, World, type WorldOptions } from './world.ts';

export interface SimulationResult {
  readonly seed: number;
  readonly failure: Error | null;
  readonly summary: World['summary'];
}

/** The seed also chooses the shape of the run: now and then five nodes, one node, messages through the wire. */
export function simulate(seed: number, options: Partial<WorldOptions> = {}): SimulationResult {
  const nodeCount = seed % 11 === 0 ? 5 : seed % 13 === 0 ? 1 : 3;
  const snapshotEvery = seed % 3 === 0 ? 25 : 80;
  const world = new World(seed, {
    ...defaultWorldOptions,
    nodeCount,
    snapshotEvery,
    wire: seed % 7 === 0,
    ...options,
  });
  let failure: Error | null = null;
  try {
    world.run();
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  }
  return { seed, failure, summary: world.summary };
}
