/** What the commands take, and how a wrong call is told. */
import { parseArgs } from 'node:util';
import { LabError } from '../lab/problem.ts';

/** A wrong call: told in one sentence, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The call was right, but cannot be carried out: told in one sentence, exit code 1. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError';
}

export const COMMANDS = [
  'list',
  'lint',
  'show',
  'test',
  'grade',
  'handout',
  'new',
  'import',
  'schema',
] as const;
export type CommandName = (typeof COMMANDS)[number];

const OPTIONS: Readonly<Record<CommandName, readonly string[]>> = {
  list: ['labs', 'json'],
  lint: ['labs', 'json'],
  show: ['labs', 'seed', 'json', 'language'],
  test: ['labs', 'seeds', 'bootstrap', 'driver', 'kafka', 'tools', 'command-seconds', 'language', 'verbose'],
  grade: ['labs', 'seed', 'bootstrap', 'cluster', 'home', 'tools', 'json', 'junit', 'language'],
  handout: ['labs', 'lang', 'out'],
  new: ['labs'],
  import: ['labs', 'id'],
  schema: [],
};
const FLAGS = ['json', 'help', 'verbose'];

export const HELP = `Usage: npm run labs -- COMMAND [ID] [OPTION …]

  list                        the course's labs, one a line
  lint [ID]                   what is wrong in a lab's files, with file and line
  show ID                     a lab as a trainee gets it: --seed S (1), --json
  test [ID]                   proves labs in a real terminal on a real cluster: --seeds N (3),
                              --driver embedded|kafka (our cluster, or Apache Kafka's own brokers),
                              --kafka DIR (where Apache Kafka's libs are), --bootstrap HOST:PORT (any cluster),
                              --tools DIR (where kafka-*.sh are, otherwise ours), --verbose,
                              --command-seconds N (90: a command that takes longer is a failure)
  grade ID --bootstrap H:P    grades a cluster as it is: --seed S (1), --json, --junit FILE,
                              --cluster ID=HOST:PORT (each further cluster of the lab),
                              --home DIR (where its files and programs are; without it they are skipped)

  handout                     the whole course as one printable page: --lang ko|en --out FILE.html

  new ID                      a lab that passes, to start from
  import DIR                  a Killercoda scenario as a lab, graded in the box: --id ID; exit code 1 when
                              something of it is left for you to do
  schema                      the JSON Schema of lab.yaml (labs/lab.schema.json)

  --labs DIR                  the course's folder          --language ko|en   of messages
`;

export interface Call {
  readonly command: CommandName;
  readonly id: string | undefined;
  readonly options: Readonly<Record<string, string | undefined>>;
  /** Every `--cluster ID=HOST:PORT`. */
  readonly clusters: readonly string[];
  readonly json: boolean;
  readonly verbose: boolean;
}

export function parseCall(argv: readonly string[]): Call | 'help' {
  const [command, ...rest] = argv;
  if (command === undefined || command === '--help' || command === 'help') return 'help';
  if (!isCommand(command)) {
    throw new UsageError(`There is no command "${command}". There are ${COMMANDS.join(', ')}.`);
  }
  const known = [...OPTIONS[command], 'help'];
  const { values, positionals, tokens } = parseArgs({
    args: [...rest],
    options: Object.fromEntries(
      known.map((name) => [name, { type: FLAGS.includes(name) ? 'boolean' : 'string' }]),
    ) as Record<string, { type: 'string' | 'boolean' }>,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    if (!known.includes(token.name)) {
      throw new UsageError(
        `labs ${command} has no option ${token.rawName}. It takes ${OPTIONS[command].map((name) => `--${name}`).join(', ')}.`,
      );
    }
    if (!FLAGS.includes(token.name) && (token.value === undefined || token.value === '')) {
      throw new UsageError(`${token.rawName} needs a value.`);
    }
    if (FLAGS.includes(token.name) && token.value !== undefined)
      throw new UsageError(`${token.rawName} takes no value.`);
  }
  if (values.help) return 'help';
  if (positionals.length > 1)
    throw new UsageError(`labs ${command} takes one lab's id, not ${positionals.join(', ')}.`);
  const { json = false, verbose = false, ...options } = values;
  return {
    command,
    id: positionals[0],
    json: json === true,
    verbose: verbose === true,
    options: options as Record<string, string | undefined>,
    clusters: tokens.flatMap((token) =>
      token.kind === 'option' && token.name === 'cluster' ? [token.value ?? ''] : [],
    ),
  };
}

function isCommand(name: string): name is CommandName {
  return (COMMANDS as readonly string[]).includes(name);
}

export function requireId({ command, id }: Call): string {
  if (id === undefined) throw new UsageError(`Say which lab: labs ${command} ID. See them with labs list.`);
  return id;
}

export function requireBootstrap(text: string): string {
  for (const address of text.split(',')) {
    const port = Number(/^(?:\[[0-9a-fA-F:]+\]|[^:\s]+):(\d{1,5})$/.exec(address.trim())?.[1]);
    if (!(port >= 1 && port <= 65535)) {
      throw new UsageError(`--bootstrap ${text} is no HOST:PORT. Write for instance localhost:9092.`);
    }
  }
  return text;
}

export function wholeNumber(
  name: string,
  text: string,
  { least, most }: { least: number; most: number },
): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${name} ${text} is no whole number from ${least} to ${most}.`);
}

export function tellsItself(error: unknown): error is Error {
  return error instanceof UsageError || error instanceof RefusalError || error instanceof LabError;
}
