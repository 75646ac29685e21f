/** What was read, as a file: JSON keeps every byte (base64), CSV is for people and spreadsheets. */
import type { ConsoleMessage } from '@brokerlab/server/contract';
import { decode } from './decode.ts';

export function download(topic: string, messages: readonly ConsoleMessage[], kind: 'json' | 'csv'): void {
  const text = kind === 'json' ? JSON.stringify(messages, null, 2) : csvOf(messages);
  const type = kind === 'json' ? 'application/json' : 'text/csv;charset=utf-8';
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${topic}.${kind}`;
  link.click();
  // The browser has taken what it needs once the click's task is over.
  setTimeout(() => URL.revokeObjectURL(address), 1_000);
}

export function csvOf(messages: readonly ConsoleMessage[]): string {
  const rows = messages.map((message) => [
    String(message.partition),
    String(message.offset),
    new Date(Math.max(0, message.timestampMs)).toISOString(),
    message.key === null ? '' : decode(message.key, 'string').text,
    message.value === null ? '' : decode(message.value, 'string').text,
    message.headers.map(({ key, value }) => `${key}=${decode(value, 'auto').text}`).join(';'),
  ]);
  const head = ['partition', 'offset', 'timestamp', 'key', 'value', 'headers'];
  // With the mark that tells Excel it is UTF-8.
  return `\ufeff${[head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** Quoted when needed; what a spreadsheet would take for a formula is not one. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
