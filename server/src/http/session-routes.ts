/** Coming in and going out: session, try-here, setup, one's own settings. */
import type { Request, Response } from 'express';
import { AccountError } from '../accounts/account-error.ts';
import { toMe } from '../accounts/accounts.ts';
import { type Me, PROTOCOL, routes } from '../contract/main.ts';
import type { AccountRow } from '../store/schema.ts';
import type { Binder } from './bind.ts';
import { HttpError } from './http-error.ts';
import type { HttpServices } from './services.ts';

export function bindSessionRoutes(bind: Binder, services: HttpServices): void {
  const { accounts, logins, cookie, options } = services;

  bind(routes.readSession, async ({ request }) => {
    const caller = await services.identify(request);
    return {
      me: caller ? toMe(caller.account) : null,
      tryHere: options.tryHere,
      oidc: services.oidc?.settings.name ?? null,
      setupNeeded: !(await accounts.hasAdministrator()),
      look: await services.looks.read(),
      version: options.version,
      protocol: PROTOCOL,
    };
  });

  bind(routes.signIn, async ({ body, request, response }) => {
    const account = await services.signIn({ ...body, address: request.ip ?? '' });
    return enter(services, account, { request, response });
  });

  bind(routes.signOut, async ({ request, response }) => {
    const token = cookie.read(request.headers.cookie);
    const caller = await services.identify(request);
    if (token) await logins.end(token);
    if (caller) await services.onSignedOut(caller.account.id);
    response.setHeader('Set-Cookie', cookie.clear(request.secure));
    return undefined;
  });

  bind(routes.tryHere, async ({ request, response }) => {
    if (!options.tryHere) throw new AccountError('tryHereOff');
    await services.limitGuests(request.ip ?? '');
    return enter(services, await accounts.createGuest(), { request, response });
  });

  bind(routes.setup, async ({ body, request, response }) => {
    await services.limitSetup(request.ip ?? '');
    return enter(services, await services.setupTokens.redeem(body), { request, response });
  });

  bind(routes.updateMe, async ({ body, caller }) => {
    const me = await accounts.updateMe(caller.account.id, body);
    if (body.language) services.labSessions.setLanguage(caller.account.id, body.language);
    return me;
  });

  bind(routes.chooseFirstPassword, async ({ body, caller, request, response }) => {
    const { account } = caller;
    if (account.password_once !== 1) throw new HttpError('forbidden');
    await accounts.setPassword(account.id, body.next);
    await services.onSessionsEnded();
    await enter(services, account, { request, response });
    return undefined;
  });

  bind(routes.changePassword, async ({ body, caller, request, response }) => {
    const { account } = caller;
    await services.signIn({ name: account.name, password: body.current, address: request.ip ?? '' });
    await accounts.setPassword(account.id, body.next);
    await services.onSessionsEnded();
    await enter(services, account, { request, response });
    return undefined;
  });
}

/** Always a new session: one that was planted before signing in is worth nothing after. */
export async function enter(
  { cookie, logins }: Pick<HttpServices, 'cookie' | 'logins'>,
  account: AccountRow,
  { request, response }: { request: Request; response: Response },
): Promise<Me> {
  const old = cookie.read(request.headers.cookie);
  if (old) await logins.end(old);
  const { token, maxAgeMs } = await logins.start(account);
  response.setHeader('Set-Cookie', cookie.write({ token, maxAgeMs, secure: request.secure }));
  return toMe(account);
}
