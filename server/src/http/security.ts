/**
 * What keeps other sites' pages out: headers, the check of Host (a rebound name must not reach a server on loopback) and of
 * Origin and Sec-Fetch-Site (a request that changes something must come from a page of this server). Sockets use the same
 * checks.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { HttpError } from './http-error.ts';

export interface SiteRules {
  /** The server listens on loopback only, and answers to loopback's names only. */
  readonly loopbackOnly: boolean;
}

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * `style-src` needs 'unsafe-inline': Monaco, xterm and Mantine write style elements. Scripts, workers and connections come from
 * this server and nowhere else. `upgrade-insecure-requests` is left out: a class may run over plain HTTP in its own network.
 */
export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        fontSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        workerSrc: ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
      },
    },
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  });
}

/** Behind TLS browsers are told to stay with it. */
export function transportSecurity(): RequestHandler {
  return (request, response, next) => {
    if (request.secure) response.setHeader('Strict-Transport-Security', 'max-age=31536000');
    next();
  };
}

export function refuseOtherSites(rules: SiteRules): RequestHandler {
  return (request, _response, next) => {
    const refused =
      !isOwnHost(request.headers.host, rules) ||
      (!SAFE_METHODS.has(request.method) && !isOwnPage(request.headers));
    next(refused ? new HttpError('crossSite') : undefined);
  };
}

export function isOwnHost(host: string | undefined, rules: SiteRules): boolean {
  if (host === undefined) return false;
  if (!rules.loopbackOnly) return true;
  return LOOPBACK_NAMES.has(hostName(host));
}

/**
 * Browsers send Origin with everything that changes something, and the newer ones say where it came from. A client that
 * sends neither is no browser and carries nobody's cookie.
 */
export function isOwnPage(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  const { origin, host } = headers;
  if (origin === undefined) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}

function hostName(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase();
}
