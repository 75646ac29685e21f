/** What is unfinished for longer than this is no sequence: it is let through. */
const TAIL_BYTES_MAX = 4096;
const ESCAPE = '\x1b';

/** From ESC to the end of the data, still lacking its last byte: CSI; OSC, DCS, SOS, PM, APC; others. */
const UNFINISHED = /^\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*|[ -/]*)$/;
/** A string whose terminator (ESC \) is half there. */
const UNFINISHED_STRING = /\x1b[\]PX^_][^\x07\x1b]*\x1b$/;

/** How many of the bytes end on a whole character and a whole escape sequence. */
export function completeLength(data: Uint8Array): number {
  const length = completeCharacters(data);
  const from = Math.max(0, length - TAIL_BYTES_MAX);
  const tail = Buffer.from(data.buffer, data.byteOffset + from, length - from).toString('latin1');
  const last = tail.lastIndexOf(ESCAPE);
  if (last === -1 || !UNFINISHED.test(tail.slice(last))) return length;
  const string = last === tail.length - 1 ? UNFINISHED_STRING.exec(tail) : null;
  return from + (string?.index ?? last);
}

function completeCharacters(data: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= data.length; back++) {
    const byte = data[data.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const bytes = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return bytes > back ? data.length - back : data.length;
  }
  return data.length;
}
