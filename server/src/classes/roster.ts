/**
 * A class list as people have it → one entry a person, or what is wrong with the line. Pure.
 *
 * Taken: commas, semicolons or tabs; quoted fields; a heading line or none; names decomposed by macOS; blank lines. The name
 * comes first and the account second, unless the heading says otherwise; further columns are passed over.
 */
import { withParticle } from '@brokerlab/grader';
import { AccountName, type Localized, ROSTER_LINES_MAX } from '../contract/main.ts';

export interface RosterEntry {
  readonly line: number;
  readonly displayName: string;
  /** Null: one is made up. */
  readonly account: string | null;
  /** Something about it was mended on the way. */
  readonly note: Localized | null;
}

export interface RosterProblem {
  readonly line: number;
  readonly displayName: string;
  readonly problem: Localized;
}

export interface Roster {
  readonly entries: readonly RosterEntry[];
  readonly problems: readonly RosterProblem[];
}

const NAME_CHARACTERS_MAX = 80;
const NAME_HEADINGS = /^(이름|성명|성함|수강생|name|full ?name|display ?name|student|trainee)$/i;
const ACCOUNT_HEADINGS =
  /^(계정|계정 ?이름|아이디|사번|학번|account|account ?name|id|user ?id|login|username)$/i;
/** Controls, marks that turn the direction of writing, and characters without width. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]/gu;
const ZERO_WIDTH_JOINER = '\u200D';

export function parseRoster(text: string): Roster {
  const rows = readRows(text.replace(/^\uFEFF/, '')).filter(({ fields }) =>
    fields.some((field) => field.trim() !== ''),
  );
  const columns = headingOf(rows[0]?.fields ?? []);
  const entries: RosterEntry[] = [];
  const problems: RosterProblem[] = [];
  const accounts = new Map<string, number>();
  for (const { line, fields } of columns ? rows.slice(1) : rows) {
    if (entries.length + problems.length >= ROSTER_LINES_MAX) {
      problems.push({ line, displayName: '', problem: tooManyLines() });
      break;
    }
    const read = readEntry(line, fields, columns ?? { name: 0, account: 1 });
    const known = 'problem' in read || read.account === null ? undefined : accounts.get(key(read.account));
    if ('problem' in read) problems.push(read);
    else if (known !== undefined) {
      problems.push({ line, displayName: read.displayName, problem: doubled(read.account ?? '', known) });
    } else {
      if (read.account !== null) accounts.set(key(read.account), line);
      entries.push(withNamesake(read, entries));
    }
  }
  return { entries, problems };
}

interface Columns {
  readonly name: number;
  /** −1: there is none. */
  readonly account: number;
}

function headingOf(fields: readonly string[]): Columns | null {
  const words = fields.map((field) => field.normalize('NFC').trim());
  const name = words.findIndex((word) => NAME_HEADINGS.test(word));
  const account = words.findIndex((word) => ACCOUNT_HEADINGS.test(word));
  if (name < 0 && account < 0) return null;
  // "account" alone as heading: its column serves as the name, too.
  return { name: name < 0 ? account : name, account };
}

function readEntry(line: number, fields: readonly string[], columns: Columns): RosterEntry | RosterProblem {
  const raw = fields[columns.name] ?? '';
  const displayName = cleanName(raw);
  const account = columns.account < 0 ? '' : (fields[columns.account] ?? '').normalize('NFKC').trim();
  const refuse = (problem: Localized): RosterProblem => ({
    line,
    displayName: displayName.slice(0, NAME_CHARACTERS_MAX),
    problem,
  });
  if (displayName === '' && account === '') return refuse(NO_NAME);
  if (raw.includes('\uFFFD') || account.includes('\uFFFD')) return refuse(BROKEN);
  if ([...displayName].length > NAME_CHARACTERS_MAX) return refuse(TOO_LONG);
  if (account !== '' && !AccountName.safeParse(account).success) return refuse(badAccount(account));
  const name = displayName || account;
  return {
    line,
    displayName: name,
    account: account || null,
    note: raw.trim() && isMended(raw) ? MENDED : null,
  };
}

function cleanName(raw: string): string {
  return raw
    .normalize('NFC')
    .replace(/[\r\n\t]/g, ' ')
    .replace(UNSEEN, (character) => (character === ZERO_WIDTH_JOINER ? character : ''))
    .replace(/\s+/g, ' ')
    .trim();
}

