/**
 * Coming into a class by its code: with an account, or as a guest with a name. Wrong codes are counted by address, so that
 * codes can't be tried out; right ones are not, since a whole class comes from one address.
 */
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit/audit.ts';
import type { JoinOffer } from '../contract/main.ts';
import type { AccountRow, ClassRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { ClassError } from './class-error.ts';
import { readJoinCode } from './join-code.ts';

export interface JoiningOptions {
  readonly store: Store;
  readonly accounts: Accounts;
  readonly audit: Audit;
  readonly now: () => number;
}

const WRONG_PER_ADDRESS = 40;
const WINDOW_SECONDS = 600;

export class Joining {
  readonly #options: JoiningOptions;
  readonly #wrong = new RateLimiterMemory({ points: WRONG_PER_ADDRESS, duration: WINDOW_SECONDS });

  constructor(options: JoiningOptions) {
    this.#options = options;
  }

  async look(typed: string, address: string, account: AccountRow | undefined): Promise<JoinOffer> {
    const row = await this.#find(typed, address);
    const member = account !== undefined && (await this.#isMember(row.id, account.id));
    return { title: row.title, guests: row.guests === 1, member };
  }

  /** Twice is as good as once. */
  async join(typed: string, address: string, account: AccountRow): Promise<ClassRow> {
    const row = await this.#find(typed, address);
    // Staff look on; they are nobody's trainees.
    if (account.role !== 'trainee') throw new ClassError('forbidden');
    await this.#enter(row, account);
    return row;
  }

  async joinAsGuest(typed: string, address: string, displayName: string): Promise<AccountRow> {
    const row = await this.#find(typed, address);
    if (row.guests === 0) throw new ClassError('guestsOff');
    const guest = await this.#options.accounts.createGuest(displayName);
    await this.#enter(row, guest);
    return guest;
  }

  async #enter(row: ClassRow, account: AccountRow): Promise<void> {
    const { store, audit, now } = this.#options;
    if (await this.#isMember(row.id, account.id)) return;
    await store
      .insertInto('class_members')
      .values({ class_id: row.id, account_id: account.id, joined_at: now(), joined_by: 'code' })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await audit.record({ actor: account, action: 'class.join', subject: account, classId: row.id });
  }

  async #isMember(classId: string, accountId: string): Promise<boolean> {
    const row = await this.#options.store
      .selectFrom('class_members')
      .select('account_id')
      .where('class_id', '=', classId)
      .where('account_id', '=', accountId)
      .executeTakeFirst();
    return row !== undefined;
  }

  async #find(typed: string, address: string): Promise<ClassRow> {
    const tries = await this.#wrong.get(address);
    if (tries && tries.remainingPoints <= 0) throw new ClassError('rateLimited');
    const code = readJoinCode(typed);
    const row = code
      ? await this.#options.store
          .selectFrom('classes')
          .selectAll()
          .where('join_code', '=', code)
          .executeTakeFirst()
      : undefined;
    if (row) return row;
    await this.#wrong.consume(address).catch(() => undefined);
    throw new ClassError('joinCodeWrong');
  }
}
