/** The topics that a request names, by name or (newer versions) by id. */
import type { Client } from '@brokerlab/broker/client';
import type { InspectedField } from '@brokerlab/broker/node';

const NO_ID = 'AAAAAAAAAAAAAAAAAAAAAA';
const ASK_EVERY_MS = 1_000;
const NAMES_MAX = 5_000;

export function topicsIn(fields: readonly InspectedField[]): { names: Set<string>; ids: Set<string> } {
  const names = new Set<string>();
  const ids = new Set<string>();
  const walk = (some: readonly InspectedField[], inTopics: boolean): void => {
    for (const { name, kind, value, children } of some) {
      const named =
        /^(topic|topicName)$/.test(name) || (inTopics && (name === 'name' || name.startsWith('[')));
      if (kind === 'string' && named && value !== '' && value !== 'null') names.add(value);
      if (kind === 'uuid' && name === 'topicId' && value !== NO_ID) ids.add(value);
      if (kind === 'array') walk(children, /topic/i.test(name));
      else if (kind === 'struct') walk(children, inTopics);
    }
  };
  walk(fields, false);
  return { names, ids };
}

/** Names of topics by id, asked of the cluster when an unknown one is met. */
export class TopicIds {
  readonly #client: Client;
  readonly #names = new Map<string, string>();
  #askedAtMs = Number.NEGATIVE_INFINITY;

  constructor(client: Client) {
    this.#client = client;
    this.#ask();
  }

  namesOf(ids: ReadonlySet<string>): string[] {
    const known = [...ids].flatMap((id) => this.#names.get(id) ?? []);
    if (known.length < ids.size) this.#ask();
    return known;
  }

  /** From an answer that tells names with ids. */
  learn(fields: readonly InspectedField[]): void {
    for (const { kind, children } of fields) {
      if (kind === 'array') this.learn(children);
      if (kind !== 'struct') continue;
      const textOf = (wanted: string) => children.find(({ name }) => name === wanted)?.value;
      const [id, name] = [textOf('topicId'), textOf('name')];
      if (id !== undefined && name !== undefined) this.#remember(id, name);
    }
  }

  async close(): Promise<void> {
    this.#askedAtMs = Number.POSITIVE_INFINITY;
    await this.#client.close();
  }

  #remember(id: string, name: string): void {
    if (id === NO_ID || name === 'null') return;
    if (this.#names.size >= NAMES_MAX) this.#names.clear();
    this.#names.set(id, name);
  }

  #ask(): void {
    if (performance.now() - this.#askedAtMs < ASK_EVERY_MS) return;
    this.#askedAtMs = performance.now();
    this.#client.metadata().then(
      ({ topics }) => {
        for (const { topicId, name } of topics) this.#remember(topicId, name);
      },
      () => undefined,
    );
  }
}
