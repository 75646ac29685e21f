/** Gathers what changed and says so at most once per 20 ms. */
import type { ChangeKind } from '../../handlers/services.ts';

const quietMs = 20;

export class ChangeTicks {
  readonly #onChange: (tick: { kinds: ReadonlySet<ChangeKind> }) => void;
  #kinds = new Set<ChangeKind>();
  #timer: NodeJS.Timeout | null = null;

  constructor(onChange: (tick: { kinds: ReadonlySet<ChangeKind> }) => void) {
    this.#onChange = onChange;
  }

  changed(kind: ChangeKind): void {
    this.#kinds.add(kind);
    this.#timer ??= setTimeout(() => this.#tick(), quietMs);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #tick(): void {
    this.#timer = null;
    const kinds = this.#kinds;
    this.#kinds = new Set();
    this.#onChange({ kinds });
  }
}
