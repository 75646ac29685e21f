/** The whole server, put together from its rooms: started by `main.ts`, and by tests. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { AccountError } from './accounts/account-error.ts';
import { Accounts } from './accounts/accounts.ts';
import { lostGuests } from './accounts/guests.ts';
import { LoginSessions } from './accounts/login-sessions.ts';
import { createPasswords, type Passwords } from './accounts/passwords.ts';
import { createSetupTokens } from './accounts/setup-token.ts';
import { createSignIn, type SignInLimits } from './accounts/sign-in.ts';
import { RoomLooks } from './admin/room-look.ts';
import { Audit } from './audit/audit.ts';
import { Classes } from './classes/classes.ts';
import { Enrolment } from './classes/enrolment.ts';
import { Joining } from './classes/joining.ts';
import { ClassStates } from './classes/live/class-states.ts';
import { LiveClasses } from './classes/live/live-classes.ts';
import { connectCell, grader } from './grading/grader.ts';
import { createApp } from './http/app.ts';
import type { Caller } from './http/bind.ts';
import { type SessionCookie, sessionCookie } from './http/cookies.ts';
import { createMetrics, type Metrics } from './http/metrics.ts';
import type { HttpServices } from './http/services.ts';
import { LtiCourses } from './lti/courses.ts';
import { type LtiKey, openLtiKey } from './lti/key.ts';
import { Lti } from './lti/lti.ts';
import { Passback } from './lti/passback.ts';
import type { LtiSettings } from './lti/settings.ts';
import { Oidc } from './oidc/oidc.ts';
import type { OidcSettings } from './oidc/settings.ts';
import { isLoopback } from './options.ts';
import type { SandboxDriver } from './sandbox/main.ts';
import { type LabCatalog, LabSessions } from './sessions/lab-sessions.ts';
import { createOpeningQueue } from './sessions/opening-queue.ts';
import { Quotas } from './sessions/quotas.ts';
import { removeAccount } from './sessions/remove-account.ts';
import { createSocketServer } from './socket/socket-server.ts';
import type { Store } from './store/store.ts';
import { createTerminalHub } from './terminals/main.ts';

export interface StartOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly store: Store;
  readonly driver: SandboxDriver;
  readonly catalog: LabCatalog;
  readonly log: Logger;
  readonly webDirectory: string;
  /** Whose disk is told of. */
  readonly dataDirectory: string;
  readonly version: string;
  readonly idleMs: number;
  readonly trustProxy: boolean;
  readonly now?: () => number;
  readonly signInLimits?: SignInLimits;
  readonly oidc?: OidcSettings | null;
  readonly lti?: LtiSettings | null;
  /** Holds every answer against the contract. */
  readonly checkAnswers?: boolean;
}

export interface RunningServer {
  readonly port: number;
  /** Null: there is an administrator already. */
  readonly setupToken: string | null;
  /** Puts environments to sleep whose time has come; also done now and then by itself. */
  sweep(): Promise<void>;
  /** Removes what nobody can reach any more: ended sessions, guests without one; also done hourly by itself. */
  cleanUp(): Promise<void>;
  /** Writes to the store what is only in memory yet. */
  flush(): Promise<void>;
  /** Tells learning platforms of points they do not have; also done now and then by itself. */
  sendPoints(): Promise<void>;
  /** Ends connections, environments and timers; the store is the caller's. */
  close(): Promise<void>;
}

const OPENING_AT_ONCE_MAX = 3;
const CLEAN_UP_EVERY_MS = 3_600_000;
const GUESTS_PER_ADDRESS_AND_HOUR = 120;
const SETUPS_PER_ADDRESS_AND_HOUR = 30;

export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { log, driver } = options;
  const passwords = await createPasswords();
  const lti = await openLti(options);
  const http = createServer();
  const port = await listen(http, options);
  // From here to the handlers nothing waits: a request that comes at once is answered.
  const rules = { loopbackOnly: isLoopback(options.host) };
  const metrics = createMetrics({
    openEnvironments: () => countEnvironments(services.labSessions, ['starting', 'ready']),
    readyEnvironments: () => countEnvironments(services.labSessions, ['ready']),
    sockets: () => sockets.count(),
  });
  const services = createServices(options, {
    port,
    passwords,
    lti,
    metrics,
    onSessionsEnded: () => sockets.recheck(),
  });
  const sockets = createSocketServer({ ...services, server: http, rules, log });
  http.on(
    'request',
    createApp({ ...options, checkAnswers: options.checkAnswers ?? false, services, rules, metrics }),
  );

  const cleanUp = () => removeUnreachable(services);
  const cleaning = setInterval(
    () => void cleanUp().catch((error: unknown) => log.error({ err: error }, 'cleaning up')),
    CLEAN_UP_EVERY_MS,
  );
  cleaning.unref();
  const { store, catalog } = options;
  const passback = lti && new Passback({ ...lti, store, catalog, log, now: services.now });
  return {
    port,
    setupToken: await services.setupTokens.issue(),
    sweep: () => services.labSessions.sweep(),
    cleanUp,
    async flush() {
      await Promise.all(services.labSessions.all().map(({ progress }) => progress.flush()));
    },
    async sendPoints() {
      await passback?.send();
    },
    async close() {
      clearInterval(cleaning);
      await passback?.close();
      services.live.close();
      await sockets.stop();
      http.closeAllConnections();
      await services.labSessions.stop();
      await driver.close();
    },
  };
}

