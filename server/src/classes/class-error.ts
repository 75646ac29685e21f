/** What class operations refuse, in the words of the contract. */
import type { ErrorCode } from '../contract/main.ts';

export type ClassErrorCode = Extract<
  ErrorCode,
  | 'badRequest'
  | 'forbidden'
  | 'rateLimited'
  | 'labNotFound'
  | 'classNotFound'
  | 'traineeNotFound'
  | 'classChanged'
  | 'notStaff'
  | 'lastInstructor'
  | 'joinCodeWrong'
  | 'guestsOff'
  | 'classPaused'
  | 'readOnly'
  | 'broadcastTaken'
  | 'environmentNotReady'
  | 'terminalNotFound'
  | 'stepNotFound'
  | 'snapshotNotFound'
  | 'rosterUnreadable'
>;

export class ClassError extends Error {
  readonly code: ClassErrorCode;
  constructor(code: ClassErrorCode) {
    super(code);
    this.name = 'ClassError';
    this.code = code;
  }
}
