/** Bytes of a key, value or header as a person wants to see them. Pure. */
import type { MessageBytes } from '@brokerlab/server/contract';

export const formats = ['auto', 'json', 'string', 'integer', 'hex', 'base64'] as const;
export type Format = (typeof formats)[number];

export interface Decoded {
  readonly text: string;
  /** What it was shown as. */
  readonly as: Exclude<Format, 'auto'> | 'null';
  /** Asked for a format that these bytes are not. */
  readonly mismatch: boolean;
  /** There is more than was sent to the page. */
  readonly cut: boolean;
}

export function bytesOf(base64: string): Uint8Array {
  const binary = atob(base64);
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export function decode(value: MessageBytes, format: Format): Decoded {
  if (value === null) return { text: 'null', as: 'null', mismatch: false, cut: false };
  const bytes = bytesOf(value.base64);
  const cut = bytes.length < value.size;
  const shown = (as: Decoded['as'], text: string) => ({ text, as, mismatch: false, cut });
  switch (format) {
    case 'hex':
      return shown('hex', hex(bytes));
    case 'base64':
      return shown('base64', value.base64);
    case 'integer': {
      const number = integer(bytes);
      return number === null ? { ...shown('hex', hex(bytes)), mismatch: true } : shown('integer', number);
    }
    case 'json': {
      const pretty = json(bytes);
      return pretty === null ? { ...shown('string', utf8(bytes)), mismatch: true } : shown('json', pretty);
    }
    case 'string':
      return shown('string', utf8(bytes));
    case 'auto': {
      const text = readable(bytes, cut);
      if (text === null) return shown('hex', hex(bytes));
      const pretty = /^\s*[[{]/.test(text) ? json(bytes) : null;
      return pretty === null ? shown('string', text) : shown('json', pretty);
    }
  }
}

/** Not a tab, a line's end or the start of a colour. */
function isControl(character: string): boolean {
  const code = character.charCodeAt(0);
  return code < 32 && !(code >= 9 && code <= 13) && code !== 27;
}

const utf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Null: not UTF-8, or full of control characters. The last character may have been cut in two. */
function readable(bytes: Uint8Array, cut: boolean): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
    return [...text].some(isControl) ? null : text;
  } catch {
    return null;
  }
}

function json(bytes: Uint8Array): string | null {
  try {
    return JSON.stringify(JSON.parse(utf8(bytes)), null, 2);
  } catch {
    return null;
  }
}

/** Big-endian, as Java's ShortSerializer, IntegerSerializer and LongSerializer write it. */
function integer(bytes: Uint8Array): string | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length === 2) return String(view.getInt16(0));
  if (bytes.length === 4) return String(view.getInt32(0));
  if (bytes.length === 8) return String(view.getBigInt64(0));
  return null;
}

/** Sixteen bytes a line, in pairs. */
export function hex(bytes: Uint8Array): string {
  const pairs = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
  const lines: string[] = [];
  for (let start = 0; start < pairs.length; start += 16) lines.push(pairs.slice(start, start + 16).join(' '));
  return lines.join('\n');
}
