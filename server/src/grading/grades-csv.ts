/** Grades as CSV (RFC 4180), as spreadsheets open it: with a byte-order mark, and no cell that is taken for a formula. */
import type { Locale } from '@brokerlab/grader';
import type { AttemptGrade, CheckGrade, LabGrade } from './grades.ts';

type Cell = string | number | null;

interface Column<Row> {
  readonly ko: string;
  readonly en: string;
  readonly value: (row: Row, language: Locale) => Cell;
}

const STATES = {
  passed: { ko: '통과', en: 'passed' },
  notYet: { ko: '아직', en: 'not yet' },
  brokenCheck: { ko: '확인 불가', en: 'could not be judged' },
} as const;

const CHECK_COLUMNS: readonly Column<CheckGrade>[] = [
  { ko: '계정', en: 'account', value: (row) => row.accountName },
  { ko: '이름', en: 'name', value: (row) => row.displayName },
  { ko: '실습', en: 'lab', value: (row) => row.labId },
  { ko: '회차', en: 'run', value: (row) => row.run },
  { ko: '단계', en: 'step', value: (row) => row.stepId },
  { ko: '확인', en: 'check', value: (row) => row.checkId },
  { ko: '종류', en: 'kind', value: (row) => row.kind },
  { ko: '상태', en: 'state', value: (row, language) => STATES[row.state][language] },
  { ko: '점수', en: 'points', value: (row) => row.points },
  { ko: '만점', en: 'points at most', value: (row) => row.pointsMax },
  { ko: '시도', en: 'attempts', value: (row) => row.attempts },
  { ko: '확인 불가 횟수', en: 'times not judged', value: (row) => row.broken },
  { ko: '시작', en: 'opened', value: (row) => time(row.openedAt) },
  { ko: '통과 시각', en: 'passed at', value: (row) => time(row.passedAt) },
  { ko: '걸린 초', en: 'seconds', value: (row) => row.seconds },
  { ko: '한 일', en: 'done', value: (row) => row.evidence.did },
  { ko: '결과', en: 'message', value: (row, language) => row.evidence.message[language] },
  { ko: '필요한 것', en: 'expected', value: (row, language) => row.evidence.expected[language] },
  { ko: '본 것', en: 'seen', value: (row, language) => row.evidence.seen[language] },
];

const LAB_COLUMNS: readonly Column<LabGrade>[] = [
  { ko: '계정', en: 'account', value: (row) => row.accountName },
  { ko: '이름', en: 'name', value: (row) => row.displayName },
  { ko: '실습', en: 'lab', value: (row) => row.labId },
  { ko: '회차', en: 'run', value: (row) => row.run },
  { ko: '점수', en: 'points', value: (row) => row.points },
  { ko: '만점', en: 'points at most', value: (row) => row.pointsMax },
  { ko: '통과한 확인', en: 'checks passed', value: (row) => row.checksPassed },
  { ko: '전체 확인', en: 'checks', value: (row) => row.checksTotal },
  { ko: '시도', en: 'attempts', value: (row) => row.attempts },
  { ko: '확인 불가', en: 'could not be judged', value: (row) => row.brokenChecks.join(' ') },
  { ko: '시작', en: 'started', value: (row) => time(row.startedAt) },
  { ko: '마친 시각', en: 'passed at', value: (row) => time(row.passedAt) },
  { ko: '걸린 초', en: 'seconds', value: (row) => row.seconds },
];

const ATTEMPT_COLUMNS: readonly Column<AttemptGrade>[] = [
  { ko: '계정', en: 'account', value: (row) => row.accountName },
  { ko: '실습', en: 'lab', value: (row) => row.labId },
  { ko: '회차', en: 'run', value: (row) => row.run },
  { ko: '확인', en: 'check', value: (row) => row.checkId },
  { ko: '시도', en: 'attempt', value: (row) => row.number },
  { ko: '상태', en: 'state', value: (row, language) => STATES[row.state][language] },
  { ko: '점수', en: 'points', value: (row) => row.points },
  { ko: '시각', en: 'at', value: (row) => time(row.at) },
  { ko: '한 일', en: 'done', value: (row) => row.evidence.did },
  { ko: '결과', en: 'message', value: (row, language) => row.evidence.message[language] },
  { ko: '필요한 것', en: 'expected', value: (row, language) => row.evidence.expected[language] },
  { ko: '본 것', en: 'seen', value: (row, language) => row.evidence.seen[language] },
];

export function checkGradesCsv(rows: readonly CheckGrade[], language: Locale): string {
  return csv(CHECK_COLUMNS, rows, language);
}

export function labGradesCsv(rows: readonly LabGrade[], language: Locale): string {
  return csv(LAB_COLUMNS, rows, language);
}

export function attemptsCsv(rows: readonly AttemptGrade[], language: Locale): string {
  return csv(ATTEMPT_COLUMNS, rows, language);
}

function csv<Row>(columns: readonly Column<Row>[], rows: readonly Row[], language: Locale): string {
  const lines = [
    columns.map((column) => quoted(column[language])),
    ...rows.map((row) => columns.map(({ value }) => quoted(value(row, language)))),
  ];
  return `\uFEFF${lines.map((line) => `${line.join(',')}\r\n`).join('')}`;
}

function quoted(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const harmless = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function time(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
