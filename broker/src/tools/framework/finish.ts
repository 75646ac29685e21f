/** How tools end: 0, or 1 with the error on standard error. */
import { toApiError } from '../../client/client-error.ts';
import { execution, fromApiError, JavaError } from '../java/java-error.ts';
import type { ToolPorts } from './ports.ts';

/** An error told by its message alone. */
export class Terse extends Error {}

/** Message and trace, or the message alone where the tool says so. */
export async function finish(ports: ToolPorts, body: () => Promise<void>): Promise<number> {
  try {
    await body();
    return 0;
  } catch (error) {
    if (error instanceof Terse) ports.err(`${error.message}\n`);
    else if (error instanceof JavaError) ports.err(`${error.text}\n${error.trace}\n`);
    else throw error;
    return 1;
  }
}

/** Throws what `Future.get()` throws for an answer with that code. */
export function refuseExecution(errorCode: number, errorMessage?: string | null): void {
  const error = toApiError(errorCode, errorMessage);
  if (error !== null) throw execution(fromApiError(error));
}