interface Parts {
  readonly port: number;
  readonly passwords: Passwords;
  readonly lti: { readonly settings: LtiSettings; readonly key: LtiKey } | null;
  readonly metrics: Metrics;
  readonly onSessionsEnded: () => Promise<void>;
}

function createServices(options: StartOptions, parts: Parts): HttpServices & { readonly now: () => number } {
  const { store, catalog, signInLimits, now = Date.now } = options;
  const { passwords } = parts;
  const cookie = sessionCookie(parts.port);
  const accounts = new Accounts({ store, passwords, now });
  const logins = new LoginSessions({ store, now });
  const audit = new Audit({ store, now });
  const classes = new Classes({ store, catalog, audit, now });
  const live: LiveClasses = new LiveClasses({
    store,
    catalog,
    audit,
    classes,
    states: new ClassStates({ store, catalog }),
    labSessions: () => labSessions,
    now,
    onError: (error) => options.log.error({ err: error }, 'class'),
  });
  const courses = new LtiCourses({ store, classes, audit, now });
  const quotas = new Quotas(store);
  const labSessions = createLabSessions(options, { metrics: parts.metrics, now, live, quotas });
  return {
    now,
    store,
    accounts,
    logins,
    catalog,
    cookie,
    setupTokens: createSetupTokens({ store, accounts, now }),
    labSessions,
    quotas,
    looks: new RoomLooks(store),
    audit,
    classes,
    live,
    oidc: options.oidc ? new Oidc({ settings: options.oidc, accounts, now }) : null,
    lti: parts.lti && new Lti({ ...parts.lti, accounts, courses, catalog, now }),
    machine: { dataDirectory: options.dataDirectory, startedAt: now(), now },
    enrolment: new Enrolment({ store, accounts, audit, now }),
    joining: new Joining({ store, accounts, audit, now }),
    options: { tryHere: isLoopback(options.host), version: options.version },
    signIn: createSignIn({ accounts, passwords, ...(signInLimits ? { limits: signInLimits } : {}) }),
    limitGuests: hourly(GUESTS_PER_ADDRESS_AND_HOUR),
    limitSetup: hourly(SETUPS_PER_ADDRESS_AND_HOUR),
    identify: identifyBy(cookie, logins),
    onSessionsEnded: parts.onSessionsEnded,
    async onSignedOut(accountId) {
      await parts.onSessionsEnded();
      labSessions.release(accountId);
    },
  };
}

async function openLti({ lti, store, now = Date.now }: StartOptions): Promise<Parts['lti']> {
  return lti ? { settings: lti, key: await openLtiKey(store, now) } : null;
}

function createLabSessions(
  { store, catalog, driver, log, idleMs, host }: StartOptions,
  parts: { metrics: Metrics; now: () => number; live: LiveClasses; quotas: Quotas },
): LabSessions {
  const { metrics, now, live, quotas } = parts;
  return new LabSessions({
    store,
    catalog,
    idleMs,
    // On loopback everybody is at this machine.
    isAuthor: ({ role }) => role !== 'trainee' || isLoopback(host),
    restrictionsFor: (accountId, labId) => live.options.states.restrictionsFor(accountId, labId),
    environmentsMax: async (accountId) => (await quotas.of(accountId)).environments,
    limitsOf: (accountId) => quotas.limitsOf(accountId),
    ports: {
      observe: (session, event) => live.observe(session, event),
      driver,
      queue: createOpeningQueue(OPENING_AT_ONCE_MAX),
      createHub: (cell, language) => createTerminalHub({ cell, language }),
      grader,
      connect: connectCell,
      now,
      onVerdictLatency: (ms) => metrics.observeVerdictLatency(ms),
      onError: (what, error) => log.error({ err: error, what }, 'lab session'),
    },
  });
}

async function removeUnreachable(services: HttpServices & { readonly now: () => number }): Promise<void> {
  await services.logins.removeExpired();
  for (const id of await lostGuests(services.store, services.now())) await removeAccount(id, services);
}

function listen(http: Server, { host, port }: StartOptions): Promise<number> {
  http.requestTimeout = 30_000;
  http.headersTimeout = 15_000;
  http.maxConnections = 2_000;
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen({ host, port }, () => {
      http.off('error', reject);
      resolve((http.address() as AddressInfo).port);
    });
  });
}

function identifyBy(cookie: SessionCookie, logins: LoginSessions) {
  return async (request: { headers: { cookie?: string | undefined } }): Promise<Caller | undefined> => {
    const token = cookie.read(request.headers.cookie);
    return token === undefined ? undefined : logins.find(token);
  };
}

function hourly(points: number): (address: string) => Promise<void> {
  const limiter = new RateLimiterMemory({ points, duration: 3_600 });
  return async (address) => {
    try {
      await limiter.consume(address);
    } catch {
      throw new AccountError('rateLimited', 60_000);
    }
  };
}

function countEnvironments(labSessions: LabSessions, states: readonly string[]): number {
  return labSessions.all().filter((session) => states.includes(session.environment.state.state)).length;
}
