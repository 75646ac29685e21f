/**
 * How many tasks wrote in transactions (KIP-618), as Kafka Connect keeps it in its config topic: who takes over fences so
 * many. The other records there (connectors, tasks, session keys) are the Connect cluster's own and not needed to go on.
 */
import { SOURCE_CONNECTOR } from '../names/connect-names.ts';

/** Nobody has more; a record that says so is not believed. */
const countMost = 1_000;
const recordKey = `tasks-fencing-${SOURCE_CONNECTOR}`;

export function taskCountRecord(count: number): { readonly key: Buffer; readonly value: Buffer } {
  return { key: Buffer.from(recordKey), value: Buffer.from(JSON.stringify({ 'task-count': count })) };
}

/** `null`: a record about something else. 0: it was taken back. */
export function readTaskCountRecord(key: Buffer | null, value: Buffer | null): number | null {
  if (key?.toString() !== recordKey) return null;
  if (value === null) return 0;
  try {
    const parsed: unknown = JSON.parse(value.toString('utf8'));
    const count = (parsed as Record<string, unknown> | null)?.['task-count'];
    return typeof count === 'number' && Number.isInteger(count) ? Math.min(Math.max(0, count), countMost) : 0;
  } catch {
    return 0;
  }
}
