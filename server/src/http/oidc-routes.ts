/** Leaving for the OpenID provider and coming back: the two addresses a browser is sent to, outside the contract's JSON. */
import type { Express, Request, Response } from 'express';
import type { Logger } from 'pino';
import { OidcError } from '../oidc/oidc.ts';
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
      const account = await oidc.finish(readTicket(request), query);
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

/**
 * A page that goes on by itself. A redirect would still count as coming from the provider's site, and the session's cookie,
 * being for this site only, would not be sent along.
 */
function goTo(response: Response, path: string): void {
  response.type('html').send(`<!doctype html><meta http-equiv="refresh" content="0;url=${path}">`);
}

/** Lax: it has to come along when the provider sends the person back. */
function ticketCookie(ticket: string, seconds: number, callback: string): string {
  const secure = callback.startsWith('https:') ? '; Secure' : '';
  return `${TICKET_COOKIE}=${ticket}; Max-Age=${seconds}; Path=/api/oidc; HttpOnly; SameSite=Lax${secure}`;
}

function readTicket(request: Request): string {
  return (
    new RegExp(`(?:^|;\\s*)${TICKET_COOKIE}=([A-Za-z0-9_-]{1,64})`).exec(request.headers.cookie ?? '')?.[1] ??
    ''
  );
}
