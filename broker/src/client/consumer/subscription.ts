/** Which topics a consumer wants, and its knowledge of them: refreshed when missing, when stale, when asked for. */
import { ClientError } from '../client-error.ts';
import type { TopicMap } from '../topic-map.ts';
import type { ResolvedConsumerOptions } from './options.ts';

const retryMs = 100;
const retryMsMax = 1_000;

export class Subscription {
  readonly #topics: TopicMap;
  readonly #options: ResolvedConsumerOptions;
  readonly #onChange: () => void;
  #names: readonly string[] = [];
  #pattern: RegExp | null = null;
  #known = '';
  #refreshAtMs = 0;
  #refreshing = false;
  #backoffMs = retryMs;
  #everRefreshed = false;
  /** A name no topic can have: the application is to hear of it. */
  refused: ClientError | null = null;

  constructor(topics: TopicMap, options: ResolvedConsumerOptions, onChange: () => void) {
    this.#topics = topics;
    this.#options = options;
    this.#onChange = onChange;
  }

  get wanted(): readonly string[] {
    return this.#names;
  }

  /** Nothing is known yet: joining would be in vain. */
  get unknown(): boolean {
    return !this.#everRefreshed;
  }

  topics(names: readonly string[]): void {
    this.#names = names;
    this.#pattern = null;
    this.#refreshAtMs = 0;
  }

  pattern(pattern: RegExp): void {
    this.#names = [];
    this.#pattern = pattern;
    this.#refreshAtMs = 0;
  }

  /** A partition has no known leader. */
  refreshSoon(now: number): void {
    this.#refreshAtMs = Math.min(this.#refreshAtMs, now + 2 * retryMs);
  }

  /** Begins a refresh when one is due; returns when the next is. `onDone` is told of its end. */
  refreshIfDue(now: number, onDone: () => void): number {
    if (this.#refreshing) return Number.POSITIVE_INFINITY;
    if (now < this.#refreshAtMs) return this.#refreshAtMs;
    this.#refreshing = true;
    this.#refresh()
      .catch(() => false) // nobody answers now: again after the pause
      .then((complete) => {
        this.#refreshing = false;
        this.#backoffMs = complete ? retryMs : Math.min(this.#backoffMs * 2, retryMsMax);
        this.#refreshAtMs = Date.now() + (complete ? this.#options.metadataAgeMsMax : this.#backoffMs);
        onDone();
      });
    return Number.POSITIVE_INFINITY;
  }

  /** True when every wanted topic is known. */
  async #refresh(): Promise<boolean> {
    if (this.#pattern !== null) {
      const pattern = this.#pattern;
      const all = await this.#topics.listAll();
      const visible = all.filter(({ internal }) => !(internal && this.#options.excludeInternalTopics));
      this.#names = visible.map(({ name }) => name).filter((name) => pattern.test(name));
    }
    if (this.#names.length > 0) await this.#topics.refresh(this.#names);
    const invalid = this.#names.filter(
      (name) => this.#topics.errorOf(name)?.name === 'INVALID_TOPIC_EXCEPTION',
    );
    if (invalid.length > 0) {
      const message = `Invalid topics: [${invalid.join(', ')}]`;
      const api = { ...this.#topics.errorOf(invalid[0]!)!, message };
      this.refused = new ClientError('refused', message, { api });
    }
    const first = !this.#everRefreshed;
    this.#everRefreshed = true;
    const counts = this.#names.map((name) => `${name}:${this.#topics.get(name)?.partitions.length ?? 0}`);
    const known = counts.sort().join(',');
    const changed = known !== this.#known;
    this.#known = known;
    if (changed && !first) this.#onChange();
    return this.#names.every((name) => this.#topics.get(name) !== undefined);
  }
}
