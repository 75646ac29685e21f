/** A person's own environments: listed, woken, put to sleep, started anew, gone back in, deleted. */
import { routes } from '../contract/main.ts';
import { listOwnEnvironments } from '../sessions/own-environments.ts';
import type { Binder } from './bind.ts';
import type { HttpServices } from './services.ts';

export function bindEnvironmentRoutes(bind: Binder, services: HttpServices): void {
  const { labSessions } = services;

  bind(routes.listOwnEnvironments, async ({ caller }) => ({
    environments: await listOwnEnvironments(caller.account.id, services),
  }));
  bind(routes.startEnvironment, async ({ caller, parameters }) => {
    await labSessions.open(caller.account, parameters.labId ?? '');
    return undefined;
  });
  bind(routes.stopEnvironment, async ({ caller, parameters }) => {
    const session = await labSessions.use(caller.account, parameters.labId ?? '');
    await session.environment.sleep();
    return undefined;
  });
  bind(routes.forceRestartEnvironment, async ({ caller, parameters }) => {
    const session = await labSessions.use(caller.account, parameters.labId ?? '');
    await session.environment.sleep();
    await labSessions.open(caller.account, parameters.labId ?? '');
    return undefined;
  });
  bind(routes.rewindLab, async ({ caller, parameters, body }) => {
    const session = await labSessions.use(caller.account, parameters.labId ?? '');
    return session.rewind(body.stepId);
  });
  bind(routes.deleteEnvironment, async ({ caller, parameters }) => {
    const session = await labSessions.use(caller.account, parameters.labId ?? '');
    await session.remove();
    return undefined;
  });
}
