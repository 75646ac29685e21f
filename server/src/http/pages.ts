/** The few pages the server writes itself, for browsers that come from another site. */
import type { Response } from 'express';

/**
 * A page that goes on by itself. A redirect would still count as coming from the other site, and the session's cookie,
 * being for this site only, would not be sent along.
 */
export function goTo(response: Response, path: string): void {
  response
    .type('html')
    .send(`<!doctype html><meta http-equiv="refresh" content="0;url=${escapeHtml(path)}">`);
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A cookie by which a browser shows that it began what it now ends. */
export function readTicket(header: string | undefined, name: string): string {
  return new RegExp(`(?:^|;\\s*)${name}=([A-Za-z0-9_-]{1,64})`).exec(header ?? '')?.[1] ?? '';
}
