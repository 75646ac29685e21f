/**
 * The wire inspector of one person's lab: which windows look, and what the cell is asked to keep for them. With one window the
 * cell keeps what passes its filter; with more of them it keeps what any might want, and each window picks. Which cluster is
 * tapped is the trainee's to say: whoever of the staff looks on sees that one.
 */
import type { WireExchange, WireFilter, WireUpdate } from '../contract/main.ts';
import type { Cell } from '../sandbox/main.ts';
import type { Viewer } from './lab-events.ts';

export class LabWire {
  readonly #labId: string;
  readonly #filters = new Map<Viewer, { readonly filter: WireFilter; readonly looksOn: boolean }>();
  readonly #onError: (error: unknown) => void;
  #cell: Cell | null = null;
  #endUpdates: (() => void) | null = null;
  #asked = 'null';

  constructor(labId: string, onError: (error: unknown) => void) {
    this.#labId = labId;
    this.#onError = onError;
  }

  /** Resolves when the cell keeps what this window asks for. */
  async watch(
    viewer: Viewer,
    filter: WireFilter | null,
    { looksOn }: { looksOn: boolean } = { looksOn: false },
  ): Promise<void> {
    this.#filters.delete(viewer);
    if (filter !== null) this.#filters.set(viewer, { filter, looksOn });
    await this.#ask();
  }

  leave(viewer: Viewer): void {
    this.watch(viewer, null).catch(this.#onError);
  }

  /** Rejects with a CellError. */
  read(id: number): Promise<WireExchange> | null {
    return this.#cell?.wire.read(id) ?? null;
  }

  /** The cell there is now; null: none. */
  use(cell: Cell | null): void {
    this.#endUpdates?.();
    this.#endUpdates = cell?.onWire((update) => this.#send(update)) ?? null;
    this.#cell = cell;
    this.#asked = 'null';
    this.#ask().catch(this.#onError);
  }

  async #ask(): Promise<void> {
    const filter = this.#filter();
    const text = JSON.stringify(filter);
    if (this.#cell === null || text === this.#asked) return;
    this.#asked = text;
    await this.#cell.wire.watch(filter);
  }

  #filter(): WireFilter | null {
    const windows = [...this.#filters.values()];
    const all = windows.map(({ filter }) => filter);
    const [first] = all;
    if (first === undefined || all.length === 1) return first ?? null;
    const { cluster } = (windows.findLast(({ looksOn }) => !looksOn) ?? windows.at(-1)!).filter;
    const some = (read: (filter: WireFilter) => boolean) => all.some(read);
    const both = { brokers: some((one) => one.brokers), own: some((one) => one.own) };
    return { ...(cluster === undefined ? {} : { cluster }), apis: [], clientId: '', topic: '', ...both };
  }

  #send(update: WireUpdate): void {
    const cluster = this.#filter()?.cluster ?? null;
    for (const viewer of this.#filters.keys())
      viewer.send({ type: 'wire', labId: this.#labId, cluster, update });
  }
}
