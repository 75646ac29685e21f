/** Accounts, for administrators; how the trainees stand, for instructors. */
import { toAccount } from '../accounts/accounts.ts';
import { traineesOf } from '../classes/class-access.ts';
import { routes } from '../contract/main.ts';
import { removeAccount } from '../sessions/remove-account.ts';
import { listTrainees } from '../sessions/trainees.ts';
import type { Binder } from './bind.ts';
import type { HttpServices } from './services.ts';

export function bindAccountRoutes(bind: Binder, services: HttpServices): void {
  const { accounts, labSessions } = services;

  bind(routes.listAccounts, async () => ({ accounts: await accounts.list() }));
  bind(routes.createAccount, async ({ body }) => accounts.create(body));
  bind(routes.createAssigned, async ({ body }) => ({ created: await accounts.createAssigned(body) }));
  bind(routes.updateAccount, async ({ body, parameters }) => {
    const account = await accounts.update(parameters.accountId ?? '', body);
    await services.onSessionsEnded();
    return account;
  });
  bind(routes.resetPassword, async ({ parameters }) => {
    const made = await accounts.setPassword(parameters.accountId ?? '', null);
    await services.onSessionsEnded();
    return made;
  });
  bind(routes.deleteAccount, async ({ parameters }) => {
    await removeAccount(parameters.accountId ?? '', services);
    await services.onSessionsEnded();
    return undefined;
  });

  bind(routes.listTrainees, async ({ caller }) => {
    const { store, catalog } = services;
    const only = await traineesOf(store, caller.account);
    return { trainees: await listTrainees({ store, catalog, labSessions, toAccount, only }) };
  });
}
