/** Runs an action again while its failure is one that time may cure, within a limit of time. */
import { setTimeout as delay } from 'node:timers/promises';
import { ClientError } from './client-error.ts';
import type { NetworkLimits } from './network.ts';

export async function withRetries<T>(limits: NetworkLimits, action: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + limits.apiTimeoutMs;
  let backoffMs = limits.retryBackoffMs;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof ClientError) || !error.canRetry) throw error;
      const leftMs = deadline - Date.now();
      if (leftMs <= backoffMs) throw asTimeout(error);
      await delay(Math.min(backoffMs, leftMs));
      backoffMs = Math.min(backoffMs * 2, limits.retryBackoffMaxMs);
    }
  }
}

function asTimeout(error: ClientError): ClientError {
  return error.api === null ? new ClientError('timeout', error.message, { cause: error }) : error;
}
