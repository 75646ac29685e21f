/**
 * The program `npm start` runs: reads the command line, opens store, sandbox and course, serves, and prints where. The only
 * place of the server that reads arguments and environment, and that ends the process.
 */
import { existsSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { formatProblem, LabError, type Problem } from '@brokerlab/grader';
import { openControl } from './backup/control.ts';
import { AuthoredCatalog } from './grading/authored-catalog.ts';
import { openCatalog } from './grading/grader.ts';
import { openLog } from './logging.ts';
import { readLtiSettings } from './lti/settings.ts';
import { readOidcSettings } from './oidc/settings.ts';
import { isLoopback, parseOptions, type ServerOptions } from './options.ts';
import { chooseDriver, SandboxUnusableError } from './sandbox-choice.ts';
import { type RunningServer, startServer } from './server.ts';
import { openStore, StoreError } from './store/store.ts';

const STOP_WITHIN_MS = 4_800;

await main();

async function main(): Promise<void> {
  // What the server keeps is its own user's: started as root, the data folder lets the cells' users pass.
  process.umask(0o077);
  const parsed = parseOptions(process.argv.slice(2));
  if (!parsed.ok) return fail(parsed.sentence);
  try {
    await serve(parsed.options);
  } catch (error) {
    fail(sentenceOf(error, parsed.options));
  }
}

async function serve(options: ServerOptions): Promise<void> {
  const root = projectRoot();
  const dataDirectory = resolve(options.data ?? join(root, 'data'));
  const tell = (problem: Problem) => process.stderr.write(`${formatProblem(problem)}\n`);
  const labs = join(root, 'labs');
  const catalog = options.author ? new AuthoredCatalog(labs, tell) : openCatalog(labs, tell);
  const store = await openStore(dataDirectory);
  const { log, close: closeLog } = openLog(dataDirectory);
  const driver = await chooseDriver({
    wanted: options.sandbox,
    alone: isLoopback(options.host),
    dataDir: dataDirectory,
    programDir: join(root, 'dist'),
    say,
  });
  const server = await startServer({
    host: options.host,
    port: options.port,
    store,
    driver,
    catalog,
    log,
    webDirectory: join(root, 'dist', 'web'),
    dataDirectory,
    oidc: options.oidc === null ? null : readOidcSettings(readFileSync(options.oidc, 'utf8'), options.oidc),
    lti: options.lti === null ? null : readLtiSettings(readFileSync(options.lti, 'utf8'), options.lti),
    version: versionOf(root),
    idleMs: options.idleMinutes * 60_000,
    trustProxy: options.trustProxy,
  });
  const control = await openControl({
    dataDirectory,
    store,
    flush: () => server.flush(),
    onError: (error) => log.error({ err: error }, 'backup'),
  });
  stopOnSignal(async () => {
    if (catalog instanceof AuthoredCatalog) catalog.close();
    await control.close();
    await server.close();
    await store.destroy();
    closeLog();
  });
  // The log stays readable; what kills the process is written down before it does.
  process.on('uncaughtExceptionMonitor', (error) => log.fatal({ err: error }, 'stopped by an error'));
  log.info({ port: server.port, sandbox: driver.name }, 'started');
  announce(server, options);
}

function announce(server: RunningServer, options: ServerOptions): void {
  const name = options.host === '0.0.0.0' || options.host === '::' ? 'localhost' : options.host;
  const url = `http://${name.includes(':') ? `[${name}]` : name}:${server.port}`;
  if (server.setupToken) {
    say(`There is no administrator yet. Make one with this link (it works once):`);
    say(`  ${url}/setup#${server.setupToken}`);
  }
  if (!isLoopback(options.host)) {
    for (const address of networkAddresses()) say(`Others reach it at http://${address}:${server.port}`);
  }
  say(`Brokerlab ready: ${url}`);
}

function networkAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => address.family === 'IPv4' && !address.internal)
    .map((address) => address.address);
}

function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = () => {
    // Asked twice: at once.
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.on('SIGHUP', onSignal);
}

function sentenceOf(error: unknown, options: ServerOptions): string {
  if (error instanceof StoreError || error instanceof SandboxUnusableError || error instanceof LabError) {
    return error.message;
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `Port ${options.port} is in use by another program. Stop it, or choose another with --port N.`;
  }
  if (code === 'EACCES') {
    return `Port ${options.port} may not be opened by this user. Choose one above 1023 with --port N.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `The host ${options.host} is no address of this machine. Choose one with --host H.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Both the sources (server/src) and the bundle (dist/server) lie under it. */
function projectRoot(): string {
  let directory = import.meta.dirname;
  while (!existsSync(join(directory, 'labs', 'course.yaml'))) {
    const parent = dirname(directory);
    if (parent === directory) throw new Error(`There is no labs/course.yaml above ${import.meta.dirname}.`);
    directory = parent;
  }
  return directory;
}

function versionOf(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
