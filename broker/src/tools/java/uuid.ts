/** `Uuid.fromString`: 16 bytes in URL-safe base64. */
import type { ToolPorts } from '../framework/ports.ts';
import { illegalArgument } from './java-error.ts';

const textLengthMax = 24;
const uuidBytes = 16;

export function parseUuid(text: string): string {
  if (text.length > textLengthMax) {
    throw illegalArgument(
      `Input string with prefix \`${text.slice(0, textLengthMax)}\` is too long to be decoded as a base64 UUID`,
    );
  }
  const wrong = /[^A-Za-z0-9_-]/.exec(text.replace(/=+$/, ''));
  if (wrong !== null)
    throw illegalArgument(`Illegal base64 character ${wrong[0].charCodeAt(0).toString(16)}`);
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== uuidBytes) {
    throw illegalArgument(
      `Input string \`${text}\` decoded as ${bytes.length} bytes, which is not equal to the expected 16 bytes of a base64-encoded UUID`,
    );
  }
  return bytes.toString('base64url');
}

/** `Uuid.randomUuid()`: version 4, never with a dash in front. */
export function randomUuid(ports: Pick<ToolPorts, 'random'>): string {
  const bytes = Buffer.from(Array.from({ length: uuidBytes }, () => ports.random(256)));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const text = bytes.toString('base64url');
  return text.startsWith('-') ? randomUuid(ports) : text;
}
