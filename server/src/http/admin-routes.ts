/** The whole server, for administrators. */
import { readOverview } from '../admin/overview.ts';
import { routes } from '../contract/main.ts';
import type { AccountRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Binder } from './bind.ts';
import { HttpError } from './http-error.ts';
import type { HttpServices } from './services.ts';

const AUDIT_PAGE = 200;

export function bindAdminRoutes(bind: Binder, services: HttpServices): void {
  const { audit, labSessions, machine, quotas, store } = services;
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
  bind(routes.readQuotas, () => quotas.list());
  bind(routes.setQuota, async ({ caller, body: { name, quota } }) => {
    const subject = name === null ? null : await accountNamed(store, name);
    await quotas.set(subject?.id ?? null, quota);
    await audit.record({
      actor: caller.account,
      action: 'quota.set',
      ...(subject ? { subject } : {}),
      detail: quota,
    });
    return quotas.list();
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

async function accountNamed(store: Store, name: string): Promise<AccountRow> {
  const found = await store
    .selectFrom('accounts')
    .selectAll()
    .where('name_key', '=', name.toLowerCase())
    .executeTakeFirst();
  if (!found) throw new HttpError('accountNotFound');
  return found;
}
