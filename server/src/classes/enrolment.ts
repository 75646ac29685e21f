/**
 * A class list → accounts and members. Nobody is taken over by being on a list: an account that is there already comes in only
 * when the instructor teaches it elsewhere, or nobody has ever used it; others come in by the join code, or by an administrator.
 */
import { withParticle } from '@brokerlab/grader';
import type { Transaction } from 'kysely';
import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit/audit.ts';
import type { ClassMember, ImportRoster, Localized, RosterAnswer, RosterLine } from '../contract/main.ts';
import type { AccountRow, Schema } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { requireManager, traineesOf } from './class-access.ts';
import { ClassError } from './class-error.ts';
import { readMembers } from './classes.ts';
import { parseRoster, type Roster, type RosterEntry } from './roster.ts';
import { readRosterBytes } from './roster-bytes.ts';

export interface EnrolmentOptions {
  readonly store: Store;
  readonly accounts: Accounts;
  readonly audit: Audit;
  readonly now: () => number;
}

export class Enrolment {
  readonly #options: EnrolmentOptions;

  constructor(options: EnrolmentOptions) {
    this.#options = options;
  }

  async importRoster(account: AccountRow, classId: string, wanted: ImportRoster): Promise<RosterAnswer> {
    const { store, audit } = this.#options;
    const { row } = await requireManager(store, account, classId);
    const { encoding, roster } = readRoster(wanted);
    const plan = await this.#plan(account, classId, roster);
    const lines = [...plan.map(({ line }) => line), ...roster.problems.map(refusedLine)].sort(
      (one, other) => one.line - other.line,
    );
    if (wanted.dryRun) return { encoding, lines, created: [] };
    const created = await this.#enrol(classId, plan, wanted.prefix ?? 'trainee');
    await audit.record({
      actor: account,
      action: 'class.roster',
      classId,
      detail: {
        title: row.title,
        created: created.length,
        enrolled: plan.filter(({ line }) => line.outcome === 'existing').length,
        refused: lines.filter(({ outcome }) => outcome === 'refused').length,
      },
    });
    const names = new Map(created.map((one) => [one.line, one.account.name]));
    return {
      encoding,
      lines: lines.map((line) => ({ ...line, account: line.account ?? names.get(line.line) ?? null })),
      created: created.map(({ account: made, password }) => ({ account: made, password })),
    };
  }

  async #plan(account: AccountRow, classId: string, roster: Roster): Promise<Planned[]> {
    const { store } = this.#options;
    const [members, taught] = await Promise.all([readMembers(store, classId), traineesOf(store, account)]);
    const unnamed = namesakes(members);
    const planned: Planned[] = [];
    for (const entry of roster.entries) {
      if (entry.account === null) planned.push(planUnnamed(entry, unnamed));
      else planned.push(await this.#planNamed(entry, entry.account, { members, taught }));
    }
    return planned;
  }

  async #planNamed(
    entry: RosterEntry,
    name: string,
    known: { members: readonly ClassMember[]; taught: ReadonlySet<string> | null },
  ): Promise<Planned> {
    const person = await this.#options.accounts.findByName(name);
    if (!person) return { entry, line: lineOf(entry, 'new', name), accountId: null };
    if (known.members.some(({ accountId }) => accountId === person.id))
      return { entry, line: lineOf(entry, 'already', person.name), accountId: null };
    if (person.role !== 'trainee') return refused(entry, notATrainee(person.name));
    const allowed = !known.taught || known.taught.has(person.id) || (await this.#isUnused(person));
    if (!allowed) return refused(entry, somebodyElses(person.name));
    return { entry, line: lineOf(entry, 'existing', person.name), accountId: person.id };
  }

  async #isUnused(person: AccountRow): Promise<boolean> {
    if (person.last_seen_at !== null) return false;
    const elsewhere = await this.#options.store
      .selectFrom('class_members')
      .select('class_id')
      .where('account_id', '=', person.id)
      .executeTakeFirst();
    return elsewhere === undefined;
  }

  async #enrol(classId: string, plan: readonly Planned[], prefix: string) {
    const { store, accounts, now } = this.#options;
    const add = (transaction: Transaction<Schema> | Store, accountIds: readonly string[]) =>
      accountIds.length === 0
        ? Promise.resolve([])
        : transaction
            .insertInto('class_members')
            .values(
              accountIds.map((account_id) => ({
                class_id: classId,
                account_id,
                joined_at: now(),
                joined_by: 'roster' as const,
              })),
            )
            .onConflict((conflict) => conflict.doNothing())
            .execute();
    const fresh = plan.filter(({ line }) => line.outcome === 'new');
    const made = await accounts.createTrainees(
      fresh.map(({ entry }) => ({ name: entry.account, displayName: entry.displayName })),
      prefix,
      async (transaction, accountIds) => void (await add(transaction, accountIds)),
    );
    await add(
      store,
      plan.flatMap(({ accountId }) => (accountId === null ? [] : [accountId])),
    );
    return made.map((one, index) => ({ ...one, line: fresh[index]!.entry.line }));
  }
}

