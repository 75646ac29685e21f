/** The whole server, for administrators. */
import { readOverview } from '../admin/overview.ts';
import { routes } from '../contract/main.ts';
import type { Binder } from './bind.ts';
import type { HttpServices } from './services.ts';

const AUDIT_PAGE = 200;

export function bindAdminRoutes(bind: Binder, services: HttpServices): void {
  const { audit, labSessions, machine } = services;
  const { version } = services.options;

  bind(routes.readAdmin, () => readOverview({ ...machine, labSessions, version }));
  bind(routes.stopAnyEnvironment, async ({ caller, parameters }) => {
    const { accountId = '', labId = '' } = parameters;
    const session = labSessions.find(accountId, labId);
    if (session) {
      const { id, name } = session.account;
      await audit.record({
        actor: caller.account,
        action: 'environment.stop',
        subject: { id, name },
        detail: { lab: labId },
      });
      await session.environment.sleep();
    }
    return undefined;
  });
  bind(routes.readAudit, async ({ query }) => {
    const before = Number(query.before);
    return {
      entries: await audit.list({
        limit: AUDIT_PAGE,
        ...(Number.isSafeInteger(before) && before > 0 ? { before } : {}),
      }),
    };
  });
}
