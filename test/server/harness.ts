/** A whole server on a free port, with a real store in a folder of its own; and a browser-like client of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import request, { type Test } from 'supertest';
import { openCatalog } from '../../server/src/grading/grader.ts';
import { createProcessDriver, type SandboxDriver } from '../../server/src/sandbox/main.ts';
import { type RunningServer, type StartOptions, startServer } from '../../server/src/server.ts';
import { openStore, type Store } from '../../server/src/store/store.ts';

const ROOT = join(import.meta.dirname, '..', '..');
export const PROGRAM_DIRECTORY = join(ROOT, 'dist');

export interface TestServer {
  readonly server: RunningServer;
  readonly store: Store;
  readonly dataDirectory: string;
  readonly url: string;
  /** By the server's wall clock. */
  now(): number;
  /** Moves the server's wall clock. */
  advance(ms: number): void;
  client(): Client;
  /** A client signed in as a new administrator made by the one-time link. */
  administrator(): Promise<Client>;
  [Symbol.asyncDispose](): Promise<void>;
}

export type TestServerOptions = Partial<Omit<StartOptions, 'store' | 'now' | 'dataDirectory'>> & {
  readonly dataDirectory?: string;
  readonly createDriver?: (dataDirectory: string) => SandboxDriver;
};

export const PASSWORD = 'correct horse battery';

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDirectory = options.dataDirectory ?? mkdtempSync(join(tmpdir(), 'brokerlab-test-'));
  const { createDriver = processDriver, dataDirectory: kept, ...rest } = options;
  const store = await openStore(dataDirectory);
  let offsetMs = 0;
  const server = await startServer({
    host: 'localhost',
    port: 0,
    driver: createDriver(dataDirectory),
    catalog: openCatalog(join(ROOT, 'labs')),
    log: pino({ level: 'silent' }),
    webDirectory: join(PROGRAM_DIRECTORY, 'web'),
    dataDirectory,
    version: '0.0.0-test',
    idleMs: 600_000,
    trustProxy: false,
    checkAnswers: true,
    ...rest,
    store,
    now: () => Date.now() + offsetMs,
  });
  const url = `http://localhost:${server.port}`;
  const client = () => new Client(url);
  return {
    server,
    store,
    dataDirectory,
    url,
    now: () => Date.now() + offsetMs,
    advance(ms) {
      offsetMs += ms;
    },
    client,
    async administrator() {
      const admin = client();
      await admin
        .post('/api/setup', { token: server.setupToken, name: 'admin', password: PASSWORD })
        .expect(200);
      return admin;
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await store.destroy();
      if (kept === undefined) rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

function processDriver(dataDirectory: string): SandboxDriver {
  return createProcessDriver({ dataDir: dataDirectory, programDir: PROGRAM_DIRECTORY });
}

/** Keeps its cookie as a browser does. */
export class Client {
  readonly url: string;
  cookie: string | undefined;

  constructor(url: string) {
    this.url = url;
  }

  get(path: string): Test {
    return this.#prepare(request(this.url).get(path));
  }
  post(path: string, body: object = {}): Test {
    return this.#prepare(request(this.url).post(path)).send(body);
  }
  put(path: string, body: object): Test {
    return this.#prepare(request(this.url).put(path)).send(body);
  }
  patch(path: string, body: object): Test {
    return this.#prepare(request(this.url).patch(path)).send(body);
  }
  delete(path: string): Test {
    return this.#prepare(request(this.url).delete(path));
  }
  signIn(name: string, password: string): Test {
    return this.post('/api/session', { name, password });
  }

  #prepare(test: Test): Test {
    if (this.cookie) test.set('Cookie', this.cookie);
    return test.on('response', (response: { headers: Record<string, string | string[]> }) => {
      const [set] = [response.headers['set-cookie'] ?? []].flat();
      if (set !== undefined) this.cookie = set.split(';')[0];
    });
  }
}
