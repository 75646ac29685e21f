/** The whole server, put together from its rooms: started by `main.ts`, and by tests. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { AccountError } from './accounts/account-error.ts';
import { Accounts } from './accounts/accounts.ts';
import { LoginSessions } from './accounts/login-sessions.ts';
import { createPasswords } from './accounts/passwords.ts';
import { createSetupTokens } from './accounts/setup-token.ts';
import { createSignIn, type SignInLimits } from './accounts/sign-in.ts';
import { connectCell, grader } from './grading/grader.ts';
import { createApp } from './http/app.ts';
import type { Caller } from './http/bind.ts';
import { type SessionCookie, sessionCookie } from './http/cookies.ts';
import { createMetrics } from './http/metrics.ts';
import { isLoopback } from './options.ts';
import type { SandboxDriver } from './sandbox/main.ts';
import { type LabCatalog, LabSessions } from './sessions/lab-sessions.ts';
import { createOpeningQueue } from './sessions/opening-queue.ts';
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
  readonly version: string;
  readonly idleMs: number;
  readonly trustProxy: boolean;
  readonly now?: () => number;
  readonly signInLimits?: SignInLimits;
  /** Holds every answer against the contract. */
  readonly checkAnswers?: boolean;
}

export interface RunningServer {
  readonly port: number;
  /** Null: there is an administrator already. */
  readonly setupToken: string | null;
  /** Puts environments to sleep whose time has come; also done now and then by itself. */
  sweep(): Promise<void>;
  /** Ends connections, environments and timers; the store is the caller's. */
  close(): Promise<void>;
}

const OPENING_AT_ONCE_MAX = 3;
const REMOVE_EXPIRED_EVERY_MS = 3_600_000;
const GUESTS_PER_ADDRESS_AND_HOUR = 120;
const SETUPS_PER_ADDRESS_AND_HOUR = 30;

export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { store, driver, log, catalog, now = Date.now } = options;
  const loopback = isLoopback(options.host);
  const http = createServer();
  const port = await listen(http, options);
  const cookie = sessionCookie(port);
  const passwords = await createPasswords();
  const accounts = new Accounts({ store, passwords, now });
  const logins = new LoginSessions({ store, now });
  const setupTokens = createSetupTokens({ store, accounts, now });
  const identify = identifyBy(cookie, logins);
  const metrics = createMetrics({
    openEnvironments: () => countEnvironments(labSessions, ['starting', 'ready']),
    readyEnvironments: () => countEnvironments(labSessions, ['ready']),
    sockets: () => sockets.count(),
  });
  const labSessions: LabSessions = new LabSessions({
    store,
    catalog,
    idleMs: options.idleMs,
    ports: {
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
  const rules = { loopbackOnly: loopback };
  const sockets = createSocketServer({
    server: http,
    labSessions,
    rules,
    identify,
    logins,
    log,
  });
  const app = createApp({
    services: {
      store,
      accounts,
      logins,
      setupTokens,
      labSessions,
      catalog,
      cookie,
      options: { tryHere: loopback, version: options.version },
      signIn: createSignIn({
        accounts,
        passwords,
        ...(options.signInLimits ? { limits: options.signInLimits } : {}),
      }),
      limitGuests: hourly(GUESTS_PER_ADDRESS_AND_HOUR),
      limitSetup: hourly(SETUPS_PER_ADDRESS_AND_HOUR),
      identify,
      onSessionsEnded: () => void sockets.recheck(),
    },
    rules,
    log,
    metrics,
    webDirectory: options.webDirectory,
    trustProxy: options.trustProxy,
    checkAnswers: options.checkAnswers ?? false,
  });
  http.on('request', app);
  const cleaning = setInterval(
    () =>
      void logins.removeExpired().catch((error: unknown) => log.error({ err: error }, 'removing sessions')),
    REMOVE_EXPIRED_EVERY_MS,
  );
  cleaning.unref();
  const setupToken = await setupTokens.issue();
  return {
    port,
    setupToken,
    sweep: () => labSessions.sweep(),
    async close() {
      clearInterval(cleaning);
      await sockets.stop();
      http.closeAllConnections();
      await labSessions.stop();
      await driver.close();
    },
  };
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
