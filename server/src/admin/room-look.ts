/** The room's look, kept in the store and at hand: every page asks for it. */
import { createHash } from 'node:crypto';
import type { RoomLook, SetLook } from '../contract/main.ts';
import type { Store } from '../store/store.ts';
import { accentOf } from './accent.ts';
import { type LogoType, logoTypeOf } from './logo.ts';

interface Kept {
  readonly name: string | null;
  readonly accent: string | null;
  readonly logo: { readonly type: LogoType; readonly base64: string } | null;
}

const KEY = 'look';

export class RoomLooks {
  readonly #store: Store;
  #kept: Kept | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  async read(): Promise<RoomLook> {
    const { name, accent, logo } = await this.#read();
    return {
      name,
      accent: accent === null ? null : accentOf(accent),
      logo: logo && createHash('sha256').update(logo.base64).digest('hex').slice(0, 12),
    };
  }

  async logo(): Promise<{ type: LogoType; bytes: Buffer } | null> {
    const { logo } = await this.#read();
    return logo && { type: logo.type, bytes: Buffer.from(logo.base64, 'base64') };
  }

  /** What is wrong with it, when something is: then nothing is changed. */
  async set({ name, accent, logo }: SetLook): Promise<'accentTooPale' | 'logoRefused' | null> {
    if (accent !== null && accentOf(accent) === null) return 'accentTooPale';
    const before = await this.#read();
    const type = logo ? logoTypeOf(Buffer.from(logo.base64, 'base64')) : undefined;
    if (logo && type === undefined) return 'logoRefused';
    const kept: Kept = {
      name,
      accent,
      logo: logo && type ? { type, base64: logo.base64 } : logo === null ? null : before.logo,
    };
    const values = { value: JSON.stringify(kept) };
    await this.#store
      .insertInto('settings')
      .values({ key: KEY, ...values })
      .onConflict((conflict) => conflict.column('key').doUpdateSet(values))
      .execute();
    this.#kept = kept;
    return null;
  }

  async #read(): Promise<Kept> {
    if (this.#kept) return this.#kept;
    const row = await this.#store
      .selectFrom('settings')
      .select('value')
      .where('key', '=', KEY)
      .executeTakeFirst();
    this.#kept = row ? (JSON.parse(row.value) as Kept) : { name: null, accent: null, logo: null };
    return this.#kept;
  }
}
