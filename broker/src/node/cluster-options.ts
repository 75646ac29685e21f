/** The command line of `npm run cluster`. */
import { readFileSync } from 'node:fs';
import { getProperties } from 'properties-file';
import type { Packing } from './cluster.ts';
import { checkNames, checkShared, withoutSettled } from './config/given-config.ts';

export interface ClusterCommand {
  readonly brokers: number;
  readonly firstId: number;
  readonly port: number;
  readonly advertise: string;
  readonly dataDir: string | null;
  readonly packing: Packing;
  readonly config: Readonly<Record<string, string>>;
  /** Take commands (`kill 2`) on standard input. */
  readonly control: boolean;
}

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `Usage: npm run cluster -- [options]
  --brokers N        brokers, each also a controller (default 3)
  --port N           port of the first broker, the next takes the next one (default 9092); controllers are 1000 above
  --first-id N       node id of the first broker (default 1)
  --data DIR         keep data in DIR and go on where the last run stopped (default: a temporary folder)
  --advertise HOST   host that clients are told to connect to (default localhost)
  --packing HOW      one: all brokers in this process (default); process: each in a process of its own
  --config FILE      properties file for every broker
  --set key=value    one property for every broker, over the file; may be given again
  --control          take commands on standard input, a line each: stop N, start N, kill N, pause N, resume N, isolate N,
                     heal, add, status; each is answered by a line that begins with done or failed
  --help             this text

Prints "ready HOST:PORT,..." when every broker serves. SIGTERM and Ctrl-C stop the cluster in order.
With --packing process, "broker N pid P" on standard error names each process (also in DIR/N.pid): a broker may be
killed, paused (SIGSTOP) and resumed (SIGCONT) by it, the others go on, and its end is reported. SIGUSR2 to the cluster
(whose process "cluster pid P" names) starts every broker again that has ended. When the cluster's process ends,
however it ends, its brokers' processes end with it.`;

export function parseClusterCommand(args: readonly string[]): ClusterCommand {
  let command: ClusterCommand = {
    brokers: 3,
    firstId: 1,
    port: 9092,
    advertise: 'localhost',
    dataDir: null,
    packing: 'one',
    config: {},
    control: false,
  };
  let fromFile: Record<string, string> = {};
  const set: Record<string, string> = {};
  for (let index = 0; index < args.length; index++) {
    const [option, inline] = split(args[index] ?? '');
    const value = () => inline ?? args[++index] ?? missing(option);
    switch (option) {
      case '--brokers':
        command = { ...command, brokers: integer(option, value(), { min: 1, max: 100 }) };
        break;
      case '--port':
        command = { ...command, port: integer(option, value(), { min: 0, max: 64_000 }) };
        break;
      case '--first-id':
        command = { ...command, firstId: integer(option, value(), { min: 0, max: 1_000_000 }) };
        break;
      case '--data':
        command = { ...command, dataDir: value() };
        break;
      case '--advertise':
        command = { ...command, advertise: value() };
        break;
      case '--packing':
        command = { ...command, packing: packing(value()) };
        break;
      case '--config':
        fromFile = readProperties(value());
        break;
      case '--set':
        Object.assign(set, property(value()));
        break;
      case '--control':
        command = { ...command, control: true };
        break;
      default:
        throw new UsageError(`unknown option ${option}\n${usage}`);
    }
  }
  checkNames(fromFile);
  checkNames(set);
  checkShared(set);
  return { ...command, config: { ...withoutSettled(fromFile), ...set } };
}

function split(argument: string): [string, string | undefined] {
  const equals = argument.indexOf('=');
  if (!argument.startsWith('--') || equals < 0) return [argument, undefined];
  return [argument.slice(0, equals), argument.slice(equals + 1)];
}

function missing(option: string): never {
  throw new UsageError(`${option} needs a value`);
}

function integer(option: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new UsageError(`${option} must be a whole number from ${min} to ${max}, not "${text}"`);
  }
  return value;
}

function packing(text: string): Packing {
  if (text === 'one' || text === 'process') return text;
  throw new UsageError(`--packing is "one" or "process", not "${text}"`);
}

function property(text: string): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`--set takes key=value, not "${text}"`);
  return { [text.slice(0, equals)]: text.slice(equals + 1) };
}

function readProperties(path: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read the properties file ${path}: ${(error as Error).message}`);
  }
  return getProperties(text);
}
