/**
 * The bytes of a list → its text. Excel saves UTF-8 with a mark ("CSV UTF-8"), UTF-16 with a mark ("Unicode text"), and
 * on a Korean Windows plain "CSV" in CP949, which WHATWG calls euc-kr. What is none of these is refused, never guessed.
 */
export interface RosterText {
  readonly encoding: 'utf-8' | 'utf-16' | 'cp949';
  readonly text: string;
}

export function readRosterBytes(bytes: Uint8Array): RosterText | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decoded(bytes, 'utf-16le', 'utf-16');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decoded(bytes, 'utf-16be', 'utf-16');
  // A zero byte is in no list: a workbook or another binary file.
  if (bytes.includes(0)) return null;
  return decoded(bytes, 'utf-8', 'utf-8') ?? decoded(bytes, 'euc-kr', 'cp949');
}

function decoded(bytes: Uint8Array, label: string, encoding: RosterText['encoding']): RosterText | null {
  try {
    return { encoding, text: new TextDecoder(label, { fatal: true }).decode(bytes) };
  } catch {
    return null;
  }
}
