/** Why a call as a whole failed. Per-item failures are values in the answers. */
import { errorByCode } from '../messages/errors.ts';
import type { ApiError } from './types.ts';

export type ClientErrorCode =
  /** The client, or the connection underneath, was closed by its owner. */
  | 'closed'
  /** No answer within the limit. */
  | 'timeout'
  /** The connection ended before the answer came. */
  | 'disconnected'
  /** Nobody answers at the address. */
  | 'unreachable'
  /** No bootstrap address has a name that resolves. */
  | 'unresolvable'
  /** Broker and client have no version of the API in common. */
  | 'unsupported-version'
  /** A broker refused: `api` says what it said. */
  | 'refused'
  /** Nothing was committed for a partition, and there is no reset policy. */
  | 'no-offset'
  /** Not possible in the state of the producer's transaction; what broke it is the `cause`. */
  | 'transaction'
  /** The answer is not what the protocol says. */
  | 'corrupt';

export class ClientError extends Error {
  readonly code: ClientErrorCode;
  readonly api: ApiError | null;

  constructor(code: ClientErrorCode, message: string, options: { cause?: unknown; api?: ApiError } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ClientError';
    this.code = code;
    this.api = options.api ?? null;
  }

  get canRetry(): boolean {
    if (this.api !== null) return this.api.retriable;
    return this.code === 'timeout' || this.code === 'disconnected' || this.code === 'unreachable';
  }
}

/** `null` for code 0. `message` is the broker's own text when it sent one. */
export function toApiError(code: number, message?: string | null): ApiError | null {
  if (code === 0) return null;
  const known = errorByCode(code);
  return {
    code,
    name: known.name,
    exception: known.exception,
    message: message ?? known.message,
    retriable: known.retriable,
  };
}

export function refuse(code: number, message?: string | null): void {
  const api = toApiError(code, message);
  if (api !== null) throw new ClientError('refused', api.message, { api });
}
