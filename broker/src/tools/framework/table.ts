/** Tables as Kafka's tools print them: every cell padded to its column and followed by a tab. */
import type { ToolPorts } from './ports.ts';

export function printTable(
  ports: ToolPorts,
  headers: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  const lines = [headers, ...rows];
  const widths = headers.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  for (const line of lines) {
    ports.out(`${line.map((cell, column) => `${cell.padEnd(widths[column]!)}\t`).join('')}\n`);
  }
}
