/** The HTTP side, put together: what every request passes, in order. */
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import { bindAccountRoutes } from './account-routes.ts';
import { bindAdminRoutes } from './admin-routes.ts';
import { createBinder } from './bind.ts';
import { bindClassReportRoutes } from './class-report-routes.ts';
import { bindClassRoutes } from './class-routes.ts';
import { bindConsoleRoutes } from './console-routes.ts';
import { bindEnvironmentRoutes } from './environment-routes.ts';
import { bindExamRoutes } from './exam-routes.ts';
import { bindFileRoutes } from './file-routes.ts';
import { bindGradeRoutes } from './grade-routes.ts';
import { failureOf, HttpError } from './http-error.ts';
import { bindLabRoutes } from './lab-routes.ts';
import { bindLiveClassRoutes } from './live-class-routes.ts';
import { bindLookRoutes } from './look-routes.ts';
import { bindLtiRoutes } from './lti-routes.ts';
import type { Metrics } from './metrics.ts';
import { bindOidcRoutes } from './oidc-routes.ts';
import { refuseOtherSites, type SiteRules, securityHeaders, transportSecurity } from './security.ts';
import type { HttpServices } from './services.ts';
import { bindSessionRoutes } from './session-routes.ts';
import { webFiles } from './web-files.ts';

export interface AppOptions {
  readonly services: HttpServices;
  readonly rules: SiteRules;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly webDirectory: string;
  /** Believe X-Forwarded-For and X-Forwarded-Proto of the one proxy in front. */
  readonly trustProxy: boolean;
  readonly checkAnswers?: boolean;
}

/** A file of 1 MiB, with every character escaped at worst as `\n` is. */
const FILE_BODY_MAX = '2.2mb';
/** ROSTER_BYTES_MAX, in base64 or with every character escaped. */
const LOOK_BODY_MAX = '160kb';
const ROSTER_BODY_MAX = '800kb';
const BODY_MAX = '64kb';

export function createApp(options: AppOptions): Express {
  const { services, log, metrics } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.set('trust proxy', options.trustProxy ? 1 : false);

  app.get('/healthz', (_request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    response.json({ status: 'ok' });
  });
  app.use(securityHeaders(), transportSecurity());
  bindLtiRoutes(app, services, log);
  app.use(refuseOtherSites(options.rules));
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });

  app.use('/api', observe(log, metrics));
  app.put('/api/labs/:labId/file', express.json({ limit: FILE_BODY_MAX }));
  app.post('/api/classes/:classId/files', express.json({ limit: ROSTER_BODY_MAX }));
  app.post('/api/classes/:classId/roster', express.json({ limit: ROSTER_BODY_MAX }));
  app.put('/api/admin/look', express.json({ limit: LOOK_BODY_MAX }));
  app.use('/api', express.json({ limit: BODY_MAX }));
  const bind = createBinder({
    app,
    identify: (request) => services.identify(request),
    checkAnswers: options.checkAnswers ?? false,
  });
  bindSessionRoutes(bind, services);
  bindAccountRoutes(bind, services);
  bindLabRoutes(bind, services);
  bindExamRoutes(bind, services);
  bindGradeRoutes(bind, services);
  bindFileRoutes(bind, services);
  bindClassRoutes(bind, services);
  bindEnvironmentRoutes(bind, services);
  bindLiveClassRoutes(bind, services);
  bindClassReportRoutes(bind, services);
  bindConsoleRoutes(bind, services);
  bindAdminRoutes(bind, services);
  bindLookRoutes(bind, services);
  bindOidcRoutes(app, services, log);
  app.use('/api', () => {
    throw new HttpError('notFound');
  });

  app.use(webFiles(options.webDirectory));
  app.use(() => {
    throw new HttpError('notFound');
  });
  app.use(answerFailure(log));
  return app;
}

function answerFailure(log: Logger): ErrorRequestHandler {
  return (thrown: unknown, request, response, next) => {
    const { status, error, unexpected } = failureOf(thrown);
    if (unexpected) log.error({ err: thrown, method: request.method, path: request.path }, 'request failed');
    if (response.headersSent) {
      next(thrown);
      return;
    }
    if (error.retryAfterMs !== undefined) {
      response.setHeader('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)));
    }
    response.setHeader('Cache-Control', 'no-store');
    response.status(status).json({ error });
  };
}

/** Method, path and outcome; never a query, a body or a cookie. */
function observe(log: Logger, metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const { method } = request;
    const path = `${request.baseUrl}${request.path}`;
    response.on('finish', () => {
      const ms = performance.now() - startedAt;
      metrics.observeRequest({ method, status: response.statusCode, ms });
      log.debug({ method, path, status: response.statusCode, ms: Math.round(ms) }, 'request');
    });
    next();
  };
}
