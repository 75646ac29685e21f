/** What a lab refuses, in the words of the contract. */
import type { Lab } from '@brokerlab/grader';
import type { ErrorCode } from '../contract/main.ts';

export class LabSessionError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode) {
    super(code);
    this.name = 'LabSessionError';
    this.code = code;
  }
}

/** An exam has no way back. */
export function refuseInExam({ exam }: Pick<Lab, 'exam'>): void {
  if (exam) throw new LabSessionError('examRunning');
}