function isMended(raw: string): boolean {
  const unseen = raw.replace(/[\r\n\t]/g, ' ').match(UNSEEN);
  return unseen?.some((character) => character !== ZERO_WIDTH_JOINER) ?? false;
}

/** Two people may bear one name: both come in, told apart by their accounts, and the line says so. */
function withNamesake(entry: RosterEntry, before: readonly RosterEntry[]): RosterEntry {
  const namesake = before.find(({ displayName }) => displayName === entry.displayName);
  return namesake && entry.note === null ? { ...entry, note: sameName(namesake.line) } : entry;
}

interface Row {
  readonly line: number;
  readonly fields: readonly string[];
}

/** RFC 4180 with whatever separates: the one that the first line has most of, outside quotes. */
function readRows(text: string): Row[] {
  const separator = separatorOf(text.slice(0, text.indexOf('\n') < 0 ? undefined : text.indexOf('\n')));
  const rows: Row[] = [];
  let fields: string[] = [];
  let field = '';
  let quoted = false;
  let line = 1;
  let begun = 1;
  const endRow = (): void => {
    rows.push({ line: begun, fields: [...fields, field] });
    fields = [];
    field = '';
    begun = line;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '\n' || (character === '\r' && text[at + 1] !== '\n')) line += 1;
    if (quoted) {
      if (character !== '"') field += character;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"' && field.trim() === '' && closes(text, at)) {
      field = '';
      quoted = true;
    } else if (character === separator) {
      fields.push(field);
      field = '';
    } else if (character === '\n' || character === '\r') {
      if (character === '\r' && text[at + 1] === '\n') continue;
      endRow();
    } else field += character;
  }
  if (field !== '' || fields.length > 0) endRow();
  return rows;
}

/** A quote that never ends would swallow the rest of the list: then it is a character like others. */
function closes(text: string, at: number): boolean {
  const end = text.indexOf('"', at + 1);
  return end >= 0 && end - at < 500;
}

function separatorOf(firstLine: string): string {
  const bare = firstLine.replace(/"[^"]*"/g, '');
  const counts = ['\t', ';', ','].map((separator) => ({ separator, count: bare.split(separator).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).separator;
}

function key(account: string): string {
  return account.toLowerCase();
}

const NO_NAME: Localized = {
  ko: '이름이 비어 있어요. 첫 칸에 이름을 넣어 주세요.',
  en: 'The name is empty. Put a name into the first column.',
};
const BROKEN: Localized = {
  ko: '글자가 깨져 있어요. 엑셀에서 “CSV UTF-8”로 다시 저장해 주세요.',
  en: 'Characters are broken. Save the list again as “CSV UTF-8”.',
};
const TOO_LONG: Localized = {
  ko: `이름이 ${NAME_CHARACTERS_MAX}자를 넘어요. 줄여 주세요.`,
  en: `The name is longer than ${NAME_CHARACTERS_MAX} characters. Shorten it.`,
};
const MENDED: Localized = {
  ko: '이름에서 보이지 않는 글자를 뺐어요.',
  en: 'Characters that can’t be seen were taken out of the name.',
};

function badAccount(account: string): Localized {
  const shown = account.slice(0, 40);
  return {
    ko: `계정 이름 “${shown}”은 쓸 수 없어요. 영문자, 숫자, 점, 밑줄, 붙임표만 쓰거나 칸을 비워 두면 만들어 드려요.`,
    en: `The account name “${shown}” can’t be used. Use letters, digits, dots, underscores and hyphens, or leave it empty to have one made.`,
  };
}

function doubled(account: string, line: number): Localized {
  return {
    ko: `계정 ${withParticle(account, '은')} ${line}번째 줄에 이미 있어요. 둘 중 하나의 계정을 바꾸거나 비워 두세요.`,
    en: `The account ${account} is on line ${line} already. Change one of the two, or leave it empty.`,
  };
}

function sameName(line: number): Localized {
  return {
    ko: `${line}번째 줄과 이름이 같아요. 다른 사람으로 보고 계정을 따로 만들어요.`,
    en: `Line ${line} has the same name. They are taken for two people with an account each.`,
  };
}

function tooManyLines(): Localized {
  return {
    ko: `명단은 한 번에 ${ROSTER_LINES_MAX}줄까지예요. 나머지는 나누어 넣어 주세요.`,
    en: `A list has at most ${ROSTER_LINES_MAX} lines. Bring in the rest separately.`,
  };
}
