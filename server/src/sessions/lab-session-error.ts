/** What a lab refuses, in the words of the contract. */
import type { ErrorCode } from '../contract/main.ts';

export class LabSessionError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode) {
    super(code);
    this.name = 'LabSessionError';
    this.code = code;
  }
}
