/** Exams of the person who calls: begin a paper, leave a step, hand it in. */
import { EXAM_ID } from '@brokerlab/grader';
import { routes } from '../contract/main.ts';
import type { Binder } from './bind.ts';
import type { HttpServices } from './services.ts';

export function bindExamRoutes(bind: Binder, { labSessions }: HttpServices): void {
  const { exams } = labSessions;
  bind(routes.startExam, async ({ caller, body }) =>
    exams.start(await labSessions.use(caller.account, EXAM_ID), body),
  );
  bind(routes.skipExamStep, async ({ caller, parameters }) =>
    exams.skip(await labSessions.use(caller.account, EXAM_ID), parameters.stepId ?? ''),
  );
  bind(routes.handInExam, async ({ caller }) => exams.handIn(await labSessions.use(caller.account, EXAM_ID)));
}
