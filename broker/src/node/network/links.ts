/**
 * Which other nodes this one can reach. The fault `isolate` cuts links here, as a firewall that drops packets
 * would: what is sent is lost, nobody is told, requests end by their own deadline.
 */
export class Links {
  readonly #selfId: number;
  #isolated = false;
  readonly #cut = new Set<number>();
  readonly #watchers = new Set<() => void>();

  constructor(selfId: number) {
    this.#selfId = selfId;
  }

  reaches(nodeId: number): boolean {
    if (nodeId === this.#selfId) return true;
    return !this.#isolated && !this.#cut.has(nodeId);
  }

  isolate(): void {
    this.#isolated = true;
    this.#changed();
  }

  heal(): void {
    this.#isolated = false;
    this.#changed();
  }

  cut(nodeId: number): void {
    this.#cut.add(nodeId);
    this.#changed();
  }

  mend(nodeId: number): void {
    this.#cut.delete(nodeId);
    this.#changed();
  }

  watch(callback: () => void): () => void {
    this.#watchers.add(callback);
    return () => this.#watchers.delete(callback);
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
