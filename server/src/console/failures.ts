/** What a cluster refused of several things asked at once, in its own words. */
import type { ApiError } from '@brokerlab/broker/client';
import type { Failures } from '../contract/main.ts';

export interface Failure {
  readonly what: string;
  readonly error: ApiError | null;
}

/** Without those that went well, or had nothing to do. */
export function failuresOf(outcomes: readonly Failure[]): Failures {
  return {
    failures: outcomes.flatMap(({ what, error }) =>
      error === null || error.name === 'ELECTION_NOT_NEEDED'
        ? []
        : [{ what, message: `${error.exception}: ${error.message}` }],
    ),
  };
}
