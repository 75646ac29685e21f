/** The command line → options, or one sentence that names what is wrong with it. */
import { isIP } from 'node:net';

export type SandboxName = 'bwrap' | 'process';

export interface ServerOptions {
  readonly port: number;
  readonly host: string;
  /** Left out: `data` beside the program. */
  readonly data: string | null;
  /** Left out: bwrap where it works, else, for one person on loopback, process. */
  readonly sandbox: SandboxName | null;
  readonly idleMinutes: number;
  readonly trustProxy: boolean;
  /** Labs are read anew when they are saved. */
  readonly author: boolean;
  /** Settings of an OpenID provider. */
  readonly oidc: string | null;
  /** Settings of learning platforms. */
  readonly lti: string | null;
}

export type ParsedOptions =
  | { readonly ok: true; readonly options: ServerOptions }
  | { readonly ok: false; readonly sentence: string };

const DEFAULTS: ServerOptions = {
  port: 3000,
  host: 'localhost',
  data: null,
  sandbox: null,
  idleMinutes: 20,
  trustProxy: false,
  author: false,
  oidc: null,
  lti: null,
};

const KNOWN =
  '--port N, --host H, --data DIR, --sandbox bwrap|process, --idle-minutes N, --oidc FILE, --lti FILE, --trust-proxy, --author';
const FLAGS: Readonly<Record<string, Partial<ServerOptions>>> = {
  '--trust-proxy': { trustProxy: true },
  '--author': { author: true },
};
/** Each `VALUE` is checked by the rule and turned into a part of the options. */
const READERS: Readonly<Record<string, (value: string) => Partial<ServerOptions> | string>> = {
  '--port': (value) =>
    isWithin(value, { min: 0, max: 65_535 }) ? { port: Number(value) } : 'a number from 1 to 65535',
  '--host': (value) => (isHost(value) ? { host: value } : 'a host name or an address, as 0.0.0.0'),
  '--data': (value) => (value !== '' ? { data: value } : 'a directory'),
  '--sandbox': readSandbox,
  '--oidc': (value) => (value !== '' ? { oidc: value } : 'a JSON file'),
  '--lti': (value) => (value !== '' ? { lti: value } : 'a JSON file'),
  '--idle-minutes': (value) =>
    isWithin(value, { min: 1, max: 10_080 }) ? { idleMinutes: Number(value) } : 'a number from 1 to 10080',
};

export function parseOptions(args: readonly string[]): ParsedOptions {
  let options = DEFAULTS;
  const left = [...args];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const [name = '', attached] = splitOnce(word);
    const flag = attached === undefined ? FLAGS[name] : undefined;
    if (flag) {
      options = { ...options, ...flag };
      continue;
    }
    const reader = READERS[name];
    if (!reader) return refuse(`Unknown option ${word}. Options are ${KNOWN}.`);
    const value = attached ?? left.shift();
    if (value === undefined) return refuse(`Option ${name} needs a value. Options are ${KNOWN}.`);
    const read = reader(value);
    if (typeof read === 'string') return refuse(`Option ${name} must be ${read}; it is "${value}".`);
    options = { ...options, ...read };
  }
  return check(options);
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function check(options: ServerOptions): ParsedOptions {
  if (options.sandbox === 'process' && !isLoopback(options.host)) {
    return refuse(
      `--sandbox process gives everybody who reaches ${options.host} this machine's own rights: it works with --host localhost only. Use --sandbox bwrap for a class.`,
    );
  }
  return { ok: true, options };
}

function readSandbox(value: string): Partial<ServerOptions> | string {
  if (value === 'bwrap' || value === 'process') return { sandbox: value };
  if (value === 'docker' || value === 'kubernetes') {
    return 'bwrap or process (docker and kubernetes are not in this version)';
  }
  return 'bwrap or process';
}

function splitOnce(word: string): [string, string | undefined] {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function isWithin(value: string, { min, max }: { min: number; max: number }): boolean {
  return /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max;
}

function isHost(value: string): boolean {
  return isIP(value) !== 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$/.test(value);
}

function refuse(sentence: string): ParsedOptions {
  return { ok: false, sentence };
}
