/** All clusters of a cell: the first, which nearly every lab has alone, and further ones beside it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CellError } from '../sandbox/sandbox.ts';
import type { CellBrokers, ClusterHandlers } from './cluster.ts';
import { createCellBrokers } from './cluster.ts';
import type { StartCell } from './protocol.ts';

export interface CellClusters {
  readonly first: CellBrokers;
  /** As the lab calls them, the first one first. */
  readonly names: readonly string[];
  /** Undefined names the first. */
  named(id: string | undefined): CellBrokers;
  start(): Promise<void>;
  ready(): Promise<void>;
  stop(): Promise<void>;
  reset(): Promise<void>;
}

export function createClusters(settings: StartCell, handlers: ClusterHandlers): CellClusters {
  const first = createCellBrokers(settings, handlers);
  const others = new Map(
    settings.otherClusters.map(({ id, brokers, firstPort, config }) => {
      const own: StartCell = {
        ...settings,
        nodeIds: Array.from({ length: brokers }, (_, index) => index + 1),
        brokerConfig: config,
        // Inside the first one's folder, whose size is watched; broker folders have numbers for names.
        clusterDir: join(settings.clusterDir, `other-${id}`),
        socketDir: join(settings.socketDir, id),
        basePort: firstPort,
      };
      mkdirSync(own.socketDir, { recursive: true });
      return [id, createCellBrokers(own, { ...handlers, onStatus: () => undefined })] as const;
    }),
  );
  const all = [first, ...others.values()];
  return {
    first,
    names: [settings.firstCluster, ...others.keys()],
    named(id) {
      const isFirst = id === undefined || id === settings.firstCluster;
      const found = isFirst ? first : others.get(id);
      if (found === undefined) throw new CellError('unknownNode', `there is no cluster ${id}`);
      return found;
    },
    start: async () => void (await Promise.all(all.map((brokers) => brokers.start()))),
    ready: async () => void (await Promise.all(all.map((brokers) => brokers.ready()))),
    stop: async () => void (await Promise.all(all.map((brokers) => brokers.stop()))),
    async reset() {
      for (const brokers of others.values()) await brokers.stop();
      await first.reset();
      await Promise.all([...others.values()].map((brokers) => brokers.reset()));
    },
  };
}
