/** Runs a tool in this process, against any cluster, and keeps what it says. */
import { connectCluster } from '@brokerlab/broker/client';
import { type Locale, type Tool, ToolExit, type ToolPorts } from '../../broker/src/tools/framework/ports.ts';

export interface ToolRun {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

export interface RunOptions {
  readonly input?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly locale?: Locale;
  /** Default: always 0. */
  readonly random?: (bound: number) => number;
  /** Instead of `files`. */
  readonly readFile?: (path: string) => string;
  /** Aborted: the tool gets SIGTERM. */
  readonly interrupt?: AbortSignal;
  /** Told of all of standard output so far, whenever there is more of it; `terminate` sends SIGTERM. */
  readonly onOut?: (out: string, terminate: () => void) => void;
}

export async function runTool(
  run: Tool,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ToolRun> {
  let out = '';
  let err = '';
  const listeners = new Set<(exitCode: number) => void>();
  let terminated = false;
  const terminate = () => {
    if (terminated) return;
    terminated = true;
    setImmediate(() => {
      for (const listener of listeners) listener(143);
    });
  };
  options.interrupt?.addEventListener('abort', terminate);
  const ports: ToolPorts = {
    args,
    locale: options.locale ?? 'en',
    interactive: false,
    out: (text) => {
      out += text;
      options.onOut?.(out, terminate);
    },
    flush: () => {},
    err: (text) => {
      err += text;
    },
    write: async (bytes) => {
      out += bytes.toString('utf8');
      return true;
    },
    async *input() {
      yield Buffer.from(options.input ?? '');
    },
    readFile: (path) => {
      if (options.readFile !== undefined) return options.readFile(path);
      const text = options.files?.[path];
      if (text === undefined) throw new Error(`no file ${path}`);
      return text;
    },
    now: () => Date.now(),
    random: options.random ?? (() => 0),
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    connect: async (clientOptions) => {
      const client = connectCluster(clientOptions);
      await client.network.checkNames();
      return client;
    },
  };
  try {
    const code = await run(ports);
    return { code, out, err };
  } catch (error) {
    if (!(error instanceof ToolExit)) throw error;
    return { code: error.exitCode, out, err };
  }
}
