/**
 * Who of the staff is doing what to a trainee's lab right now. One at a time for each trainee and lab: a second is told who and
 * what, and waits for nobody; other trainees are not touched by it.
 */
import type { StaffDoing } from '../../contract/main.ts';
import type { AccountRow } from '../../store/schema.ts';

export interface Held {
  readonly byId: string;
  readonly by: string;
  readonly doing: StaffDoing;
}

export interface LabPlace {
  readonly accountId: string;
  readonly labId: string;
}

export class TraineeLocks {
  readonly #held = new Map<string, Held & LabPlace>();
  readonly #onChange: (accountId: string) => void;

  constructor(onChange: (accountId: string) => void) {
    this.#onChange = onChange;
  }

  at(accountId: string): Held[] {
    return [...this.#held.values()].filter((held) => held.accountId === accountId);
  }

  /** Runs `work` as the only one there; answers who else is there instead, and does nothing. */
  async alone<T>(
    place: LabPlace,
    { actor, doing }: { actor: Pick<AccountRow, 'id' | 'display_name'>; doing: StaffDoing },
    work: () => Promise<T>,
  ): Promise<{ readonly value: T } | { readonly busy: Held }> {
    const key = `${place.accountId}/${place.labId}`;
    const busy = this.#held.get(key);
    if (busy) return { busy };
    this.#held.set(key, { ...place, byId: actor.id, by: actor.display_name, doing });
    this.#onChange(place.accountId);
    try {
      return { value: await work() };
    } finally {
      this.#held.delete(key);
      this.#onChange(place.accountId);
    }
  }
}
