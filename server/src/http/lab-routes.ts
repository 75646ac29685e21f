/** Labs: the course, one lab's texts and state, hints, solutions, quiz answers, its environment. */
import { routes } from '../contract/main.ts';
import { conceptPage } from '../sessions/concepts.ts';
import { courseFor } from '../sessions/course.ts';
import type { LabSession } from '../sessions/lab-session.ts';
import { labContent } from '../sessions/lab-state.ts';
import type { Binder, Caller } from './bind.ts';
import { HttpError } from './http-error.ts';
import type { HttpServices } from './services.ts';

export function bindLabRoutes(bind: Binder, services: HttpServices): void {
  const { labSessions } = services;
  const working = async ({ account }: Caller, labId: string | undefined): Promise<LabSession> => {
    const session = await labSessions.use(account, labId ?? '');
    if (session.paused) throw new HttpError('classPaused');
    return session;
  };

  bind(routes.listLabs, async ({ caller }) => courseFor(caller.account, services));
  bind(routes.readConcept, async ({ parameters }) => {
    const page = conceptPage(services.catalog, parameters.conceptId ?? '');
    if (!page) throw new HttpError('notFound');
    return page;
  });
  bind(routes.readLab, async ({ caller, parameters }) => {
    const session = await labSessions.use(caller.account, parameters.labId ?? '');
    const { labIds, concepts } = services.catalog;
    const following = labIds[labIds.indexOf(session.lab.id) + 1] ?? null;
    return labContent(session.lab, {
      variant: session.variant,
      next: session.lab.next ?? following,
      concepts,
    });
  });
  bind(routes.readLabState, async ({ caller, parameters }) => {
    const session = await labSessions.use(caller.account, parameters.labId ?? '');
    return session.state();
  });
  bind(routes.openHint, async ({ caller, parameters, body }) => {
    const session = await working(caller, parameters.labId);
    return session.openHint(parameters.stepId ?? '', body.opened);
  });
  bind(routes.openSolution, async ({ caller, parameters }) => {
    const session = await working(caller, parameters.labId);
    return session.openSolution(parameters.stepId ?? '');
  });
  bind(routes.compareSolution, async ({ caller, parameters }) => {
    const session = await labSessions.use(caller.account, parameters.labId ?? '');
    return session.compare(parameters.stepId ?? '');
  });
  bind(routes.answerQuiz, async ({ caller, parameters, body }) => {
    const session = await working(caller, parameters.labId);
    return session.answer(parameters.checkId ?? '', body.answer);
  });
  bind(routes.runProgram, async ({ caller, parameters }) => {
    const session = await working(caller, parameters.labId);
    return session.runProgram(parameters.checkId ?? '');
  });
  bind(routes.restoreStep, async ({ caller, parameters }) => {
    const session = await working(caller, parameters.labId);
    return session.restore();
  });
  bind(routes.readCluster, async ({ caller, parameters }) => {
    const session = await labSessions.use(caller.account, parameters.labId ?? '');
    return session.readCluster();
  });
  bind(routes.restartEnvironment, async ({ caller, parameters }) => {
    const session = await working(caller, parameters.labId);
    void session.environment.restart();
    return undefined;
  });
  bind(routes.resetLab, async ({ caller, parameters }) => {
    const session = await working(caller, parameters.labId);
    return session.reset();
  });
}
