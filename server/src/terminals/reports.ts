/** What a terminal answers by itself when a program asks: device attributes, cursor position, colours, modes. */
const REPORTS =
  /^(?:\x1b\[[?>=]?[\d;]*(?:c|n|R|\$y|t)|\x1b\[[IO]|\x1b\](?:4|10|11|12);[^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP[^\x1b]*\x1b\\)+$/;
const BYTES_MAX = 512;

export function isTerminalReport(data: Uint8Array): boolean {
  if (data.length < 3 || data.length > BYTES_MAX || data[0] !== 0x1b) return false;
  return REPORTS.test(Buffer.from(data.buffer, data.byteOffset, data.length).toString('latin1'));
}
