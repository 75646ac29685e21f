/**
 * Shell integration: the box's bash marks in its output where a command begins and ends (OSC 633, as editors'
 * terminals use it):
 *
 *   ESC ] 633 ; C ; ENTRY BEL               the command line was entered (as `history 1` prints it), its output follows
 *   ESC ] 633 ; D ; EXIT ; COMMAND BEL     it ended; in COMMAND, \n stands for a line end and \\ for a backslash
 *
 * The marks are taken out of the stream. Any program can print them: they are a teaching aid, not evidence.
 */

const INTRODUCER = Buffer.from('\x1b]633;');
const BEL = 0x07;
const MARK_BYTES_MAX = 16 * 1024;

export type Mark =
  | { readonly kind: 'begin'; readonly command: string }
  | { readonly kind: 'end'; readonly exitCode: number; readonly command: string };

export interface MarkReader {
  push(chunk: Buffer): void;
}

export interface MarkHandlers {
  onData(data: Buffer): void;
  onMark(mark: Mark): void;
}

export function createMarkReader(handlers: MarkHandlers): MarkReader {
  let held: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      let rest: Buffer = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      held = Buffer.alloc(0);
      while (rest.length > 0) {
        const start = rest.indexOf(INTRODUCER);
        if (start === -1) {
          const keep = introducerPrefixAtEnd(rest);
          emit(rest.subarray(0, rest.length - keep));
          held = rest.subarray(rest.length - keep);
          return;
        }
        emit(rest.subarray(0, start));
        const end = rest.indexOf(BEL, start);
        if (end === -1) {
          // An endless mark is somebody's own output: let it through.
          if (rest.length - start > MARK_BYTES_MAX) emit(rest.subarray(start));
          else held = Buffer.from(rest.subarray(start));
          return;
        }
        const mark = parseMark(rest.toString('utf8', start + INTRODUCER.length, end));
        if (mark !== undefined) handlers.onMark(mark);
        rest = rest.subarray(end + 1);
      }
    },
  };

  function emit(data: Buffer): void {
    if (data.length > 0) handlers.onData(data);
  }
}

function introducerPrefixAtEnd(data: Buffer): number {
  const from = Math.max(0, data.length - INTRODUCER.length + 1);
  for (let start = data.indexOf(0x1b, from); start !== -1; start = data.indexOf(0x1b, start + 1)) {
    if (INTRODUCER.subarray(0, data.length - start).equals(data.subarray(start))) return data.length - start;
  }
  return 0;
}

function parseMark(text: string): Mark | undefined {
  if (text === 'C' || text.startsWith('C;')) return { kind: 'begin', command: ofHistory(text.slice(2)) };
  const match = /^D;(\d{1,3});(.*)$/s.exec(text);
  if (match === null) return undefined;
  const command = match[2]!.replace(/\\(.)/gs, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
  return { kind: 'end', exitCode: Number(match[1]), command };
}

/** `  12  kafka-topics.sh --list` → the command alone. */
function ofHistory(entry: string): string {
  return entry
    .replace(/^\s*\d+\*?\s+/, '')
    .replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '')
    .trimEnd();
}
