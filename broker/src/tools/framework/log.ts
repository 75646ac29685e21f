/** Lines as log4j writes them to standard error with the tools' own configuration (level WARN and above). */
import { logTime } from '../java/printf.ts';
import type { ToolPorts } from './ports.ts';

export function log(
  ports: ToolPorts,
  level: 'WARN' | 'ERROR',
  ...[message, logger]: [message: string, logger: string]
): void {
  ports.err(`${logTime(new Date(ports.now()))} ${level} ${message} (${logger})\n`);
}

/** With an exception beside the message, its trace follows on the next lines. */
export function logWithTrace(
  ports: ToolPorts,
  level: 'WARN' | 'ERROR',
  entry: { readonly message: string; readonly logger: string; readonly trace: string },
): void {
  log(ports, level, entry.message, entry.logger);
  ports.err(entry.trace);
}
