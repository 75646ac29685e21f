/** Who needs somebody, the most urgent first: stuck by weight, then hands by how long they are up, then what is worth a look. */
import type { LiveRow, Localized } from '@brokerlab/server/contract';

export interface Need {
  readonly row: LiveRow;
  readonly level: 'stuck' | 'hand' | 'look';
  /** Null: the hand alone. */
  readonly why: Localized | null;
}

export function needOf(row: LiveRow): Need | null {
  const [first] = row.reasons;
  if (first?.severity === 'stuck') return { row, level: 'stuck', why: first.text };
  if (row.handAt !== null) return { row, level: 'hand', why: first?.text ?? null };
  return first ? { row, level: 'look', why: first.text } : null;
}

const ranks = { stuck: 0, hand: 1, look: 2 } as const;

export function needsOf(rows: readonly LiveRow[]): Need[] {
  return rows
    .flatMap((row) => needOf(row) ?? [])
    .sort(
      (one, other) =>
        ranks[one.level] - ranks[other.level] ||
        (one.level === 'hand' ? (one.row.handAt ?? 0) - (other.row.handAt ?? 0) : 0) ||
        other.row.weight - one.row.weight ||
        one.row.name.localeCompare(other.row.name),
    );
}

/** `2:13`; over an hour `1:02:13`. */
export function clock(elapsedMs: number): string {
  const seconds = Math.max(0, Math.floor(elapsedMs / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
