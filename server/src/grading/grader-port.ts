/** What grading a step needs: looking at the clusters, and judging what was seen. Bound to `@brokerlab/grader` in `grader.ts`. */
import type { Client } from '@brokerlab/broker/client';
import type { Evidence, Lab, Memory, Snapshot, Step, Verdict } from '@brokerlab/grader';

export interface GraderPort {
  observe(look: Look): Promise<Snapshot>;
  evaluate(question: Question): Judgement;
}

export interface Look {
  readonly lab: Lab;
  readonly step: Step;
  /** By the lab's cluster id. */
  readonly clients: Readonly<Record<string, Client>>;
}

export interface Question {
  readonly lab: Lab;
  readonly step: Step;
  readonly snapshot: Snapshot;
  readonly evidence: Evidence;
  readonly memory: Memory;
}

export interface Judgement {
  readonly verdicts: readonly Verdict[];
  readonly memory: Memory;
  /** Every check of the step has passed. */
  readonly passed: boolean;
}
