/** What account operations refuse, in the words of the contract. */
import type { ErrorCode } from '../contract/main.ts';

export type AccountErrorCode = Extract<
  ErrorCode,
  | 'nameTaken'
  | 'accountNotFound'
  | 'lastAdministrator'
  | 'passwordTooWeak'
  | 'wrongCredentials'
  | 'accountDisabled'
  | 'setupDone'
  | 'setupTokenWrong'
  | 'tryHereOff'
  | 'rateLimited'
>;

export class AccountError extends Error {
  readonly code: AccountErrorCode;
  readonly retryAfterMs: number | undefined;
  constructor(code: AccountErrorCode, retryAfterMs?: number) {
    super(code);
    this.name = 'AccountError';
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}
