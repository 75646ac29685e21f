/** The built page: hashed assets for ever, `index.html` for every address of the page, a plain answer when it is not built. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type RequestHandler, Router } from 'express';

const ENCODINGS = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const;

export function webFiles(directory: string): Router {
  const router = Router();
  router.use(precompressed(directory));
  router.use(
    '/assets',
    express.static(join(directory, 'assets'), {
      immutable: true,
      maxAge: '1y',
      index: false,
      redirect: false,
    }),
  );
  router.use(express.static(directory, { index: false, redirect: false, maxAge: 0 }));
  router.get('/{*path}', (request, response, next) => {
    // An address with a file's name that is not there is no page.
    if (/\.[a-z0-9]{1,8}$/i.test(request.path) || request.accepts('html') === false) return next();
    const page = join(directory, 'index.html');
    if (!existsSync(page)) {
      response.status(503).type('text').send('The page is not built. Run: npm run build\n');
      return;
    }
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile('index.html', { root: directory, dotfiles: 'allow' });
  });
  return router;
}

/** Sends `name.br` or `name.gz` in place of `name` where the build made one and the browser takes it. */
function precompressed(directory: string): RequestHandler {
  const known = new Map<string, boolean>();
  const exists = (path: string) => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const found = existsSync(join(directory, path));
    if (known.size < 5_000) known.set(path, found);
    return found;
  };
  return (request, response, next) => {
    if (request.method !== 'GET' || !/^\/assets\/[A-Za-z0-9._-]+$/.test(request.path)) return next();
    response.vary('Accept-Encoding');
    const chosen = ENCODINGS.find(
      ({ name, suffix }) => request.acceptsEncodings(name) === name && exists(`${request.path}${suffix}`),
    );
    if (chosen) {
      const type = request.path.slice(request.path.lastIndexOf('.'));
      request.url = `${request.path}${chosen.suffix}`;
      response.setHeader('Content-Encoding', chosen.name);
      response.type(type);
    }
    next();
  };
}
