/**
 * What every command-line tool's program does: builds the real ports, runs the tool, exits with its code.
 * `scripts/build-tools.mjs` makes one program of each tool's `run` and this.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { connectCluster } from '../client/connect.ts';
import { readInput } from './framework/input.ts';
import { createOutput } from './framework/output.ts';
import { type Locale, type Tool, ToolExit, type ToolPorts } from './framework/ports.ts';

function localeOf(env: NodeJS.ProcessEnv): Locale {
  const language = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return language.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

function realPorts(args: readonly string[]): ToolPorts {
  const output = createOutput(1);
  return {
    args,
    locale: localeOf(process.env),
    get interactive() {
      return isTerminal(0) && isTerminal(1);
    },
    out: (text) => output.text(text),
    err: (text) => {
      output.flush();
      writeError(text);
    },
    write: (bytes) => output.bytes(bytes),
    input: () => readInput(0),
    readFile: (path) => readFileSync(path, 'utf8'),
    now: () => Date.now(),
    random: (bound) => Math.floor(Math.random() * bound),
    onInterrupt(listener) {
      const onSignal = (_name: string, number: number) => listener(128 + number);
      process.on('SIGINT', onSignal);
      process.on('SIGTERM', onSignal);
      return () => {
        process.off('SIGINT', onSignal);
        process.off('SIGTERM', onSignal);
      };
    },
    onReport(listener) {
      process.on('SIGUSR1', listener);
      process.on('SIGUSR2', listener);
      return () => {
        process.off('SIGUSR1', listener);
        process.off('SIGUSR2', listener);
      };
    },
    ...announcing(process.env.BROKERLAB_MIRRORS),
    connect: async (options) => {
      const client = connectCluster(options);
      await client.network.checkNames();
      return client;
    },
    flush: () => output.flush(),
  };
}

/** A file named after the process, in a folder that the sandbox's console looks into. */
function announcing(folder: string | undefined): Pick<ToolPorts, 'announce'> {
  if (!folder) return {};
  const file = `${folder}/${process.pid}`;
  return {
    announce: (port) => {
      try {
        mkdirSync(folder, { recursive: true });
        writeFileSync(file, `${port}\n`);
        process.once('exit', () => rmSync(file, { force: true }));
      } catch {
        // Then the console does not know of it; the tool's work is another.
      }
    },
  };
}

function isTerminal(fd: 0 | 1): boolean {
  return (fd === 0 ? process.stdin : process.stdout).isTTY === true;
}

function writeError(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Nobody reads standard error any more; the exit code still tells.
  }
}

export function runTool(run: Tool): void {
  const ports = realPorts(process.argv.slice(2));
  run(ports)
    .catch((error: unknown) => {
      if (error instanceof ToolExit) return error.exitCode;
      ports.err(`${error instanceof Error ? error.stack : String(error)}\n`);
      return 1;
    })
    .then((code) => {
      ports.flush();
      process.exit(code);
    });
}
