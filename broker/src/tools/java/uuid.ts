/** `Uuid.fromString`: 16 bytes in URL-safe base64. */
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
