/** A cluster under the sequences, Apache Kafka's or ours: its faults, its files, its consumers, its cleaning up. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, connectCluster } from '@brokerlab/broker/client';
import { eventually } from '../../support/eventually.ts';
import { Settler } from './settle.ts';
import { ourRunner } from './tools.ts';

const BROKERS = [1, 2, 3];
const INTERNAL = ['__consumer_offsets', '__transaction_state'];
const WAITING = { timeoutMs: 60_000, everyMs: 50 };

interface Nodes {
  readonly bootstrap: string;
  readonly dataDir: string;
  stop(id?: number): Promise<void>;
  start(id: number): Promise<void>;
}

export class World implements AsyncDisposable {
  readonly #nodes: Nodes;
  readonly #settler: Settler;
  readonly #client: Client;
  readonly #folder = mkdtempSync(join(tmpdir(), 'four-way-'));
  readonly #files = new Set<string>();
  readonly #consumers = new Map<string, { stop: AbortController; ended: Promise<unknown> }>();
  #running = BROKERS;
  #phase = '';

  constructor(nodes: Nodes) {
    this.#nodes = nodes;
    this.#settler = new Settler(nodes.bootstrap);
    this.#client = connectCluster({ bootstrap: nodes.bootstrap });
  }

  /** Serving, with the internal topics, which else the first sequence would bring in and the next find. */
  async prepare(): Promise<void> {
    await this.#settler.untilServing(BROKERS);
    for (const type of ['group', 'transaction'] as const)
      await eventually(
        () => this.#client.network.connection({ coordinator: `prepared-${type}`, type }),
        WAITING,
      );
  }

  begin(phase: string): void {
    this.#phase = phase;
    this.#files.clear();
    mkdirSync(join(this.#folder, phase), { recursive: true });
  }

  addFiles(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(
        join(this.#folder, this.#phase, name),
        text.replaceAll('$W', join(this.#folder, this.#phase)),
      );
      this.#files.add(name);
    }
  }

  /** The words as the tool gets them here. */
  place(word: string): string {
    const path = join(this.#folder, this.#phase);
    if (this.#files.has(word)) return join(path, word);
    return word
      .replaceAll('$B', this.#nodes.bootstrap)
      .replaceAll('$L', join(this.#nodes.dataDir, '1'))
      .replaceAll('$W', path)
      .replaceAll('$P', this.#phase);
  }

  /** What is of this place only, taken out again. */
  unplace(text: string): string {
    return text
      .replaceAll(`${join(this.#folder, this.#phase)}/`, '')
      .replaceAll(this.#nodes.dataDir, '<data>')
      .replaceAll(this.#nodes.bootstrap, '$B')
      .replaceAll(this.#phase, '$P');
  }

  settle(): Promise<void> {
    return this.#settler.settle(this.#running);
  }

  beginConsumer(name: string, words: readonly string[]): void {
    const stop = new AbortController();
    this.#consumers.set(name, { stop, ended: ourRunner(words, { interrupt: stop.signal }) });
  }

  async endConsumer(name: string): Promise<void> {
    const consumer = this.#consumers.get(name);
    this.#consumers.delete(name);
    consumer?.stop.abort();
    await consumer?.ended;
  }

  async fault(act: 'stop' | 'start', id: number): Promise<void> {
    if (act === 'stop') {
      this.#running = this.#running.filter((broker) => broker !== id);
      await this.#nodes.stop(id);
    } else {
      await this.#nodes.start(id);
      this.#running = [...this.#running, id].sort();
    }
    await this.#settler.untilServing(this.#running);
  }

  /** As before the sequence: no topics but internal ones, no groups. */
  async clean(): Promise<void> {
    for (const name of [...this.#consumers.keys()]) await this.endConsumer(name);
    for (const id of BROKERS) if (!this.#running.includes(id)) await this.fault('start', id);
    await eventually(async () => {
      const groups = (await this.#client.listGroups()).map(({ groupId }) => groupId);
      const { topics } = await this.#client.metadata();
      const names = topics.map(({ name }) => name).filter((name) => !INTERNAL.includes(name));
      if (groups.length + names.length === 0) return;
      if (names.length > 0) await this.#client.deleteTopics(names);
      if (groups.length > 0) await this.#client.deleteGroups(groups);
      throw new Error(`not clean yet: ${[...groups, ...names].join(', ')}`);
    }, WAITING);
    await this.settle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of [...this.#consumers.keys()]) await this.endConsumer(name);
    await Promise.all([this.#settler[Symbol.asyncDispose](), this.#client.close()]);
    await this.#nodes.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
