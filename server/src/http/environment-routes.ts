/** A person's own environments: listed, woken, put to sleep, started anew, gone back in, deleted. */
import { routes } from '../contract/main.ts';
import type { LabSession } from '../sessions/lab-session.ts';
import { listOwnEnvironments } from '../sessions/own-environments.ts';
import type { Binder, Caller } from './bind.ts';
import { HttpError } from './http-error.ts';
import type { HttpServices } from './services.ts';

export function bindEnvironmentRoutes(bind: Binder, services: HttpServices): void {
  const { labSessions, quotas } = services;
  const changing = async ({ account }: Caller, labId: string | undefined): Promise<LabSession> => {
    const session = await labSessions.use(account, labId ?? '');
    if (session.paused) throw new HttpError('classPaused');
    return session;
  };

  bind(routes.listOwnEnvironments, async ({ caller }) => ({
    environments: await listOwnEnvironments(caller.account.id, services),
    runningMax: (await quotas.of(caller.account.id)).environments,
  }));
  bind(routes.startEnvironment, async ({ caller, parameters }) => {
    await labSessions.open(caller.account, parameters.labId ?? '');
    return undefined;
  });
  bind(routes.stopEnvironment, async ({ caller, parameters }) => {
    const session = await changing(caller, parameters.labId);
    await session.environment.sleep();
    return undefined;
  });
  bind(routes.forceRestartEnvironment, async ({ caller, parameters }) => {
    const session = await changing(caller, parameters.labId);
    await session.environment.sleep();
    await labSessions.open(caller.account, parameters.labId ?? '');
    return undefined;
  });
  bind(routes.rewindLab, async ({ caller, parameters, body }) => {
    const session = await changing(caller, parameters.labId);
    return session.rewind(body.stepId);
  });
  bind(routes.deleteEnvironment, async ({ caller, parameters }) => {
    const session = await changing(caller, parameters.labId);
    await session.remove();
    return undefined;
  });
}
