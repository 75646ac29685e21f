/** A class's grades and its report: of its own trainees, in its own labs. */
import { EXAM_ID } from '@brokerlab/grader';
import { requireStaff } from '../classes/class-access.ts';
import { classReport } from '../classes/report.ts';
import { routes } from '../contract/main.ts';
import { readAttempts, readGrades } from '../grading/grades.ts';
import { SEED_OF_TITLES } from '../sessions/course.ts';
import type { Binder } from './bind.ts';
import { answerGrades } from './grade-routes.ts';
import type { HttpServices } from './services.ts';

export function bindClassReportRoutes(bind: Binder, services: HttpServices): void {
  const { store, catalog, classes, live, audit } = services;

  bind(routes.readClassGrades, async (call) => {
    const classId = call.parameters.classId ?? '';
    const { row } = await requireStaff(store, call.caller.account, classId);
    await audit.record({ actor: call.caller.account, action: 'class.grades', classId });
    return answerGrades(services, call, {
      accountIds: await live.memberIds(classId),
      labIds: [...classes.labsOf(row).map(({ id }) => id), EXAM_ID],
    });
  });

  bind(routes.readClassReport, async ({ caller, parameters }) => {
    const classId = parameters.classId ?? '';
    const { row } = await requireStaff(store, caller.account, classId);
    const accountIds = await live.memberIds(classId);
    const labIds = classes.labsOf(row).map(({ id }) => id);
    const wanted = { accountIds, labIds };
    const [grades, attempts, help] = await Promise.all([
      readGrades(store, wanted),
      readAttempts(store, wanted),
      store
        .selectFrom('step_progress')
        .select(['account_id', 'lab_id', 'step_id', 'hints_opened', 'solution_opened_at'])
        .where('account_id', 'in', accountIds)
        .execute(),
    ]);
    return classReport({
      accountIds,
      labs: labIds.flatMap((id) => catalog.lab(id, SEED_OF_TITLES) ?? []),
      grades,
      attempts,
      help,
      now: live.options.now(),
    });
  });
}
