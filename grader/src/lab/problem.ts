/** What is wrong in a lab's files, as a person can act on it. */

export interface Problem {
  /** Path as the reader knows it: relative to where the course was loaded from. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** One sentence: what is wrong, with which value, and what to do. */
  readonly message: string;
}

export class LabError extends Error {
  override readonly name = 'LabError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

export function formatProblem({ file, line, message }: Problem): string {
  return `${file}:${line}: ${message}`;
}
