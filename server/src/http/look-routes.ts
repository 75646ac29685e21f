/** The room's name, mark and colour: set by administrators, seen by everybody, also before they sign in. */
import { routes } from '../contract/main.ts';
import type { Binder } from './bind.ts';
import { HttpError } from './http-error.ts';
import type { HttpServices } from './services.ts';

export function bindLookRoutes(bind: Binder, { looks, audit }: HttpServices): void {
  bind(routes.readLogo, async ({ response }) => {
    const logo = await looks.logo();
    if (!logo) throw new HttpError('notFound');
    response
      .setHeader('Content-Type', logo.type)
      // Opened as a page of its own, it may do nothing at all.
      .setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
      .setHeader('X-Content-Type-Options', 'nosniff')
      .setHeader('Cache-Control', 'public, max-age=86400')
      .send(logo.bytes);
    return undefined;
  });
  bind(routes.setLook, async ({ caller, body }) => {
    const wrong = await looks.set(body);
    if (wrong) throw new HttpError(wrong);
    const logo = body.logo === undefined ? 'kept' : body.logo === null ? 'none' : 'set';
    const { name, accent } = body;
    await audit.record({ actor: caller.account, action: 'look.set', detail: { name, accent, logo } });
    return looks.read();
  });
}
