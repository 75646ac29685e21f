const SEQUENCES =
  /\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]|[\x00-\x08\x0b-\x1f\x7f]/g;

/** The end of what a program printed, as plain text with `\n` line ends. */
export function plainTail(output: Buffer, bytesMax: number): string {
  let start = Math.max(0, output.length - bytesMax);
  // Not in the middle of a UTF-8 character.
  while (start < output.length && (output[start]! & 0xc0) === 0x80) start++;
  return output.toString('utf8', start).replaceAll('\r\n', '\n').replace(SEQUENCES, '');
}
