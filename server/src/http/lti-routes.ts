/**
 * Where learning platforms send people's browsers (LTI 1.3). These come from another site, so they stand before the check that
 * refuses such: what lets anybody in is the platform's signature, and a ticket that only this browser has.
 */
import express, { type Express, type Request, type Response } from 'express';
import type { Logger } from 'pino';
import { type Arrival, type Choice, LtiError } from '../lti/lti.ts';
import { escapeHtml, goTo, readTicket } from './pages.ts';
import type { HttpServices } from './services.ts';

const TICKET_COOKIE = 'brokerlab-lti';
const TICKET_S = 600;
const FORM_MAX = '64kb';

export function bindLtiRoutes(app: Express, services: HttpServices, log: Logger): void {
  const { lti } = services;
  if (!lti) return;
  const form = express.text({ type: 'application/x-www-form-urlencoded', limit: FORM_MAX });

  app.get('/api/lti/jwks', async (_request, response) => {
    response.json(await lti.publicKeys());
  });

  const begin = async (request: Request, response: Response): Promise<void> => {
    await orSay(response, async () => {
      const { address, ticket } = lti.begin(parametersOf(request));
      response.setHeader('Set-Cookie', ticketCookie(ticket, TICKET_S));
      response.redirect(302, address);
    });
  };
  app.get('/api/lti/login', begin);
  app.post('/api/lti/login', form, begin);

  app.post('/api/lti/launch', form, async (request, response) => {
    await orSay(response, async () => {
      const arrival = await lti.finish(
        readTicket(request.headers.cookie, TICKET_COOKIE),
        parametersOf(request),
      );
      const { token, maxAgeMs } = await services.logins.start(arrival.account);
      response.setHeader('Set-Cookie', [
        ticketCookie('', 0),
        services.cookie.write({ token, maxAgeMs, secure: request.secure }),
      ]);
      await show(response, arrival);
    });
  });

  async function show(response: Response, arrival: Arrival): Promise<void> {
    if (arrival.kind === 'choose') await showChoice(response, arrival.choice);
    else goTo(response, arrival.labId === null ? '/' : `/labs/${arrival.labId}`);
  }

  async function showChoice(response: Response, choice: Choice): Promise<void> {
    const { language, returnUrl, labs } = choice;
    const rows = await Promise.all(
      labs.map(
        async ({ id, title }) =>
          `<li><form method="post" action="${escapeHtml(returnUrl)}"><input type="hidden" name="JWT" value="${await choice.answer(id)}">` +
          `<button>${escapeHtml(title)}</button></form></li>`,
      ),
    );
    // The buttons lead to the platform, and nowhere else.
    const policy = `default-src 'none'; style-src 'unsafe-inline'; form-action ${new URL(returnUrl).origin}`;
    response.setHeader('Content-Security-Policy', policy);
    response.type('html').send(page(language, WORDS.choose[language], `<ul>${rows.join('')}</ul>`));
  }

  async function orSay(response: Response, work: () => Promise<void>): Promise<void> {
    response.setHeader('Cache-Control', 'no-store');
    try {
      await work();
    } catch (error) {
      if (!(error instanceof LtiError)) throw error;
      log.warn({ err: error.cause ?? error, code: error.code }, 'coming in from a learning platform');
      const words = WORDS[error.code];
      response
        .status(error.code === 'accountDisabled' ? 403 : 400)
        .type('html')
        .send(page('ko', words.ko, `<p lang="en">${words.en}</p>`));
    }
  }
}

const WORDS = {
  choose: { ko: '강의에 넣을 실습을 고르세요', en: 'Choose the lab to put into your course' },
  ltiUnknownPlatform: {
    ko: '이 학습 플랫폼은 등록되어 있지 않아요. 관리자에게 알려 주세요.',
    en: 'This learning platform is not registered here. Tell your administrator.',
  },
  ltiFailed: {
    ko: '학습 플랫폼에서 온 것을 확인하지 못했어요. 강의로 돌아가 새 창으로 다시 열어 주세요.',
    en: 'That you come from your learning platform could not be confirmed. Go back to the course and open it again, in a new window.',
  },
  accountDisabled: {
    ko: '이 계정은 쓸 수 없게 되어 있어요. 관리자에게 물어보세요.',
    en: 'This account is disabled. Ask your administrator.',
  },
} as const;

function page(language: 'ko' | 'en', title: string, body: string): string {
  return `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>:root{color-scheme:light dark;font:16px/1.6 system-ui,sans-serif}body{max-width:36rem;margin:3rem auto;padding:0 1rem}
ul{list-style:none;padding:0}li{margin:.5rem 0}button{font:inherit;width:100%;text-align:start;padding:.75rem 1rem;cursor:pointer}</style>
<h1>${escapeHtml(title)}</h1>${body}</html>`;
}

function parametersOf(request: Request): URLSearchParams {
  if (request.method === 'POST')
    return new URLSearchParams(typeof request.body === 'string' ? request.body : '');
  return new URL(request.originalUrl, 'http://localhost').searchParams;
}

/** None: the platform's form comes from another site, and the ticket must come along. */
function ticketCookie(ticket: string, seconds: number): string {
  return `${TICKET_COOKIE}=${ticket}; Max-Age=${seconds}; Path=/api/lti; HttpOnly; Secure; SameSite=None`;
}
