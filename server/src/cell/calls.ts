/** Numbered calls over a framed channel: each ends by its reply, its timeout, or the end of the channel. */
import { CellError, type CellErrorCode } from '../sandbox/sandbox.ts';
import { decodeJson, encodeJson, type Reply } from './protocol.ts';

const CALLS_MAX = 512;
const NUMBER_MAX = 0x7fff_ffff;

export interface Calls {
  /** Rejects with a CellError. */
  call(request: unknown, timeoutMs: number): Promise<unknown>;
  /** A reply frame; an unknown number is one that timed out. */
  settle(number: number, payload: Uint8Array): void;
  /** Rejects all that wait. */
  abandon(code: CellErrorCode, message: string): void;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: CellError) => void;
  readonly timer: NodeJS.Timeout;
}

export function createCalls(send: (number: number, payload: Buffer) => void): Calls {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  return {
    call(request, timeoutMs) {
      if (waiting.size >= CALLS_MAX) {
        return Promise.reject(new CellError('limit', `more than ${CALLS_MAX} calls are waiting`));
      }
      last = (last % NUMBER_MAX) + 1;
      const number = last;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(number);
          reject(new CellError('timeout', `no answer within ${timeoutMs} ms`));
        }, timeoutMs);
        waiting.set(number, { resolve, reject, timer });
        send(number, encodeJson(request));
      });
    },
    settle(number, payload) {
      const entry = waiting.get(number);
      if (entry === undefined) return;
      waiting.delete(number);
      clearTimeout(entry.timer);
      const reply = decodeJson(payload) as Reply<unknown> | undefined;
      if (reply?.ok === true) entry.resolve(reply.value);
      else entry.reject(new CellError(reply?.code ?? 'failed', String(reply?.message ?? 'no valid answer')));
    },
    abandon(code, message) {
      for (const entry of waiting.values()) {
        clearTimeout(entry.timer);
        entry.reject(new CellError(code, message));
      }
      waiting.clear();
    },
  };
}

/** The other side of `call`: runs it, and turns its outcome into a reply. */
export async function replyTo(run: () => Promise<unknown>): Promise<Buffer> {
  try {
    return encodeJson({ ok: true, value: (await run()) ?? null } satisfies Reply<unknown>);
  } catch (error) {
    const code = error instanceof CellError ? error.code : 'failed';
    const message = error instanceof Error ? error.message : String(error);
    return encodeJson({ ok: false, code, message } satisfies Reply<unknown>);
  }
}
