/** Leaving for the OpenID provider and coming back: the two addresses a browser is sent to, outside the contract's JSON. */
import type { Express, Response } from 'express';
import type { Logger } from 'pino';
import { OidcError } from '../oidc/oidc.ts';
import { goTo, readTicket } from './pages.ts';
import type { HttpServices } from './services.ts';

const TICKET_COOKIE = 'brokerlab-oidc';
const TICKET_S = 600;

export function bindOidcRoutes(app: Express, services: HttpServices, log: Logger): void {
  const { oidc } = services;
  if (!oidc) return;

  app.get('/api/oidc/start', async (_request, response) => {
    await orBack(response, async () => {
      const { address, ticket } = await oidc.begin();
      response.setHeader('Set-Cookie', ticketCookie(ticket, TICKET_S, oidc.callback));
      response.redirect(302, address);
    });
  });

  app.get('/api/oidc/callback', async (request, response) => {
    await orBack(response, async () => {
      const query = new URL(request.originalUrl, oidc.callback).searchParams;
      const account = await oidc.finish(readTicket(request.headers.cookie, TICKET_COOKIE), query);
      const { token, maxAgeMs } = await services.logins.start(account);
      response.setHeader('Set-Cookie', [
        ticketCookie('', 0, oidc.callback),
        services.cookie.write({ token, maxAgeMs, secure: request.secure }),
      ]);
      goTo(response, '/');
    });
  });

  async function orBack(response: Response, work: () => Promise<void>): Promise<void> {
    response.setHeader('Cache-Control', 'no-store');
    try {
      await work();
    } catch (error) {
      if (!(error instanceof OidcError)) throw error;
      log.warn({ err: error.cause ?? error, code: error.code }, 'sign-in by OpenID Connect');
      goTo(response, `/sign-in?oidc=${error.code}`);
    }
  }
}

/** Lax: it has to come along when the provider sends the person back. */
function ticketCookie(ticket: string, seconds: number, callback: string): string {
  const secure = callback.startsWith('https:') ? '; Secure' : '';
  return `${TICKET_COOKIE}=${ticket}; Max-Age=${seconds}; Path=/api/oidc; HttpOnly; SameSite=Lax${secure}`;
}
