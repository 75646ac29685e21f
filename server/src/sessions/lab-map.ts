/** The map of one person's lab: which of the windows watch it, and the feed that looks at the clusters for them. */
import type { Client } from '@brokerlab/broker/client';
import type { Lab } from '@brokerlab/grader';
import type { MapHistory } from '../contract/main.ts';
import { MapFeed, type MapSource } from '../grading/map/map-feed.ts';
import type { Cell } from '../sandbox/main.ts';
import type { Viewer } from './lab-events.ts';

export interface LabMapPorts {
  readonly connect: (cell: Cell, lab: Lab) => Readonly<Record<string, Client>>;
  readonly onError: (what: string, error: unknown) => void;
  readonly now: () => number;
}

export class LabMap {
  readonly #viewers = new Set<Viewer>();
  readonly #feed: MapFeed;
  readonly #lab: Lab;
  readonly #ports: LabMapPorts;
  #cell: Cell | null = null;

  constructor(lab: Lab, ports: LabMapPorts) {
    this.#lab = lab;
    this.#ports = ports;
    const { id: labId } = lab;
    this.#feed = new MapFeed({
      connect: () => this.#sources(),
      onUpdate: (update) => {
        for (const viewer of this.#viewers) viewer.send({ type: 'map', labId, update });
      },
      onError: (error) => ports.onError('map', error),
      now: ports.now,
    });
  }

  /** A window watches (no longer): what is known is sent to it at once. */
  watch(viewer: Viewer, on: boolean): void {
    if (on) this.#viewers.add(viewer);
    else this.#viewers.delete(viewer);
    const update = on ? this.#feed.whole() : null;
    if (update !== null) viewer.send({ type: 'map', labId: this.#lab.id, update });
    this.#feed.watch(this.#viewers.size > 0);
  }

  history(): MapHistory {
    return this.#feed.history();
  }

  /** The clusters that are there now; null: none are. */
  use(cell: Cell | null): void {
    this.#cell = cell;
    this.#feed.restart();
  }

  /** Something of these kinds changed. */
  wake(kinds: readonly string[]): void {
    this.#feed.wake(kinds);
  }

  /** The clusters begin anew. */
  forget(): void {
    this.#feed.forget();
  }

  async stop(): Promise<void> {
    await this.#feed.stop();
  }

  /** Connections of its own: a broker that does not answer the map must not hold up the checks. */
  #sources(): MapSource[] | null {
    if (this.#cell === null) return null;
    const clients = this.#ports.connect(this.#cell, this.#lab);
    return this.#lab.clusters.flatMap(({ id, brokers }) => {
      const client = clients[id];
      const ids = Array.from({ length: brokers }, (_, index) => index + 1);
      return client ? [{ id, client, brokers: ids }] : [];
    });
  }
}