interface Planned {
  readonly entry: RosterEntry;
  readonly line: RosterLine;
  /** Of an account that is there and comes in. */
  readonly accountId: string | null;
}

function readRoster(wanted: ImportRoster): { encoding: RosterAnswer['encoding']; roster: Roster } {
  if (wanted.text !== undefined) return { encoding: 'text', roster: filled(parseRoster(wanted.text)) };
  const read = wanted.base64 === undefined ? null : readRosterBytes(Buffer.from(wanted.base64, 'base64'));
  if (!read) throw new ClassError('rosterUnreadable');
  return { encoding: read.encoding, roster: filled(parseRoster(read.text)) };
}

function filled(roster: Roster): Roster {
  if (roster.entries.length + roster.problems.length === 0) throw new ClassError('rosterUnreadable');
  return roster;
}

/** How many of each name the class has: the same list again brings in nobody twice. */
function namesakes(members: readonly ClassMember[]): Map<string, ClassMember[]> {
  const byName = new Map<string, ClassMember[]>();
  for (const member of members) {
    byName.set(member.displayName, [...(byName.get(member.displayName) ?? []), member]);
  }
  return byName;
}

function planUnnamed(entry: RosterEntry, namesakes: Map<string, ClassMember[]>): Planned {
  const member = namesakes.get(entry.displayName)?.shift();
  if (!member) return { entry, line: lineOf(entry, 'new', null), accountId: null };
  const line = { ...lineOf(entry, 'already', member.name), note: inClass(member.name) };
  return { entry, line, accountId: null };
}

function lineOf(entry: RosterEntry, outcome: RosterLine['outcome'], account: string | null): RosterLine {
  return { line: entry.line, displayName: entry.displayName, account, outcome, note: entry.note };
}

function refused(entry: RosterEntry, note: Localized): Planned {
  return { entry, line: { ...lineOf(entry, 'refused', null), note }, accountId: null };
}

function refusedLine({ line, displayName, problem }: Roster['problems'][number]): RosterLine {
  return { line, displayName, account: null, outcome: 'refused', note: problem };
}

function inClass(name: string): Localized {
  return {
    ko: `이미 수업에 있어요(${name}). 같은 이름의 다른 사람이라면 계정 칸을 채워 주세요.`,
    en: `Is in the class already (${name}). If this is another person of that name, give an account.`,
  };
}

function notATrainee(name: string): Localized {
  return {
    ko: `${withParticle(name, '은')} 강사나 관리자의 계정이에요. 수강생의 계정을 넣거나 비워 두세요.`,
    en: `${name} is an instructor’s or administrator’s account. Give a trainee’s account, or leave it empty.`,
  };
}

function somebodyElses(name: string): Localized {
  return {
    ko: `${withParticle(name, '은')} 이미 다른 사람이 쓰는 계정이에요. 본인이면 참여 코드를 알려 주고, 아니면 다른 계정 이름을 넣거나 비워 두세요.`,
    en: `${name} is an account that somebody uses already. If it is this person, give them the join code; if not, choose another account name or leave it empty.`,
  };
}
