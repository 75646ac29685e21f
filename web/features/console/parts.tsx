/** What the console's screens are made of: figures in a row, marked values, tables that can be sorted. */
import type { Failures } from '@brokerlab/server/contract';
import { type ReactNode, useState } from 'react';
import { pick } from '../../ui/i18n.ts';
import { notify } from '../../ui/notify.ts';
import { preferences } from '../../ui/preferences.ts';

export type Tone = 'warn' | 'bad' | undefined;

export function Facts({ children }: { children: ReactNode }) {
  return <dl className="console-facts">{children}</dl>;
}

/** `wide`: for what does not fit in one column. */
export function Fact(props: { label: string; tone?: Tone; wide?: boolean; children: ReactNode }) {
  const { label, tone, wide, children } = props;
  return (
    <div data-tone={tone} data-wide={wide}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A number that may be in alarm: told by a sign as well as by colour. */
export function Figure({ tone, children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className="console-figure" data-tone={tone}>
      {tone && <span aria-hidden="true">{tone === 'bad' ? '✕ ' : '! '}</span>}
      {children}
    </span>
  );
}

/** As CMAK: spread warns at 75 and alarms at 50. */
export const spreadTone = (percent: number): Tone =>
  percent <= 50 ? 'bad' : percent <= 75 ? 'warn' : undefined;
/** As CMAK: skew and under-replication warn above 0 and alarm from 34. */
export const skewTone = (percent: number): Tone => (percent >= 34 ? 'bad' : percent > 0 ? 'warn' : undefined);

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  readonly hint?: string;
  readonly number?: boolean;
  /** What rows are sorted by; left out: the column can't be sorted by. */
  readonly by?: (row: Row) => number | string;
  readonly cell: (row: Row) => ReactNode;
}

export function SortedTable<Row>(props: {
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly label: string;
}) {
  const { columns, rows, keyOf, label } = props;
  const [sort, setSort] = useState<{ key: string; down: boolean } | null>(null);
  const column = columns.find(({ key }) => key === sort?.key);
  const sorted = column?.by ? [...rows].sort((a, b) => compare(column.by!(a), column.by!(b))) : rows;
  const shown = sort?.down ? [...sorted].reverse() : sorted;
  return (
    <div className="table-scroll">
      <table className="table console-table" aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ key, title, hint, number, by }) => (
              <th
                key={key}
                data-number={number}
                title={hint}
                aria-sort={sort?.key === key ? (sort.down ? 'descending' : 'ascending') : undefined}
              >
                {by ? (
                  <button
                    type="button"
                    onClick={() => setSort({ key, down: sort?.key === key ? !sort.down : number === true })}
                  >
                    {title}
                    <span aria-hidden="true">{sort?.key === key ? (sort.down ? ' ↓' : ' ↑') : ''}</span>
                  </button>
                ) : (
                  title
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ key, number, cell }) => (
                <td key={key} data-number={number}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function compare(one: number | string, other: number | string): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one).localeCompare(String(other), undefined, { numeric: true });
}

/** Partition numbers as people write them: 0–3, 7. */
export function ranges(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let index = 0; index < sorted.length; index++) {
    const from = sorted[index]!;
    while (sorted[index + 1] === sorted[index]! + 1) index += 1;
    parts.push(from === sorted[index] ? `${from}` : `${from}–${sorted[index]}`);
  }
  return parts.join(', ');
}

/** Says what the cluster refused, in its own words; true when it refused nothing. */
export function tellFailures(answer: Failures, done: string): boolean {
  if (answer.failures.length === 0) {
    notify(done, { tone: 'ok' });
    return true;
  }
  const [first, ...others] = answer.failures;
  const more = pick(
    { ko: `외 ${others.length}건`, en: `and ${others.length} more` },
    preferences.get().language,
  );
  notify(`${first!.what}: ${first!.message}${others.length > 0 ? ` (${more})` : ''}`, { tone: 'bad' });
  return false;
}
